// SPDX-License-Identifier: BSD-3-Clause
// What one display channel shows: applies draw messages to surfaces of its own, knows nothing of the server's code, and
// so tells whether the server's pictures are right. What it cannot draw is counted by name.
#pragma once

#include "bench/load/image_decode.hpp"
#include "messages/geometry.hpp"
#include "messages/wire/display.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace saffron::load {

/// Pixels as little-endian words: B G R X. The X is whatever the server sent.
struct surface {
  extent size;
  std::vector<std::uint32_t> pixels;

  [[nodiscard]] rect area() const noexcept { return whole(size); }
  [[nodiscard]] std::uint32_t* at(std::int32_t x, std::int32_t y) noexcept {
    return pixels.data() + static_cast<std::size_t>(y) * size.width + static_cast<std::size_t>(x);
  }
  [[nodiscard]] const std::uint32_t* at(std::int32_t x, std::int32_t y) const noexcept {
    return pixels.data() + static_cast<std::size_t>(y) * size.width + static_cast<std::size_t>(x);
  }
};

/// FNV-1a of 64 bits over the B, G and R bytes of `part`, row by row from the top. Parts outside count for nothing.
[[nodiscard]] std::uint64_t checksum(const surface& of, rect part) noexcept;
[[nodiscard]] inline std::uint64_t checksum(const surface& of) noexcept { return checksum(of, of.area()); }

/// A copy of `part`, cut to the surface.
struct cutout {
  rect area;
  std::vector<std::uint32_t> pixels;
};
[[nodiscard]] cutout cut(const surface& from, const rect& part);
/// How much the B, G and R of `part` differ from what was there before, in the mean, 0 to 255.
[[nodiscard]] double mean_difference(const surface& now, const cutout& before, const rect& part) noexcept;

class canvas {
public:
  void apply(const wire::display::to_client::message& message);

  /// The last surface created as primary, or null.
  [[nodiscard]] const surface* primary() const noexcept;
  /// Names of what was not drawn, with counts: "image quic", "video h264", "rop 0x40", "draw_text", "malformed lz4" ...
  [[nodiscard]] const std::map<std::string, std::uint64_t>& undecoded() const noexcept { return undecoded_; }

private:
  // One overload a message that is drawn; apply() sends every other draw message to miss().
  void draw(const wire::display::to_client::surface_create& m);
  void draw(const wire::display::to_client::surface_destroy& m);
  void draw(const wire::display::to_client::copy_bits& m);
  void draw(const wire::display::to_client::draw_fill& m);
  void draw(const wire::display::to_client::draw_copy& m);
  void draw(const wire::display::to_client::draw_blend& m);
  void draw(const wire::display::to_client::draw_blackness& m);
  void draw(const wire::display::to_client::draw_whiteness& m);
  void draw(const wire::display::to_client::draw_invers& m);
  void draw(const wire::display::to_client::stream_create& m);
  void draw(const wire::display::to_client::stream_clip& m);
  void draw(const wire::display::to_client::stream_destroy& m) { videos_.erase(m.stream_id); }
  void draw(const wire::display::to_client::stream_destroy_all&) { videos_.clear(); }
  void draw(const wire::display::to_client::stream_data& m);
  void draw(const wire::display::to_client::stream_data_sized& m);
  void draw(const wire::display::to_client::inval_list& m);
  void draw(const wire::display::to_client::inval_all_pixmaps& m);

  struct video {
    /// Where its frames are drawn.
    wire::display::draw_base base;
    wire::display::video_codec codec = wire::display::video_codec::mjpeg;
  };

  template <class M>
  void copy_image(const M& m);
  void draw_frame(const video& of, const rect& destination, std::span<const std::byte> data);
  template <class F>
  void fill(const wire::display::draw_base& base, const wire::display::mask& mask, F change);
  bool fetch(const wire::display::image& from, decoded_image& to);
  [[nodiscard]] wire::display::image with_palette(wire::display::image from);
  [[nodiscard]] surface* find(std::uint32_t id);
  void miss(std::string what) { ++undecoded_[std::move(what)]; }

  std::unordered_map<std::uint32_t, surface> surfaces_;
  // The caches.
  std::unordered_map<std::uint64_t, decoded_image> images_;
  std::unordered_map<std::uint64_t, wire::display::palette> palettes_;
  std::unordered_map<std::uint32_t, video> videos_;
  std::uint32_t primary_ = 0;
  bool has_primary_ = false;
  std::map<std::string, std::uint64_t> undecoded_;
};

/// Writes a binary PPM (P6). False when the file cannot be written.
[[nodiscard]] bool write_ppm(const std::filesystem::path& file, const surface& of);
/// Reads a binary PPM of 8 bits a channel; empty surface when it is not one.
[[nodiscard]] surface read_ppm(const std::filesystem::path& file);
/// Pixels whose B, G or R differ; all of the larger one when the sizes do.
[[nodiscard]] std::uint64_t differing_pixels(const surface& a, const surface& b) noexcept;

} // namespace saffron::load
