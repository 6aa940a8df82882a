// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/measure.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <deque>

using namespace saffron;
using namespace saffron::codecs;

namespace {

image::bitmap_view picture(std::uint32_t height, std::size_t stride, bool top_down, std::span<const std::byte> pixels) {
  return {image::bitmap_format::rgb_32bit, 10, height, stride, top_down, pixels};
}

} // namespace

TEST_CASE("the best time is the shortest") {
  best_time best;
  CHECK(best.seconds() == 0);
  for (const double t : {3.0, 0.5, 2.0}) best.add(t);
  CHECK(best.seconds() == 0.5);
}

TEST_CASE("what is measured is called three times at least, each counting") {
  int calls = 0;
  best_time best;
  repeat(0, best, [&] { ++calls; });
  CHECK(calls == 3);
  CHECK(best.seconds() >= 0);
}

TEST_CASE("CPU time goes on while a thread works") {
  const auto before = thread_seconds();
  while (thread_seconds() == before) {
  }
  CHECK(thread_seconds() > before);
}

TEST_CASE("strips are the rows of the picture, each once, the last strip being what is left") {
  for (const bool top_down : {true, false}) {
    const std::vector<std::byte> pixels(48 * 69 + 40); // rows padded, but for the last one
    const auto whole = picture(70, 48, top_down, pixels);
    const auto strips = strips_of(whole, 32);
    REQUIRE(strips.size() == 3);
    const std::byte* next = pixels.data();
    std::uint32_t rows = 0;
    for (const auto& s : strips) {
      CHECK(s.whole());
      CHECK(s.top_down == top_down);
      CHECK(s.pixels.data() == next);
      next += s.height * s.stride;
      rows += s.height;
    }
    CHECK(rows == 70);
    CHECK(strips[2].height == 6);
    CHECK(strips[2].pixels.data() + strips[2].pixels.size() == pixels.data() + pixels.size());
    CHECK(strips[0].pixels.size() == std::size_t{32} * 48);
  }
}

TEST_CASE("a picture of fewer rows is one strip") {
  const std::vector<std::byte> pixels(40 * 5);
  const auto strips = strips_of(picture(5, 40, true, pixels), 32);
  REQUIRE(strips.size() == 1);
  CHECK(strips[0].pixels.size() == pixels.size());
}

TEST_CASE("threads encode every strip once a round, and whoever fails is heard") {
  for (const unsigned threads : {1U, 2U, 5U}) {
    CAPTURE(threads);
    std::deque<std::atomic<int>> calls(16);
    std::vector<encoding> strips;
    for (auto& c : calls)
      strips.emplace_back([&c]() -> result<payload> {
        ++c;
        return payload{};
      });
    best_time best;
    CHECK(repeat_in_threads(0, threads, best, strips));
    CHECK(best.seconds() > 0);
    for (const auto& c : calls) CHECK(c == 3);
    strips.emplace_back([]() -> result<payload> { return fail{errc::codec_failed}; });
    CHECK_FALSE(repeat_in_threads(0, threads, best, strips));
  }
}

TEST_CASE("thread counts double up to all cores") {
  CHECK(thread_counts(1) == std::vector{1U});
  CHECK(thread_counts(2) == std::vector{1U, 2U});
  CHECK(thread_counts(6) == std::vector{1U, 2U, 4U, 6U});
  CHECK(thread_counts(8) == std::vector{1U, 2U, 4U, 8U});
  CHECK(thread_counts(0) == std::vector{1U});
}
