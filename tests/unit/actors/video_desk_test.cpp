// SPDX-License-Identifier: BSD-3-Clause
#include "actors/video_desk.hpp"
#include "messages/actors.hpp"
#include "messages/image/jpeg.hpp"
#include "messages/image/video_codecs.hpp"
#include "tests/unit/virtual_world.hpp"

#include <doctest/doctest.h>

namespace saffron::actors {
namespace {

using wire::display::video_codec;

class video_viewer final : public transport::pinned_actor<display_client_actor> {
public:
  video_viewer(caf::actor_config& config, transport::loop& home, std::vector<encoded_video>& into)
      : pinned_actor(config, home), into_(into) {}

protected:
  behavior_type make_behavior() override {
    return {
        [](display_update&) {}, [](encoded&) {},   [this](encoded_video& e) { into_.push_back(std::move(e)); },
        [](mend_due) {},        [](disconnect) {}, [](status_query) { return channel_status{}; },
    };
  }

private:
  std::vector<encoded_video>& into_;
};

picture_ptr photo(std::int32_t width, std::int32_t height) {
  auto p = std::make_shared<picture>();
  p->id = next_picture_id();
  p->area = {0, 0, width, height};
  std::vector<std::byte> pixels;
  for (std::int32_t y = 0; y < height; ++y)
    for (std::int32_t x = 0; x < width * 4; ++x) pixels.push_back(static_cast<std::byte>(x / 4 + y));
  p->pixels = shared_bytes::copy_of(pixels);
  return p;
}

struct desk_world : tests::virtual_world {
  encode_video wish(viewer_id viewer, const picture_ptr& shown, video_coding coding, std::uint64_t last = 0) {
    return {viewer, 0, {{1, shown->area}, shown}, coding, last, 9, 4, client};
  }

  counters counted;
  std::vector<encoded_video> got;
  display_client_actor client = spawn<video_viewer>(loop, got);
  video_desk_actor desk = make_video_desk(
      system, {std::make_shared<const image::video_codecs>(image::video_codecs::load({"/nowhere", {}})), 1, &counted});
  video_coding mjpeg{video_codec::mjpeg, 1'000'000};
};

} // namespace

TEST_CASE_FIXTURE(desk_world, "viewers of one video in one coding share each frame, others have theirs") {
  track(desk);
  const auto shown = photo(64, 48);
  tell(desk, wish(1, shown, mjpeg));
  tell(desk, wish(2, shown, mjpeg));
  tell(desk, wish(3, shown, {video_codec::mjpeg, 250'000}));
  REQUIRE(got.size() == 3);
  CHECK(got[0].update == 9);
  CHECK(got[0].number == 4);
  REQUIRE(got[0].frames.size() == 1);
  CHECK(image::jpeg_decode(got[0].frames[0].data.view(), 1 << 20).has_value());
  CHECK(got[1].frames.at(0).data.data() == got[0].frames[0].data.data());
  CHECK(got[2].frames.at(0).data.data() != got[0].frames[0].data.data());
  CHECK(counted.video_frames_encoded.value() == 2);
}

TEST_CASE_FIXTURE(desk_world, "what cannot be encoded here is said, not waited for") {
  track(desk);
  tell(desk, wish(1, photo(64, 48), {video_codec::vp8, 1'000'000})); // its module is not there
  REQUIRE(got.size() == 1);
  CHECK(got[0].failed);
  CHECK(got[0].frames.empty());
}

TEST_CASE_FIXTURE(desk_world, "an encoder goes with the last of its viewers, and who changes the coding leaves it") {
  track(desk);
  std::size_t made = 0;
  video_groups groups{[&] {
    ++made;
    return video_encoder_actor{};
  }};
  const auto shown = photo(8, 8);
  (void)groups.join(wish(1, shown, mjpeg));
  (void)groups.join(wish(2, shown, mjpeg));
  CHECK(groups.size() == 1);
  (void)groups.join(wish(1, shown, {video_codec::mjpeg, 250'000}));
  CHECK(groups.size() == 2);
  (void)groups.join(wish(2, shown, {video_codec::mjpeg, 250'000}));
  CHECK(groups.size() == 1);
  groups.leave(1, 0, 2); // another video
  groups.leave(1, 1, 1); // another console
  groups.leave(2, 0, 1);
  CHECK(groups.size() == 1);
  groups.leave_all(1);
  CHECK(groups.size() == 0);
}

TEST_CASE_FIXTURE(desk_world, "wishes that waited together all get the newest of their pictures, encoded once") {
  track(desk);
  std::vector<picture_ptr> shown{photo(64, 48), photo(64, 48), photo(64, 48)};
  for (viewer_id viewer = 0; viewer < 3; ++viewer) caf::anon_send(desk, wish(viewer, shown[viewer], mjpeg));
  settle();
  REQUIRE(got.size() == 3);
  CHECK(counted.video_frames_encoded.value() == 1);
  CHECK(counted.video_frames_shared.value() == 2);
  for (const auto& reply : got) {
    REQUIRE(reply.frames.size() == 1);
    CHECK(reply.frames.front().data.data() == got.front().frames.front().data.data());
  }
  // Who has that frame waits for the next picture, and is told so.
  tell(desk, wish(0, shown[0], mjpeg, 1));
  REQUIRE(got.size() == 4);
  CHECK(got.back().frames.empty());
  CHECK(counted.video_frames_encoded.value() == 1);
}

} // namespace saffron::actors
