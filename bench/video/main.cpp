// SPDX-License-Identifier: BSD-3-Clause
// What each video encoder of this machine costs: CPU time of the process (all threads) for a frame, and what comes out.
// Usage: video [WIDTH HEIGHT [BITS_PER_SECOND [THREADS [FRAMES]]]]. A photo scrolls by, once clean and once with a
// camera's grain, which no encoder can foretell.
#include "devices/demo/sample_pictures.hpp"
#include "messages/image/video_codecs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace saffron;
using namespace saffron::image;

constexpr std::uint32_t fps = 30;

double cpu_milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// A window that moves over a larger photo, four pixels right and two down from frame to frame.
class scroll {
public:
  scroll(extent size, std::uint32_t frames, bool grain)
      : size_(size), width_(size.width + 4 * frames), grain_(grain),
        photo_(devices::sample_picture(devices::sample_kind::photo, static_cast<int>(width_),
                                       static_cast<int>(size.height + 2 * frames))) {}

  bitmap_view frame(std::uint32_t number) {
    const std::size_t stride = std::size_t{width_} * 4;
    const auto from = std::span{photo_}.subspan(number * (2 * stride + 16));
    window_.clear();
    for (std::uint32_t y = 0; y < size_.height; ++y) {
      const auto row = from.subspan(y * stride, std::size_t{size_.width} * 4);
      window_.insert(window_.end(), row.begin(), row.end());
    }
    if (grain_) add_grain(number);
    return {bitmap_format::rgb_32bit, size_.width, size_.height, std::size_t{size_.width} * 4, true, window_};
  }

private:
  void add_grain(std::uint32_t seed) {
    std::minstd_rand random{seed + 1};
    for (std::size_t i = 0; i < window_.size(); i += 4) {
      const int grain = static_cast<int>(random() >> 8 & 7) - 4;
      for (std::size_t channel = 0; channel < 3; ++channel) {
        auto& value = window_[i + channel];
        value = static_cast<std::byte>(std::clamp(std::to_integer<int>(value) + grain, 0, 255));
      }
    }
  }

  extent size_;
  std::uint32_t width_;
  bool grain_;
  std::vector<std::byte> photo_, window_;
};

void measure(const video_codecs& codecs, const video_setting& setting, scroll& film, std::uint32_t frames) {
  const auto encoder = codecs.create(setting);
  if (!encoder) {
    fmt::print("{}\n", encoder.error());
    return;
  }
  double cpu = 0;
  std::size_t bytes = 0, first = 0, largest = 0;
  for (std::uint32_t i = 0; i < frames; ++i) {
    const auto picture = film.frame(i);
    const double before = cpu_milliseconds();
    const auto frame = (*encoder)->encode(picture, false);
    cpu += cpu_milliseconds() - before;
    if (!frame) {
      fmt::print("{}: frame {} failed\n", (*encoder)->name(), i);
      return;
    }
    bytes += frame->data.size();
    (i == 0 ? first : largest) = std::max(i == 0 ? 0 : largest, frame->data.size());
  }
  fmt::print("{:12} {:7.2f} ms {:7.2f} Mbit/s {:9} {:9}\n", (*encoder)->name(), cpu / frames,
             static_cast<double>(bytes) * 8 * fps / frames / 1e6, first, largest);
}

} // namespace

int main(int argc, char** argv) {
  const auto argument = [&](int number, std::uint64_t otherwise) {
    return argc > number ? std::strtoull(argv[number], nullptr, 10) : otherwise;
  };
  const extent size{static_cast<std::uint32_t>(argument(1, 1920)), static_cast<std::uint32_t>(argument(2, 1080))};
  const auto bits = argument(3, 8'000'000);
  const auto threads = static_cast<std::uint32_t>(argument(4, 1)), frames = static_cast<std::uint32_t>(argument(5, 60));
  const auto codecs = video_codecs::load({});
  fmt::print("{}x{}, {} fps, wish {:.1f} Mbit/s, {} thread(s), {} frames; {}\n", size.width, size.height, fps,
             static_cast<double>(bits) / 1e6, threads, frames,
             codecs.module_missing().empty() ? codecs.library() : codecs.module_missing());
  for (const bool grain : {false, true}) {
    scroll film{size, frames, grain};
    fmt::print("{:12} {:>10} {:>14} {:>9} {:>9}  ({})\n", "encoder", "CPU/frame", "rate", "first", "largest",
               grain ? "grain" : "clean");
    for (const auto codec :
         {video_codec::mjpeg, video_codec::vp8, video_codec::h264, video_codec::vp9, video_codec::h265})
      if (codecs.has(codec)) measure(codecs, {codec, size, fps, bits, threads}, film, frames);
  }
}
