// SPDX-License-Identifier: BSD-3-Clause
// Pixels out of the images that a server sends. Kinds that it cannot decode are named, so that a run says what its
// checksum lacks.
#pragma once

#include "messages/wire/display_stream.hpp"
#include "messages/wire/image.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace saffron::load {

/// Rows of B G R X. The rows may lie in the message itself, and end with it then.
class decoded_image {
public:
  decoded_image() = default;
  decoded_image(decoded_image&&) noexcept = default; // a vector's move keeps its place in memory, so `top_` stays right
  decoded_image& operator=(decoded_image&&) noexcept = default;
  /// Rows in somebody else's memory; `stride` is negative when the top row is the last one stored.
  decoded_image(std::uint32_t width, std::uint32_t height, const std::byte* top, std::ptrdiff_t stride)
      : width_(width), height_(height), top_(top), stride_(stride) {}
  /// Packed rows, top row first unless `bottom_up`.
  decoded_image(std::uint32_t width, std::uint32_t height, std::vector<std::byte> pixels, bool bottom_up);

  [[nodiscard]] std::uint32_t width() const noexcept { return width_; }
  [[nodiscard]] std::uint32_t height() const noexcept { return height_; }
  [[nodiscard]] const std::byte* row(std::uint32_t y) const noexcept {
    return top_ + stride_ * static_cast<std::ptrdiff_t>(y);
  }
  /// One that holds its pixels itself, to be kept beyond the message.
  [[nodiscard]] decoded_image kept() const;

private:
  std::uint32_t width_ = 0, height_ = 0;
  std::vector<std::byte> owned_;
  const std::byte* top_ = nullptr;
  std::ptrdiff_t stride_ = 0;
};

enum class decode_state : std::uint8_t {
  done,
  /// A kind that this decoder does not know.
  unsupported,
  /// The data contradicts its description.
  malformed,
};

/// Images that stand for others (from a cache, a surface) are unsupported here: the canvas knows them.
decode_state decode_image(const wire::display::image& from, decoded_image& to);

/// A frame of a video. Those of codecs that need the frames before are unsupported.
decode_state decode_frame(wire::display::video_codec codec, std::span<const std::byte> data, decoded_image& to);

/// As protocol.h calls it, in lower case.
[[nodiscard]] std::string_view name_of(wire::display::image_type type) noexcept;

} // namespace saffron::load
