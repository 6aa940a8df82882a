// SPDX-License-Identifier: BSD-3-Clause
#include "actors/pixmap_cache.hpp"

#include <algorithm>
#include <utility>

namespace saffron::actors {

namespace {

/// Contents of which it is known that they were there once.
constexpr std::size_t most_seen = 4096;
/// Only what leaves room for others of its size is kept.
constexpr std::uint64_t largest_part = 4;

} // namespace

void pixmap_cache::join(std::uint8_t channel, std::uint64_t pixels) {
  if (read_.empty()) capacity_ = pixels;
  read_[channel] = 0;
}

void pixmap_cache::confirmed(std::uint8_t channel, std::uint32_t mark) {
  auto& read = read_[channel];
  read = std::max(read, mark);
  std::erase_if(evictions_, [&](const eviction& e) { return e.channel == channel && e.mark <= read; });
}

void pixmap_cache::left(std::uint8_t channel) {
  for (const auto& one : items_) {
    std::erase_if(one->uses_, [channel](const item::use& u) { return u.channel == channel; });
    if (one->added_by_ != channel) continue;
    if (!has_read(channel, one->added_mark_)) doubt(*one);
    one->added_mark_ = 0; // it has arrived, whatever number the next channel of this name is at
  }
  read_.erase(channel);
  std::erase_if(evictions_, [&](const eviction& e) { // are announced again
    if (e.channel != channel) return false;
    e.what->uses_.clear();
    pixels_ += e.what->pixels_;
    items_.push_back(e.what);
    return true;
  });
  if (!read_.empty()) return;
  for (const auto& one : items_) doubt(*one);
}

void pixmap_cache::doubt(item& one) {
  if (!std::exchange(one.certain_, false)) return;
  ids_.erase(one.id_);
  places_.erase(one.key_);
}

bool pixmap_cache::has_read(std::uint8_t channel, std::uint32_t mark) const {
  const auto found = read_.find(channel);
  return mark == 0 || (found != read_.end() && found->second >= mark);
}

pixmap_cache::item_ptr pixmap_cache::find(const pixmap_key& key, std::uint8_t channel) const {
  const auto found = places_.find(key);
  if (found == places_.end()) return nullptr;
  const auto& one = *found->second;
  return one->added_by_ == channel || has_read(one->added_by_, one->added_mark_) ? one : nullptr;
}

void pixmap_cache::use(const item_ptr& what, std::uint8_t channel, std::uint32_t mark) {
  const auto found = places_.find(what->key_);
  if (found == places_.end() || *found->second != what) return;
  items_.splice(items_.begin(), items_, found->second);
  auto& uses = what->uses_;
  const auto mine = std::find_if(uses.begin(), uses.end(), [channel](auto& u) { return u.channel == channel; });
  if (mine == uses.end())
    uses.push_back({channel, mark});
  else
    mine->mark = mark;
}

// Held: by the cache alone, and by the caller's list of them.
bool pixmap_cache::evictable(const item_ptr& one, std::uint8_t by) const {
  return one.use_count() == 1 && std::all_of(one->uses_.begin(), one->uses_.end(), [&](const item::use& u) {
           return u.channel == by || has_read(u.channel, u.mark);
         });
}

// What to evict, oldest first; with too little to evict the list leaves no room.
std::vector<pixmap_cache::place> pixmap_cache::room_for(std::uint64_t pixels, std::uint8_t by) {
  std::vector<place> out;
  auto kept = pixels_;
  for (auto at = items_.end(); at != items_.begin();) {
    if (kept <= capacity_ - pixels && items_.size() - out.size() < most_items) return out;
    --at;
    if (!evictable(*at, by)) continue;
    kept -= (*at)->pixels_;
    out.push_back(at);
  }
  return out;
}

pixmap_cache::addition pixmap_cache::add(const pixmap_key& key, std::uint64_t pixels, std::uint8_t channel,
                                         std::uint32_t mark) {
  if (places_.contains(key) || pixels == 0 || pixels > capacity_ / largest_part) return {};
  const auto leaving = room_for(pixels, channel);
  std::uint64_t freed = 0;
  for (const auto& at : leaving) freed += (*at)->pixels_;
  if (pixels_ - freed > capacity_ - pixels || items_.size() - leaving.size() >= most_items) return {};
  addition out;
  for (const auto& at : leaving) {
    out.evicted.push_back((*at)->id());
    evict(at, channel, mark);
  }
  out.added = std::make_shared<item>();
  out.added->id_ = ++last_id_;
  out.added->key_ = key;
  out.added->pixels_ = pixels;
  out.added->added_by_ = channel;
  out.added->added_mark_ = mark;
  out.added->uses_.push_back({channel, mark});
  items_.push_front(out.added);
  places_.emplace(key, items_.begin());
  ids_.insert(last_id_);
  pixels_ += pixels;
  return out;
}

void pixmap_cache::evict(place at, std::uint8_t channel, std::uint32_t mark) {
  doubt(**at);
  pixels_ -= (*at)->pixels_;
  evictions_.push_back({*at, channel, mark});
  items_.erase(at);
}

bool pixmap_cache::seen_before(const pixmap_key& key) {
  if (!seen_.insert(key).second) return true;
  seen_order_.push_back(key);
  if (seen_order_.size() > most_seen) {
    seen_.erase(seen_order_.front());
    seen_order_.pop_front();
  }
  return false;
}

} // namespace saffron::actors
