// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/glz_decode.hpp"

#include "messages/image/glz_format.hpp"
#include "messages/image/lz_stream.hpp"

#include <algorithm>
#include <cstring>

namespace saffron::image {

namespace glz {
namespace {

/// Where a match is.
struct source {
  std::size_t offset = 0;
  /// 0: in the image itself.
  std::uint64_t images_before = 0;
};

/// What follows the control byte and the length. False if it is not all there.
bool get_source(lz::input& in, std::size_t control, source& found) noexcept {
  if (in.left() < 2) return false;
  found.offset = (control & 15) | in.take() << 4;
  const auto flags = in.take(), more = flags >> 6;
  const bool far = (control & 16) != 0, very_far = far && (flags & 32) != 0;
  if (in.left() < more + (very_far ? 1 : 0)) return false;
  if (far) found.offset |= (flags & 31) << 12;
  found.images_before = far ? 0 : flags & 63;
  for (std::size_t i = 0, shift = far ? 0 : 6; i < more; ++i, shift += 8)
    found.images_before |= std::uint64_t{in.take()} << shift;
  if (very_far) found.offset |= in.take() << 17;
  return true;
}

/// Units from another image.
template <class Units>
void copy(std::byte* to, const std::byte* from, std::size_t count) noexcept {
  if constexpr (Units::only_alpha)
    for (std::size_t i = 3; i < 4 * count; i += 4) to[i] = from[i];
  else
    std::memcpy(to, from, count * Units::bytes);
}

/// All units of one pass. `earlier(n)` is the image n before, of the same format, or an error.
template <class Units, class Earlier>
errc get_units(lz::input& in, std::span<std::byte> pixels, const Earlier& earlier) {
  const auto count = pixels.size() / Units::bytes;
  for (std::size_t done = 0; done < count;) {
    if (in.left() == 0) return errc::codec_failed;
    auto* const to = pixels.data() + done * Units::bytes;
    const auto control = in.take(), room = count - done;
    if (control < lz::longest_run) {
      const auto run = lz::get_literals<Units>(in, control, to, room);
      if (run == 0) return errc::codec_failed;
      done += run;
      continue;
    }
    const auto length = lz::get_length<Units>(in, control, room);
    source from;
    if (!length || !get_source(in, control, from)) return errc::codec_failed;
    if (from.images_before == 0) {
      if (from.offset >= done) return errc::codec_failed;
      lz::repeat<Units>(to, from.offset + 1, *length);
    } else {
      const result<std::span<const std::byte>> other = earlier(from.images_before);
      if (!other) return other.error();
      const auto units = other->size() / Units::bytes;
      if (from.offset >= units || *length > units - from.offset) return errc::codec_failed;
      copy<Units>(to, other->data() + from.offset * Units::bytes, *length);
    }
    done += *length;
  }
  return errc::none;
}

template <class Earlier>
errc get_pixels(lz::input& in, bitmap& picture, const Earlier& earlier) {
  switch (picture.format) {
  case bitmap_format::rgb_16bit: return get_units<lz::rgb_16bit_units>(in, picture.pixels, earlier);
  case bitmap_format::rgb_24bit: return get_units<lz::rgb_24bit_units>(in, picture.pixels, earlier);
  case bitmap_format::rgb_32bit: return get_units<lz::rgb_32bit_units>(in, picture.pixels, earlier);
  case bitmap_format::rgba: {
    const auto colours = get_units<lz::rgb_32bit_units>(in, picture.pixels, earlier);
    return colours != errc::none ? colours : get_units<lz::alpha_units>(in, picture.pixels, earlier);
  }
  default: return errc::codec_failed;
  }
}

} // namespace
} // namespace glz

result<std::shared_ptr<const bitmap>> glz_client_window::decode(std::span<const std::byte> data) {
  const auto header = glz::read_header(data);
  if (!header) return fail{header.error()};
  const auto count = std::uint64_t{header->width} * header->height;
  // No byte of the data can stand for more than 255 pixels.
  if (count > most_pixels_ - held_pixels_ || count / 255 > data.size()) return fail{errc::codec_failed};
  if (header->id < complete_before_ || images_.contains(header->id)) return fail{errc::codec_failed};

  const auto earlier = [&](std::uint64_t before) -> result<std::span<const std::byte>> {
    if (before > header->win_head_dist) return fail{errc::codec_failed};
    const auto id = header->id - before;
    const auto found = images_.find(id);
    if (found == images_.end()) return fail{id < complete_before_ ? errc::codec_failed : errc::out_of_order};
    if (found->second.picture->format != header->format) return fail{errc::codec_failed};
    return std::span{found->second.picture->pixels};
  };
  auto picture = std::make_shared<bitmap>();
  picture->format = header->format;
  picture->width = header->width;
  picture->height = header->height;
  picture->top_down = header->top_down;
  picture->pixels.resize(row_bytes(header->format, header->width) * header->height);
  lz::input in{data.subspan(glz::header_bytes)};
  const auto code = glz::get_pixels(in, *picture, earlier);
  if (code != errc::none) return fail{code};
  if (in.left() != 0) return fail{errc::codec_failed};

  images_.emplace(header->id, held{picture, header->win_head_dist});
  held_pixels_ += count;
  free_unreachable();
  return picture;
}

void glz_client_window::free_unreachable() {
  while (images_.contains(complete_before_)) ++complete_before_;
  if (complete_before_ == 0) return;
  const auto newest = complete_before_ - 1;
  const auto head = newest - images_.at(newest).win_head_dist;
  for (auto i = images_.begin(); i != images_.end() && i->first < head; i = images_.erase(i))
    held_pixels_ -= std::uint64_t{i->second.picture->width} * i->second.picture->height;
}

} // namespace saffron::image
