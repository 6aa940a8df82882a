// SPDX-License-Identifier: BSD-3-Clause
#include "actors/picture_choice.hpp"

namespace saffron::actors {

namespace {

/// Smaller pictures stay raw: headers and a decoder's set-up cost more (the reference's bound).
constexpr std::size_t worth_packing = 54;
/// Sides that QUIC needs to predict anything (the reference's bound).
constexpr std::int32_t quic_edge = 3;

bool has_colors(const picture& p) {
  using f = image::bitmap_format;
  return p.format == f::rgb_16bit || p.format == f::rgb_24bit || p.format == f::rgb_32bit || p.format == f::rgba;
}

bool quic_can(const picture& p) { return has_colors(p) && p.area.width() >= quic_edge && p.area.height() >= quic_edge; }

bool is_slow(link_class link) { return link == link_class::slow || link == link_class::very_slow; }

// What repeats what was there before, in the picture itself and, as GLZ, in what the client was sent before.
picture_choice repeating(const picture& p, const choice_input& in, std::string_view reason) {
  if (!in.glz || !has_colors(p)) return {image_form::lz, reason};
  const auto zlib = in.settings.zlib_glz;
  const bool wanted = zlib == wan_policy::always || (zlib == wan_policy::automatic && is_slow(in.link));
  return {wanted ? image_form::zlib_glz : image_form::glz, reason};
}

bool jpeg_wanted(const picture& p, const choice_input& in) {
  if (in.exact || !p.gradual || !quic_can(p)) return false;
  return in.settings.jpeg == wan_policy::always || (in.settings.jpeg == wan_policy::automatic && is_slow(in.link));
}

picture_choice automatic(const picture& p, const choice_input& in) {
  if (in.link == link_class::local) return {image_form::raw, "a client on this host"};
  if (jpeg_wanted(p, in))
    return {in.link == link_class::very_slow ? image_form::coarse_jpeg : image_form::jpeg,
            "a gradual picture on a slow link"};
  if (image::is_indexed(p.format)) return {image_form::lz, "a picture with a palette"};
  if (in.link == link_class::fast && in.lz4) return {image_form::lz4, "a fast link"};
  if (p.gradual && quic_can(p)) return {image_form::quic, "a gradual picture"};
  constexpr std::string_view reason = "a picture of edges and repetitions";
  return in.link == link_class::fast ? picture_choice{image_form::lz, reason} : repeating(p, in, reason);
}

} // namespace

link_class classify(bool local, double bytes_per_second) noexcept {
  if (local) return link_class::local;
  if (bytes_per_second <= 0) return link_class::medium;
  if (bytes_per_second >= fast_bytes_per_second) return link_class::fast;
  if (bytes_per_second >= slow_bytes_per_second) return link_class::medium;
  return bytes_per_second >= very_slow_bytes_per_second ? link_class::slow : link_class::very_slow;
}

std::string_view to_string(link_class link) noexcept {
  switch (link) {
  case link_class::local: return "local";
  case link_class::fast: return "fast";
  case link_class::medium: return "medium";
  case link_class::slow: return "slow";
  case link_class::very_slow: return "very slow";
  }
  return "unknown";
}

picture_choice choose(const picture& p, const choice_input& in) noexcept {
  if (p.pixels.size() < worth_packing) return {image_form::raw, "a tiny picture"};
  switch (in.settings.compression) {
  case image_compression::off: return {image_form::raw, "compression is off"};
  case image_compression::automatic: return automatic(p, in);
  case image_compression::auto_glz:
  case image_compression::auto_lz: {
    if (jpeg_wanted(p, in)) return automatic(p, in);
    if (p.gradual && quic_can(p)) return {image_form::quic, "a gradual picture"};
    constexpr std::string_view reason = "a picture of edges and repetitions";
    return in.settings.compression == image_compression::auto_glz ? repeating(p, in, reason)
                                                                  : picture_choice{image_form::lz, reason};
  }
  case image_compression::quic:
    if (jpeg_wanted(p, in)) return automatic(p, in);
    return quic_can(p) ? picture_choice{image_form::quic, "as configured"}
                       : picture_choice{image_form::raw, "QUIC cannot take it"};
  case image_compression::glz: return repeating(p, in, "as configured");
  case image_compression::lz: return {image_form::lz, "as configured"};
  case image_compression::lz4:
    return in.lz4 && !image::is_indexed(p.format) ? picture_choice{image_form::lz4, "as configured"}
                                                  : picture_choice{image_form::lz, "the client has no LZ4"};
  }
  return {};
}

} // namespace saffron::actors
