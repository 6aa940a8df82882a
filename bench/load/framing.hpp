// SPDX-License-Identifier: BSD-3-Clause
// Cuts the bytes of a linked connection into messages, in place: the socket reads into the buffer that the messages are
// then looked at in. Bodies above a limit are skimmed, that is, only their first bytes are kept, so that a client
// which only counts pictures stays within its cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace saffron::load {

/// A message in the receive buffer; valid until the next call of framing::space() or next().
struct message_view {
  std::uint16_t type = 0;
  /// Bytes of the body on the wire.
  std::uint32_t size = 0;
  /// Of the full header, which a mini header has not: 0.
  std::uint32_t sub_list = 0;
  /// As the full header says, or counted.
  std::uint64_t serial = 0;
  /// The body, or its beginning.
  std::span<const std::byte> body;

  [[nodiscard]] bool whole() const noexcept { return body.size() == size; }
};

class framing {
public:
  /// A header that announces more than this is garbage.
  static constexpr std::uint32_t size_limit = 1u << 30;
  /// What is kept of a skimmed body: enough for the fixed part and the clip of a draw message.
  static constexpr std::size_t skim_kept = 4096;

  /// Bodies of more than `whole_limit` bytes are skimmed.
  explicit framing(bool mini_headers, std::size_t whole_limit = default_whole_limit);

  /// Where to read into next; never empty.
  [[nodiscard]] std::span<std::byte> space();
  /// `n` bytes were read into it.
  void filled(std::size_t n) noexcept;
  /// The next complete message.
  [[nodiscard]] std::optional<message_view> next();
  /// A message was too large to be one; nothing more comes.
  [[nodiscard]] bool broken() const noexcept { return broken_; }

  static constexpr std::size_t default_whole_limit = 256 * 1024;

private:
  struct header {
    std::uint16_t type = 0;
    std::uint32_t size = 0;
    std::uint32_t sub_list = 0;
    std::uint64_t serial = 0;
  };

  [[nodiscard]] std::size_t held() const noexcept { return end_ - begin_; }
  [[nodiscard]] header read_header() const noexcept;
  [[nodiscard]] message_view view(const header& h, std::span<const std::byte> body) noexcept;
  std::optional<message_view> next_skimmed();

  static constexpr std::size_t capacity_min = 16 * 1024;
  static constexpr std::size_t capacity_reading = 256 * 1024; // beyond it only a message in one piece needs more

  bool mini_;
  std::size_t header_size_;
  std::size_t whole_limit_;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t wanted_ = 0; // bytes that the message at begin_ needs, as far as known
  bool last_read_filled_ = false;
  std::uint64_t messages_ = 0;
  bool skimming_ = false;
  bool broken_ = false;
  header skimmed_;
  std::vector<std::byte> kept_;
  std::size_t skim_left_ = 0;
};

} // namespace saffron::load
