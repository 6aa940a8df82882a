// SPDX-License-Identifier: BSD-3-Clause
#include "actors/kept_pictures.hpp"
#include "tests/unit/actors/client_caches.hpp"

#include <deque>
#include <optional>
#include <random>

namespace saffron::actors {
namespace {

namespace display = wire::display;
using origin = kept_pictures::origin;

// Pixels that say which content they are.
picture_ptr picture_of(std::uint64_t content, extent size = {32, 32}) {
  auto p = std::make_shared<picture>();
  p->id = next_picture_id();
  p->area = whole(size);
  std::vector<std::byte> pixels(std::size_t{size.width} * size.height * 4, static_cast<std::byte>(content));
  pixels[1] = static_cast<std::byte>(content >> 8);
  p->pixels = shared_bytes::copy_of(pixels);
  return p;
}

std::uint64_t content_of(const picture& p) {
  return std::to_integer<std::uint64_t>(p.pixels.view()[0]) | std::to_integer<std::uint64_t>(p.pixels.view()[1]) << 8;
}

/// A channel of the server, and what it has sent and the client has not read.
struct test_line {
  struct message {
    std::vector<display::resource> evicted;
    display::image what;
    /// What the client must show; none: a mark.
    std::optional<std::uint64_t> content;
    std::uint32_t mark = 0;
  };

  test_line(const std::shared_ptr<pixmap_caches>& caches, std::uint8_t id, std::int64_t pixels) : kept(caches, id) {
    kept.join(1, pixels);
  }
  // True when it was a hit.
  bool send(const picture_ptr& p, origin from, image_form form = image_form::lz) {
    const bool promised = kept.look_up(p, from);
    const bool hit = send_looked_up(p, form);
    CHECK((hit || !promised));
    return hit;
  }
  bool send_looked_up(const picture_ptr& p, image_form form = image_form::lz) {
    const encoded_form made{form, shared_bytes::copy_of(p->pixels.view().first(p->pixels.size() - 1)), 0};
    const auto image = image_of(p->area, p, made);
    auto what = describe(image);
    auto step = kept.use(what, image, mark + 1);
    sent.push_back({std::move(step.evicted), std::move(what), content_of(*p), 0});
    return step.hit;
  }
  void end_update() {
    kept.finish();
    sent.push_back({{}, {}, {}, ++mark});
  }
  // The client reads a message.
  void read(tests::client_caches& client) {
    if (sent.empty()) return;
    const auto m = std::move(sent.front());
    sent.pop_front();
    unanswered.push_back(m);
    if (!m.content) return pongs.push_back(m.mark);
    client.read(m.evicted);
    REQUIRE(client.read(m.what, *m.content) == *m.content);
  }
  void hear() {
    if (pongs.empty()) return;
    kept.read(pongs.front());
    while (unanswered.front().mark != pongs.front()) unanswered.pop_front();
    unanswered.pop_front();
    pongs.pop_front();
  }
  void lose(tests::client_caches& client) const {
    for (const auto* messages : {&sent, &unanswered})
      for (const auto& m : *messages) client.doubt(m.evicted, m.what);
  }
  // Everything arrives.
  void settle(tests::client_caches& client) {
    end_update();
    while (!sent.empty()) read(client);
    while (!pongs.empty()) hear();
  }

  kept_pictures kept;
  std::deque<message> sent, unanswered;
  std::deque<std::uint32_t> pongs;
  std::uint32_t mark = 0x20000000;
};

constexpr std::int64_t room_for_eight = 8 * 32 * 32;

struct kept_test {
  std::shared_ptr<pixmap_caches> caches = std::make_shared<pixmap_caches>();
  tests::client_caches client;
};

} // namespace

TEST_CASE_FIXTURE(kept_test, "a guest's picture travels once, and then its id") {
  test_line line{caches, 0, room_for_eight};
  const auto p = picture_of(1), other = picture_of(2);
  CHECK_FALSE(line.send(p, origin::guest));
  CHECK((line.sent.back().what.flags & display::image_flags::cache_me) != 0);
  CHECK_FALSE(line.send(other, origin::guest));
  CHECK(line.send(p, origin::guest)); // in the same update
  line.settle(client);
  CHECK(line.send(p, origin::guest));
  CHECK(line.sent.back().what.body == display::image_body{display::cached_image{}});
  CHECK(line.kept.has(line.sent.back().what.id));
  line.settle(client);
}

TEST_CASE_FIXTURE(kept_test, "the screen's content is kept when it comes back, whichever picture it comes in") {
  test_line line{caches, 0, room_for_eight};
  CHECK_FALSE(line.send(picture_of(1), origin::screen));
  CHECK(line.sent.back().what.flags == 0); // most content is never seen again
  line.settle(client);
  CHECK(client.kept() == 0);
  CHECK_FALSE(line.send(picture_of(1), origin::screen));
  line.settle(client);
  CHECK(client.kept() == 1);
  CHECK(line.send(picture_of(1), origin::screen));
  CHECK_FALSE(line.send(picture_of(257), origin::screen)); // differs in a byte
  CHECK_FALSE(line.send(picture_of(1, {64, 16}), origin::screen));
  line.settle(client);
}

TEST_CASE_FIXTURE(kept_test, "what has lost something is not kept, but what is kept serves in its place") {
  test_line line{caches, 0, room_for_eight};
  const auto p = picture_of(1);
  CHECK_FALSE(line.send(p, origin::guest, image_form::jpeg));
  CHECK(line.sent.back().what.flags == 0);
  CHECK_FALSE(line.send(p, origin::guest, image_form::quic));
  CHECK(line.send(p, origin::guest, image_form::jpeg));
  line.settle(client);
}

TEST_CASE_FIXTURE(kept_test, "pictures that are tiny, or too large a part of the cache, are not kept") {
  test_line line{caches, 0, room_for_eight};
  for (int time = 0; time < 3; ++time) {
    CHECK_FALSE(line.send(picture_of(1, {31, 31}), origin::screen));
    CHECK_FALSE(line.send(picture_of(2, {64, 64}), origin::screen));
  }
  const auto tiny = picture_of(3, {7, 9}), large = picture_of(4, {64, 64});
  for (const auto& p : {tiny, large, tiny, large}) CHECK_FALSE(line.send(p, origin::guest));
  line.settle(client);
  CHECK(client.kept() == 0);
}

TEST_CASE_FIXTURE(kept_test, "the picture that was used longest ago makes room, and none that this update needs") {
  test_line line{caches, 0, room_for_eight};
  std::vector<picture_ptr> pictures;
  for (std::uint64_t n = 0; n < 9; ++n) pictures.push_back(picture_of(n));
  for (std::size_t n = 0; n < 8; ++n) CHECK_FALSE(line.send(pictures[n], origin::guest));
  line.settle(client);
  CHECK(client.kept() == 8);
  CHECK(line.kept.look_up(pictures[0], origin::guest)); // this update will show it
  CHECK_FALSE(line.send(pictures[8], origin::guest));
  CHECK(line.sent.back().evicted.size() == 1);
  CHECK(line.send_looked_up(pictures[0]));
  CHECK_FALSE(line.send(pictures[1], origin::guest)); // was the oldest that could go
  line.settle(client);
}

TEST_CASE_FIXTURE(kept_test, "another channel uses a picture when it has arrived, and not before") {
  test_line one{caches, 0, room_for_eight}, two{caches, 1, room_for_eight};
  const auto p = picture_of(1);
  CHECK_FALSE(one.send(p, origin::guest));
  CHECK_FALSE(two.send(p, origin::guest));
  CHECK(two.sent.back().what.flags == 0); // it is kept already, but the client may read this message first
  one.settle(client);
  two.settle(client);
  CHECK(two.send(p, origin::guest));
  two.settle(client);
}

TEST_CASE_FIXTURE(kept_test, "what another channel may still have to read is not thrown away") {
  test_line one{caches, 0, room_for_eight}, two{caches, 1, 1};
  const auto shared = picture_of(0);
  CHECK_FALSE(one.send(shared, origin::guest));
  one.settle(client);
  CHECK(two.send(shared, origin::guest)); // on its way
  two.end_update();
  std::vector<picture_ptr> more;
  for (std::uint64_t n = 1; n < 20; ++n) CHECK_FALSE(one.send(more.emplace_back(picture_of(n)), origin::guest));
  one.settle(client);
  two.settle(client);
  for (const auto& p : more) one.send(p, origin::guest);
  one.settle(client);
  CHECK_FALSE(two.send(shared, origin::guest)); // now it went
  two.settle(client);
}

TEST_CASE_FIXTURE(kept_test, "what a broken channel did not deliver is not counted on, what it did is") {
  const auto delivered = picture_of(1), lost = picture_of(2);
  test_line two{caches, 1, room_for_eight};
  {
    test_line one{caches, 0, room_for_eight};
    one.send(delivered, origin::guest);
    one.settle(client);
    one.send(lost, origin::guest);
    one.lose(client);
  }
  test_line again{caches, 0, room_for_eight};
  for (auto* line : {&again, &two}) {
    CHECK(line->send(delivered, origin::guest));
    CHECK(line->sent.back().what.flags == 0);
  }
  CHECK_FALSE(again.send(lost, origin::guest));
  again.settle(client);
  two.settle(client);
}

TEST_CASE_FIXTURE(kept_test, "when all channels have left nothing is counted on, and what was there makes room") {
  const auto p = picture_of(1);
  for (int time = 0; time < 20; ++time) {
    test_line line{caches, 0, room_for_eight};
    CHECK_FALSE(line.send(p, origin::guest));
    CHECK(line.sent.back().evicted.empty() == (time < 8));
    line.settle(client);
    CHECK(client.kept() <= 8);
    CHECK(line.send(p, origin::guest));
    line.settle(client);
  }
}

TEST_CASE_FIXTURE(kept_test,
                  "a picture drawn twice in one update travels once, unless its place in the GLZ window is taken") {
  for (const auto form : {image_form::lz, image_form::glz, image_form::zlib_glz}) {
    test_line line{caches, 0, room_for_eight};
    const auto p = picture_of(1);
    CHECK_FALSE(line.kept.look_up(p, origin::guest));
    CHECK_FALSE(line.kept.look_up(p, origin::guest));
    CHECK_FALSE(line.send_looked_up(p, form));
    CHECK(line.send_looked_up(p, form) == (form == image_form::lz));
    CHECK((line.sent.back().what.flags & display::image_flags::cache_me) == 0);
    line.end_update();
  }
}

TEST_CASE_FIXTURE(kept_test, "a client without a cache is never told to keep or to take anything") {
  for (const std::int64_t pixels : {std::int64_t{0}, std::int64_t{-5}}) {
    test_line line{caches, 0, pixels};
    const auto p = picture_of(1);
    for (int time = 0; time < 3; ++time) {
      CHECK_FALSE(line.send(p, origin::guest));
      CHECK(line.sent.back().what.flags == 0);
    }
  }
}

TEST_CASE("strips that were joined are not taken for the first of them") {
  std::shared_ptr<pixmap_caches> caches = std::make_shared<pixmap_caches>();
  test_line line{caches, 0, room_for_eight};
  const patch both{{0, 0, 32, 64}, {picture_of(1), picture_of(2)}};
  for (int time = 0; time < 3; ++time) {
    for (const auto& strip : both.strips) CHECK_FALSE(line.kept.look_up(strip, origin::guest));
    const auto images = join_strips(both, std::vector<encoded_form>{{image_form::raw, both.strips[0]->pixels, 0},
                                                                    {image_form::raw, both.strips[1]->pixels, 0}});
    REQUIRE(images.size() == 1);
    auto what = describe(images[0]);
    CHECK_FALSE(line.kept.use(what, images[0], 1).hit);
    CHECK(what.flags == 0);
    line.kept.finish();
  }
}

// Channels come and go, pictures are drawn again or not, the client reads and answers when it likes.
TEST_CASE("a client that reads its channels in any order always has what it is sent the id of") {
  for (std::uint32_t seed = 1; seed <= 10; ++seed) {
    std::mt19937 numbers{seed};
    std::shared_ptr<pixmap_caches> caches = std::make_shared<pixmap_caches>();
    tests::client_caches client;
    std::vector<picture_ptr> guests;
    for (std::uint32_t n = 0; n < 40; ++n) guests.push_back(picture_of(1000 + n, {16 + n % 20, 16 + n % 7}));
    std::vector<std::unique_ptr<test_line>> lines(4);
    const auto join = [&](std::size_t n) {
      lines[n] = std::make_unique<test_line>(caches, static_cast<std::uint8_t>(n), room_for_eight);
    };
    for (std::size_t n = 0; n < lines.size(); ++n) join(n);
    std::size_t hits = 0;
    for (int step = 0; step < 20'000; ++step) {
      const auto n = numbers() % lines.size();
      auto& line = *lines[n];
      switch (numbers() % 8) {
      case 0:
      case 1: { // an update: looked up together, then sent
        std::vector<picture_ptr> update;
        for (auto count = numbers() % 4; count != 0; --count) {
          const bool guest = numbers() % 2 == 0;
          // A few often, many seldom.
          const auto which = numbers() % (numbers() % 3 == 0 ? 40 : 6);
          update.push_back(guest ? guests[which] : picture_of(which));
          (void)line.kept.look_up(update.back(), guest ? origin::guest : origin::screen);
        }
        for (const auto& p : update)
          hits += line.send_looked_up(p, numbers() % 5 == 0 ? image_form::jpeg : image_form::lz) ? 1 : 0;
        line.end_update();
        break;
      }
      case 2: line.hear(); break;
      case 3:
        if (numbers() % 300 == 0) { // it breaks: what is on the way is lost
          line.lose(client);
          lines[n] = nullptr;
          join(n);
        }
        break;
      default: line.read(client);
      }
    }
    CHECK(hits > 1000);
    for (auto& line : lines) line->settle(client);
    CHECK(client.pixels() <= room_for_eight);
  }
}

} // namespace saffron::actors
