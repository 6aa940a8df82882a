// SPDX-License-Identifier: BSD-3-Clause
#include "actors/video_encoder.hpp"

#include "actors/video_track.hpp"
#include "messages/actors.hpp"
#include "messages/image/reduce.hpp"
#include "messages/image/video_codecs.hpp"
#include "messages/log.hpp"
#include "transport/loop.hpp"

#include <optional>

namespace saffron::actors {

namespace {

/// Until the pace is known.
constexpr std::uint32_t usual_frames_per_second = 30;

class video_encoder final : public video_encoder_actor::base {
public:
  video_encoder(caf::actor_config& config, video_makings makings)
      : video_encoder_actor::base(config), makings_(std::move(makings)) {
    set_default_handler(caf::drop);
    set_exception_handler([](std::exception_ptr& e) { return transport::log_exception("video encoder", e); });
  }
  const char* name() const override { return "video_encoder"; }

protected:
  behavior_type make_behavior() override {
    return {[this](const encode_video& wish) { caf::anon_send(wish.reply_to, serve(wish)); }};
  }

private:
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
  bool failed_ = false;
};

} // namespace

video_encoder_actor make_video_encoder(caf::actor_system& system, const video_makings& makings) {
  return system.spawn<video_encoder>(makings);
}

} // namespace saffron::actors
