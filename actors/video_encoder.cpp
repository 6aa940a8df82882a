// SPDX-License-Identifier: BSD-3-Clause
#include "actors/video_encoder.hpp"

#include "actors/video_track.hpp"
#include "messages/actors.hpp"
#include "messages/image/reduce.hpp"
#include "messages/image/video_codecs.hpp"
#include "messages/log.hpp"
#include "transport/loop.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace saffron::actors {

namespace {

/// Until the pace is known.
constexpr std::uint32_t usual_frames_per_second = 30;

using serving_encoder_actor = video_encoder_actor::extend<detail::signature<void(tick)>::type>;

class video_encoder final : public serving_encoder_actor::base {
public:
  video_encoder(caf::actor_config& config, video_makings makings)
      : serving_encoder_actor::base(config), makings_(std::move(makings)) {
    set_default_handler(caf::drop);
    set_exception_handler([](std::exception_ptr& e) { return transport::log_exception("video encoder", e); });
  }
  const char* name() const override { return "video_encoder"; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](encode_video& wish) {
          if (waiting_.empty()) caf::anon_send(serving_encoder_actor{this}, tick{});
          waiting_.push_back(std::move(wish));
        },
        [this](tick) { serve_waiting(); },
    };
  }

private:
  // The tick stands behind all wishes that came while a frame was encoded. The newest of their pictures is for all of
  // them: one by one, each would have its own, older one encoded, and the more viewers, the further behind they were.
  void serve_waiting() {
    auto wishes = std::exchange(waiting_, {});
    std::stable_sort(wishes.begin(), wishes.end(), [](const encode_video& a, const encode_video& b) {
      return a.frame.shown->id > b.frame.shown->id;
    });
    for (const auto& wish : wishes) {
      auto reply = transport::attempt(name(), [&] { return serve(wish); });
      if (!reply) give_up("the encoder failed");
      caf::anon_send(wish.reply_to, reply ? std::move(*reply) : encoded_video{wish.update, wish.number, {}, true});
    }
  }

  encoded_video serve(const encode_video& wish) {
    encoded_video reply{wish.update, wish.number, {}, false};
    if (!track_ && !failed_) begin(wish);
    if (track_) {
      if (auto frames = track_->serve(*wish.frame.shown, wish.last, clock().now()))
        reply.frames = std::move(*frames);
      else
        give_up("the encoder failed");
    }
    reply.failed = failed_;
    return reply;
  }

  void begin(const encode_video& wish) {
    const auto& area = wish.frame.of.area;
    const auto factor = wish.coding.reduction;
    const extent size{image::reduced(static_cast<std::uint32_t>(area.width()), factor),
                      image::reduced(static_cast<std::uint32_t>(area.height()), factor)};
    auto made = makings_.codecs->create(
        {wish.coding.codec, size, usual_frames_per_second, wish.coding.bits_per_second, makings_.threads});
    if (!made) return give_up(made.error());
    log::debug("video {} of console {} is encoded by {}, {} kbit/s", wish.frame.of.id, wish.console, (*made)->name(),
               wish.coding.bits_per_second / 1000);
    track_.emplace(std::move(*made), factor, *makings_.counted);
  }

  void give_up(std::string_view why) {
    failed_ = true;
    track_.reset();
    log::warning("a video is not encoded: {}", why);
  }

  video_makings makings_;
  std::optional<video_track> track_;
  std::vector<encode_video> waiting_;
  bool failed_ = false;
};

} // namespace

video_encoder_actor make_video_encoder(caf::actor_system& system, const video_makings& makings) {
  return system.spawn<video_encoder>(makings);
}

} // namespace saffron::actors
