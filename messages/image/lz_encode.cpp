// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/lz.hpp"
#include "messages/image/lz_header.hpp"
#include "messages/image/lz_matches.hpp"
#include "messages/image/lz_stream.hpp"

namespace saffron::image {

namespace lz {
namespace {

/// `length` has no bias.
[[gnu::always_inline]] inline std::byte* put_match(std::byte* out, std::size_t distance, std::size_t length) noexcept {
  const auto back = distance - 1, near = std::min(back, far_mark);
  out = put_control(out, length, near >> 8);
  *out++ = static_cast<std::byte>(near);
  if (near == far_mark) {
    *out++ = static_cast<std::byte>((back - far_mark) >> 8);
    *out++ = static_cast<std::byte>(back - far_mark);
  }
  return out;
}

template <class Units>
std::byte* put_units(std::byte* out, std::span<const std::byte> source) noexcept {
  const auto* const base = source.data();
  const auto* const end = base + source.size();
  // Every eighth miss in a row makes the steps a unit longer, up to this: noise costs little, and what follows it is
  // found.
  constexpr std::size_t longest_step = 16;
  constexpr std::size_t reach = (search<Units>::reach + Units::bytes - 1) / Units::bytes;
  const auto count = source.size() / Units::bytes;
  const auto* literals = base;
  if (count > reach) {
    match_finder<Units> finder{base};
    const auto last = count - reach;
    std::size_t misses = 0;
    for (std::size_t at = 1; at <= last;) {
      auto [distance, length] = finder.find(at);
      if (length == 0) {
        at += std::min(1 + misses++ / 8, longest_step);
        continue;
      }
      misses = 0;
      const auto back = distance * Units::bytes;
      const auto* from = base + at * Units::bytes;
      const auto* to = from + length * Units::bytes;
      const auto more = Units::count_equal(to - back, to, end);
      at += length + more;
      to += more * Units::bytes;
      while (from > literals && from - back > base && Units::equal(from - back - Units::bytes, from - Units::bytes))
        from -= Units::bytes;
      if (from > literals) out = put_literals<Units>(out, literals, from, end);
      out = put_match(out, distance, static_cast<std::size_t>(to - from) / Units::bytes - Units::bias);
      literals = to;
      if (at <= last) {
        finder.remember(at - 2);
        finder.remember(at - 1);
      }
    }
  }
  return put_literals<Units>(out, literals, end, end);
}

template <class Units, class... More>
shared_bytes encode(const header& h, std::span<const std::byte> source) {
  const auto count = source.size() / Units::bytes;
  // The choice of matches makes no stream larger than one of literals alone.
  const auto most = header_bytes + (bytes_of_literals<Units>(count) + ... + bytes_of_literals<More>(count));
  auto [bytes, out] = shared_bytes::make(most + literal_slack);
  write_header(out, h);
  auto* end = put_units<Units>(out + header_bytes, source);
  ((end = put_units<More>(end, source)), ...);
  const auto size = static_cast<std::size_t>(end - out);
  // What many clients hold for long should not hold much more than itself; a copy of nearly everything is no gain.
  if (size > most / 4 * 3) return bytes.part(0, size);
  return shared_bytes::copy_of(bytes.view().first(size));
}

} // namespace
} // namespace lz

result<shared_bytes> lz_encode(const bitmap_view& source) {
  const lz::header header{lz::type_of(source.format), source.width, source.height, source.top_down};
  if (!header.possible() || !source.packed() || !source.whole()) return fail{errc::codec_failed};
  const auto pixels = source.pixels.first(source.stride * source.height);
  switch (source.format) {
  case bitmap_format::invalid: break;
  case bitmap_format::le_1bit:
  case bitmap_format::be_1bit:
  case bitmap_format::le_4bit:
  case bitmap_format::be_4bit:
  case bitmap_format::indexed_8bit:
  case bitmap_format::alpha_8bit: return lz::encode<lz::byte_units>(header, pixels);
  case bitmap_format::rgb_16bit: return lz::encode<lz::rgb_16bit_units>(header, pixels);
  case bitmap_format::rgb_24bit: return lz::encode<lz::rgb_24bit_units>(header, pixels);
  case bitmap_format::rgb_32bit: return lz::encode<lz::rgb_32bit_units>(header, pixels);
  case bitmap_format::rgba: return lz::encode<lz::rgb_32bit_units, lz::alpha_units>(header, pixels);
  }
  return fail{errc::codec_failed};
}

result<shared_bytes> lz_encode_alpha(const bitmap_view& rgba) {
  const lz::header header{lz::stream_type::alpha_of_rgba, rgba.width, rgba.height, rgba.top_down};
  if (rgba.format != bitmap_format::rgba || !header.possible() || !rgba.packed() || !rgba.whole())
    return fail{errc::codec_failed};
  return lz::encode<lz::alpha_units>(header, rgba.pixels.first(rgba.stride * rgba.height));
}

} // namespace saffron::image
