// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/glz_decode.hpp"
#include "messages/image/glz_encode.hpp"
#include "messages/image/glz_window.hpp"
#include "tests/wire/glz_pictures.hpp"
#include "tests/wire/vectors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

using namespace saffron;
using namespace saffron::image;
using namespace saffron::test;

namespace {

constexpr std::uint32_t ample = 1u << 24;

/// The last pictures that were made, to make the next one of them.
class scene {
public:
  explicit scene(unsigned seed) : random_(seed) {}

  glz_picture next() {
    const auto what = random_() % 8;
    if (what >= 6 || made_.empty()) return keep(fresh());
    auto from = made_[random_() % made_.size()];
    auto bytes = pixels(from.pixels.view().begin(), from.pixels.view().end());
    const auto row = row_bytes(from.format, from.width);
    if (what == 1) // scrolled
      std::rotate(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(row * (random_() % from.height)),
                  bytes.end());
    if (what == 2) // a stroke of the keyboard
      for (auto i = random_() % bytes.size(), end = std::min(bytes.size(), i + 40); i < end; ++i) bytes[i] = {};
    if (what == 3) { // the same pixels in another shape
      std::swap(from.width, from.height);
    }
    if (what == 4) from.top_down = !from.top_down;
    from.pixels = shared_bytes::copy_of(bytes);
    return keep(from);
  }

private:
  glz_picture fresh() {
    const auto side = [&] { return static_cast<std::uint32_t>(1 + random_() % (random_() % 4 == 0 ? 90 : 24)); };
    auto out = picture_of(random_, static_cast<content>(random_() % 4), glz_formats[random_() % 4], side(), side());
    out.spot = random_() % 3;
    return out;
  }
  const glz_picture& keep(glz_picture made) {
    if (made_.size() > 12) made_.erase(made_.begin());
    return made_.emplace_back(std::move(made));
  }

  std::mt19937 random_;
  std::vector<glz_picture> made_;
};

} // namespace

TEST_CASE("every GLZ vector decodes to its pixels, in the order of its sequence") {
  std::map<std::string, std::vector<vector_entry>> sequences;
  for (const auto& entry : vectors_of("glz"))
    if (entry.has("sequence")) sequences[entry.get<std::string>("sequence")].push_back(entry);
  REQUIRE(sequences.size() == 4);
  std::size_t decoded = 0;
  for (auto& [name, entries] : sequences) {
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.template get<int>("order") < b.template get<int>("order"); });
    glz_client_window client{ample};
    for (const auto& entry : entries) {
      CAPTURE(entry.name());
      const auto picture = client.decode(entry.payload());
      REQUIRE(picture.has_value());
      const auto raw = entry.raw();
      CHECK(same(picture_of(raw.format, raw.width, raw.height, raw.pixels, 0, raw.top_down), **picture));
      ++decoded;
    }
  }
  CHECK(decoded == 24);
}

TEST_CASE("the long GLZ vector decodes to its pixels") {
  const auto entries = vectors_of("glz");
  const auto entry = std::find_if(entries.begin(), entries.end(), [](const auto& e) { return e.has("sidecar"); });
  REQUIRE(entry != entries.end());
  const auto data = entry->payload(), raws = vector_file(entry->get<std::string>("raw") + ".z");
  glz_client_window client{ample};
  std::size_t at = 0, raw_at = 0, count = 0;
  for (; at < data.size(); ++count) {
    CAPTURE(count);
    std::size_t size = 0;
    for (std::size_t i = 4; i-- > 0;) size = size << 8 | std::to_integer<std::size_t>(data[at + i]);
    const auto picture = client.decode(std::span{data}.subspan(at + 4, size));
    REQUIRE(picture.has_value());
    const auto& made = (*picture)->pixels;
    REQUIRE(raw_at + made.size() <= raws.size());
    const auto raw = pixels(raws.begin() + static_cast<std::ptrdiff_t>(raw_at),
                            raws.begin() + static_cast<std::ptrdiff_t>(raw_at + made.size()));
    CHECK(transported((*picture)->format, made) == transported((*picture)->format, raw));
    at += 4 + size;
    raw_at += made.size();
  }
  CHECK(count == entry->get<std::size_t>("images"));
  CHECK(raw_at == raws.size());
}

TEST_CASE("what the server encodes is what the client decodes, whatever the window") {
  for (const std::uint32_t size : {200u, 1500u, 6000u, 40000u, ample})
    for (unsigned seed = 1; seed <= 6; ++seed) {
      CAPTURE(size);
      CAPTURE(seed);
      scene pictures{seed};
      auto server = window_of(size);
      glz_client_window client{std::uint64_t{size} * 2};
      std::uint64_t next = 0, head = 0;
      for (int i = 0; i < 120; ++i) {
        const auto picture = pictures.next();
        const auto job = server.allot(picture);
        REQUIRE(job.has_value() == (picture.pixel_count() < size));
        if (!job) continue;
        CHECK(job->id == next++);
        CHECK(job->id - job->win_head_dist >= head);
        head = job->id - job->win_head_dist;
        const auto data = glz_encode(*job);
        const auto decoded = client.decode(data.view());
        REQUIRE(decoded.has_value());
        CHECK(same(picture, **decoded));
        CHECK(client.held_images() == job->win_head_dist + 1);
        CHECK(client.held_pixels() <= size);
      }
    }
}

TEST_CASE("no picture becomes larger than its literals") {
  std::mt19937 random{7};
  for (const auto format : glz_formats)
    for (const std::uint32_t width : {1u, 31u, 32u, 33u, 100u}) {
      auto server = window_of(ample);
      for (int i = 0; i < 12; ++i) {
        const auto picture = picture_of(random, static_cast<content>(i % 4), format, width, 41);
        const auto job = server.allot(picture);
        REQUIRE(job.has_value());
        const std::size_t count = width * 41, runs = (count + 31) / 32;
        const bool alpha = format == bitmap_format::rgba;
        const auto literal = alpha ? 4 : format == bitmap_format::rgb_16bit ? 2 : 3;
        CHECK(glz_encode(*job).size() <= 33 + count * static_cast<std::size_t>(literal) + runs * (alpha ? 2 : 1));
      }
    }
}

TEST_CASE("a picture that the client has costs a byte for 255 pixels") {
  std::mt19937 random{3};
  for (const auto format : glz_formats) {
    CAPTURE(static_cast<int>(format));
    const std::size_t count = 300 * 200;
    auto server = window_of(ample);
    const auto picture = picture_of(random, content::noise, format, 300, 200);
    REQUIRE(server.allot(picture).has_value());
    // The pads differ.
    const auto again =
        picture_of(format, 300, 200, transported(format, {picture.pixels.view().begin(), picture.pixels.view().end()}));
    const auto job = server.allot(again);
    REQUIRE(job.has_value());
    CHECK(job->same_spot == 1);
    const std::size_t passes = format == bitmap_format::rgba ? 2 : 1;
    CHECK(glz_encode(*job).size() <= 33 + passes * (count / 255 + 12));
  }
}

TEST_CASE("what moved is found where it was, even after many other pictures") {
  std::mt19937 random{5};
  const auto bytes = paint(random, content::noise, bitmap_format::rgb_32bit, 64 * 64);
  auto server = window_of(ample);
  glz_client_window client{2 * ample};
  const auto send = [&](const glz_picture& picture) {
    const auto job = server.allot(picture);
    const auto data = glz_encode(*job);
    const auto decoded = client.decode(data.view());
    REQUIRE(decoded.has_value());
    CHECK(same(picture, **decoded));
    return data.size();
  };
  const auto first = send(picture_of(bitmap_format::rgb_32bit, 64, 64, bytes));
  for (std::uint64_t i = 1; i < 200; ++i) send(picture_of(random, content::flat, bitmap_format::rgb_32bit, 9, 9));
  auto moved = bytes;
  std::rotate(moved.begin(), moved.begin() + 20 * 64 * 4, moved.end());
  // The whole of it: 200 images back needs the form with a further byte. Noise is remembered at some places only.
  CHECK(send(picture_of(bitmap_format::rgb_32bit, 64, 64, moved, 1)) < first / 2);
}

TEST_CASE("bytes behind the last row are not encoded") {
  std::mt19937 random{9};
  auto bytes = paint(random, content::text, bitmap_format::rgb_24bit, 20 * 20);
  const auto exact = picture_of(bitmap_format::rgb_24bit, 20, 20, bytes);
  bytes.resize(bytes.size() + 5, std::byte{1});
  const auto longer = picture_of(bitmap_format::rgb_24bit, 20, 20, bytes);
  auto one = window_of(ample), other = window_of(ample);
  const auto a = glz_encode(*one.allot(exact)), b = glz_encode(*other.allot(longer));
  CHECK(std::equal(a.view().begin(), a.view().end(), b.view().begin(), b.view().end()));
}
