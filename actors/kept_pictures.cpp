// SPDX-License-Identifier: BSD-3-Clause
#include "actors/kept_pictures.hpp"

#include "actors/pixmap_key.hpp"

namespace saffron::actors {

namespace {

/// Less is not worth an entry: the id and what is around it take as much.
constexpr std::size_t least_bytes = 256;
/// Pixels of the screen's content below which it is not looked at.
constexpr std::uint64_t least_screen_pixels = 1024;

// Several strips in one image are not the picture that was looked up.
bool is_whole(const strip_image& image) { return image.pixel_bytes == image.shown->pixels.size(); }

} // namespace

kept_pictures::~kept_pictures() {
  candidates_.clear();
  if (cache_) cache_->left(channel_);
}

void kept_pictures::join(std::uint8_t id, std::int64_t pixels) {
  if (!caches_ || pixels <= 0) return;
  auto& shared = caches_->by_id[id];
  if (!shared) shared = std::make_shared<pixmap_cache>();
  cache_ = shared;
  cache_->join(channel_, static_cast<std::uint64_t>(pixels));
}

bool kept_pictures::look_up(const picture_ptr& p, origin from) {
  if (!cache_ || p->pixels.size() < least_bytes) return false;
  auto key = key_of_maker(*p);
  if (from == origin::screen) {
    if (p->area.area() < least_screen_pixels) return false;
    const auto content = key_of_content(*p);
    if (!content || !cache_->seen_before(*content)) return false;
    key = *content;
  }
  auto found = cache_->find(key, channel_);
  const bool hit = found != nullptr;
  candidates_.insert_or_assign(p, candidate{key, std::move(found), hit});
  return hit;
}

kept_pictures::step kept_pictures::use(wire::display::image& what, const strip_image& from, std::uint32_t mark) {
  const auto found = candidates_.find(from.shown);
  if (found == candidates_.end() || !is_whole(from)) return {};
  auto& [key, kept, promised] = found->second;
  if (!kept) kept = cache_->find(key, channel_); // the same picture, earlier in this update
  // A GLZ image that was encoded has to travel: its place in the client's window is taken.
  if (kept && is_glz(from.form) && !promised) return {};
  if (kept) {
    cache_->use(kept, channel_, mark);
    what.id = kept->id();
    what.flags = 0;
    what.body = wire::display::cached_image{};
    return {true, {}};
  }
  if (is_lossy(from.form) || from.bytes < least_bytes) return {};
  auto made = cache_->add(key, what.width * std::uint64_t{what.height}, channel_, mark);
  step out;
  for (const auto id : made.evicted) out.evicted.push_back({wire::display::resource_type::pixmap, id});
  if (!made.added) return out;
  kept = std::move(made.added);
  what.id = kept->id();
  what.flags |= wire::display::image_flags::cache_me;
  return out;
}

void kept_pictures::read(std::uint32_t mark) {
  if (cache_) cache_->confirmed(channel_, mark);
}

} // namespace saffron::actors
