// SPDX-License-Identifier: BSD-3-Clause
// The border between Saffron and a module with video encoders, a shared object of its own: so Saffron runs where the
// encoders' libraries are not installed. Plain C types: a module may come from another compiler.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

/// A change of anything below is another version, and the module's and Saffron's must be the same.
inline constexpr std::uint32_t saffron_video_version = 1;

/// The name of the one function that a module exports, of type saffron_video_entry.
inline constexpr const char* saffron_video_entry_name = "saffron_video_module";

struct saffron_video_encoder_name {
  /// SPICE_VIDEO_CODEC_TYPE_*.
  std::uint32_t codec;
  const char* name;
};

struct saffron_video_setting {
  /// One of the module's names.
  const char* encoder;
  std::uint32_t width, height;
  std::uint32_t frames_per_second;
  std::uint64_t bits_per_second;
  std::uint32_t threads;
  /// The pixels are in BT.709 if 1, in BT.601 if 0; always in the limited range, colours in the middle of their four
  /// pixels.
  std::uint32_t bt709;
};

/// Memory of the encoder for one picture of 4:2:0.
struct saffron_video_planes {
  /// Of the light's plane: even where the codec wants it so.
  std::uint32_t width, height;
  std::uint8_t* luma;
  std::uint8_t* blue;
  std::uint8_t* red;
  std::size_t luma_stride, colour_stride;
};

struct saffron_video_packet {
  /// Valid until the encoder's next function is called.
  const std::uint8_t* data;
  std::size_t size;
  std::uint32_t key_frame;
  /// In the codec's own steps; -1 if unknown.
  std::int32_t quantiser;
};

/// An encoder of a module.
struct saffron_video_encoder;

/// All functions may be called from any thread; those on one encoder by one at a time. None throws.
struct saffron_video_functions {
  std::uint32_t version;
  /// What stands behind it, for people: "libavcodec 59.37.100".
  const char* library;
  /// Those that the library was built with, best first for each codec. Some may lack their hardware: create() tells.
  const saffron_video_encoder_name* encoders;
  std::size_t encoder_count;

  /// Null if it cannot be, and then a sentence without a full stop in `reason` if that is not null.
  saffron_video_encoder* (*create)(const saffron_video_setting* setting, char* reason, std::size_t reason_size);
  void (*destroy)(saffron_video_encoder* encoder);
  /// Where the next picture is to be written, all of it, before encode(). 0 if memory is short, else 1.
  int (*planes)(saffron_video_encoder* encoder, saffron_video_planes* to);
  /// Encodes what was written to the planes. 0 if that failed, else 1.
  int (*encode)(saffron_video_encoder* encoder, int key_frame, saffron_video_packet* to);
  /// Neither is zero.
  void (*set_rate)(saffron_video_encoder* encoder, std::uint64_t bits_per_second, std::uint32_t frames_per_second);
};

using saffron_video_entry = const saffron_video_functions* (*)();

} // extern "C"
