// SPDX-License-Identifier: BSD-3-Clause
// The desktop against a model of what a viewer sees: a surface to which its draw commands are applied one by one.
#include "devices/demo/desktop.hpp"
#include "devices/demo/us_keys.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

namespace saffron::devices::demo {
namespace {

using namespace std::chrono_literals;

struct model_surface {
  extent size;
  std::vector<std::uint32_t> pixels;

  std::uint32_t& at(int x, int y) {
    return pixels[static_cast<std::size_t>(y) * size.width + static_cast<std::size_t>(x)];
  }
  void check(const rect& area) const {
    REQUIRE_FALSE(area.empty());
    REQUIRE(area.intersect(whole(size)) == area);
  }
  void apply(const set_surface& c) {
    size = c.size;
    pixels.assign(std::size_t{size.width} * size.height, 0);
  }
  void apply(const fill& c) {
    check(c.area);
    for (int y = c.area.top; y < c.area.bottom; ++y)
      for (int x = c.area.left; x < c.area.right; ++x) at(x, y) = c.color;
  }
  void apply(const copy_bits& c) {
    check(c.area);
    check({c.source.x, c.source.y, c.source.x + c.area.width(), c.source.y + c.area.height()});
    const auto before = pixels;
    for (int y = 0; y < c.area.height(); ++y)
      for (int x = 0; x < c.area.width(); ++x)
        at(c.area.left + x, c.area.top + y) =
            before[static_cast<std::size_t>(c.source.y + y) * size.width + static_cast<std::size_t>(c.source.x + x)];
  }
  void apply(const put_pixels& c) {
    check(c.area);
    REQUIRE(c.pixels.size() == c.area.area() * 4);
    const auto row_bytes = static_cast<std::size_t>(c.area.width()) * 4;
    for (int y = 0; y < c.area.height(); ++y)
      std::memcpy(&at(c.area.left, c.area.top + y), c.pixels.data() + static_cast<std::size_t>(y) * row_bytes,
                  row_bytes);
  }
  void apply(const draw_image&) { FAIL("a desktop draws no pictures of other formats"); }
  void apply(const std::vector<draw_command>& commands) {
    for (const auto& c : commands) std::visit([this](const auto& one) { apply(one); }, c);
  }
  bool shows(const desktop& d) const {
    const auto picture = d.picture();
    return size == d.size() && std::equal(pixels.begin(), pixels.end(), picture.begin(), picture.end());
  }
};

std::vector<std::uint32_t> copy_of(const desktop& d) { return {d.picture().begin(), d.picture().end()}; }

void type(desktop& d, std::string_view text) {
  for (char c : text) d.type(c);
}

template <class Command>
std::size_t count_of(const std::vector<draw_command>& commands) {
  return static_cast<std::size_t>(std::count_if(commands.begin(), commands.end(),
                                                [](const auto& c) { return std::holds_alternative<Command>(c); }));
}

desktop still_desktop(extent size = {640, 480}) {
  desktop_settings s;
  s.size = size;
  s.still = true;
  return desktop{s};
}

desktop moving_desktop(extent size = {640, 480}) {
  desktop_settings s;
  s.size = size;
  return desktop{s};
}

/// Largest difference of a channel.
int distance(std::uint32_t a, std::uint32_t b) {
  int d = 0;
  for (int shift : {0, 8, 16}) d = std::max(d, std::abs(int(a >> shift & 0xff) - int(b >> shift & 0xff)));
  return d;
}

} // namespace

TEST_CASE("the draw commands lead to the picture, whatever happens and however much of it at once") {
  std::mt19937 random{20240601};
  const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
  auto d = moving_desktop();
  model_surface seen;
  time_of_day now;
  for (int round = 0; round < 400; ++round) {
    for (auto events = below(6); events-- != 0;) {
      switch (below(12)) {
      case 0: type(d, "\n"); break;
      case 1: type(d, "\b\b"); break;
      case 2: d.pointer(pointer_position{0, below(800), below(600)}); break;
      case 3: d.pointer(pointer_motion{static_cast<int>(below(200)) - 100, static_cast<int>(below(200)) - 100}); break;
      case 4: d.pointer(pointer_button{static_cast<std::uint8_t>(below(20)), below(2) == 0}); break;
      case 5: d.show_locks(static_cast<std::uint16_t>(below(8))); break;
      case 6: d.show_key(static_cast<key_number>(below(256))); break;
      case 7:
        now.second = (now.second + 1) % 60;
        now.minute = now.second == 0 ? (now.minute + 1) % 60 : now.minute;
        d.advance(33ms, now);
        break;
      case 8:
        if (below(20) == 0) d.resize({320 + below(500), 200 + below(400)});
        break;
      case 9:
        if (below(20) == 0) d.type('\f');
        break;
      default:
        for (auto n = below(60); n-- != 0;) d.type(static_cast<char>(' ' + below(95)));
      }
    }
    const bool changed = d.changed();
    const auto commands = d.draw();
    CHECK(changed == !commands.empty());
    CHECK_FALSE(d.changed());
    seen.apply(commands);
    REQUIRE(seen.shows(d));
  }
}

TEST_CASE("what was drawn bit by bit looks as if drawn at once") {
  auto d = moving_desktop();
  (void)d.draw();
  for (int i = 0; i < 60; ++i) {
    type(d, i % 7 == 0 ? "\n" : "x");
    d.advance(33ms, {1, 2, i % 60});
    d.pointer(pointer_motion{7, 5});
    (void)d.draw();
  }
  const auto bit_by_bit = copy_of(d);
  d.start_anew();
  model_surface seen;
  seen.apply(d.draw());
  CHECK(seen.shows(d));
  int worst = 0;
  for (std::size_t i = 0; i < bit_by_bit.size(); ++i) worst = std::max(worst, distance(bit_by_bit[i], d.picture()[i]));
  CHECK(worst <= 2); // rounding of blended edges
}

TEST_CASE("the ball moves, and only where it was and is gets drawn again") {
  auto d = moving_desktop();
  (void)d.draw();
  const auto before = copy_of(d);
  d.advance(33ms, {});
  const auto commands = d.draw();
  CHECK(copy_of(d) != before);
  std::uint64_t pixels = 0;
  for (const auto& c : commands) pixels += std::get<put_pixels>(c).area.area();
  CHECK(pixels < 4000);
}

TEST_CASE("typed characters show up and backspace takes them away") {
  auto d = still_desktop();
  (void)d.draw();
  const auto before = copy_of(d);
  d.type('W');
  const auto commands = d.draw();
  CHECK(commands.size() == 1);
  const auto area = std::get<put_pixels>(commands.at(0)).area;
  CHECK(area.intersect(d.where().cells) == area);
  CHECK(copy_of(d) != before);
  d.type('\b');
  (void)d.draw();
  CHECK(copy_of(d) == before);
}

TEST_CASE("a full terminal scrolls by copy_bits and is cleared by fills") {
  auto d = still_desktop();
  (void)d.draw();
  for (std::size_t i = 0; i < d.where().rows; ++i) d.type('\n');
  model_surface seen;
  d.start_anew();
  seen.apply(d.draw());
  type(d, "last\n");
  const auto scrolled = d.draw();
  CHECK(count_of<copy_bits>(scrolled) == 1);
  seen.apply(scrolled);
  CHECK(seen.shows(d));
  d.type('\f');
  const auto wiped = d.draw();
  CHECK(count_of<fill>(wiped) == d.where().rows - 1);
  seen.apply(wiped);
  CHECK(seen.shows(d));
}

TEST_CASE("two still desktops draw the same pictures") {
  auto a = still_desktop({1024, 768}), b = still_desktop({1024, 768});
  for (auto* d : {&a, &b}) {
    (void)d->draw();
    type(*d, "uname\n");
    d->pointer(pointer_position{0, 100, 100});
    if (d == &a) d->advance(1h, {23, 59, 59}); // time does not matter
    (void)d->draw();
  }
  CHECK(copy_of(a) == copy_of(b));
  a.advance(1s, {1, 1, 1});
  CHECK_FALSE(a.changed());
}

TEST_CASE("a resize makes another surface, within the limits, and keeps the text") {
  auto d = still_desktop();
  model_surface seen;
  seen.apply(d.draw());
  for (const auto size : {extent{320, 200}, {333, 201}, {1023, 767}, {2000, 320}, {320, 2000}, {4096, 2160}}) {
    d.resize(size);
    CHECK(d.size() == size);
    const auto commands = d.draw();
    CHECK(std::holds_alternative<set_surface>(commands.at(0)));
    seen.apply(commands);
    CHECK(seen.shows(d));
    const auto before = copy_of(d);
    d.type('W');
    seen.apply(d.draw());
    CHECK(copy_of(d) != before);
  }
  d.resize({1, 100000});
  CHECK(d.size() == extent{320, 2160});
  (void)d.draw();
  d.resize({320, 2160});
  CHECK_FALSE(d.changed());
}

TEST_CASE("the pointer stays on the desktop") {
  auto d = still_desktop();
  d.pointer(pointer_position{0, 0xffffffff, 0xffffffff});
  CHECK(d.cursor_position() == point{639, 479});
  d.pointer(pointer_motion{INT32_MIN, INT32_MIN});
  CHECK(d.cursor_position() == point{0, 0});
  d.pointer(pointer_motion{INT32_MAX, 5});
  CHECK(d.cursor_position() == point{639, 5});
  d.resize({400, 300});
  CHECK(d.cursor_position() == point{399, 5});
}

TEST_CASE("the cursor's shape is that of what it hovers over") {
  auto d = still_desktop();
  const auto hover = [&](const rect& r) {
    d.pointer(pointer_position{0, std::uint32_t(r.left + r.right) / 2, std::uint32_t(r.top + r.bottom) / 2});
    return d.cursor();
  };
  CHECK(hover(d.where().panel) == cursor_kind::arrow);
  CHECK(hover(d.where().cells) == cursor_kind::beam);
  CHECK(hover(d.where().targets[0].area) == cursor_kind::hand);
  CHECK(hover(d.where().targets[1].area) == cursor_kind::cross);
  CHECK(hover(d.where().targets[2].area) == cursor_kind::crocus);
}

TEST_CASE("pointer, buttons, keys and locks show up") {
  auto d = still_desktop();
  (void)d.draw();
  auto differs = [&, before = copy_of(d)]() mutable {
    (void)d.draw();
    return std::exchange(before, copy_of(d)) != copy_of(d);
  };
  d.pointer(pointer_position{0, 5, 5});
  CHECK(differs());
  d.pointer(pointer_button{1, true});
  CHECK(differs());
  d.pointer(pointer_button{1, false});
  CHECK(differs());
  d.pointer(pointer_button{4, true});
  CHECK(differs());
  d.show_key(0x3b);
  CHECK(differs());
  d.show_locks(2);
  CHECK(differs());
  d.show_locks(2);
  CHECK_FALSE(d.changed());
}

TEST_CASE("full motion changes every pixel with every frame, and a key inverts it") {
  desktop_settings s;
  s.size = {401, 300};
  s.full_motion = true;
  desktop d{s};
  model_surface seen;
  seen.apply(d.draw());
  CHECK(seen.shows(d));
  for (int frame = 0; frame < 300; ++frame) {
    const auto before = copy_of(d);
    d.advance(33ms, {});
    seen.apply(d.draw());
    REQUIRE(seen.shows(d));
    REQUIRE(std::equal(before.begin(), before.end(), d.picture().begin(), std::not_equal_to{}));
  }
  const auto before = copy_of(d);
  d.show_key(0x1e);
  CHECK(d.changed());
  (void)d.draw();
  CHECK((before[0] ^ d.picture()[0]) == 0xffffff);
  d.type('a');
  CHECK_FALSE(d.changed());
}

TEST_CASE("a picture is written as PPM") {
  auto d = still_desktop({320, 200});
  (void)d.draw();
  const auto path = std::filesystem::temp_directory_path() / "saffron_desktop_test.ppm";
  REQUIRE(write_picture(d, path.string()));
  std::ifstream file{path, std::ios::binary};
  const std::string content{std::istreambuf_iterator<char>{file}, {}};
  std::filesystem::remove(path);
  CHECK(content.starts_with("P6\n320 200\n255\n"));
  CHECK(content.size() == 15 + 320 * 200 * 3);
  const auto last = d.picture().back();
  CHECK(static_cast<unsigned char>(content[content.size() - 3]) == (last >> 16 & 0xff));
  CHECK(static_cast<unsigned char>(content.back()) == (last & 0xff));
  CHECK(write_picture(d, "/nowhere/picture.ppm").error() == errc::file_failed);
}

} // namespace saffron::devices::demo
