// SPDX-License-Identifier: BSD-3-Clause
#include "actors/palette_cache.hpp"

#include <algorithm>

namespace saffron::actors {

namespace display = wire::display;

palette_cache::step palette_cache::use(display::image& what) {
  if (auto* raw = std::get_if<display::bitmap>(&what.body)) return use(raw->palette, raw->flags);
  if (auto* packed = std::get_if<display::lz_plt_image>(&what.body)) return use(packed->palette, packed->flags);
  return {};
}

palette_cache::step palette_cache::use(display::any_palette& any, std::uint8_t& flags) {
  auto* inside = std::get_if<display::palette>(&any);
  if (inside == nullptr) return {};
  inside->unique = 0; // the client's own keys are made here
  if (inside->entries.size() > most_colors) return {};
  const auto known =
      std::find_if(entries_.begin(), entries_.end(), [&](const entry& e) { return e.colors == inside->entries; });
  if (known != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, known);
    any = display::cached_palette{known->id};
    return {true, {}};
  }
  inside->unique = ++last_id_;
  flags |= display::bitmap_flags::palette_cache_me;
  entries_.push_front({last_id_, inside->entries});
  if (entries_.size() <= most_palettes) return {};
  const auto evicted = entries_.back().id;
  entries_.pop_back();
  return {false, evicted};
}

bool palette_cache::has(std::uint64_t id) const {
  return std::any_of(entries_.begin(), entries_.end(), [id](const entry& e) { return e.id == id; });
}

} // namespace saffron::actors
