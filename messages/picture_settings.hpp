// SPDX-License-Identifier: BSD-3-Clause
// What an operator says about the encodings of a VM's pictures. The words are those of QEMU's -spice option.
#pragma once

#include "messages/wire/display_stream.hpp"

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

struct picture_settings {
  image_compression compression = image_compression::automatic;
  /// Gradual pictures travel as JPEG, and again without loss when the screen rests.
  wan_policy jpeg = wan_policy::automatic;
  /// GLZ images travel in zlib.
  wan_policy zlib_glz = wan_policy::automatic;
  video_policy video = video_policy::filter;
  /// Allowed codecs of video streams, best first. None: all, and what the link carries decides.
  std::vector<wire::display::video_codec> codecs;
  friend bool operator==(const picture_settings&, const picture_settings&) = default;
};

} // namespace saffron
