// SPDX-License-Identifier: BSD-3-Clause
// What an operator says about the encodings of a VM's pictures. The words are those of QEMU's -spice option.
#pragma once

#include "messages/wire/display_stream.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace saffron {

/// How pictures without loss are packed.
enum class image_compression : std::uint8_t {
  /// By what a picture is, what the client can and what the link carries; raw on this host's unix sockets.
  automatic,
  /// QUIC for gradual pictures, GLZ (or LZ, for what GLZ cannot be) for the others.
  auto_glz,
  /// The same with LZ.
  auto_lz,
  quic,
  /// LZ for what GLZ cannot be: pictures with a palette, and clients without a dictionary.
  glz,
  lz,
  lz4,
  off,
};

/// When something is done that only pays on a slow link.
enum class wan_policy : std::uint8_t {
  /// When the link is slow.
  automatic,
  always,
  never,
};

/// What may travel as a video stream.
enum class video_policy : std::uint8_t {
  off,
  /// What is drawn again and again at a steady pace, if it is gradual: no scrolling text.
  filter,
  /// Whatever is drawn again and again.
  all,
  /// The whole screen, while anything larger than an icon moves on it: for work on pictures in motion.
  desktop,
};

/// What of a screen counts as a video: the same rectangle, drawn again and again. The numbers are the reference's where
/// it has any.
struct motion_rules {
  /// Smaller rectangles are carets, clocks and spinners.
  std::size_t least_pixels = 96 * 96;
  /// So many frames, none of them later than `gap` after the one before.
  std::size_t frames = 20;
  std::chrono::milliseconds gap{200};
  /// Of them, one in so many must be gradual: a scrolling text is no video. 0: that does not matter.
  std::size_t gradual_one_in = 5;
  /// A video that has not moved for so long has ended, and its last picture is shown without loss. The reference waits
  /// for a second.
  std::chrono::milliseconds rest{300};
  /// If it moves again within this time, it has only paused, and so few frames make it a video again.
  std::chrono::milliseconds memory{3000};
  std::size_t frames_again = 5;
  /// Videos of one screen.
  std::size_t most = 8;
  friend bool operator==(const motion_rules&, const motion_rules&) = default;
};

struct picture_settings {
  image_compression compression = image_compression::automatic;
  /// Gradual pictures travel as JPEG, and again without loss when the screen rests.
  wan_policy jpeg = wan_policy::automatic;
  /// GLZ images travel in zlib.
  wan_policy zlib_glz = wan_policy::automatic;
  video_policy video = video_policy::filter;
  /// Allowed codecs of video streams, best first. None: all, and what the link carries decides.
  std::vector<wire::display::video_codec> codecs;
  motion_rules motion;
  friend bool operator==(const picture_settings&, const picture_settings&) = default;
};

} // namespace saffron
