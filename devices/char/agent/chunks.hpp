// SPDX-License-Identifier: BSD-3-Clause
// The chunks on the agent's port: VDIChunkHeader {u32 port, u32 size}, then so many bytes. Source: spice-protocol's
// vd_agent.h; the limit of 2048 bytes is the agents', so longer chunks are read in several payloads.
#pragma once

#include "devices/char/char_backend.hpp"
#include "messages/bytes.hpp"
#include "messages/defaults.hpp"
#include "messages/wire/agent.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace saffron::devices {

/// Reads chunks, in whatever pieces the guest's side gives them.
class chunk_reader {
public:
  enum class outcome : std::uint8_t {
    /// Nothing is there now.
    nothing,
    /// Something was read that is for nobody: a header, or a payload of the server's port.
    passed_over,
    /// Bytes of the clients' port.
    payload,
    /// A port that there is not. Only reset() helps.
    failed,
  };
  struct step {
    outcome what = outcome::nothing;
    /// At most defaults::agent_piece, valid until the next read().
    std::span<const std::byte> payload{};
    /// The payload is the last of its chunk.
    bool chunk_ended = false;
  };

  /// Reads once or twice.
  [[nodiscard]] step read(char_io& from);
  /// The stream starts anew.
  void reset() { *this = {}; }

private:
  std::array<std::byte, wire::agent::chunk_header::wire_size> head_{};
  std::size_t head_size_ = 0;
  wire::agent::chunk_header header_;
  std::array<std::byte, defaults::agent_piece> room_{};
  bool failed_ = false;
};

/// As many chunks as it takes; none for no bytes.
[[nodiscard]] shared_bytes chunks(wire::agent::port port, std::span<const std::byte> message);

} // namespace saffron::devices
