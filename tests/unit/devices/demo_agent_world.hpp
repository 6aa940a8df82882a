// SPDX-License-Identifier: BSD-3-Clause
// A client's end of the agent's port, for tests: bytes written by hand, messages read back, and what the agent tells.
#pragma once

#include "devices/demo/demo_agent.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace saffron::devices::demo {

using bytes = std::vector<std::byte>;

inline bytes operator+(bytes a, const bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}
inline bytes octets(std::initializer_list<unsigned> values) {
  bytes out;
  for (const auto value : values) out.push_back(static_cast<std::byte>(value));
  return out;
}
inline bytes words(std::initializer_list<std::uint32_t> values) {
  bytes out;
  for (const auto value : values)
    for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<std::byte>(value >> shift & 0xff));
  return out;
}
inline bytes text(std::string_view from) {
  const auto view = std::as_bytes(std::span{from});
  return {view.begin(), view.end()};
}

/// A message in chunks of at most 2048 bytes.
inline bytes message(wire::agent::message_type type, const bytes& body, std::uint32_t port = 1) {
  const auto whole = words({1, static_cast<std::uint32_t>(type), 0, 0, static_cast<std::uint32_t>(body.size())}) + body;
  bytes out;
  for (std::size_t at = 0; at < whole.size();) {
    const auto n = std::min<std::size_t>(2048, whole.size() - at);
    out = std::move(out) + words({port, static_cast<std::uint32_t>(n)});
    out.insert(out.end(), whole.begin() + static_cast<std::ptrdiff_t>(at),
               whole.begin() + static_cast<std::ptrdiff_t>(at + n));
    at += n;
  }
  return out;
}

inline std::string sha256_of(const bytes& of) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  REQUIRE(EVP_Digest(of.data(), of.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  std::string out;
  for (unsigned int i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
  return out;
}

struct agent_message {
  wire::agent::message_type type;
  bytes body;
};

struct agent_world final : agent_observer {
  std::vector<std::string> log;
  std::vector<received_file> files;
  demo_agent agent;

  explicit agent_world(const agent_settings& settings = {}) : agent(settings, *this) {}

  void feed(std::span<const std::byte> from) { REQUIRE(agent.write(from) == from.size()); }
  void feed_split(std::span<const std::byte> from, std::mt19937& random) {
    while (!from.empty()) {
      const auto n = std::min<std::size_t>(from.size(), 1 + random() % 5000);
      feed(from.first(n));
      from = from.subspan(n);
    }
  }

  /// What the agent says, read in pieces of `piece`, at most `limit` messages: then the rest stays unread, but for the
  /// last piece's.
  std::vector<agent_message> messages(std::size_t piece = 4096, std::size_t limit = 1000) {
    std::vector<agent_message> out;
    while (out.size() < limit) {
      bytes room(piece);
      const auto n = agent.read(room);
      if (n == 0) break;
      raw_.insert(raw_.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(n));
      unpack(out);
    }
    return out;
  }

  void capabilities(const wire::capability_set&) override { log.emplace_back("caps"); }
  void clipboard_changed(clipboard_selection s, clipboard_type t, std::span<const std::byte> data) override {
    log.push_back(fmt::format("copied {} {} {}", static_cast<int>(s), static_cast<int>(t),
                              std::string_view{reinterpret_cast<const char*>(data.data()), data.size()}));
  }
  void clipboard_pasted(clipboard_selection s, clipboard_type t, std::size_t size) override {
    log.push_back(fmt::format("pasted {} {} {}", static_cast<int>(s), static_cast<int>(t), size));
  }
  void clipboard_released(clipboard_selection s) override {
    log.push_back(fmt::format("released {}", static_cast<int>(s)));
  }
  void file_received(received_file&& file) override { files.push_back(std::move(file)); }
  void file_dropped(std::string_view name, file_status why) override {
    log.push_back(fmt::format("dropped {} {}", name, static_cast<int>(why)));
  }
  void monitors(const wire::agent::monitors_config& config) override {
    for (const auto& one : config.monitors) log.push_back(fmt::format("monitors {}x{}", one.width, one.height));
  }
  void mouse(const wire::agent::mouse_state& m) override {
    log.push_back(fmt::format("mouse {} {} {} {}", m.x, m.y, m.buttons, m.display_id));
  }
  void displays(std::span<const agent_display> all) override {
    for (const auto& one : all)
      log.push_back(fmt::format("display {} {} {} {}", one.channel, one.monitor, one.device_display, one.address));
  }
  void client_disconnected() override { log.emplace_back("client gone"); }
  void problem(std::string_view) override { log.emplace_back("problem"); }

private:
  static std::uint32_t word(const bytes& from, std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, from.data() + at, sizeof value);
    return value;
  }
  /// Whole chunks from raw_ to stream_, whole messages from there to `out`.
  void unpack(std::vector<agent_message>& out) {
    std::size_t at = 0;
    while (raw_.size() - at >= 8 && raw_.size() - at - 8 >= word(raw_, at + 4)) {
      const auto size = word(raw_, at + 4);
      REQUIRE(word(raw_, at) == 1);
      REQUIRE(size <= 2048);
      const auto from = raw_.begin() + static_cast<std::ptrdiff_t>(at + 8);
      stream_.insert(stream_.end(), from, from + size);
      at += 8 + size;
    }
    raw_.erase(raw_.begin(), raw_.begin() + static_cast<std::ptrdiff_t>(at));
    while (stream_.size() >= 20 && stream_.size() - 20 >= word(stream_, 16)) {
      REQUIRE(word(stream_, 0) == 1);
      const auto end = stream_.begin() + 20 + word(stream_, 16);
      out.push_back({static_cast<wire::agent::message_type>(word(stream_, 4)), bytes(stream_.begin() + 20, end)});
      stream_.erase(stream_.begin(), end);
    }
  }

  bytes raw_, stream_;
};

} // namespace saffron::devices::demo
