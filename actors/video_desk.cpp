// SPDX-License-Identifier: BSD-3-Clause
#include "actors/video_desk.hpp"

#include "actors/video_encoder.hpp"
#include "messages/actors.hpp"
#include "messages/image/video_codecs.hpp"
#include "transport/loop.hpp"

#include <algorithm>
#include <iterator>

namespace saffron::actors {

template <class Which>
void video_groups::leave_those(viewer_id viewer, Which which) {
  for (auto at = groups_.begin(); at != groups_.end();) {
    const bool left = which(at->first) && at->second.viewers.erase(viewer) != 0;
    at = left && at->second.viewers.empty() ? groups_.erase(at) : std::next(at);
  }
}

const video_encoder_actor& video_groups::join(const encode_video& wish) {
  const group_key wanted{wish.console, wish.frame.of.id, wish.coding};
  auto& found = groups_[wanted];
  if (found.viewers.insert(wish.viewer).second)
    leave_those(wish.viewer, [&](const group_key& other) {
      return other.console == wanted.console && other.video == wanted.video && other != wanted;
    });
  if (found.encoder == nullptr) found.encoder = make_();
  return found.encoder;
}

void video_groups::leave(viewer_id viewer, std::uint8_t console, std::uint32_t video) {
  leave_those(viewer, [&](const group_key& key) { return key.console == console && key.video == video; });
}

void video_groups::leave_all(viewer_id viewer) {
  leave_those(viewer, [](const group_key&) { return true; });
}

namespace {

class video_desk final : public video_desk_actor::base {
public:
  video_desk(caf::actor_config& config, video_makings makings)
      : video_desk_actor::base(config),
        groups_([this, makings = std::move(makings)] { return make_video_encoder(system(), makings); }) {
    set_default_handler(caf::drop);
    set_exception_handler([](std::exception_ptr& e) { return transport::log_exception("video desk", e); });
  }
  const char* name() const override { return "video_desk"; }
  void on_exit() override { groups_.clear(); }

protected:
  behavior_type make_behavior() override {
    return {
        [this](encode_video& wish) {
          const auto& encoder = groups_.join(wish);
          caf::anon_send(encoder, std::move(wish));
        },
        [this](const leave_video& m) { groups_.leave(m.viewer, m.console, m.video); },
        [this](detach_viewer m) { groups_.leave_all(m.viewer); },
    };
  }

private:
  video_groups groups_;
};

} // namespace

std::vector<wire::display::video_codec> codecs_of(const video_makings& makings) {
  std::vector<wire::display::video_codec> codecs;
  if (!makings.codecs) return codecs;
  for (const auto& encoder : makings.codecs->encoders())
    if (std::find(codecs.begin(), codecs.end(), encoder.codec) == codecs.end()) codecs.push_back(encoder.codec);
  return codecs;
}

video_desk_actor make_video_desk(caf::actor_system& system, video_makings makings) {
  return system.spawn<video_desk>(std::move(makings));
}

} // namespace saffron::actors
