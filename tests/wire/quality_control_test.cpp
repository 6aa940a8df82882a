// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/quality_control.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

using namespace saffron;
using namespace saffron::image;

namespace {

constexpr std::uint32_t fps = 30;
constexpr std::uint64_t rate = 8'000'000;
constexpr double budget = rate / 8.0 / fps;
constexpr extent size{1280, 720};

/// Pictures whose size falls with a power of the table's factor.
struct content {
  double bytes_at_50;
  double power;
  [[nodiscard]] std::size_t bytes(int quality) const {
    const double factor = quality < 50 ? 50.0 / quality : (200 - 2.0 * quality) / 100;
    return static_cast<std::size_t>(bytes_at_50 * std::pow(factor, -power));
  }
  /// Some quality between the bounds, not quite at them, gives the budget.
  [[nodiscard]] bool possible() const { return bytes(25) < budget && bytes(90) > budget; }
};

content any_content(std::mt19937& random) {
  std::uniform_real_distribution<double> magnitude{std::log(budget / 6), std::log(budget * 4)}, power{0.4, 1.1};
  for (;;)
    if (const content c{std::exp(magnitude(random)), power(random)}; c.possible()) return c;
}

struct history {
  std::vector<int> qualities;
  std::vector<std::size_t> sizes;
  [[nodiscard]] double mean(std::size_t from, std::size_t count) const {
    double sum = 0;
    for (std::size_t i = from; i < from + count; ++i) sum += static_cast<double>(sizes.at(i));
    return sum / static_cast<double>(count);
  }
};

void encode(quality_control& control, const content& c, std::size_t frames, history& h) {
  for (std::size_t i = 0; i < frames; ++i) {
    h.qualities.push_back(control.quality());
    h.sizes.push_back(c.bytes(control.quality()));
    control.frame_was(h.sizes.back());
  }
}

/// How often the quality turned from rising to falling or back, by more than one step.
int turns(const std::vector<int>& qualities) {
  int found = 0, direction = 0, extreme = qualities.front();
  for (const int q : qualities) {
    if (direction >= 0 ? q > extreme : q < extreme) extreme = q;
    if (std::abs(q - extreme) <= 1) continue;
    const int now = q > extreme ? 1 : -1;
    found += direction != 0 && now != direction;
    direction = now;
    extreme = q;
  }
  return found;
}

} // namespace

TEST_CASE("a steady picture reaches the rate within a second and stays there, whatever its nature") {
  std::mt19937 random{4};
  for (int round = 0; round < 500; ++round) {
    const auto c = any_content(random);
    CAPTURE(c.bytes_at_50);
    CAPTURE(c.power);
    quality_control control{size, rate, fps};
    history h;
    encode(control, c, 6 * fps, h);
    CHECK(std::abs(h.mean(fps, fps) / budget - 1) < 0.3);
    CHECK(std::abs(h.mean(4 * fps, 2 * fps) / budget - 1) < 0.1);
  }
}

TEST_CASE("the quality of a steady picture does not swing") {
  std::mt19937 random{5};
  for (int round = 0; round < 500; ++round) {
    const auto c = any_content(random);
    CAPTURE(c.bytes_at_50);
    CAPTURE(c.power);
    quality_control control{size, rate, fps};
    history h;
    encode(control, c, 10 * fps, h);
    // Once past the wish while it pays its debt, once back.
    CHECK(turns(h.qualities) <= 2);
  }
}

TEST_CASE("pictures that vary from one to the next keep to the rate, and the quality does not follow each of them") {
  std::mt19937 random{6};
  for (int round = 0; round < 200; ++round) {
    const auto c = any_content(random);
    CAPTURE(c.bytes_at_50);
    CAPTURE(c.power);
    std::normal_distribution<double> variation{0, 0.2};
    quality_control control{size, rate, fps};
    history h;
    for (int i = 0; i < 120; ++i) encode(control, {c.bytes_at_50 * std::exp(variation(random)), c.power}, 1, h);
    CHECK(std::abs(h.mean(60, 60) / budget - 1) < 0.3);
    for (std::size_t i = 60; i < 120; ++i) {
      const auto before = h.qualities[i - 1], after = h.qualities[i];
      CHECK(std::abs(after - before) <= 25);
    }
  }
}

TEST_CASE("what large pictures use too much is paid back: the mean of very unlike pictures is the rate") {
  std::mt19937 random{7};
  std::normal_distribution<double> variation{0, 0.9};
  quality_control control{size, rate, fps};
  history h;
  for (int i = 0; i < 660; ++i) encode(control, {budget * 0.6 * std::exp(variation(random)), 0.7}, 1, h);
  CHECK(std::abs(h.mean(60, 600) / budget - 1) < 0.05);
}

TEST_CASE("a scene four times as hard is brought back to the rate within ten frames, and an easy one uses it within a "
          "second") {
  quality_control control{size, rate, fps};
  history h;
  encode(control, {budget * 0.5, 0.7}, 60, h);
  encode(control, {budget * 2, 0.7}, 60, h);
  CHECK(h.sizes.at(60) > budget * 2.5);
  for (std::size_t i = 70; i < 120; ++i) CHECK(static_cast<double>(h.sizes.at(i)) < budget * 1.1);
  CHECK(std::abs(h.mean(60, 60) / budget - 1) < 0.3);
  encode(control, {budget * 0.5, 0.7}, 60, h);
  CHECK(static_cast<double>(h.sizes.at(120)) < budget * 0.5);
  for (std::size_t i = 150; i < 180; ++i) CHECK(static_cast<double>(h.sizes.at(i)) > budget * 0.85);
}

TEST_CASE("a rate out of reach ends at a bound, and what follows is not punished for it for longer than a second") {
  quality_control control{size, rate, fps};
  history h;
  encode(control, {budget * 50, 0.7}, 100, h);
  CHECK(h.qualities.back() == quality_control::lowest);
  encode(control, {budget, 0.7}, 60, h);
  CHECK(h.mean(130, 30) > budget * 0.7);
  encode(control, {budget / 100, 0.7}, 100, h);
  CHECK(h.qualities.back() == quality_control::highest);
  encode(control, {budget, 0.7}, 60, h);
  CHECK(h.mean(290, 30) < budget * 1.1);
}

TEST_CASE("a new rate is followed") {
  quality_control control{size, rate, fps};
  const content c{budget, 0.7};
  history h;
  encode(control, c, 60, h);
  control.set_rate(rate / 2, fps);
  encode(control, c, 60, h);
  CHECK(std::abs(h.mean(90, 30) / (budget / 2) - 1) < 0.15);
  control.set_rate(rate / 2, fps / 3); // fewer frames, each may be larger
  encode(control, c, 60, h);
  CHECK(std::abs(h.mean(150, 30) / (budget * 1.5) - 1) < 0.15);
}

TEST_CASE("the first guess stands between the bounds for any size and rate, also for none") {
  for (const extent e : {extent{0, 0}, extent{1, 1}, extent{640, 480}, extent{16384, 16384}})
    for (const std::uint64_t bits : {std::uint64_t{0}, std::uint64_t{1}, rate, ~std::uint64_t{0}})
      for (const std::uint32_t frames : {0u, 1u, 60u, ~0u}) {
        quality_control control{e, bits, frames};
        CHECK(control.quality() >= quality_control::lowest);
        CHECK(control.quality() <= quality_control::highest);
        for (const std::size_t bytes : {std::size_t{0}, ~std::size_t{0}}) control.frame_was(bytes);
        CHECK(control.quality() >= quality_control::lowest);
        CHECK(control.quality() <= quality_control::highest);
      }
}
