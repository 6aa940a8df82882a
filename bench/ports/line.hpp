// SPDX-License-Identifier: BSD-3-Clause
// One end of a connection that carries a stream of bytes: bare, as a guest and a proxy's client have it, or in the
// messages of a SPICE channel. It reads and writes the socket in the same pieces both ways, so that what is compared is
// what lies between the two ends.
#pragma once

#include "bench/load/stream.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace saffron::ports {

enum class dress : std::uint8_t { bare, spice };

class line {
public:
  /// To be connected through stream().
  line(asio::io_context& io, dress d) : stream_(io, nullptr), dress_(d) {}
  /// Bare.
  explicit line(load::stream::socket accepted) : stream_(std::move(accepted)), dress_(dress::bare) {}

  /// Bytes of the stream. They are gone after the call.
  std::function<void(std::span<const std::byte>)> on_bytes = [](auto) {};
  /// Other messages of a SPICE channel, but for acknowledgements and pings, which are answered.
  std::function<void(std::uint16_t, std::span<const std::byte>)> on_message = [](auto, auto) {};

  /// Begins to read; with SPICE, after the link (with mini headers).
  void start() { read(); }
  /// `bytes` must live until `sent` is called, and one call at a time.
  void send(std::span<const std::byte> bytes, std::function<void()> sent);
  /// With SPICE.
  void send_message(std::uint16_t type, std::span<const std::byte> body);

  [[nodiscard]] load::stream& stream() noexcept { return stream_; }

private:
  static constexpr std::size_t read_size = 64 * 1024;
  static constexpr std::size_t header_size = 6;

  void read();
  void unframe(std::span<const std::byte> bytes);
  void header_complete();
  void message_complete();
  void flush();

  load::stream stream_;
  dress dress_;
  std::array<std::byte, read_size> in_{};

  // The message that is being read: its header as far as it is there, then what is left of it and, unless it is data,
  // its body.
  std::array<std::byte, header_size> header_{};
  std::size_t header_read_ = 0;
  std::uint16_t type_ = 0;
  std::size_t left_ = 0;
  std::vector<std::byte> body_;
  std::uint32_t ack_window_ = 0, ack_left_ = 0;

  std::vector<std::byte> control_, head_;
  std::span<const std::byte> bytes_;
  std::function<void()> sent_;
  bool writing_ = false;
};

} // namespace saffron::ports
