// SPDX-License-Identifier: BSD-3-Clause
#include "actors/encoder.hpp"
#include "messages/actors.hpp"
#include "messages/image/lz4.hpp"
#include "tests/unit/virtual_world.hpp"

#include <doctest/doctest.h>

#include <new>
#include <set>

namespace saffron::actors {
namespace {

picture_ptr strip(std::uint64_t id, std::uint8_t value = 7) {
  auto p = std::make_shared<picture>();
  p->id = id;
  p->area = {0, 0, 16, 16};
  p->pixels = shared_bytes::copy_of(std::vector<std::byte>(16 * 16 * 4, std::byte{value}));
  return p;
}

class encoded_collector final : public transport::pinned_actor<display_client_actor> {
public:
  encoded_collector(caf::actor_config& config, transport::loop& home, std::vector<encoded>& into)
      : pinned_actor(config, home), into_(into) {}

protected:
  behavior_type make_behavior() override {
    return {
        [](display_update&) {}, [this](encoded& e) { into_.push_back(std::move(e)); },
        [](encoded_video&) {},  [](mend_due) {},
        [](disconnect) {},      [](status_query) { return channel_status{}; },
    };
  }

private:
  std::vector<encoded>& into_;
};

} // namespace

TEST_CASE("a form is made once and shared from then on") {
  counters counted;
  const auto p = strip(1);
  const auto first = encode_strip(*p, image_form::lz4, counted).data;
  CHECK(first.size() < p->pixels.size());
  CHECK(encode_strip(*p, image_form::lz4, counted).data.data() == first.data());
  CHECK(encode_strip(*p, image_form::raw, counted).data.data() == p->pixels.data());
  CHECK(counted.images_encoded.value() == 2);
  CHECK(counted.images_shared.value() == 1);
}

TEST_CASE("a form that is not smaller than the pixels is the pixels, and stays so") {
  counters counted;
  auto p = std::make_shared<picture>(*strip(1));
  std::vector<std::byte> noise(p->pixels.size());
  std::uint32_t state = 1;
  for (auto& b : noise) b = static_cast<std::byte>((state = state * 1664525 + 1013904223) >> 24);
  for (std::size_t i = 3; i < noise.size(); i += 4) noise[i] = noise[i - 1];
  p->pixels = shared_bytes::copy_of(noise);
  p->format = image::bitmap_format::rgba; // all four bytes count
  for (int i = 0; i < 2; ++i) {
    const auto made = encode_strip(*p, image_form::lz, counted);
    CHECK(made.form == image_form::raw);
    CHECK(made.data.data() == p->pixels.data());
  }
  CHECK(counted.images_encoded.value() == 1);
  CHECK(counted.images_shared.value() == 1);
}

TEST_CASE("the strips of a picture, encoded one by one, decode as one image") {
  counters counted;
  std::vector<std::byte> image{image::lz4_header.begin(), image::lz4_header.end()};
  std::vector<std::byte> pixels;
  for (std::uint8_t i = 0; i < 3; ++i) {
    const auto p = strip(i, i);
    const auto block = encode_strip(*p, image_form::lz4, counted).data;
    image.insert(image.end(), block.view().begin(), block.view().end());
    pixels.insert(pixels.end(), p->pixels.view().begin(), p->pixels.view().end());
  }
  CHECK(image::lz4_decode(image, pixels.size()).value() == pixels);
}

TEST_CASE_FIXTURE(tests::virtual_world, "an encoder answers the client with the numbers it was given") {
  counters counted;
  std::vector<encoded> got;
  const display_client_actor client = spawn<encoded_collector>(loop, got);
  const auto encoders = make_encoders(system, 2, counted);
  REQUIRE(encoders.size() == 2);
  for (const auto& e : encoders) track(e);
  const auto p = strip(5);
  tell(encoders[1], encode{1, p, image_form::lz4, 17, 3, client});
  tell(encoders[1], encode{2, p, image_form::lz4, 99, 0, client});
  REQUIRE(got.size() == 2);
  CHECK(got[0].update == 17);
  CHECK(got[0].strip == 3);
  CHECK(got[1].update == 99);
  CHECK(got[1].made.value().data.data() == got[0].made.value().data.data()); // both clients share one encoding
  CHECK(counted.images_encoded.value() == 1);
}

TEST_CASE_FIXTURE(tests::virtual_world,
                  "an encoder that runs out of memory over one strip says so and makes the next") {
  counters counted;
  std::vector<encoded> got;
  const display_client_actor client = spawn<encoded_collector>(loop, got);
  const auto encoders = make_encoders(system, 1, counted, [](const encode& job, counters& c) {
    return job.strip == 0 ? throw std::bad_alloc{} : make_form(job, c);
  });
  track(encoders.front());
  for (const auto number : {0u, 1u}) tell(encoders.front(), encode{1, strip(5), image_form::lz4, 17, number, client});
  REQUIRE(got.size() == 2);
  CHECK(got[0].update == 17);
  CHECK(!got[0].made);
  CHECK(got[1].strip == 1);
  CHECK(got[1].made.value().form == image_form::lz4);
}

} // namespace saffron::actors
