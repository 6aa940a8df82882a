// SPDX-License-Identifier: BSD-3-Clause
// How many links may be unfinished, and how fast new ones may come. When a limit on unfinished links is reached the
// oldest silent one gives way, so that a flood of connects that say nothing cannot keep an honest client out.
#pragma once

#include "messages/defaults.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <unordered_map>

namespace saffron::transport {

class admission {
public:
  using clock = std::chrono::steady_clock;
  using link_number = std::uint64_t;

  struct limits {
    std::size_t per_address = defaults::half_open_per_address;
    std::size_t total = defaults::half_open_total;
    std::size_t per_second = defaults::connects_per_second;
  };

  explicit admission(limits l) : limits_(l), tokens_(static_cast<double>(l.per_second)) {}

  /// How long the next accept must wait; zero: it may come now. Connects beyond the rate wait in the kernel's backlog.
  [[nodiscard]] clock::duration wait(clock::time_point now);
  /// A connection was accepted. `cut` closes it; it is called, at most once, when it has to give way to a newer one.
  /// Returns the number to tell the others.
  link_number begin(clock::time_point now, const std::string& address, std::function<void()> cut);
  /// The link has said something sensible: it is the last to be cut.
  void spoke(link_number link);
  /// The link has finished, well or not.
  void end(link_number link);

  [[nodiscard]] std::size_t half_open() const noexcept { return links_.size(); }
  /// Links that had to give way.
  [[nodiscard]] std::uint64_t cut_count() const noexcept { return cut_; }

private:
  struct entry {
    link_number number = 0;
    std::string address;
    std::function<void()> cut;
    bool silent = true;
  };
  using entries = std::list<entry>;

  void make_room(const std::string* address);

  limits limits_;
  double tokens_;
  clock::time_point refilled_{};
  link_number last_ = 0;
  entries order_; // oldest first
  std::unordered_map<link_number, entries::iterator> links_;
  std::unordered_map<std::string, std::size_t> per_address_;
  std::uint64_t cut_ = 0;
};

} // namespace saffron::transport
