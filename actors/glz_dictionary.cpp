// SPDX-License-Identifier: BSD-3-Clause
#include "actors/glz_dictionary.hpp"

#include "actors/glz_windows.hpp"

#include <map>
#include <utility>

namespace saffron::actors {

namespace {

class glz_dictionary final : public transport::pinned_actor<glz_dictionary_actor> {
public:
  glz_dictionary(caf::actor_config& config, transport::loop& home, glz_dictionary_setup setup)
      : pinned_actor(config, home), client_(setup.client.address()), encoders_(std::move(setup.encoders)),
        windows_(std::move(setup.seen)) {
    monitor(setup.client);
    set_down_handler([this](const caf::down_msg& down) {
      if (down.source == client_) return quit();
      if (const auto display = displays_.extract(down.source)) windows_.left(display.mapped());
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
        [this](const join_dictionary& j) {
          windows_.join(j.viewer, j.dictionary, j.window_pixels);
          displays_[j.display.address()] = j.viewer;
          monitor(j.display);
        },
        [this](encode& e) { pass_on(std::move(e)); },
    };
  }

private:
  void pass_on(encode e) {
    if (auto job = windows_.promise(e.viewer, *e.picture))
      e.glz = std::make_shared<const image::glz_job>(std::move(*job));
    else
      e.form = image_form::lz;
    const auto& encoder = encoders_[e.picture->id % encoders_.size()];
    caf::anon_send(encoder, std::move(e));
  }

  caf::actor_addr client_;
  std::vector<encoder_actor> encoders_;
  std::map<caf::actor_addr, viewer_id> displays_;
  glz_windows windows_;
};

} // namespace

glz_dictionary_actor make_glz_dictionary(caf::actor_system& system, transport::loop& home, glz_dictionary_setup setup) {
  return system.spawn<glz_dictionary>(home, std::move(setup));
}

} // namespace saffron::actors
