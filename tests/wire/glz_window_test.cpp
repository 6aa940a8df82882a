// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/glz_encode.hpp"
#include "messages/image/glz_window.hpp"
#include "tests/wire/glz_pictures.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace saffron;
using namespace saffron::image;
using namespace saffron::test;

namespace {

glz_picture flat(std::uint32_t width, std::uint32_t height, bitmap_format format = bitmap_format::rgb_32bit) {
  return picture_of(format, width, height, pixels(row_bytes(format, width) * height, std::byte{0x55}));
}

} // namespace

TEST_CASE("a client without a window gets no GLZ") {
  auto window = window_of(0);
  CHECK_FALSE(window.allot(flat(1, 1)).has_value());
  CHECK(window.next_id() == 0);
}

TEST_CASE("a picture as large as the window is refused and takes no id") {
  auto window = window_of(100);
  CHECK_FALSE(window.allot(flat(10, 10)).has_value());
  const auto job = window.allot(flat(11, 9));
  REQUIRE(job.has_value());
  CHECK(job->id == 0);
  CHECK(window.next_id() == 1);
}

TEST_CASE("ids count from zero without holes, and images leave at the head") {
  auto window = window_of(100);
  const std::uint32_t expected[] = {0, 1, 2, 2, 2};
  for (std::uint64_t i = 0; i < 5; ++i) {
    const auto job = window.allot(flat(33, 1));
    REQUIRE(job.has_value());
    CHECK(job->id == i);
    CHECK(job->win_head_dist == expected[i]);
    CHECK(job->earlier.size() == expected[i]);
  }
  const auto alone = window.allot(flat(99, 1));
  CHECK(alone->win_head_dist == 0);
  CHECK(alone->earlier.empty());
}

TEST_CASE("formats that GLZ cannot transport and pictures that are not all there are refused") {
  auto window = window_of(1000);
  for (const auto format : {bitmap_format::invalid, bitmap_format::be_1bit, bitmap_format::indexed_8bit,
                            bitmap_format::alpha_8bit, static_cast<bitmap_format>(11)}) {
    auto picture = flat(4, 4);
    picture.format = format;
    CHECK_FALSE(window.allot(picture).has_value());
  }
  auto truncated = flat(4, 4);
  truncated.height = 5;
  CHECK_FALSE(window.allot(truncated).has_value());
  auto empty = flat(4, 4);
  empty.width = 0;
  CHECK_FALSE(window.allot(empty).has_value());
  empty.height = 0xffffffff;
  CHECK_FALSE(window.allot(empty).has_value());
  CHECK(window.next_id() == 0);
}

TEST_CASE("a job keeps the pixels that it refers to") {
  auto window = window_of(300);
  (void)window.allot(flat(10, 10));
  const auto job = window.allot(flat(10, 10));
  (void)window.allot(flat(17, 17)); // both have left
  REQUIRE(job->earlier.size() == 1);
  CHECK(job->earlier[0].pixels.data()[0] == std::byte{0x55});
}

TEST_CASE("the last picture of the same spot, format and size is known") {
  auto window = window_of(10000);
  auto left = flat(8, 8), right = flat(8, 8);
  left.spot = 1;
  right.spot = 2;
  CHECK(window.allot(left)->same_spot == 0);
  CHECK(window.allot(right)->same_spot == 0);
  CHECK(window.allot(left)->same_spot == 2);
  auto other = flat(8, 8, bitmap_format::rgba);
  other.spot = 1;
  CHECK(window.allot(other)->same_spot == 0);
  auto turned = left;
  turned.top_down = false;
  CHECK(window.allot(turned)->same_spot == 0);
  CHECK(window.allot(right)->same_spot == 4);
}

TEST_CASE("a window holds no more images than can be referred to") {
  auto window = window_of(100000);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const auto job = window.allot(flat(1, 1));
    REQUIRE(job.has_value());
    CHECK(job->win_head_dist == std::min(i, 255u));
  }
}

TEST_CASE("a frozen window allots nothing, and its successor goes on with an empty one") {
  auto source = window_of(5000);
  (void)source.allot(flat(9, 9));
  (void)source.allot(flat(9, 9));
  source.freeze();
  CHECK(source.frozen());
  CHECK_FALSE(source.allot(flat(9, 9)).has_value());
  CHECK(source.next_id() == 2);
  auto target = window_of(source.window_pixels(), source.next_id());
  const auto first = target.allot(flat(9, 9)), second = target.allot(flat(9, 9));
  CHECK(first->id == 2);
  CHECK(first->win_head_dist == 0);
  CHECK(second->id == 3);
  CHECK(second->win_head_dist == 1);
}

TEST_CASE("the client of a migrated window frees what the source had sent") {
  std::mt19937 random{1};
  glz_client_window client{20000};
  auto source = window_of(5000);
  for (int i = 0; i < 3; ++i) {
    const auto job = source.allot(picture_of(random, content::text, bitmap_format::rgb_32bit, 20, 20));
    REQUIRE(client.decode(glz_encode(*job).view()).has_value());
  }
  CHECK(client.held_images() == 3);
  source.freeze();
  auto target = window_of(source.window_pixels(), source.next_id());
  for (std::size_t i = 1; i <= 3; ++i) {
    const auto picture = picture_of(random, content::text, bitmap_format::rgb_32bit, 20, 20);
    const auto decoded = client.decode(glz_encode(*target.allot(picture)).view());
    REQUIRE(decoded.has_value());
    CHECK(same(picture, **decoded));
    CHECK(client.held_images() == i);
  }
}

TEST_CASE("windows that took the same pictures make jobs that are good for each other, whatever the ids") {
  std::mt19937 random{21};
  auto one = window_of(5000), other = window_of(5000);
  glz_client_window client{10000}, other_client{10000};
  const auto get = [](glz_client_window& to, const glz_job& job, const shared_bytes& payload) {
    const auto header = glz_header(job);
    pixels data{header.view().begin(), header.view().end()};
    data.insert(data.end(), payload.view().begin(), payload.view().end());
    const auto decoded = to.decode(data);
    return decoded.has_value() && same(job.picture, **decoded);
  };
  auto next = [&, id = 100u](std::uint64_t spot) mutable {
    auto made = picture_of(random, content::text, bitmap_format::rgb_32bit, 20, 20);
    made.spot = spot;
    made.id = id++;
    return made;
  };
  for (int i = 0; i < 3; ++i) { // what only one of them takes
    const auto job = *one.allot(next(1));
    REQUIRE(get(client, job, glz_payload(job)));
  }
  const auto both = next(0);
  const auto job_of_both = *one.allot(both), other_job_of_both = *other.allot(both);
  CHECK(job_of_both.history != other_job_of_both.history);
  REQUIRE(get(client, job_of_both, glz_payload(job_of_both)));
  REQUIRE(get(other_client, other_job_of_both, glz_payload(other_job_of_both)));
  // They meet at the next milestone.
  for (std::uint64_t i = 0; i < 30; ++i) {
    auto picture = next(i % 3);
    picture.id = glz_milestone + i;
    const auto job = *one.allot(picture), other_job = *other.allot(picture);
    CHECK(job.id == other_job.id + 3);
    REQUIRE(job.history == other_job.history);
    const auto payload = glz_payload(job);
    CHECK(get(client, job, payload));
    CHECK(get(other_client, other_job, payload));
  }
}

TEST_CASE("a history is another one when a picture, the order or the size of the window is") {
  const auto take = [](std::uint32_t size, std::vector<std::uint64_t> ids) {
    auto window = window_of(size);
    std::uint64_t history = 0;
    for (const auto id : ids) {
      auto picture = flat(10, 10);
      picture.id = id;
      history = window.allot(picture)->history;
    }
    return history;
  };
  const auto usual = take(1000, {1, 2, 3, 9});
  CHECK(take(1000, {1, 2, 3, 9}) == usual);
  CHECK(take(1000, {1, 3, 2, 9}) != usual);
  CHECK(take(1000, {1, 2, 4, 9}) != usual);
  CHECK(take(1000, {2, 3, 9}) != usual);
  CHECK(take(1000, {0, 1, 2, 3, 9}) != usual);
  CHECK(take(300, {1, 2, 3, 9}) != usual); // 1 has left
  CHECK(take(300, {1, 2, 3, 9}) == take(1000, {2, 3, 9}));
}

TEST_CASE("a milestone empties the window, once") {
  auto window = window_of(100000);
  auto at = [&](std::uint64_t id) {
    auto picture = flat(8, 8);
    picture.id = id;
    return *window.allot(picture);
  };
  (void)at(glz_milestone - 2);
  CHECK(at(glz_milestone - 1).win_head_dist == 1);
  CHECK(at(glz_milestone + 1).win_head_dist == 0);
  CHECK(at(glz_milestone - 3).win_head_dist == 1); // an old picture, drawn again
  CHECK(at(glz_milestone + 2).win_head_dist == 2);
  CHECK(at(5 * glz_milestone).win_head_dist == 0);
}

TEST_CASE("no image refers to one of another channel, so a channel that brings nothing stops nobody") {
  std::mt19937 random{31};
  auto server = window_of(100000);
  glz_client_window client{200000};
  const auto shown = picture_of(random, content::noise, bitmap_format::rgb_32bit, 30, 30);
  std::size_t sizes[2] = {};
  for (int round = 0; round < 4; ++round)
    for (const std::uint8_t channel : {1, 0}) {
      auto picture = shown;
      picture.channel = channel;
      const auto job = *server.allot(picture);
      const auto data = glz_encode(job);
      sizes[round == 0 ? 0 : 1] = data.size();
      if (channel == 1) continue; // it never arrives
      const auto decoded = client.decode(data.view());
      REQUIRE(decoded.has_value());
      CHECK(same(picture, **decoded));
    }
  CHECK(sizes[1] < sizes[0] / 10);
}

TEST_CASE("jobs of one window may be encoded at the same time and decode in the order of their ids") {
  std::mt19937 random{11};
  constexpr std::size_t threads = 4, strips = 12, frames = 6;
  auto server = window_of(20000);
  glz_client_window client{60000};
  std::vector<glz_picture> now;
  for (std::size_t i = 0; i < strips; ++i)
    now.push_back(picture_of(random, static_cast<content>(i % 4), glz_formats[i / 4 % 4], 64, 16));
  for (std::size_t frame = 0; frame < frames; ++frame) {
    std::vector<glz_job> jobs;
    for (std::size_t i = 0; i < strips; ++i) {
      // A strip shows what the one below showed, or what it showed itself.
      if (frame % 2 == 1) now[i] = now[(i + 1) % strips];
      now[i].spot = i;
      jobs.push_back(*server.allot(now[i]));
    }
    std::vector<shared_bytes> made(strips);
    std::vector<std::thread> encoders;
    for (std::size_t t = 0; t < threads; ++t)
      encoders.emplace_back([&, t] {
        for (auto i = t; i < strips; i += threads) made[i] = glz_encode(jobs[i]);
      });
    for (auto& encoder : encoders) encoder.join();
    for (std::size_t i = 0; i < strips; ++i) {
      const auto decoded = client.decode(made[i].view());
      REQUIRE(decoded.has_value());
      CHECK(same(jobs[i].picture, **decoded));
    }
  }
}
