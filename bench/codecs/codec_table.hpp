// SPDX-License-Identifier: BSD-3-Clause
// What is measured: one line an encoder and source format. A new codec is a new line in codec_table.cpp.
#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/image/bitmap.hpp"

#include <functional>
#include <string>
#include <vector>

namespace saffron::codecs {

/// What an encoder makes.
struct payload {
  shared_bytes data;
  /// The size that the image's descriptor has beside that of the data: jpeg_size, glz_data_size.
  std::size_t inner_size = 0;
};

/// Encodes one picture, again and again. One thread at a time.
using encoding = std::function<result<payload>()>;

struct codec {
  /// As in the reference's figures.
  std::string name;
  image::bitmap_format source;
  /// What is done once for a picture, which must live longer, is no part of the figure: what the window knows already.
  std::function<encoding(const image::bitmap_view&)> prepare;
  /// Given the size of the picture. Empty: not measured.
  std::function<result<image::bitmap>(const payload&, std::uint32_t width, std::uint32_t height)> decode;
  /// What comes back is not what went in.
  bool lossy = false;
};

[[nodiscard]] std::vector<codec> all_codecs();

} // namespace saffron::codecs
