// SPDX-License-Identifier: BSD-3-Clause
// Surfaces, video streams, monitors and GL scanouts of the display channel. Source: spice-protocol's enums.h.
// Views (byte_view) are valid as long as the body they were decoded from. `write_head` writes what stands before the
// data, with the size as if `bulk_size` bytes of it followed.
#pragma once

#include "messages/wire/display_types.hpp"

namespace saffron::wire::display {

/// SPICE_SURFACE_FMT_*.
enum class surface_format : std::uint32_t {
  invalid = 0,
  alpha_1bit = 1,
  alpha_8bit = 8,
  rgb_555 = 16,
  xrgb_32bit = 32,
  rgb_565 = 80,
  argb_32bit = 96,
};

/// SPICE_SURFACE_FLAGS_*.
namespace surface_flags {
inline constexpr std::uint32_t primary = 1, streaming_mode = 2;
}

/// SPICE_VIDEO_CODEC_TYPE_*.
enum class video_codec : std::uint8_t { mjpeg = 1, vp8 = 2, h264 = 3, vp9 = 4, h265 = 5 };

/// SPICE_STREAM_FLAGS_*.
namespace stream_flags {
inline constexpr std::uint8_t top_down = 1;
}

/// SPICE_GL_SCANOUT_FLAGS_*.
namespace gl_scanout_flags {
inline constexpr std::uint32_t y0_top = 1;
}

/// A head: the part of a surface that one monitor shows.
struct head {
  std::uint32_t monitor_id = 0;
  std::uint32_t surface_id = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::uint32_t flags = 0;
  static auto fields(auto& self) {
    return std::tie(self.monitor_id, self.surface_id, self.width, self.height, self.x, self.y, self.flags);
  }
  friend bool operator==(const head&, const head&) = default;
};

namespace to_client {

/// A video stream begins.
struct stream_create {
  static constexpr std::uint16_t type = 122;
  std::uint32_t surface_id = 0;
  std::uint32_t stream_id = 0;
  /// Bits of stream_flags.
  std::uint8_t flags = stream_flags::top_down;
  video_codec codec = video_codec::mjpeg;
  std::uint64_t stamp = 0;
  std::uint32_t stream_width = 0;
  std::uint32_t stream_height = 0;
  std::uint32_t source_width = 0;
  std::uint32_t source_height = 0;
  rect destination{};
  clip_region clip{};
  static auto fields(auto& self) {
    return std::tie(self.surface_id, self.stream_id, self.flags, self.codec, self.stamp, self.stream_width,
                    self.stream_height, self.source_width, self.source_height, self.destination, self.clip);
  }
  friend bool operator==(const stream_create&, const stream_create&) = default;
};

/// One frame.
struct stream_data {
  static constexpr std::uint16_t type = 123;
  std::uint32_t stream_id = 0;
  /// When to show it; never 0.
  std::uint32_t multi_media_time = 0;
  byte_view data{};
  friend bool operator==(const stream_data&, const stream_data&) = default;
};
void write_head(writer& w, const stream_data& m, std::size_t bulk_size);
void write(writer& w, const stream_data& m);
void read(reader& r, stream_data& m);

/// A stream is clipped otherwise.
struct stream_clip {
  static constexpr std::uint16_t type = 124;
  std::uint32_t stream_id = 0;
  clip_region clip{};
  static auto fields(auto& self) { return std::tie(self.stream_id, self.clip); }
  friend bool operator==(const stream_clip&, const stream_clip&) = default;
};

/// A stream ends.
struct stream_destroy {
  static constexpr std::uint16_t type = 125;
  std::uint32_t stream_id = 0;
  static auto fields(auto& self) { return std::tie(self.stream_id); }
  friend bool operator==(const stream_destroy&, const stream_destroy&) = default;
};

/// All streams end.
struct stream_destroy_all : empty_message<126> {};

/// A surface to draw on.
struct surface_create {
  static constexpr std::uint16_t type = 314;
  std::uint32_t surface_id = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  surface_format format = surface_format::xrgb_32bit;
  /// Bits of surface_flags.
  std::uint32_t flags = 0;
  static auto fields(auto& self) { return std::tie(self.surface_id, self.width, self.height, self.format, self.flags); }
  friend bool operator==(const surface_create&, const surface_create&) = default;
};

/// A surface is no more.
struct surface_destroy {
  static constexpr std::uint16_t type = 315;
  std::uint32_t surface_id = 0;
  static auto fields(auto& self) { return std::tie(self.surface_id); }
  friend bool operator==(const surface_destroy&, const surface_destroy&) = default;
};

/// One frame of another size or for another place; needs display_capability::sized_stream.
struct stream_data_sized {
  static constexpr std::uint16_t type = 316;
  std::uint32_t stream_id = 0;
  std::uint32_t multi_media_time = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  rect destination{};
  byte_view data{};
  friend bool operator==(const stream_data_sized&, const stream_data_sized&) = default;
};
void write_head(writer& w, const stream_data_sized& m, std::size_t bulk_size);
void write(writer& w, const stream_data_sized& m);
void read(reader& r, stream_data_sized& m);

/// All heads; needs display_capability::monitors_config. At most 65535.
struct monitors_config {
  static constexpr std::uint16_t type = 317;
  std::uint16_t max_allowed = 0;
  std::vector<head> heads{};
  friend bool operator==(const monitors_config&, const monitors_config&) = default;
};
void write(writer& w, const monitors_config& m);
void read(reader& r, monitors_config& m);

/// Asks for stream_report; needs display_capability::stream_report.
struct stream_activate_report {
  static constexpr std::uint16_t type = 319;
  std::uint32_t stream_id = 0;
  std::uint32_t unique_id = 0;
  /// A report is due after so many frames or milliseconds.
  std::uint32_t max_window_size = 0;
  std::uint32_t timeout = 0;
  static auto fields(auto& self) {
    return std::tie(self.stream_id, self.unique_id, self.max_window_size, self.timeout);
  }
  friend bool operator==(const stream_activate_report&, const stream_activate_report&) = default;
};

/// A DMA-BUF to show. Its descriptor is no part of the body: it comes with one more byte, as ancillary data.
struct gl_scanout_unix {
  static constexpr std::uint16_t type = 320;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::uint32_t stride = 0;
  std::uint32_t drm_fourcc = 0;
  /// Bits of gl_scanout_flags.
  std::uint32_t flags = 0;
  static auto fields(auto& self) { return std::tie(self.width, self.height, self.stride, self.drm_fourcc, self.flags); }
  friend bool operator==(const gl_scanout_unix&, const gl_scanout_unix&) = default;
};

/// A part of the scanout changed; answered by gl_draw_done.
struct gl_draw {
  static constexpr std::uint16_t type = 321;
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  static auto fields(auto& self) { return std::tie(self.x, self.y, self.width, self.height); }
  friend bool operator==(const gl_draw&, const gl_draw&) = default;
};

} // namespace to_client

} // namespace saffron::wire::display
