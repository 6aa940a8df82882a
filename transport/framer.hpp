// SPDX-License-Identifier: BSD-3-Clause
// Cuts a channel's byte stream into messages, whatever the pieces it arrives in. A message larger than the channel
// accepts is refused when its header arrives, before anything is allocated for it.
#pragma once

#include "messages/errc.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace saffron::transport {

class framer {
public:
  /// `mini_header`: both sides have agreed on the 6 byte header; the full one has 18.
  framer(bool mini_header, std::uint32_t largest_body) : mini_header_(mini_header), largest_body_(largest_body) {}

  struct message {
    std::uint16_t type = 0;
    /// Valid until the next call of room() or next().
    std::span<const std::byte> body;
  };

  /// Where the next bytes of the socket go; never empty. A peer that fills it is given more, where messages are large.
  [[nodiscard]] std::span<std::byte> room();
  /// So many bytes were put there.
  void filled(std::size_t n) {
    end_ += n;
    filled_up_ = end_ == buffer_.size();
  }
  /// The next whole message, nothing when more bytes are needed, errc::message_too_large for good.
  [[nodiscard]] result<std::optional<message>> next();

private:
  bool mini_header_;
  std::uint32_t largest_body_;
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  bool filled_up_ = false;
};

} // namespace saffron::transport
