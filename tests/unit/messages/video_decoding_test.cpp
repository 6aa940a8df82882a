// SPDX-License-Identifier: BSD-3-Clause
// The module's encoders against libavcodec's decoders: what SPICE's clients need of a stream.
#include "messages/image/video_codecs.hpp"
#include "tests/unit/messages/stream_decoder.hpp"
#include "tests/unit/moving_picture.hpp"

#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <iterator>
#include <string>

using namespace saffron;
using namespace saffron::image;
using tests::grainy_picture;
using tests::moving_picture;
using tests::peak_signal_to_noise;
using tests::stream_decoder;

namespace {

namespace fs = std::filesystem;

/// The build puts it one folder above the tests.
fs::path module_file() {
  auto places = video_module::usual_places();
  places.push_back(places.at(0).parent_path().parent_path() / video_module::file_name);
  const auto found = std::ranges::find_if(places, [](const auto& place) { return fs::exists(place); });
  return found == places.end() ? fs::path{"not built"} : *found;
}

const video_codecs& codecs() {
  static const auto loaded = video_codecs::load({.module = module_file(), .preferred = {}});
  return loaded;
}

constexpr extent size{400, 224};
constexpr std::uint64_t rate = 800'000;

std::vector<video_codec> module_codecs() {
  std::vector<video_codec> found;
  for (const auto& e : codecs().encoders())
    if (e.codec != video_codec::mjpeg && std::ranges::find(found, e.codec) == found.end()) found.push_back(e.codec);
  return found;
}

std::unique_ptr<video_encoder> open(video_codec codec, extent of = size, std::uint64_t bits = rate) {
  auto made = codecs().create({codec, of, 30, bits, 1});
  const std::string reason = made ? "" : made.error();
  CAPTURE(reason);
  REQUIRE(made.has_value());
  return std::move(*made);
}

encoded_frame encode(video_encoder& encoder, const bitmap_view& picture, bool key_frame = false) {
  auto frame = encoder.encode(picture, key_frame);
  REQUIRE(frame.has_value());
  return *std::move(frame);
}

/// Types of the units of an Annex B byte stream: five or six bits after each start code.
std::vector<int> unit_types(std::span<const std::byte> data, video_codec codec) {
  std::vector<int> types;
  for (std::size_t i = 0; i + 3 < data.size(); ++i)
    if (data[i] == std::byte{0} && data[i + 1] == std::byte{0} && data[i + 2] == std::byte{1}) {
      const auto head = std::to_integer<int>(data[i + 3]);
      types.push_back(codec == video_codec::h264 ? head & 31 : head >> 1 & 63);
    }
  return types;
}

bool contains(const std::vector<int>& types, int type) { return std::ranges::find(types, type) != types.end(); }

} // namespace

TEST_CASE("the module of this build loads, and offers each of SPICE's codecs once or more, MJPEG first") {
  INFO(codecs().module_missing());
  REQUIRE(codecs().module_missing().empty());
  CHECK(codecs().library().starts_with("libavcodec "));
  CHECK(codecs().encoders().front().codec == video_codec::mjpeg);
  for (const auto codec : {video_codec::vp8, video_codec::h264, video_codec::vp9}) CHECK(codecs().has(codec));
}

TEST_CASE("each frame is shown at once as one picture near the original, and only the first is a key frame") {
  for (const auto codec : module_codecs()) {
    grainy_picture video{devices::sample_kind::photo, size};
    const auto encoder = open(codec);
    CAPTURE(std::string{encoder->name()});
    stream_decoder decoder{codec};
    for (std::size_t i = 0; i < 60; ++i) {
      const auto original = video.frame(i);
      const auto frame = encode(*encoder, original);
      CHECK(frame.key_frame == (i == 0));
      REQUIRE(decoder.decode(frame.data.view()));
      if (i % 10 == 0) CHECK(peak_signal_to_noise(original, decoder.picture().view()) > (i == 0 ? 25 : 31));
    }
  }
}

TEST_CASE("sixty frames of natural pictures keep to their rate") {
  for (const auto codec : module_codecs())
    for (const std::uint64_t bits : {rate / 2, rate, 2 * rate}) {
      grainy_picture video{devices::sample_kind::photo, size};
      const auto encoder = open(codec, size, bits);
      CAPTURE(std::string{encoder->name()});
      CAPTURE(bits);
      std::size_t bytes = 0;
      for (std::size_t i = 0; i < 60; ++i) bytes += encode(*encoder, video.frame(i)).data.size();
      CHECK(static_cast<double>(bytes) * 8 / 2 == doctest::Approx(static_cast<double>(bits)).epsilon(0.3));
    }
}

TEST_CASE("a new bit rate and a new frame rate are followed while the stream runs") {
  for (const auto codec : module_codecs()) {
    grainy_picture video{devices::sample_kind::photo, size};
    const auto encoder = open(codec);
    CAPTURE(std::string{encoder->name()});
    stream_decoder decoder{codec};
    std::size_t number = 0;
    const auto bits_of_a_frame = [&] { // after the encoder had a second to adapt
      std::size_t bytes = 0;
      for (int i = 0; i < 60; ++i) {
        const auto frame = encode(*encoder, video.frame(number++));
        CHECK(decoder.decode(frame.data.view()));
        if (i >= 30) bytes += frame.data.size();
      }
      return static_cast<double>(bytes) * 8 / 30;
    };
    CHECK(bits_of_a_frame() == doctest::Approx(rate / 30.0).epsilon(0.3));
    encoder->set_bit_rate(rate * 3 / 5);
    CHECK(bits_of_a_frame() == doctest::Approx(rate * 3 / 5 / 30.0).epsilon(0.3));
    encoder->set_frame_rate(15);
    CHECK(bits_of_a_frame() == doctest::Approx(rate * 3 / 5 / 15.0).epsilon(0.3));
    encoder->set_bit_rate(rate / 5);
    CHECK(bits_of_a_frame() == doctest::Approx(rate / 5 / 15.0).epsilon(0.3));
  }
}

TEST_CASE("a key frame comes when it is asked for, and a decoder can begin there") {
  for (const auto codec : module_codecs()) {
    grainy_picture video{devices::sample_kind::photo, size};
    const auto encoder = open(codec);
    CAPTURE(std::string{encoder->name()});
    for (std::size_t i = 0; i < 20; ++i) static_cast<void>(encode(*encoder, video.frame(i)));
    stream_decoder late{codec};
    for (std::size_t i = 20; i < 40; ++i) {
      const auto original = video.frame(i);
      const auto frame = encode(*encoder, original, i == 20);
      CHECK(frame.key_frame == (i == 20));
      REQUIRE(late.decode(frame.data.view()));
      if (i % 10 == 0) CHECK(peak_signal_to_noise(original, late.picture().view()) > 25);
    }
  }
}

TEST_CASE(
    "H.264 and H.265 are Annex B with a delimiter first and all parameter sets before each key frame, without B") {
  const moving_picture video{devices::sample_kind::photo, size};
  for (const auto codec : {video_codec::h264, video_codec::h265}) {
    if (!codecs().has(codec)) continue;
    const auto encoder = open(codec);
    CAPTURE(std::string{encoder->name()});
    stream_decoder decoder{codec};
    const bool h264 = codec == video_codec::h264;
    for (std::size_t i = 0; i < 20; ++i) {
      const auto frame = encode(*encoder, video.frame(i), i % 7 == 0);
      const auto types = unit_types(frame.data.view(), codec);
      CHECK(types.front() == (h264 ? 9 : 35));
      for (const int set : h264 ? std::vector{7, 8} : std::vector{32, 33, 34})
        CHECK(contains(types, set) == (i % 7 == 0));
      const bool instant = h264 ? contains(types, 5) : contains(types, 19) || contains(types, 20);
      CHECK(instant == (i % 7 == 0));
      REQUIRE(decoder.decode(frame.data.view()));
      CHECK(decoder.shown().pict_type != AV_PICTURE_TYPE_B);
    }
  }
}

TEST_CASE("odd sizes are shown whole, with at most one column and row more, which repeat their neighbours") {
  for (const auto codec : module_codecs())
    for (const extent odd : {extent{639, 357}, extent{161, 90}, extent{160, 91}}) {
      const moving_picture video{devices::sample_kind::photo, odd};
      const auto encoder = open(codec, odd);
      CAPTURE(std::string{encoder->name()});
      const auto shown = encoder->decoded_size();
      CHECK(shown.width - odd.width <= 1);
      CHECK(shown.height - odd.height <= 1);
      stream_decoder decoder{codec};
      for (std::size_t i = 0; i < 10; ++i) REQUIRE(decoder.decode(encode(*encoder, video.frame(i)).data.view()));
      const auto picture = decoder.picture();
      CHECK(extent{picture.width, picture.height} == shown);
      CHECK(peak_signal_to_noise(video.frame(9), picture.view()) > 33);
      auto edge = video.frame(9);
      edge.width = edge.height = 1;
      auto corner = picture.view(); // its last pixel, against the original's last
      const auto* last = picture.pixels.data() + picture.pixels.size() - 4;
      corner.pixels = {last, 4};
      corner.width = corner.height = 1;
      edge.pixels = {video.frame(9).row(odd.height - 1) + (odd.width - 1) * 4, 4};
      CHECK(peak_signal_to_noise(edge, corner) > 20);
    }
}

TEST_CASE("the smallest pictures are encoded, or refused with a reason") {
  for (const auto codec : module_codecs())
    for (const extent tiny : {extent{1, 1}, extent{2, 2}, extent{1, 64}, extent{16, 1}}) {
      const moving_picture video{devices::sample_kind::photo, tiny};
      CAPTURE(static_cast<int>(codec));
      CAPTURE(tiny.width);
      const auto encoder = codecs().create({codec, tiny, 30, rate, 1});
      if (!encoder) {
        CHECK(encoder.error().find("cannot be opened") != std::string::npos);
        continue;
      }
      stream_decoder decoder{codec};
      for (std::size_t i = 0; i < 3; ++i) {
        const auto frame = encode(**encoder, video.frame(i));
        REQUIRE(decoder.decode(frame.data.view()));
        const auto picture = decoder.picture();
        CHECK(extent{picture.width, picture.height} == (*encoder)->decoded_size());
      }
    }
}

TEST_CASE("colours are those of the original, by the matrix that the stream names") {
  constexpr std::array<std::uint32_t, 8> colours{0xff0000, 0x00ff00, 0x0000ff, 0xffff00,
                                                 0x00ffff, 0xff00ff, 0xffffff, 0x808080};
  for (const auto codec : module_codecs())
    for (const extent e : {extent{320, 240}, extent{320, 600}}) { // either side of 576 rows
      bitmap patches{bitmap_format::rgb_32bit, e.width, e.height, true, {}};
      for (std::uint32_t i = 0; i < e.width * e.height; ++i)
        for (const int shift : {0, 8, 16, 24})
          patches.pixels.push_back(static_cast<std::byte>(colours[i % e.width / 40] >> shift));
      const auto encoder = open(codec, e, 4'000'000);
      CAPTURE(std::string{encoder->name()});
      CAPTURE(e.height);
      stream_decoder decoder{codec};
      for (int i = 0; i < 15; ++i) REQUIRE(decoder.decode(encode(*encoder, patches.view()).data.view()));
      const auto shown = decoder.picture();
      for (std::uint32_t patch = 0; patch < colours.size(); ++patch) {
        const auto* pixel = shown.view().row(e.height / 2) + (patch * 40 + 20) * 4;
        for (unsigned channel = 0; channel < 3; ++channel)
          CHECK(std::abs(std::to_integer<int>(pixel[channel]) -
                         static_cast<int>(colours[patch] >> 8 * channel & 255)) <= 6);
      }
      if (codec == video_codec::vp8) continue; // has no words for it
      CHECK(decoder.shown().colorspace == (e.height > 576 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M));
      CHECK(decoder.shown().color_range == AVCOL_RANGE_MPEG);
    }
}

TEST_CASE("a picture that stands still soon costs next to nothing") {
  const moving_picture video{devices::sample_kind::photo, size};
  for (const auto codec : module_codecs()) {
    const auto encoder = open(codec);
    CAPTURE(std::string{encoder->name()});
    std::size_t late = 0;
    for (int i = 0; i < 90; ++i) {
      const auto bytes = encode(*encoder, video.frame(0)).data.size();
      if (i >= 60) late += bytes;
    }
    CHECK(late * 8 < rate / 5);
  }
}

TEST_CASE("an encoder that may use two cores makes whole frames as well") {
  const moving_picture video{devices::sample_kind::photo, {640, 360}};
  for (const auto codec : module_codecs()) {
    auto made = codecs().create({codec, {640, 360}, 30, rate, 2});
    REQUIRE(made.has_value());
    stream_decoder decoder{codec};
    for (std::size_t i = 0; i < 10; ++i) {
      REQUIRE(decoder.decode(encode(**made, video.frame(i), i == 5).data.view()));
      CHECK(peak_signal_to_noise(video.frame(i), decoder.picture().view()) > 25);
    }
  }
}

TEST_CASE("encoders that are preferred come first among those of their codec, unknown ones do not matter") {
  const auto order = video_codecs::load({.module = module_file(), .preferred = {"h264_of_tomorrow", "libx265"}});
  REQUIRE(order.encoders().size() == codecs().encoders().size());
  CHECK(order.encoders()[0].codec == video_codec::mjpeg);
  if (order.has(video_codec::h265)) CHECK(order.encoders()[1].name == "libx265");
}

TEST_CASE("where libavcodec is not installed, the sentence says so") {
  std::ifstream in{module_file(), std::ios::binary};
  std::string module{std::istreambuf_iterator<char>{in}, {}};
  const auto name = module.find("libavcodec.so.");
  REQUIRE(name != std::string::npos);
  module[name + std::string_view{"libavcodec.so."}.size()] = 'x';
  const auto path = fs::temp_directory_path() / "saffron_video_streams_test.so";
  std::ofstream{path, std::ios::binary} << module;
  const auto lame = video_codecs::load({.module = path, .preferred = {}});
  fs::remove(path);
  CHECK(lame.module_missing().starts_with("libavcodec is not installed: libavcodec.so.x"));
  CHECK(lame.has(video_codec::mjpeg));
  CHECK(!lame.has(video_codec::vp8));
}
