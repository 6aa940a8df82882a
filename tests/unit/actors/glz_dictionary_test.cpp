// SPDX-License-Identifier: BSD-3-Clause
// Dictionaries of clients that the test plays, with real encoders: who shares what, and what the clients decode.
#include "actors/encoder.hpp"
#include "actors/glz_dictionary.hpp"
#include "messages/image/glz_decode.hpp"
#include "messages/image/glz_window.hpp"
#include "messages/image/zlib_glz.hpp"
#include "tests/unit/virtual_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>

namespace saffron::actors {
namespace {

constexpr std::uint32_t ample = 1u << 20;

picture_ptr strip(std::uint64_t id, unsigned seed = 0, std::int32_t left = 0) {
  auto p = std::make_shared<picture>();
  p->id = id;
  p->area = {left, 0, left + 40, 20};
  std::mt19937 random{seed != 0 ? seed : static_cast<unsigned>(id)};
  std::vector<std::byte> pixels(40 * 20 * 4);
  for (auto& b : pixels) b = random() % 4 == 0 ? std::byte{0xe0} : std::byte{0x20};
  p->pixels = shared_bytes::copy_of(pixels);
  return p;
}

/// A display channel's end of the conversation.
class noting_display final : public transport::pinned_actor<display_client_actor> {
public:
  noting_display(caf::actor_config& config, transport::loop& home, std::vector<encoded>& into)
      : pinned_actor(config, home), into_(into) {}

protected:
  behavior_type make_behavior() override {
    return {
        [](display_update&) {}, [this](encoded& e) { into_.push_back(std::move(e)); }, [](encoded_video&) {},
        [](mend_due) {},        [](status_query) { return channel_status{}; },         [this](disconnect) { quit(); },
    };
  }

private:
  std::vector<encoded>& into_;
};

class idle_client final : public transport::pinned_actor<client_actor> {
public:
  using pinned_actor::pinned_actor;

protected:
  behavior_type make_behavior() override {
    return {
        [](linked&) {},
        [](mouse_mode_request) {},
        [](bandwidth_measured) {},
        [](const channel_ended&) {},
        [](const notify&) {},
        [](const vm_changed&) {},
        [](status_query) { return client_status{}; },
        [this](disconnect) { quit(); },
    };
  }
};

std::vector<std::byte> joined(const encoded_form& made) {
  std::vector<std::byte> all;
  for (const auto& piece : {made.head, made.data, made.tail})
    all.insert(all.end(), piece.view().begin(), piece.view().end());
  return all;
}

struct dictionary_test : tests::virtual_world {
  /// A connected user with one display channel or more.
  struct user {
    client_actor client;
    glz_dictionary_actor dictionary;
    std::vector<display_client_actor> displays;
    std::array<std::vector<encoded>, 2> got;
    image::glz_client_window window{2 * ample};
  };

  dictionary_test() : encoders(make_encoders(system, 2, counted)) {
    for (const auto& e : encoders) track(e);
  }
  std::unique_ptr<user> connect(std::uint32_t window_pixels = ample, std::size_t displays = 1) {
    auto made = std::make_unique<user>();
    made->client = spawn<idle_client>(loop);
    made->dictionary = track(make_glz_dictionary(system, loop, {made->client, encoders, nullptr}));
    for (std::size_t i = 0; i < displays; ++i) {
      made->displays.push_back(spawn<noting_display>(loop, made->got[i]));
      tell(made->dictionary, join_dictionary{viewer_id{i + 1}, 1, window_pixels, made->displays[i]});
    }
    return made;
  }
  /// The picture in the form in which it comes to this user; raw when nothing came.
  encoded_form send(user& to, const picture_ptr& p, std::size_t display = 0, image_form form = image_form::glz) {
    to.got[display].clear();
    tell(to.dictionary, encode{viewer_id{display + 1}, p, form, 1, 0, to.displays[display]});
    return to.got[display].size() == 1 ? to.got[display][0].made.value() : encoded_form{};
  }
  /// The client draws what was encoded for it: true when it shows the picture.
  static bool shows(user& who, const encoded_form& made, const picture& p) {
    auto data = joined(made);
    if (made.form == image_form::zlib_glz) {
      const auto glz = image::zlib_glz_unwrap(data, static_cast<std::uint32_t>(made.glz_size), ample);
      if (!glz) return false;
      data.assign(glz->view().begin(), glz->view().end());
    }
    const auto drawn = who.window.decode(data);
    if (!drawn) return false;
    const auto& pixels = (*drawn)->pixels;
    for (std::size_t i = 0; i < pixels.size(); ++i)
      if (i % 4 != 3 && pixels[i] != p.pixels.data()[i]) return false;
    return pixels.size() == p.pixels.size();
  }

  counters counted;
  std::vector<encoder_actor> encoders;
};

} // namespace

TEST_CASE_FIXTURE(dictionary_test, "clients in step share each GLZ encoding") {
  const auto one = connect(), other = connect();
  for (std::uint64_t id = 1; id <= 10; ++id) {
    const auto p = strip(id, id % 2 == 0 ? 7 : 0);
    const auto made = send(*one, p), other_made = send(*other, p);
    CHECK(made.form == image_form::glz);
    CHECK(made.data.data() == other_made.data.data());
    CHECK(shows(*one, made, *p));
    CHECK(shows(*other, other_made, *p));
  }
  CHECK(counted.images_encoded.value() == 10);
  CHECK(counted.images_shared.value() == 10);
}

TEST_CASE_FIXTURE(dictionary_test, "clients that were out of step share again after a milestone") {
  const auto one = connect(), other = connect();
  const auto missed = strip(1);
  CHECK(shows(*one, send(*one, missed), *missed));
  const auto encoded_for = [&](std::uint64_t id) {
    const auto before = counted.images_encoded.value();
    const auto p = strip(id, 5);
    const auto made = send(*one, p), other_made = send(*other, p);
    CHECK(shows(*one, made, *p));
    CHECK(shows(*other, other_made, *p));
    CHECK(joined(made) != joined(other_made)); // the ids differ for ever
    return counted.images_encoded.value() - before;
  };
  CHECK(encoded_for(2) == 2);
  CHECK(encoded_for(3) == 2);
  CHECK(encoded_for(image::glz_milestone) == 1);
  CHECK(encoded_for(image::glz_milestone + 4) == 1);
}

TEST_CASE_FIXTURE(dictionary_test, "a picture keeps what was encoded for the last few histories only") {
  const auto p = strip(100);
  std::vector<std::unique_ptr<user>> users;
  for (std::uint64_t i = 1; i <= 6; ++i) {
    users.push_back(connect());
    const auto own = strip(i);
    CHECK(shows(*users.back(), send(*users.back(), own), *own));
    CHECK(shows(*users.back(), send(*users.back(), p), *p));
  }
  CHECK(p->glz.size() == 4);
}

TEST_CASE_FIXTURE(dictionary_test, "heads of one client share the ids of one window") {
  const auto one = connect(ample, 2);
  const auto left = strip(1), right = strip(2, 0, 40), left_again = strip(3, 1);
  const auto a = send(*one, left, 0), b = send(*one, right, 1), c = send(*one, left_again, 0);
  // In whatever order the channels bring them.
  CHECK(shows(*one, b, *right));
  CHECK(shows(*one, a, *left));
  CHECK(shows(*one, c, *left_again));
  CHECK(one->window.held_images() == 3);
  CHECK(c.data.size() < a.data.size() / 4); // the same picture as before
}

TEST_CASE_FIXTURE(dictionary_test, "after a display channel has ended its dictionary is frozen") {
  const auto one = connect(ample, 2);
  const auto p = strip(1), later = strip(2);
  CHECK(send(*one, p, 0).form == image_form::glz); // who knows whether it has left
  tell(one->displays[0], disconnect{});
  const auto made = send(*one, later, 1);
  CHECK(made.form == image_form::lz);
  CHECK(made.head.empty());
}

TEST_CASE_FIXTURE(dictionary_test, "what a window cannot take is LZ, as is what nobody joined for") {
  const auto small = connect(40 * 20);
  CHECK(send(*small, strip(1)).form == image_form::lz);
  const auto one = connect();
  one->got[0].clear();
  tell(one->dictionary, encode{77, strip(2), image_form::zlib_glz, 5, 9, one->displays[0]});
  REQUIRE(one->got[0].size() == 1);
  CHECK(one->got[0][0].made.value().form == image_form::lz);
  CHECK(one->got[0][0].update == 5);
  CHECK(one->got[0][0].strip == 9);
}

TEST_CASE_FIXTURE(dictionary_test, "the first channel of a dictionary says how large it is, others may have another") {
  const auto one = connect(40 * 20);
  std::vector<encoded> got;
  const display_client_actor second = spawn<noting_display>(loop, got), third = spawn<noting_display>(loop, got);
  tell(one->dictionary, join_dictionary{8, 1, ample, second});
  tell(one->dictionary, join_dictionary{9, 2, ample, third});
  const auto p = strip(1);
  tell(one->dictionary, encode{8, p, image_form::glz, 1, 0, second});
  tell(one->dictionary, encode{9, p, image_form::glz, 2, 0, third});
  REQUIRE(got.size() == 2);
  for (const auto& e : got) CHECK(e.made.value().form == (e.update == 1 ? image_form::lz : image_form::glz));
}

TEST_CASE_FIXTURE(dictionary_test, "GLZ in zlib is deflated once for all, and each client's stream is whole") {
  const auto one = connect(), other = connect();
  const auto own = strip(1);
  CHECK(shows(*one, send(*one, own), *own));
  const auto first = strip(image::glz_milestone);
  const auto made = send(*one, first, 0, image_form::zlib_glz),
             other_made = send(*other, first, 0, image_form::zlib_glz);
  REQUIRE(made.form == image_form::zlib_glz);
  CHECK(made.data.data() == other_made.data.data());
  CHECK(joined(made) != joined(other_made));
  CHECK(joined(made).size() < made.glz_size);
  CHECK(shows(*one, made, *first));
  CHECK(shows(*other, other_made, *first));
  // What is small already stays as it is.
  const auto same = strip(image::glz_milestone + 1, static_cast<unsigned>(image::glz_milestone));
  const auto small = send(*one, same, 0, image_form::zlib_glz);
  CHECK(small.form == image_form::glz);
  CHECK(shows(*one, small, *same));
}

TEST_CASE_FIXTURE(dictionary_test, "a dictionary ends with its client") {
  const auto one = connect();
  tell(one->client, disconnect{});
  CHECK(send(*one, strip(1)).data.empty());
}

} // namespace saffron::actors
