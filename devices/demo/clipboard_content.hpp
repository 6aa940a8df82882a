// SPDX-License-Identifier: BSD-3-Clause
// What a clipboard holds: bytes that somebody copied, or a text of any length that exists only while it is read.
#pragma once

#include "messages/bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace saffron::devices::demo {

class clipboard_content {
public:
  clipboard_content() = default;
  explicit clipboard_content(shared_bytes bytes) : bytes_(std::move(bytes)), size_(bytes_.size()) {}

  /// Lines of 63 letters and a newline. Line n starts with letter n of the alphabet, which is followed by its
  /// successors, 'a' after 'z'. So it repeats after 26 lines, 1664 bytes.
  static clipboard_content pattern(std::size_t size) {
    clipboard_content content;
    content.size_ = size;
    return content;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Bytes of memory that it keeps.
  [[nodiscard]] std::size_t stored() const noexcept { return bytes_.size(); }
  /// Fills `room` with what stands at `offset`. `offset + room.size()` must lie inside.
  void copy(std::size_t offset, std::span<std::byte> room) const {
    if (!bytes_.empty()) {
      const auto from = bytes_.view().subspan(offset, room.size());
      std::copy(from.begin(), from.end(), room.begin());
      return;
    }
    for (auto& byte : room) byte = pattern_byte(offset++);
  }

private:
  static constexpr std::size_t line = 64, letters = 26;

  static constexpr std::byte pattern_byte(std::size_t offset) {
    const auto column = offset % line;
    if (column == line - 1) return static_cast<std::byte>('\n');
    return static_cast<std::byte>('a' + (offset / line + column) % letters);
  }

  shared_bytes bytes_;
  std::size_t size_ = 0;
};

} // namespace saffron::devices::demo
