// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/jpeg.hpp"
#include "messages/image/mjpeg.hpp"
#include "tests/unit/moving_picture.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace saffron;
using namespace saffron::image;
using tests::moving_picture;
using tests::peak_signal_to_noise;

namespace {

constexpr extent size{320, 180};
constexpr video_setting setting{video_codec::mjpeg, size, 30, 3'000'000, 1};

bool has_marker(std::span<const std::byte> data, int second) {
  const std::array wanted{std::byte{0xff}, static_cast<std::byte>(second)};
  return std::ranges::search(data, wanted).begin() != data.end();
}

} // namespace

TEST_CASE("each frame is a whole JPEG with all its tables, and looks like the original") {
  const moving_picture video{devices::sample_kind::photo, size};
  mjpeg_encoder encoder{setting};
  for (std::size_t i = 0; i < 60; ++i) {
    const auto encoded = encoder.encode(video.frame(i), false);
    REQUIRE(encoded.has_value());
    const auto data = encoded->data.view();
    CHECK(encoded->key_frame);
    CHECK(has_marker(data, 0xdb)); // quantiser tables
    CHECK(has_marker(data, 0xc4)); // Huffman tables
    const auto decoded = jpeg_decode(data, std::size_t{size.width} * size.height * 4);
    REQUIRE(decoded.has_value());
    CHECK(decoded->width == encoder.decoded_size().width);
    CHECK(decoded->height == encoder.decoded_size().height);
    CHECK(peak_signal_to_noise(video.frame(i), decoded->view()) > 30);
  }
}

TEST_CASE("sixty frames of a moving photo keep to their rate, and the quality hardly moves after the first second") {
  const moving_picture video{devices::sample_kind::photo, size};
  for (const std::uint64_t rate : {1'000'000u, 1'500'000u, 3'000'000u}) {
    CAPTURE(rate);
    auto wish = setting;
    wish.bits_per_second = rate;
    mjpeg_encoder encoder{wish};
    std::size_t bytes = 0;
    std::uint32_t lowest = 100, highest = 0;
    for (std::size_t i = 0; i < 60; ++i) {
      const auto encoded = encoder.encode(video.frame(i), false);
      REQUIRE(encoded.has_value());
      bytes += encoded->data.size();
      if (i < 30) continue;
      lowest = std::min(lowest, *encoded->quality);
      highest = std::max(highest, *encoded->quality);
    }
    CHECK(std::abs(static_cast<double>(bytes) * 8 / 2 / static_cast<double>(rate) - 1) < 0.3);
    CHECK(highest - lowest <= 10);
  }
}

TEST_CASE("another rate is followed while the stream runs") {
  const moving_picture video{devices::sample_kind::photo, size};
  mjpeg_encoder encoder{setting};
  const auto bytes_of_a_second = [&] {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < 60; ++i) {
      const auto encoded = encoder.encode(video.frame(i), false);
      REQUIRE(encoded.has_value());
      if (i >= 30) bytes += encoded->data.size();
    }
    return static_cast<double>(bytes);
  };
  CHECK(bytes_of_a_second() == doctest::Approx(3'000'000 / 8).epsilon(0.2));
  encoder.set_bit_rate(1'500'000);
  CHECK(bytes_of_a_second() == doctest::Approx(1'500'000 / 8).epsilon(0.2));
  encoder.set_frame_rate(15); // thirty frames are now two seconds
  CHECK(bytes_of_a_second() == doctest::Approx(2 * 1'500'000 / 8).epsilon(0.2));
  CHECK(encoder.setting().bits_per_second == 1'500'000);
  CHECK(encoder.setting().frames_per_second == 15);
}

TEST_CASE("sizes of a single pixel and odd ones are encoded as they are") {
  for (const extent odd : {extent{1, 1}, extent{639, 357}, extent{7, 200}}) {
    const moving_picture video{devices::sample_kind::photo, odd};
    mjpeg_encoder encoder{{video_codec::mjpeg, odd, 30, 8'000'000, 1}};
    const auto encoded = encoder.encode(video.frame(0), true);
    REQUIRE(encoded.has_value());
    const auto decoded = jpeg_decode(encoded->data.view(), std::size_t{odd.width} * odd.height * 4);
    REQUIRE(decoded.has_value());
    CHECK(decoded->width == odd.width);
    CHECK(decoded->height == odd.height);
    CHECK(peak_signal_to_noise(video.frame(0), decoded->view()) > 30);
  }
}

TEST_CASE("a frame of another size or form is refused, and the next good one is not") {
  const moving_picture video{devices::sample_kind::photo, size};
  mjpeg_encoder encoder{setting};
  auto frame = video.frame(0);
  frame.width -= 1;
  CHECK(encoder.encode(frame, false) == fail{errc::codec_failed});
  frame = video.frame(0);
  frame.top_down = false;
  CHECK(encoder.encode(frame, false) == fail{errc::codec_failed});
  frame = video.frame(0);
  frame.format = bitmap_format::rgb_24bit;
  CHECK(encoder.encode(frame, false) == fail{errc::codec_failed});
  frame = video.frame(0);
  frame.pixels = frame.pixels.first(100);
  CHECK(encoder.encode(frame, false) == fail{errc::codec_failed});
  CHECK(encoder.encode(video.frame(0), false).has_value());
}
