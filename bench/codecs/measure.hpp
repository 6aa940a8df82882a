// SPDX-License-Identifier: BSD-3-Clause
// Times of calls. What disturbs a measurement only ever makes it longer, so the shortest of many is the figure.
#pragma once

#include "bench/codecs/codec_table.hpp"

#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace saffron::codecs {

/// The shortest of the times that were added.
class best_time {
public:
  void add(double seconds) noexcept {
    if (seconds < best_) best_ = seconds;
  }
  /// 0 when none was added.
  [[nodiscard]] double seconds() const noexcept { return best_ == std::numeric_limits<double>::infinity() ? 0 : best_; }

private:
  double best_ = std::numeric_limits<double>::infinity();
};

/// CPU time that the calling thread has had.
[[nodiscard]] double thread_seconds();

/// Calls for so many seconds by the clock, three times at least, and adds the CPU time of each call.
void repeat(double seconds, best_time& best, const std::function<void()>& call);

/// So many rows each, the last one what is left: pictures of their own.
[[nodiscard]] std::vector<image::bitmap_view> strips_of(const image::bitmap_view& whole, std::uint32_t rows);

/// All of them once, dealt to so many threads as each becomes free; again and again as above. Adds the time by the
/// clock from the first to start to the last to end. False when one failed.
[[nodiscard]] bool repeat_in_threads(double seconds, unsigned threads, best_time& best,
                                     std::span<const encoding> strips);

/// 1, 2, 4 and so on, then all of them.
[[nodiscard]] std::vector<unsigned> thread_counts(unsigned cores);

} // namespace saffron::codecs
