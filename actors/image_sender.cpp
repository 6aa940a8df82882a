// SPDX-License-Identifier: BSD-3-Clause
#include "actors/image_sender.hpp"

#include "messages/wire/display.hpp"

namespace saffron::actors {

namespace {

namespace to_client = wire::display::to_client;

counter& counter_of(counters& all, image_form form) {
  switch (form) {
  case image_form::raw: return all.images_raw;
  case image_form::lz4: return all.images_lz4;
  case image_form::lz: return all.images_lz;
  case image_form::quic: return all.images_quic;
  case image_form::glz:
  case image_form::zlib_glz: return all.images_glz;
  case image_form::jpeg:
  case image_form::coarse_jpeg:
  case image_form::rough_jpeg: break;
  }
  return all.images_jpeg;
}

} // namespace

bool image_sender::send(const strip_image& image, const image::decoder_abilities& decoder, std::uint32_t mark) {
  auto what = describe(image);
  const bool decodes = image::decodes(decoder, type_of(what), image.shown->format);
  const bool kept = decodes && ask_caches(what, image, mark);
  const auto checked = image::legal_image::make(decoder, image.shown->format, what, {&kept_, &palettes_});
  if (!checked) return false;
  to_client::draw_copy m;
  m.base = {0, image.area, {}};
  m.source = checked->get();
  m.source_area = {0, 0, image.area.width(), image.area.height()};
  const auto payload = kept ? std::span<const shared_bytes>{} : std::span{image.payload};
  wire::writer head;
  write_head(head, m, kept ? 0 : image.bytes);
  out_.send(to_client::draw_copy::type, head.view(), payload);
  if (kept)
    losses_.exact(image.area);
  else
    note(image);
  return true;
}

// Of an image that will be sent, with what must go before it. True: nothing but its id goes.
bool image_sender::ask_caches(wire::display::image& what, const strip_image& image, std::uint32_t mark) {
  auto picture = kept_.use(what, image, mark);
  if (!picture.evicted.empty()) out_.send(to_client::inval_list{std::move(picture.evicted)});
  if (picture.hit) counted_.pixmap_cache_hits.add();
  const auto palette = palettes_.use(what);
  if (palette.evicted) out_.send(to_client::inval_palette{*palette.evicted});
  if (palette.hit) counted_.palette_cache_hits.add();
  return picture.hit;
}

void image_sender::note(const strip_image& image) {
  ratio_ = 0.9 * ratio_ + 0.1 * static_cast<double>(image.bytes) / static_cast<double>(image.pixel_bytes);
  if (is_lossy(image.form))
    losses_.lossy(image.area);
  else
    losses_.exact(image.area);
  counter_of(counted_, image.form).add();
  last_form_ = image.form;
}

} // namespace saffron::actors
