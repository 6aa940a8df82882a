// SPDX-License-Identifier: BSD-3-Clause
// Agent messages out of a stream of bytes, in any pieces and in both directions: VDAgentMessage {u32 protocol, u32
// type, u64 opaque, u32 size}, then the body. Source: spice-protocol's vd_agent.h.
#pragma once

#include "messages/wire/agent.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace saffron::devices {

/// What stands at the start of a long message and has to be read before it goes on: a selection and a type, or the
/// number and the result of a transfer.
inline constexpr std::size_t start_of_long_messages = 8;

/// A message as it travels: its header as it came, then the body or the first part of it.
[[nodiscard]] std::vector<std::byte> joined(const wire::agent::message_header& header, std::span<const std::byte> body);

/// Asked for the next event until it has used up its input. After a header its user says how the body is wanted.
class message_assembler {
public:
  enum class event : std::uint8_t {
    /// The input is used up.
    nothing,
    /// header() is there. Call whole(), stream() or skip(), then next() again.
    header,
    /// part() is the whole body.
    whole,
    /// part() is some of the body; it may be empty when last() is true.
    part,
  };

  /// Uses up `input` from its front.
  [[nodiscard]] event next(std::span<const std::byte>& input);
  /// Keep the body until it is whole. Memory grows with what arrives, not with the claimed size.
  void whole();
  /// Hand the body on as it comes, but for its first `start` bytes, which come together.
  void stream(std::size_t start);
  /// Pass the body over.
  void skip();
  void reset();

  [[nodiscard]] const wire::agent::message_header& header() const noexcept { return header_; }
  /// Valid until the next next(). May be written to.
  [[nodiscard]] std::span<std::byte> part() noexcept { return kept_; }
  [[nodiscard]] bool first() const noexcept { return first_; }
  [[nodiscard]] bool last() const noexcept { return left_ == 0; }
  /// Bytes that wait for more.
  [[nodiscard]] std::size_t kept() const noexcept { return kept_.size(); }

private:
  enum class mode : std::uint8_t { header, choosing, whole, stream, skip };

  mode mode_ = mode::header;
  wire::agent::message_header header_;
  std::vector<std::byte> kept_;
  /// Bytes of the body that have not come, and that must come before the first part is handed on.
  std::size_t left_ = 0, start_ = 0;
  bool first_ = false;
  /// kept_ was handed out.
  bool spent_ = false;
};

} // namespace saffron::devices
