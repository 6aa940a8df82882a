// SPDX-License-Identifier: BSD-3-Clause
#include "actors/palette_cache.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

namespace saffron::actors {
namespace {

namespace display = wire::display;

std::vector<std::uint32_t> colors_of(std::uint32_t number) { return {number, 0xffffff - number, 7}; }

display::image raw_with(std::vector<std::uint32_t> colors) {
  display::bitmap raw;
  raw.flags = display::bitmap_flags::top_down;
  raw.palette = display::palette{99, std::move(colors)};
  display::image what;
  what.body = raw;
  return what;
}

display::image packed_with(std::vector<std::uint32_t> colors) {
  display::lz_plt_image packed;
  packed.palette = display::palette{0, std::move(colors)};
  display::image what;
  what.body = packed;
  return what;
}

const display::any_palette& palette_of(const display::image& what) {
  if (const auto* raw = std::get_if<display::bitmap>(&what.body)) return raw->palette;
  return std::get<display::lz_plt_image>(what.body).palette;
}

std::uint8_t flags_of(const display::image& what) {
  if (const auto* raw = std::get_if<display::bitmap>(&what.body)) return raw->flags;
  return std::get<display::lz_plt_image>(what.body).flags;
}

// What a client does: keeps what it is told to keep, forgets what it is told to forget, and knows nothing else.
class model_client {
public:
  /// The colours that it draws with.
  std::vector<std::uint32_t> draw(const palette_cache::step& before, const display::image& what) {
    if (before.evicted) REQUIRE(kept_.erase(*before.evicted) == 1);
    const auto& any = palette_of(what);
    if (const auto* cached = std::get_if<display::cached_palette>(&any)) {
      CHECK((flags_of(what) & display::bitmap_flags::palette_cache_me) == 0);
      return kept_.at(cached->id);
    }
    const auto& inside = std::get<display::palette>(any);
    if ((flags_of(what) & display::bitmap_flags::palette_cache_me) != 0) {
      REQUIRE(inside.unique != 0);
      REQUIRE(kept_.emplace(inside.unique, inside.entries).second);
    }
    return inside.entries;
  }
  [[nodiscard]] std::size_t kept() const { return kept_.size(); }

private:
  std::map<std::uint64_t, std::vector<std::uint32_t>> kept_;
};

} // namespace

TEST_CASE("a palette travels once, and then its id, in raw and in packed pictures") {
  palette_cache cache;
  auto first = raw_with(colors_of(1));
  CHECK_FALSE(cache.use(first).hit);
  const auto inside = std::get<display::palette>(palette_of(first));
  CHECK(inside.entries == colors_of(1));
  CHECK(cache.has(inside.unique));
  CHECK(flags_of(first) == (display::bitmap_flags::top_down | display::bitmap_flags::palette_cache_me));
  for (auto again : {raw_with(colors_of(1)), packed_with(colors_of(1))}) {
    CHECK(cache.use(again).hit);
    CHECK(palette_of(again) == display::any_palette{display::cached_palette{inside.unique}});
    CHECK((flags_of(again) & display::bitmap_flags::palette_cache_me) == 0);
  }
}

TEST_CASE("palettes of other colours have other ids, whatever their makers called them") {
  palette_cache cache;
  auto one = raw_with(colors_of(1)), two = raw_with(colors_of(2));
  CHECK_FALSE(cache.use(one).hit);
  CHECK_FALSE(cache.use(two).hit);
  CHECK(std::get<display::palette>(palette_of(one)).unique != std::get<display::palette>(palette_of(two)).unique);
}

TEST_CASE("pictures without a palette, and palettes of too many colours, are left as they are") {
  palette_cache cache;
  display::image quic;
  quic.body = display::quic_image{};
  const auto before = quic;
  CHECK_FALSE(cache.use(quic).hit);
  CHECK(quic == before);
  for (int time = 0; time < 2; ++time) {
    auto large = raw_with(std::vector<std::uint32_t>(palette_cache::most_colors + 1, 5));
    CHECK_FALSE(cache.use(large).hit);
    CHECK(flags_of(large) == display::bitmap_flags::top_down);
    CHECK(std::get<display::palette>(palette_of(large)).unique == 0); // or the client kept it under its maker's key
  }
}

TEST_CASE("the palette that was used longest ago makes room for another one") {
  palette_cache cache;
  std::uint64_t second_id = 0;
  for (std::uint32_t n = 0; n < palette_cache::most_palettes; ++n) {
    auto what = raw_with(colors_of(n));
    CHECK_FALSE(cache.use(what).evicted);
    if (n == 1) second_id = std::get<display::palette>(palette_of(what)).unique;
  }
  auto first = raw_with(colors_of(0)), more = raw_with(colors_of(1000)), second = raw_with(colors_of(1));
  CHECK(cache.use(first).hit);
  CHECK(cache.use(more).evicted == second_id);
  CHECK_FALSE(cache.has(second_id));
  CHECK_FALSE(cache.use(second).hit);
}

TEST_CASE("a client that does as it is told draws every picture in its own colours") {
  palette_cache cache;
  model_client client;
  std::mt19937 numbers{1};
  std::size_t hits = 0;
  for (int step = 0; step < 20'000; ++step) {
    // A few often, many seldom.
    const auto number = numbers() % (numbers() % 2 == 0 ? 60 : 200);
    auto what = numbers() % 2 == 0 ? raw_with(colors_of(number)) : packed_with(colors_of(number));
    const auto before = cache.use(what);
    hits += before.hit ? 1 : 0;
    REQUIRE(client.draw(before, what) == colors_of(number));
    REQUIRE(client.kept() <= palette_cache::most_palettes);
  }
  CHECK(hits > 10'000);
}

} // namespace saffron::actors
