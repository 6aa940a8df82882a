// SPDX-License-Identifier: BSD-3-Clause
// Measures every codec on every picture, pass by pass, and the yardstick among them.
#pragma once

#include "bench/codecs/measure.hpp"
#include "bench/codecs/options.hpp"
#include "bench/codecs/yardstick.hpp"

namespace saffron::codecs {

struct strip_figure {
  unsigned threads = 1;
  best_time time;
};

/// One codec on one picture.
struct figure {
  std::string picture, codec;
  image::bitmap_format source{};
  std::size_t source_bytes = 0, payload_bytes = 0;
  best_time encode, decode;
  /// The picture in strips, encoded by several threads: time by the clock.
  std::vector<strip_figure> strips;
};

struct run_result {
  std::vector<yardstick> yardsticks;
  std::vector<figure> figures;
  /// Why there is no result, if there is none.
  std::string error;
};

/// What a codec made decodes to what went in, or there is no result.
[[nodiscard]] run_result run(const options& o);

} // namespace saffron::codecs
