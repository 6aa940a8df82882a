// SPDX-License-Identifier: BSD-3-Clause
// What Saffron does with a module, and without one. No codec's library is needed here.
#include "messages/image/module_encoder.hpp"
#include "messages/image/video_codecs.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>

using namespace saffron;
using namespace saffron::image;

namespace {

namespace fs = std::filesystem;

constexpr extent size{5, 3};
constexpr video_setting setting{video_codec::h264, size, 30, 1'000'000, 1};

std::vector<std::byte> grey_pixels(extent e) { return {std::size_t{e.width} * e.height * 4, std::byte{0x80}}; }

bitmap_view view_of(const std::vector<std::byte>& pixels, extent e) {
  return {bitmap_format::rgb_32bit, e.width, e.height, std::size_t{e.width} * 4, true, pixels};
}

/// A module's inside that only notes what is asked of it.
struct fake {
  saffron_video_setting opened{};
  std::array<std::uint8_t, 6 * 4> luma{};
  std::array<std::uint8_t, 3 * 2> blue{}, red{};
  std::array<std::uint8_t, 3> data{1, 2, 3};
  int alive = 0, frames = 0, key_frames = 0;
  std::uint64_t bits = 0;
  std::uint32_t frames_per_second = 0;
  bool works = true, encodes = true;
};
fake seen;

saffron_video_encoder* create(const saffron_video_setting* wish, char* reason, std::size_t reason_size) {
  seen.opened = *wish;
  if (!seen.works) {
    std::strncpy(reason, "the card is on holiday", reason_size - 1);
    return nullptr;
  }
  ++seen.alive;
  return reinterpret_cast<saffron_video_encoder*>(&seen);
}
void destroy(saffron_video_encoder*) { --seen.alive; }
int planes(saffron_video_encoder*, saffron_video_planes* to) {
  *to = {6, 4, seen.luma.data(), seen.blue.data(), seen.red.data(), 6, 3};
  return 1;
}
int encode(saffron_video_encoder*, int key_frame, saffron_video_packet* to) {
  ++seen.frames;
  seen.key_frames += key_frame;
  *to = {seen.data.data(), seen.data.size(), 1, 27};
  return seen.encodes ? 1 : 0;
}
void set_rate(saffron_video_encoder*, std::uint64_t bits, std::uint32_t frames) {
  seen.bits = bits;
  seen.frames_per_second = frames;
}

constexpr std::array<saffron_video_encoder_name, 1> names{{{3, "fake"}}};
constexpr saffron_video_functions functions{
    saffron_video_version, "fakes 1.0", names.data(), names.size(), create, destroy, planes, encode, set_rate};

struct module_test {
  module_test() { seen = {}; }
  video_module module = *video_module::use(&functions);
};

/// A file that goes with its owner.
struct file_with {
  explicit file_with(std::string_view text) : path(fs::temp_directory_path() / "saffron_video_module_test.so") {
    std::ofstream{path, std::ios::binary} << text;
  }
  ~file_with() { fs::remove(path); }
  fs::path path;
};

} // namespace

TEST_CASE("without the module there is a sentence that says so, and MJPEG works") {
  const auto codecs = video_codecs::load({.module = "/nowhere/saffron-video-avcodec.so", .preferred = {}});
  CHECK(codecs.module_missing() ==
        "saffron-video-avcodec.so is not installed: looked for /nowhere/saffron-video-avcodec.so");
  CHECK(codecs.library().empty());
  REQUIRE(codecs.encoders().size() == 1);
  CHECK(codecs.has(video_codec::mjpeg));
  CHECK(!codecs.has(video_codec::h264));
  const auto none = codecs.create(setting);
  REQUIRE(!none.has_value());
  CHECK(none.error() == codecs.module_missing());

  auto wish = setting;
  wish.codec = video_codec::mjpeg;
  const auto encoder = codecs.create(wish);
  REQUIRE(encoder.has_value());
  CHECK((*encoder)->encode(view_of(grey_pixels(size), size), true).has_value());
}

TEST_CASE("a file that is no module is named together with the linker's reason") {
  const file_with text{"no shared object"};
  const auto module = video_module::load(std::array{fs::path{"/nowhere/a.so"}, text.path});
  REQUIRE(!module.has_value());
  CHECK(module.error().starts_with("cannot load " + text.path.string() + ": "));
  CHECK(module.error().find("file too short") + module.error().find("invalid ELF header") != std::string::npos);
}

TEST_CASE("the module is looked for beside the program and in its library folder") {
  const auto places = video_module::usual_places();
  REQUIRE(places.size() == 2);
  const auto folder = fs::read_symlink("/proc/self/exe").parent_path();
  CHECK(places[0] == folder / "saffron-video-avcodec.so");
  CHECK(places[1] == folder.parent_path() / "lib/saffron/saffron-video-avcodec.so");
}

TEST_CASE("a module of another version is refused") {
  auto other = functions;
  ++other.version;
  CHECK(!video_module::use(&other).has_value());
  CHECK(!video_module::use(nullptr).has_value());
  CHECK(video_module::use(&functions).has_value());
}

TEST_CASE_FIXTURE(module_test, "an encoder is opened with the stream's setting, and closed once") {
  auto wish = setting;
  wish.threads = 2;
  {
    const auto encoder = module.create(wish, "fake");
    REQUIRE(encoder.has_value());
    CHECK(seen.alive == 1);
    CHECK(seen.opened.encoder == std::string_view{"fake"});
    CHECK(seen.opened.width == 5);
    CHECK(seen.opened.height == 3);
    CHECK(seen.opened.frames_per_second == 30);
    CHECK(seen.opened.bits_per_second == 1'000'000);
    CHECK(seen.opened.threads == 2);
    CHECK(seen.opened.bt709 == 0);
    CHECK((*encoder)->decoded_size() == extent{6, 4});
    CHECK((*encoder)->name() == "fake");
  }
  CHECK(seen.alive == 0);
  wish.size = {1280, 720};
  CHECK(module.create(wish, "fake").has_value());
  CHECK(seen.opened.bt709 == 1);
}

TEST_CASE_FIXTURE(module_test, "pixels arrive in the module's planes, and its bytes are the frame") {
  const auto encoder = module.create(setting, "fake");
  REQUIRE(encoder.has_value());
  const auto frame = (*encoder)->encode(view_of(grey_pixels(size), size), true);
  REQUIRE(frame.has_value());
  CHECK(seen.key_frames == 1);
  CHECK(std::ranges::all_of(seen.luma, [](int v) { return v == 126; }));
  CHECK(std::ranges::all_of(seen.blue, [](int v) { return v == 128; }));
  CHECK(frame->data.size() == 3);
  CHECK(std::memcmp(frame->data.data(), seen.data.data(), 3) == 0);
  CHECK(frame->key_frame);
  CHECK(frame->quantiser == 27);
  CHECK(!frame->quality.has_value());
}

TEST_CASE_FIXTURE(module_test, "rates reach the module, never as zero") {
  const auto encoder = module.create(setting, "fake");
  REQUIRE(encoder.has_value());
  (*encoder)->set_bit_rate(2'000'000);
  CHECK(seen.bits == 2'000'000);
  CHECK(seen.frames_per_second == 30);
  (*encoder)->set_frame_rate(10);
  CHECK(seen.bits == 2'000'000);
  CHECK(seen.frames_per_second == 10);
  (*encoder)->set_bit_rate(0);
  (*encoder)->set_frame_rate(0);
  CHECK(seen.bits == 1);
  CHECK(seen.frames_per_second == 1);
}

TEST_CASE_FIXTURE(module_test, "what an encoder cannot take never reaches it") {
  for (auto wish :
       {video_setting{video_codec::h264, {0, 9}, 30, 1, 1}, video_setting{video_codec::h264, {9, 0}, 30, 1, 1},
        video_setting{video_codec::h264, {16385, 9}, 30, 1, 1}, video_setting{video_codec::h264, {9, 9}, 0, 1, 1},
        video_setting{video_codec::h264, {9, 9}, 30, 0, 1}, video_setting{video_codec::h264, {9, 9}, 30, 1, 0}}) {
    const auto refused = module.create(wish, "fake");
    REQUIRE(!refused.has_value());
    CHECK(refused.error() == "no video has such a size or rate");
  }
  CHECK(seen.opened.encoder == nullptr);

  const auto encoder = module.create(setting, "fake");
  REQUIRE(encoder.has_value());
  const auto pixels = grey_pixels({6, 3});
  CHECK((*encoder)->encode(view_of(pixels, {6, 3}), false) == fail{errc::codec_failed});
  auto upside_down = view_of(pixels, size);
  upside_down.top_down = false;
  CHECK((*encoder)->encode(upside_down, false) == fail{errc::codec_failed});
  CHECK(seen.frames == 0);
}

TEST_CASE_FIXTURE(module_test, "the module's failures are told") {
  seen.works = false;
  const auto refused = module.create(setting, "fake");
  REQUIRE(!refused.has_value());
  CHECK(refused.error() == "the card is on holiday");
  seen.works = true;
  const auto encoder = module.create(setting, "fake");
  REQUIRE(encoder.has_value());
  seen.encodes = false;
  CHECK((*encoder)->encode(view_of(grey_pixels(size), size), false) == fail{errc::codec_failed});
}
