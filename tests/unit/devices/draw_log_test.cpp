// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/draw_log.hpp"

#include <doctest/doctest.h>

namespace saffron::devices {
namespace {

constexpr extent screen{1000, 800};
constexpr std::uint64_t everything = 1'000'000'000;
using operations = std::vector<forwarded_command>;

struct log_with_surface {
  counters counts;
  draw_log log{counts, 4};

  log_with_surface() { log.restart(screen); }
  draw_log::reader& in_step() {
    auto& r = log.open(1);
    (void)log.advance(r, 1 << 20);
    (void)r.damage().take(everything);
    REQUIRE(!log.has_news(r));
    return r;
  }
};

// 100 x 100 pixels of 32 bits.
draw_image picture_at(point position) {
  static const auto shown = [] {
    image::bitmap pixels;
    pixels.width = pixels.height = 100;
    pixels.pixels.resize(40'000);
    return make_picture(pixels.view()).value();
  }();
  return {position, shown};
}

const fill wide_fill{{0, 0, 500, 500}, 0x00aabbcc};
const copy_bits scroll{{0, 0, 1000, 700}, {0, 100}};

} // namespace

TEST_CASE_FIXTURE(log_with_surface, "a reader in step gets the operations themselves, in order") {
  auto& r = in_step();
  log.add(wide_fill);
  log.add(scroll);
  log.add_pixels({0, 700, 1000, 800});
  REQUIRE(log.has_news(r));
  CHECK(log.advance(r, 1 << 20) == operations{wide_fill, scroll});
  CHECK(r.damage().area() == region{{0, 700, 1000, 800}});
  CHECK(counts.damage_collapses.value() == 0);
}

TEST_CASE_FIXTURE(log_with_surface, "a guest's picture is forwarded to who is in step and has room for it") {
  auto& r = in_step();
  const auto picture = picture_at({10, 20});
  log.add(picture);
  CHECK(log.advance(r, 40'000) == operations{picture});
  CHECK(r.damage().empty());
  log.add(picture);
  CHECK(log.advance(r, 39'999).empty());
  CHECK(r.damage().area() == region{picture.area()});
}

TEST_CASE_FIXTURE(log_with_surface, "a picture that was drawn over is not forwarded, the one over it is") {
  auto& r = in_step();
  const auto below = picture_at({0, 0}), above = picture_at({50, 0}), beside = picture_at({300, 300});
  log.add(below);
  log.add(above);
  log.add(beside);
  CHECK(log.advance(r, 1 << 20) == operations{above, beside});
  CHECK(r.damage().area() == region{{0, 0, 50, 100}});
}

TEST_CASE("the log holds no more bytes of pictures than its limit") {
  counters counts;
  draw_log log{counts, 10'000};
  log.restart({1000, 800});
  auto& slow = log.open(1);
  (void)log.advance(slow, 0);
  (void)slow.damage().take(1'000'000);
  const auto many = defaults::draw_log_bytes / 40'000;
  for (std::size_t i = 0; i < many + 10; ++i) log.add(picture_at({0, 0}));
  CHECK(log.entries() == many);
  CHECK(counts.damage_collapses.value() == 1);
  CHECK(log.advance(slow, 1 << 20).size() <= 1);
}

TEST_CASE_FIXTURE(log_with_surface, "a new reader gets pixels only, whatever is in the log") {
  auto& slow = in_step();
  log.add(wide_fill);
  auto& fresh = log.open(2);
  log.add(scroll);
  CHECK(log.has_news(fresh));
  CHECK(log.advance(fresh, 1 << 20).empty());
  CHECK(fresh.damage().first());
  CHECK(log.advance(slow, 1 << 20) == operations{wide_fill, scroll});
}

TEST_CASE_FIXTURE(log_with_surface, "the log never grows beyond its length; who falls behind is counted once") {
  auto& slow = in_step();
  auto& quick = log.open(2);
  (void)quick.damage().take(everything);
  for (int i = 0; i < 100; ++i) {
    log.add_pixels(rect{0, 0, 10, 10}.shifted(i * 7, i * 5));
    if (i % 3 == 0) (void)log.advance(quick, 1 << 20);
    CHECK(log.entries() <= 4);
  }
  CHECK(counts.damage_collapses.value() == 1);
  CHECK(log.advance(slow, 1 << 20).empty());
  CHECK(slow.damage().pixels() == log.missing_pixels());
  CHECK(slow.damage().area().contains({99 * 7, 99 * 5, 99 * 7 + 10, 99 * 5 + 10}));
  CHECK(slow.damage().area().contains({0, 0, 10, 10}));
  CHECK(slow.damage().area().rect_count() <= defaults::damage_rects);
  for (int i = 0; i < 100; ++i) log.add(i % 2 == 0 ? fill{{0, 0, 30, 30}, 1} : fill{{1, 1, 40, 40}, 2});
  CHECK(counts.damage_collapses.value() == 3); // this one again, and the quick one
}

TEST_CASE_FIXTURE(log_with_surface, "operations that fell off the log are pixels, later ones are still forwarded") {
  auto& slow = in_step();
  log.add(fill{{0, 0, 100, 100}, 1});
  for (int i = 0; i < 3; ++i) log.add(fill{{500, 500, 600, 600}, 2});
  log.add(wide_fill);
  CHECK(log.entries() == 4);
  CHECK(log.advance(slow, 1 << 20).size() == 4);
  CHECK(slow.damage().empty()); // the wide fill repaired what fell off
}

TEST_CASE_FIXTURE(log_with_surface, "a new surface clears the log and starts every reader anew") {
  auto& r = in_step();
  log.add(wide_fill);
  log.restart({20, 10});
  CHECK(log.entries() == 0);
  CHECK(log.has_news(r));
  CHECK(log.advance(r, 1 << 20).empty());
  CHECK(r.damage().take(1) == std::vector<rect>{{0, 0, 20, 10}});
}

TEST_CASE_FIXTURE(log_with_surface, "entries that all readers have passed are dropped") {
  auto& a = in_step();
  auto& b = log.open(2);
  log.add(wide_fill);
  log.add(scroll);
  (void)log.advance(a, 1 << 20);
  CHECK(log.entries() == 2);
  SUBCASE("because the last one reads") { (void)log.advance(b, 1 << 20); }
  SUBCASE("because the last one leaves") { log.close(b); }
  CHECK(log.entries() == 0);
}

TEST_CASE_FIXTURE(log_with_surface, "nothing is kept when nobody reads") {
  log.add(wide_fill);
  log.add_pixels({0, 0, 5, 5});
  CHECK(log.entries() == 0);
}

TEST_CASE_FIXTURE(log_with_surface, "a picture that is written row by row is one entry") {
  auto& r = in_step();
  for (int y = 0; y < 100; ++y) log.add_pixels({10, y, 20, y + 1});
  CHECK(log.entries() == 1);
  (void)log.advance(r, 1 << 20);
  CHECK(r.damage().area() == region{{10, 0, 20, 100}});
  log.add_pixels({10, 100, 20, 101});
  CHECK(log.has_news(r));
}

TEST_CASE("operations that are too many, or cost more than the pixels they save, become pixels") {
  counters counts;
  draw_log log{counts};
  log.restart(screen);
  auto& r = log.open(1);
  (void)r.damage().take(everything);
  SUBCASE("too many") {
    for (int i = 0; i < 300; ++i) log.add(fill{rect{0, 0, 10, 10}.shifted(i * 3, i * 2), 1});
    CHECK(log.advance(r, 1 << 20).empty());
    CHECK(r.damage().pixels() > 0);
  }
  SUBCASE("many times the same few pixels") {
    for (std::uint32_t i = 0; i < 200; ++i) log.add(fill{{0, 0, 20, 20}, i});
    CHECK(log.advance(r, 1 << 20).empty());
    CHECK(r.damage().pixels() == 400);
  }
  SUBCASE("covered by pixels anyway") {
    log.add(fill{{0, 0, 100, 100}, 1});
    log.add_pixels({0, 0, 200, 200});
    CHECK(log.advance(r, 1 << 20).empty());
    CHECK(r.damage().pixels() == 40'000);
  }
  SUBCASE("but not when they pay") {
    for (int i = 0; i < 200; ++i) log.add(fill{rect{0, 0, 40, 40}.shifted((i % 20) * 40, (i / 20) * 40), 1});
    CHECK(log.advance(r, 1 << 20).size() == 200);
    CHECK(r.damage().empty());
  }
}

} // namespace saffron::devices
