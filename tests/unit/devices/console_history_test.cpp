// SPDX-License-Identifier: BSD-3-Clause
// The promise of the display, held against a model: any history of draws, any number of clients that ask whenever they
// like for as much as they like. Who has got a complete update shows the canvas, pixel by pixel.
#include "devices/display/console_state.hpp"
#include "tests/unit/captured_log.hpp"
#include "tests/unit/devices/console_viewer.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <memory>
#include <vector>

namespace saffron::devices {
namespace {

using tests::dice;
using tests::no_actor;
using tests::picture_of;
using tests::random_pixels;
using tests::viewer;
using tests::write_and_touch;

draw_image random_picture(dice& d, extent size) {
  using f = image::bitmap_format;
  constexpr std::array formats{f::be_1bit,   f::le_4bit,   f::indexed_8bit, f::rgb_16bit,
                               f::rgb_24bit, f::rgb_32bit, f::rgba};
  image::bitmap pixels;
  pixels.format = formats[static_cast<std::size_t>(d.roll(0, formats.size() - 1))];
  pixels.width = static_cast<std::uint32_t>(d.roll(1, 30));
  pixels.height = static_cast<std::uint32_t>(d.roll(1, 30));
  pixels.top_down = d.one_in(2);
  pixels.pixels.resize(image::row_bytes(pixels.format, pixels.width) * pixels.height);
  for (auto& b : pixels.pixels) b = static_cast<std::byte>(d.roll(0, 255));
  auto colors = std::make_shared<wire::display::palette>();
  for (int i = 0; i < 200; ++i) colors->entries.push_back(d.color()); // not all that 8 bits can name
  const point at{d.roll(-10, static_cast<int>(size.width)), d.roll(-10, static_cast<int>(size.height))};
  return {at, make_picture(pixels.view(), std::move(colors)).value()};
}

draw_command random_command(dice& d, extent size) {
  const auto loose = [&] { // sometimes partly, sometimes wholly outside
    auto area = d.area(size);
    return d.one_in(4) ? area.shifted(d.roll(-40, 40), d.roll(-40, 40)) : area;
  };
  switch (d.roll(0, 6)) {
  case 0:
  case 1: return fill{loose(), d.color()};
  case 2:
  case 3: {
    const auto area = loose();
    return copy_bits{area, {area.left + d.roll(-12, 12), area.top + d.roll(-12, 12)}};
  }
  case 4: return random_picture(d, size);
  default: return random_pixels(d, loose());
  }
}

extent random_size(dice& d) {
  return {static_cast<std::uint32_t>(d.roll(1, 60)), static_cast<std::uint32_t>(d.roll(1, 60))};
}

} // namespace

TEST_CASE("whatever was drawn and however late a client asks, after a complete update it shows the canvas") {
  // Six clients pull at random times with random limits; one of them never pulls before the end; one comes and goes.
  tests::captured_log log;
  std::size_t compared = 0, operations = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    CAPTURE(seed);
    dice d{seed};
    counters counts;
    console_state console{0, counts, static_cast<std::size_t>(d.roll(1, 40))};
    std::array<viewer, 6> viewers;
    for (std::size_t i = 0; i < viewers.size(); ++i) viewers[i].attach(console, i);
    REQUIRE(console.set_size(random_size(d)).has_value());
    for (int step = 0; step < 400; ++step) {
      if (d.one_in(100)) {
        REQUIRE(console.set_size(random_size(d)).has_value());
      } else if (d.one_in(5)) {
        write_and_touch(d, console, d.area(console.size()));
      } else {
        draw_batch batch;
        for (auto n = d.roll(1, 4); n > 0; --n) batch.commands.push_back(random_command(d, console.size()));
        CHECK(console.apply(batch) == batch.commands.size());
      }
      console.flush();
      for (std::size_t i = 0; i < viewers.size(); ++i) {
        auto& v = viewers[i];
        const auto often = std::array{1, 3, 20, 100, 3, 0}[i];
        if (often != 0 && d.one_in(often) && !v.waiting)
          v.pull(console, i, static_cast<std::size_t>(d.one_in(3) ? 1'000'000 : d.roll(0, 4000)));
        if (i == 4 && d.one_in(50)) {
          v = {};
          v.attach(console, i);
        }
        // Waits although nothing is missing: it must be up to date.
        if (v.waiting) {
          ++compared;
          REQUIRE(v.client.damage_pixels == 0);
          REQUIRE(v.client.screen == picture_of(console));
        }
      }
    }
    for (std::size_t i = 0; i < viewers.size(); ++i) {
      auto& v = viewers[i];
      for (int pulls = 0; !v.waiting; ++pulls) {
        REQUIRE(pulls < 2000);
        v.pull(console, i, static_cast<std::size_t>(d.roll(0, 5000)));
      }
      CHECK(v.client.screen == picture_of(console));
      operations += v.client.operations;
    }
    CHECK(console.status().damage_pixels == 0);
  }
  CHECK(compared > 10'000); // the histories are of use
  CHECK(operations > 10'000);
}

TEST_CASE("pixels that stay with the feed until they are read reach the clients all the same") {
  struct mapped_feed : console_feed {
    tests::picture_of_canvas memory;
    devices::canvas* on = nullptr;
    bool stopped = false;
    void start(devices::canvas& c, transport::activation&) override { on = &c; }
    void before_read(rect area) override {
      REQUIRE(area.intersect(whole(on->size())) == area);
      for (auto y = area.top; y < area.bottom; ++y)
        std::memcpy(on->row(static_cast<std::uint32_t>(y)).data() + area.left * 4, &memory.at(area.left, y),
                    static_cast<std::size_t>(area.width()) * 4);
    }
    void stop() override { stopped = true; }
  };
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    dice d{seed};
    counters counts;
    console_state console{0, counts, 16};
    no_actor actor;
    auto feed = std::make_shared<mapped_feed>();
    console.attach_feed(feed, actor);
    const auto size = random_size(d);
    REQUIRE(console.set_size(size).has_value());
    feed->memory = {size, std::vector<std::uint32_t>(std::size_t{size.width} * size.height)};
    std::array<viewer, 3> viewers;
    for (std::size_t i = 0; i < viewers.size(); ++i) viewers[i].attach(console, i);
    for (int step = 0; step < 300; ++step) {
      const auto area = d.area(size);
      for (auto y = area.top; y < area.bottom; ++y)
        for (auto x = area.left; x < area.right; ++x) feed->memory.at(x, y) = d.color();
      console.touched(area);
      console.flush();
      for (std::size_t i = 0; i < viewers.size(); ++i) {
        auto& v = viewers[i];
        if (!v.waiting && d.one_in(static_cast<std::int32_t>(1 + 4 * i)))
          v.pull(console, i, static_cast<std::size_t>(d.roll(0, 9000)));
        if (v.waiting) REQUIRE(v.client.screen == feed->memory);
      }
    }
    console.attach_feed(nullptr, actor);
    CHECK(feed->stopped);
  }
}

} // namespace saffron::devices
