// SPDX-License-Identifier: BSD-3-Clause
#include "actors/glz_dictionary.hpp"

#include "actors/glz_images.hpp"
#include "messages/image/glz_window.hpp"

#include <map>
#include <utility>

namespace saffron::actors {

namespace {

class glz_dictionary final : public transport::pinned_actor<glz_dictionary_actor> {
public:
  glz_dictionary(caf::actor_config& config, transport::loop& home, glz_dictionary_setup setup)
      : pinned_actor(config, home), client_(setup.client.address()), encoders_(std::move(setup.encoders)),
        seen_(std::move(setup.seen)) {
    monitor(setup.client);
    set_down_handler([this](const caf::down_msg& down) {
      if (down.source == client_) return quit();
      channel_over(down.source);
    });
  }
  const char* name() const override { return "glz_dictionary"; }
  void on_exit() override {
    windows_.clear();
    encoders_.clear();
  }

protected:
  behavior_type make_behavior() override {
    return {
        [this](const join_dictionary& j) { join(j); },
        [this](const encode& e) { promise(e); },
    };
  }

private:
  struct member {
    caf::actor_addr display;
    std::uint8_t dictionary = 0, channel = 0;
  };

  void join(const join_dictionary& j) {
    windows_.try_emplace(j.dictionary, j.window_pixels, seen_);
    members_[j.viewer] = {j.display.address(), j.dictionary, ++channels_};
    monitor(j.display);
  }

  void promise(encode e) {
    if (const auto found = members_.find(e.viewer); found != members_.end()) {
      auto job = windows_.at(found->second.dictionary).allot(for_window(*e.picture, found->second.channel));
      if (job) e.glz = std::make_shared<const image::glz_job>(std::move(*job));
    }
    if (!e.glz) e.form = image_form::lz;
    const auto& encoder = encoders_[e.picture->id % encoders_.size()];
    caf::anon_send(encoder, std::move(e));
  }

  // Images that were promised on it may not have left.
  void channel_over(const caf::actor_addr& display) {
    for (auto i = members_.begin(); i != members_.end();) {
      if (i->second.display != display) {
        ++i;
        continue;
      }
      windows_.at(i->second.dictionary).freeze();
      i = members_.erase(i);
    }
  }

  caf::actor_addr client_;
  std::vector<encoder_actor> encoders_;
  std::shared_ptr<image::glz::index> seen_;
  std::map<std::uint8_t, image::glz_window> windows_;
  std::map<viewer_id, member> members_;
  std::uint8_t channels_ = 0;
};

} // namespace

glz_dictionary_actor make_glz_dictionary(caf::actor_system& system, transport::loop& home, glz_dictionary_setup setup) {
  return system.spawn<glz_dictionary>(home, std::move(setup));
}

} // namespace saffron::actors
