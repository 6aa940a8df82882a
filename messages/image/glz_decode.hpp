// SPDX-License-Identifier: BSD-3-Clause
// A client's half of a GLZ dictionary: decodes images and keeps those that later ones may refer to. Source of the
// rules: the behaviour of SPICE clients, which free images by `win_head_dist` alone.
#pragma once

#include "messages/errc.hpp"
#include "messages/image/bitmap.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>

namespace saffron::image {

/// One for each dictionary of a session; images of all display channels go through it.
class glz_client_window {
public:
  /// Never holds more pixels than that. Twice the window that the server was told is what it needs: an image frees
  /// others only when it has been decoded.
  explicit glz_client_window(std::uint64_t most_pixels) noexcept : most_pixels_(most_pixels) {}

  /// The data of a GLZ_RGB image, to the last byte. A failure changes nothing:
  /// errc::out_of_order: it refers to an image that has not arrived yet; another display channel will bring it.
  /// errc::codec_failed: anything else, as more pixels than may be held.
  [[nodiscard]] result<std::shared_ptr<const bitmap>> decode(std::span<const std::byte> data);

  [[nodiscard]] std::size_t held_images() const noexcept { return images_.size(); }
  [[nodiscard]] std::uint64_t held_pixels() const noexcept { return held_pixels_; }

private:
  struct held {
    std::shared_ptr<const bitmap> picture;
    std::uint32_t win_head_dist = 0;
  };

  void free_unreachable();

  std::uint64_t most_pixels_;
  std::uint64_t held_pixels_ = 0;
  /// All images before this id have arrived.
  std::uint64_t complete_before_ = 0;
  std::map<std::uint64_t, held> images_;
};

} // namespace saffron::image
