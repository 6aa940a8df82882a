// SPDX-License-Identifier: BSD-3-Clause
// What one end of a port says: a greeting, then the same unit of bytes again and again. So both ends know every byte at
// every place without keeping any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace saffron::ports {

enum class port_kind : std::uint8_t { port, usbredir };

class script {
public:
  /// Most bytes that piece() gives.
  static constexpr std::size_t piece_limit = 64 * 1024;

  /// Endless: `unit` again and again. Not empty.
  explicit script(std::vector<std::byte> unit);

  /// What comes at this place of the stream, at most `most` bytes. Valid as long as the script.
  [[nodiscard]] std::span<const std::byte> piece(std::uint64_t at, std::uint64_t most) const;
  /// Whether this is what comes there; looks at both ends of it, which a byte too many or too few would move.
  [[nodiscard]] bool agrees(std::uint64_t at, std::span<const std::byte> bytes) const;

private:
  std::size_t unit_size_;
  std::vector<std::byte> repeated_;
};

/// Said once by either side before anything else. Of usbredir it is a hello that announces nothing (usbredirproto.h).
[[nodiscard]] std::vector<std::byte> greeting(port_kind kind);
/// A unit of just below 64 KiB, of usbredir one whole bulk packet: data of the device from the client's side, data for
/// it from the guest's.
[[nodiscard]] std::vector<std::byte> unit(port_kind kind, bool of_guest);
/// So many bytes, of which no two neighbourhoods are the same.
[[nodiscard]] std::vector<std::byte> noise(std::size_t size);

} // namespace saffron::ports
