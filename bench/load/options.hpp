// SPDX-License-Identifier: BSD-3-Clause
// The command line. `load --help` prints the table that is parsed here.
#pragma once

#include "messages/geometry.hpp"
#include "messages/wire/display.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace saffron::load {

using seconds = std::chrono::duration<double>;

enum class profile_kind : std::uint8_t { idle, typing, motion, reconnect, stalled, accept };
/// How far a connect goes before the reconnect profile ends it.
enum class connect_goal : std::uint8_t {
  /// The main channel has its INIT.
  main,
  /// Every channel is linked.
  channels,
  /// Every pixel of the primary surface was drawn.
  frame,
};

struct options {
  // -- where --
  std::string connect; // host:port, [v6]:port or unix:path
  bool tls = false;
  std::string ca_file;
  std::string tls_host; // the name the certificate must have; none: any that the CA signed
  std::vector<std::string> tickets;
  std::string ticket_template;
  std::size_t vms = 1;

  // -- who --
  std::size_t clients = 1;
  std::size_t threads = 1;
  std::size_t parallel = 16; // clients that connect at the same time, except in the profile reconnect
  bool display = true, inputs = true, cursor = true;
  bool mini_header = true;
  bool lz4 = true;
  std::optional<wire::display::image_compression> compression;
  std::vector<wire::display::video_codec> videos; // codecs of videos that clients say they can play
  std::int64_t cache_pixels = 20 * 1024 * 1024;

  // -- what --
  profile_kind profile = profile_kind::idle;
  seconds duration{10};
  seconds warmup{1};
  seconds connect_timeout{10}; // for one client, until all its channels are linked
  seconds start_timeout{60};   // for all clients together
  std::chrono::milliseconds key_interval{200};
  std::optional<rect> watch;
  std::uint8_t change = 0; // mean difference of the watched colours that answers a key; 0: any drawing does
  connect_goal goal = connect_goal::frame;
  seconds stall{5};

  // -- with which result --
  bool decode = false;
  std::string expect_ppm; // %d is the VM's number
  std::string dump_ppm;
  bool json = false;
  bool strict = false;
  std::vector<int> watch_pids;

  /// Pixels are needed: of everything, or at least of the watched place.
  [[nodiscard]] bool needs_pixels() const noexcept { return decode || change != 0; }
  /// The ticket of a VM, counted from 0.
  [[nodiscard]] std::string ticket_of(std::size_t vm) const;
};

/// Puts the number in place of %d.
[[nodiscard]] std::string numbered(std::string text, std::size_t number);

/// The options, or a sentence that says what is wrong with them.
struct parsed_options {
  options value;
  std::string error;
  bool help = false;
};
[[nodiscard]] parsed_options parse_options(const std::vector<std::string>& arguments);

[[nodiscard]] std::string help_text();
[[nodiscard]] std::string_view name_of(profile_kind kind) noexcept;

} // namespace saffron::load
