// SPDX-License-Identifier: BSD-3-Clause
// The display channel: includes all of its messages, and holds those that are neither drawing nor streams.
// Source: spice-protocol's enums.h. Views (byte_view) are valid as long as the body they were decoded from.
#pragma once

#include "messages/wire/common.hpp"
#include "messages/wire/display_draw.hpp"
#include "messages/wire/display_stream.hpp"

namespace saffron::wire::display {

/// SPICE_IMAGE_COMPRESSION_*.
enum class image_compression : std::uint8_t {
  invalid = 0,
  off = 1,
  auto_glz = 2,
  auto_lz = 3,
  quic = 4,
  glz = 5,
  lz = 6,
  lz4 = 7,
};

/// SPICE_RES_TYPE_*.
enum class resource_type : std::uint8_t { invalid = 0, pixmap = 1 };

/// Something in a client's cache.
struct resource {
  resource_type type = resource_type::pixmap;
  std::uint64_t id = 0;
  static auto fields(auto& self) { return std::tie(self.type, self.id); }
  friend bool operator==(const resource&, const resource&) = default;
};

namespace to_client {

/// Obsolete: the primary surface of a server that knows no other.
struct mode {
  static constexpr std::uint16_t type = 101;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  /// Bits a pixel.
  std::uint32_t depth = 0;
  static auto fields(auto& self) { return std::tie(self.width, self.height, self.depth); }
  friend bool operator==(const mode&, const mode&) = default;
};

/// The client may show the primary surface.
struct mark : empty_message<102> {};

/// Obsolete: the client forgets surfaces and palettes.
struct reset : empty_message<103> {};

/// The client forgets images. At most 65535.
struct inval_list {
  static constexpr std::uint16_t type = 105;
  std::vector<resource> resources{};
  friend bool operator==(const inval_list&, const inval_list&) = default;
};
inline void write(writer& w, const inval_list& m) { write_list<std::uint16_t>(w, m.resources); }
inline void read(reader& r, inval_list& m) { read_list<std::uint16_t>(r, m.resources); }

/// The client forgets all images, once its other channels are so far. At most 255.
struct inval_all_pixmaps {
  static constexpr std::uint16_t type = 106;
  std::vector<common::channel_wait> channels{};
  friend bool operator==(const inval_all_pixmaps&, const inval_all_pixmaps&) = default;
};
inline void write(writer& w, const inval_all_pixmaps& m) { write_list<std::uint8_t>(w, m.channels); }
inline void read(reader& r, inval_all_pixmaps& m) { read_list<std::uint8_t>(r, m.channels); }

/// The client forgets a palette.
struct inval_palette {
  static constexpr std::uint16_t type = 107;
  std::uint64_t id = 0;
  static auto fields(auto& self) { return std::tie(self.id); }
  friend bool operator==(const inval_palette&, const inval_palette&) = default;
};

/// The client forgets all palettes.
struct inval_all_palettes : empty_message<108> {};

/// Not sent by the reference.
struct quality_indicator {
  static constexpr std::uint16_t type = 322;
  byte_view data{};
  friend bool operator==(const quality_indicator&, const quality_indicator&) = default;
};
inline void write(writer& w, const quality_indicator& m) { w.bytes(m.data); }
inline void read(reader& r, quality_indicator& m) { read_tail(r, m.data); }

using message =
    std::variant<mode, mark, reset, copy_bits, inval_list, inval_all_pixmaps, inval_palette, inval_all_palettes,
                 stream_create, stream_data, stream_clip, stream_destroy, stream_destroy_all, draw_fill, draw_opaque,
                 draw_copy, draw_blend, draw_blackness, draw_whiteness, draw_invers, draw_rop3, draw_stroke, draw_text,
                 draw_transparent, draw_alpha_blend, surface_create, surface_destroy, stream_data_sized,
                 monitors_config, draw_composite, stream_activate_report, gl_scanout_unix, gl_draw, quality_indicator>;
[[nodiscard]] result<message> decode_any(std::uint16_t type, std::span<const std::byte> body);
[[nodiscard]] std::uint16_t type_of(const message& m);
[[nodiscard]] std::vector<std::byte> encode_any(const message& m);

} // namespace to_client

namespace to_server {

/// First message: the client's caches. Channels of a client that name the same cache share it.
struct init {
  static constexpr std::uint16_t type = 101;
  std::uint8_t pixmap_cache_id = 0;
  /// Pixels.
  std::int64_t pixmap_cache_size = 0;
  std::uint8_t glz_dictionary_id = 0;
  /// Pixels.
  std::int32_t glz_dictionary_window_size = 0;
  static auto fields(auto& self) {
    return std::tie(self.pixmap_cache_id, self.pixmap_cache_size, self.glz_dictionary_id,
                    self.glz_dictionary_window_size);
  }
  friend bool operator==(const init&, const init&) = default;
};

/// How a stream does.
struct stream_report {
  static constexpr std::uint16_t type = 102;
  /// `drop_count` of a client that cannot decode the stream; its frame_count is 0.
  static constexpr std::uint32_t cannot_decode = 0xffffffff;
  /// `audio_delay` of a client that plays no sound.
  static constexpr std::uint32_t no_audio = 0xffffffff;
  std::uint32_t stream_id = 0;
  std::uint32_t unique_id = 0;
  std::uint32_t start_frame_time = 0;
  std::uint32_t end_frame_time = 0;
  std::uint32_t frame_count = 0;
  std::uint32_t drop_count = 0;
  std::int32_t last_frame_delay = 0;
  std::uint32_t audio_delay = 0;
  static auto fields(auto& self) {
    return std::tie(self.stream_id, self.unique_id, self.start_frame_time, self.end_frame_time, self.frame_count,
                    self.drop_count, self.last_frame_delay, self.audio_delay);
  }
  friend bool operator==(const stream_report&, const stream_report&) = default;
};

/// How the client would like its images. Any byte decodes; the receiver must look whether it is an image_compression.
struct preferred_compression {
  static constexpr std::uint16_t type = 103;
  image_compression compression = image_compression::invalid;
  static auto fields(auto& self) { return std::tie(self.compression); }
  friend bool operator==(const preferred_compression&, const preferred_compression&) = default;
};

/// Answers gl_draw.
struct gl_draw_done : empty_message<104> {};

/// The codecs that the client would like, best first. Any bytes decode. At most 255.
struct preferred_video_codec_type {
  static constexpr std::uint16_t type = 105;
  std::vector<video_codec> codecs{};
  friend bool operator==(const preferred_video_codec_type&, const preferred_video_codec_type&) = default;
};
inline void write(writer& w, const preferred_video_codec_type& m) { write_list<std::uint8_t>(w, m.codecs); }
inline void read(reader& r, preferred_video_codec_type& m) { read_list<std::uint8_t>(r, m.codecs); }

using message = std::variant<init, stream_report, preferred_compression, gl_draw_done, preferred_video_codec_type>;
[[nodiscard]] result<message> decode_any(std::uint16_t type, std::span<const std::byte> body);
[[nodiscard]] std::uint16_t type_of(const message& m);
[[nodiscard]] std::vector<std::byte> encode_any(const message& m);

} // namespace to_server

} // namespace saffron::wire::display
