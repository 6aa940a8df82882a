// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/glz_encode.hpp"

#include "messages/image/glz_format.hpp"
#include "messages/image/glz_search.hpp"
#include "messages/image/glz_writer.hpp"

namespace saffron::image {

namespace glz {
namespace {

source source_of(const glz_picture& picture, std::size_t images_before) {
  const auto count = static_cast<std::uint32_t>(picture.pixel_count());
  const auto starts = count > units_ahead ? count - static_cast<std::uint32_t>(units_ahead) : 0;
  return {picture.pixels.data(), starts, static_cast<std::uint32_t>(images_before)};
}

// Of those with the same tag, the newest.
template <class Units>
typename searcher<Units>::sources sources_of(const glz_job& job) {
  typename searcher<Units>::sources images;
  for (auto i = job.earlier.size(); i > 0; --i)
    if (const auto& other = job.earlier[i - 1]; !other.pixels.empty() && other.format == job.picture.format)
      images[place::tag_of(other.id)] = source_of(other, i);
  images[place::tag_of(job.picture.id)] = source_of(job.picture, 0);
  return images;
}

/// All units of one pass.
template <class Units>
std::byte* put_units(std::byte* out, const glz_job& job) {
  // Every 64th miss in a row makes the steps a unit longer: noise costs little. What follows it is still found.
  constexpr std::uint32_t misses_a_step = 64, longest_step = 64;
  // A match in the same spot of so many units is taken at once: that part has not changed.
  constexpr std::size_t unchanged = 16;
  // A match of so many is not worth a look in the index, whose entries are rarely in the nearest cache.
  constexpr std::size_t good = 8;
  // Long matches are remembered here and there, for the time when the image they lie in has left the window.
  constexpr std::uint32_t sampled = 256;

  const auto images = sources_of<Units>(job);
  const auto count = static_cast<std::uint32_t>(job.picture.pixel_count());
  const auto starts = source_of(job.picture, 0).starts;
  const auto* const same_spot = job.same_spot != 0 ? job.earlier[job.same_spot - 1].pixels.data() : nullptr;
  const searcher<Units> search{images, *job.index, job.picture.id, job.picture.width};
  const auto* const end = search.unit_at(count);
  std::uint32_t literals = 0, misses = 0;
  for (std::uint32_t at = 1; at < starts;) {
    const auto* here = search.unit_at(at);
    candidate match;
    std::size_t length = 0;
    const auto consider = [&](const candidate& other) {
      if (!other.found) return;
      if (const auto so_many = search.length(other, here); so_many > length) {
        match = other;
        length = so_many;
      }
    };
    if (job.same_spot != 0)
      consider(search.compare(at, {same_spot + std::size_t{at} * Units::bytes, job.same_spot, at, count - at}));
    if (length < unchanged) consider(search.above(at));
    if (length < good) consider(search.find(at));
    if (length == 0) {
      at += 1 + std::min(misses++ / misses_a_step, longest_step);
      continue;
    }
    misses = 0;
    // What was stepped over may belong to the match. Unit 0 of another image is no target.
    const std::uint32_t least = match.images_before == 0 ? 0 : 1;
    auto first = at;
    while (first > literals && match.unit > least &&
           Units::equal(search.unit_at(first - 1), match.there - Units::bytes)) {
      --first;
      --match.unit;
      match.there -= Units::bytes;
    }
    const auto after = at + static_cast<std::uint32_t>(length);
    out = put_few_literals<Units>(out, search.unit_at(literals), first - literals, end);
    const auto offset = match.images_before == 0 ? first - match.unit - 1 : match.unit;
    out = put_match(out, after - first - Units::bias, match.images_before, offset);
    for (auto i = at + sampled; i < std::min(after, starts); i += sampled) search.remember(i);
    if (after - 1 < starts) search.remember(after - 1);
    at = literals = after;
  }
  return lz::put_literals<Units>(out, search.unit_at(literals), end, end);
}

template <class Units, class... More>
shared_bytes encode(const glz_job& job) {
  const auto& picture = job.picture;
  const auto count = static_cast<std::size_t>(picture.pixel_count());
  const auto most = (lz::bytes_of_literals<Units>(count) + ... + lz::bytes_of_literals<More>(count));
  auto [bytes, out] = shared_bytes::make(most + writer_slack);
  auto* end = put_units<Units>(out, job);
  ((end = put_units<More>(end, job)), ...);
  const auto size = static_cast<std::size_t>(end - out);
  // What waits in a queue should not hold much more than itself; a copy of nearly everything is no gain.
  if (size > most / 4 * 3) return bytes.part(0, size);
  return shared_bytes::copy_of(bytes.view().first(size));
}

} // namespace
} // namespace glz

shared_bytes glz_header(const glz_job& job) {
  const auto& p = job.picture;
  auto [bytes, out] = shared_bytes::make(glz::header_bytes);
  glz::write_header(out, {p.format, p.width, p.height, p.top_down, job.id, job.win_head_dist});
  return bytes;
}

shared_bytes glz_payload(const glz_job& job) {
  switch (job.picture.format) {
  case bitmap_format::rgb_16bit: return glz::encode<lz::rgb_16bit_units>(job);
  case bitmap_format::rgb_24bit: return glz::encode<lz::rgb_24bit_units>(job);
  case bitmap_format::rgba: return glz::encode<lz::rgb_32bit_units, lz::alpha_units>(job);
  default: return glz::encode<lz::rgb_32bit_units>(job);
  }
}

} // namespace saffron::image
