// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/measure.hpp"

#include <time.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <thread>

namespace saffron::codecs {

namespace {

using steady = std::chrono::steady_clock;

constexpr int fewest_calls = 3;

double since(steady::time_point began) { return std::chrono::duration<double>(steady::now() - began).count(); }

} // namespace

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

void repeat(double seconds, best_time& best, const std::function<void()>& call) {
  const auto began = steady::now();
  for (int calls = 0; calls < fewest_calls || since(began) < seconds; ++calls) {
    const auto before = thread_seconds();
    call();
    best.add(thread_seconds() - before);
  }
}

std::vector<image::bitmap_view> strips_of(const image::bitmap_view& whole, std::uint32_t rows) {
  std::vector<image::bitmap_view> out;
  for (std::uint32_t y = 0; y < whole.height; y += rows) {
    auto strip = whole;
    strip.height = std::min(rows, whole.height - y);
    strip.pixels = whole.pixels.subspan(y * whole.stride);
    if (y + strip.height < whole.height) strip.pixels = strip.pixels.first(strip.height * whole.stride);
    out.push_back(strip);
  }
  return out;
}

bool repeat_in_threads(double seconds, unsigned threads, best_time& best, std::span<const encoding> strips) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false, over = false;
  std::barrier starting(threads), ending(threads);
  const auto work = [&] {
    for (auto i = next++; i < strips.size(); i = next++)
      if (!strips[i]()) failed = true;
  };
  std::vector<std::jthread> others;
  for (unsigned i = 1; i < threads; ++i)
    others.emplace_back([&] {
      while (starting.arrive_and_wait(), !over) {
        work();
        ending.arrive_and_wait();
      }
    });
  const auto began = steady::now();
  for (int rounds = 0; rounds < fewest_calls || since(began) < seconds; ++rounds) {
    next = 0;
    const auto before = steady::now();
    starting.arrive_and_wait();
    work();
    ending.arrive_and_wait();
    best.add(since(before));
  }
  over = true;
  starting.arrive_and_wait();
  return !failed;
}

std::vector<unsigned> thread_counts(unsigned cores) {
  std::vector<unsigned> out;
  for (unsigned count = 1; count < cores; count *= 2) out.push_back(count);
  out.push_back(std::max(cores, 1U));
  return out;
}

} // namespace saffron::codecs
