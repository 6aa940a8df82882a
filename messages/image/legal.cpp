// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/legal.hpp"

#include <initializer_list>
#include <utility>

namespace saffron::image {

namespace {

using f = bitmap_format;

class format_set {
public:
  constexpr format_set(std::initializer_list<f> formats) {
    for (const auto format : formats) bits_ |= 1U << static_cast<unsigned>(format);
  }
  [[nodiscard]] constexpr bool has(f format) const { return (bits_ >> static_cast<unsigned>(format) & 1U) != 0; }

private:
  unsigned bits_ = 0;
};

constexpr format_set colors{f::rgb_16bit, f::rgb_24bit, f::rgb_32bit, f::rgba};
constexpr format_set indexed{f::le_1bit, f::be_1bit, f::le_4bit, f::be_4bit, f::indexed_8bit};
constexpr format_set none{};

// spice-gtk aborts on raw pictures whose first pixel is in the low bits.
constexpr format_set raw{f::be_1bit,   f::be_4bit,   f::indexed_8bit, f::rgb_16bit,
                         f::rgb_24bit, f::rgb_32bit, f::rgba,         f::alpha_8bit};
constexpr format_set lz{f::rgb_16bit, f::rgb_24bit, f::rgb_32bit, f::rgba, f::alpha_8bit};
constexpr format_set opaque{f::rgb_16bit, f::rgb_24bit, f::rgb_32bit};
constexpr format_set with_alpha{f::rgba};

format_set for_viewer(const decoder_abilities& client, image_type type) {
  switch (type) {
  case image_type::bitmap: return raw;
  case image_type::quic: return colors;
  case image_type::lz_plt: return indexed;
  case image_type::lz_rgb: return lz;
  case image_type::glz_rgb:
  case image_type::zlib_glz_rgb: return client.glz_window > 0 ? colors : none;
  case image_type::lz4: return client.lz4 ? colors : none;
  case image_type::jpeg: return opaque;
  case image_type::jpeg_alpha: return with_alpha;
  case image_type::from_cache:
  case image_type::from_cache_lossless:
  case image_type::surface: return none; // no pixels inside
  }
  return none;
}

constexpr format_set browser_raw{f::rgb_32bit};
constexpr format_set browser_quic{f::rgb_24bit, f::rgb_32bit};
constexpr format_set browser_lz{f::rgb_32bit, f::rgba};

format_set for_browser(image_type type) {
  switch (type) {
  case image_type::bitmap: return browser_raw;
  case image_type::quic: return browser_quic;
  case image_type::lz_rgb: return browser_lz;
  case image_type::jpeg: return opaque;
  case image_type::jpeg_alpha: return with_alpha;
  default: return none;
  }
}

bool is_from_cache(image_type type) {
  return type == image_type::from_cache || type == image_type::from_cache_lossless;
}

// Browsers have no caches.
bool may_be_kept(const decoder_abilities& client, std::uint8_t flags) {
  return (flags & (wire::display::image_flags::cache_me | wire::display::image_flags::cache_replace_me)) == 0 ||
         !client.browser;
}

const wire::display::any_palette* palette_in(const wire::display::image& what) {
  return std::visit(
      [](const auto& body) -> const wire::display::any_palette* {
        if constexpr (requires { body.palette; })
          return &body.palette;
        else
          return nullptr;
      },
      what.body);
}

// What the client shall take from its caches is in them.
bool all_kept(const wire::display::image& what, const client_caches& caches) {
  const auto has = [](const kept_by_client* cache, std::uint64_t id) { return cache != nullptr && cache->has(id); };
  if (is_from_cache(wire::display::type_of(what))) return has(caches.pictures, what.id);
  const auto* any = palette_in(what);
  const auto* cached = any == nullptr ? nullptr : std::get_if<wire::display::cached_palette>(any);
  return cached == nullptr || has(caches.palettes, cached->id);
}

} // namespace

bool decodes(const decoder_abilities& client, image_type type, bitmap_format format) noexcept {
  if (is_from_cache(type)) return !client.browser;
  if (type == image_type::surface) return true;
  if (format == f::alpha_8bit && !client.alpha) return false;
  return (client.browser ? for_browser(type) : for_viewer(client, type)).has(format);
}

result<legal_image> legal_image::make(const decoder_abilities& client, bitmap_format format, wire::display::image what,
                                      const client_caches& caches) {
  if (!decodes(client, wire::display::type_of(what), format) || !may_be_kept(client, what.flags) ||
      !all_kept(what, caches))
    return fail{errc::codec_failed};
  return legal_image{std::move(what)};
}

} // namespace saffron::image
