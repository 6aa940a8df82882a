// SPDX-License-Identifier: BSD-3-Clause
#include "actors/glz_images.hpp"

#include "messages/image/glz_encode.hpp"
#include "messages/image/zlib_glz.hpp"

#include <algorithm>
#include <utility>

namespace saffron::actors {

namespace {

image::glz_shared& shared_of(const picture& shown, const image::glz_job& job, counters& counted) {
  auto& all = shown.glz;
  const auto made = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.history == job.history; });
  if (made != all.end()) {
    counted.images_shared.add();
    return *made;
  }
  counted.images_encoded.add();
  if (all.size() == glz_histories) all.pop_back();
  image::glz_shared fresh;
  fresh.history = job.history;
  fresh.payload = image::glz_payload(job);
  return *all.insert(all.begin(), std::move(fresh));
}

} // namespace

image::glz_picture for_window(const picture& shown, std::uint8_t channel) {
  const auto view = shown.view();
  const auto left = static_cast<std::uint32_t>(shown.area.left), top = static_cast<std::uint32_t>(shown.area.top);
  return {view.format, view.width, view.height, view.top_down, shown.pixels, std::uint64_t{left} << 32 | top,
          channel,     shown.id};
}

encoded_form encode_glz(const picture& shown, const image::glz_job& job, bool in_zlib, counters& counted) {
  auto& made = shared_of(shown, job, counted);
  const auto header = image::glz_header(job);
  if (in_zlib && !std::exchange(made.deflate_tried, true)) made.deflated = image::glz_deflate(made.payload.view());
  encoded_form out;
  out.glz_size = header.size() + made.payload.size();
  if (in_zlib && made.deflated) {
    auto ends = image::zlib_glz_around(*made.deflated, header.view(), made.payload.size());
    out.form = image_form::zlib_glz;
    out.data = made.deflated->data;
    out.head = std::move(ends.head);
    out.tail = std::move(ends.tail);
  } else {
    out.form = image_form::glz;
    out.data = made.payload;
    out.head = header;
  }
  return out;
}

} // namespace saffron::actors
