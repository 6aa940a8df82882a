// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/lz.hpp"
#include "messages/image/lz_header.hpp"
#include "messages/image/lz_stream.hpp"

namespace saffron::image {

namespace lz {
namespace {

/// Reads the match that `control` begins. Returns its length, or 0 if it goes beyond the `done` units that there are,
/// or the `most` that there is room for.
template <class Units>
std::size_t get_match(input& in, std::size_t control, std::byte* to, std::size_t done, std::size_t most) noexcept {
  const auto length = get_length<Units>(in, control, most);
  if (!length || in.left() == 0) return 0;
  auto back = (control & 31) << 8 | in.take();
  if (back == far_mark) {
    if (in.left() < 2) return 0;
    back += in.take() << 8;
    back += in.take();
  }
  if (back >= done) return 0;
  repeat<Units>(to, back + 1, *length);
  return *length;
}

/// Reads the units of all `pixels`. False if they are not there.
template <class Units>
bool get_units(input& in, std::span<std::byte> pixels) noexcept {
  const auto count = pixels.size() / Units::bytes;
  for (std::size_t done = 0; done < count;) {
    if (in.left() == 0) return false;
    auto* to = pixels.data() + done * Units::bytes;
    const auto control = in.take(), room = count - done;
    const auto units = control < longest_run ? get_literals<Units>(in, control, to, room)
                                             : get_match<Units>(in, control, to, done, room);
    if (units == 0) return false;
    done += units;
  }
  return true;
}

bool get_pixels(input& in, stream_type type, std::span<std::byte> pixels) noexcept {
  switch (type) {
  case stream_type::le_1bit:
  case stream_type::be_1bit:
  case stream_type::le_4bit:
  case stream_type::be_4bit:
  case stream_type::indexed_8bit:
  case stream_type::alpha_of_rgba:
  case stream_type::alpha_8bit: return get_units<byte_units>(in, pixels);
  case stream_type::rgb_16bit: return get_units<rgb_16bit_units>(in, pixels);
  case stream_type::rgb_24bit: return get_units<rgb_24bit_units>(in, pixels);
  case stream_type::rgb_32bit: return get_units<rgb_32bit_units>(in, pixels);
  case stream_type::rgba: return get_units<rgb_32bit_units>(in, pixels) && get_units<alpha_units>(in, pixels);
  }
  return false;
}

} // namespace
} // namespace lz

result<bitmap> lz_decode(std::span<const std::byte> data, std::size_t most_pixels) {
  const auto header = lz::read_header(data);
  if (!header) return fail{header.error()};
  bitmap out{lz::format_of(header->type), header->width, header->height, header->top_down, {}};
  data = data.subspan(lz::header_bytes);
  if (std::size_t{out.width} * out.height > most_pixels) return fail{errc::codec_failed};
  const auto size = row_bytes(out.format, out.width) * out.height;
  // A byte that makes a match longer stands for at most 255 units, any other for fewer.
  if (size / std::max(bits_per_pixel(out.format) / 8, 1u) > data.size() * 255) return fail{errc::codec_failed};
  out.pixels.resize(size);
  lz::input in{data};
  if (!lz::get_pixels(in, header->type, out.pixels) || in.left() > 0) return fail{errc::codec_failed};
  return out;
}

} // namespace saffron::image
