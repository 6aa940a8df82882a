// SPDX-License-Identifier: BSD-3-Clause
#include "actors/door.hpp"

#include "messages/defaults.hpp"

namespace saffron::actors {

namespace {

class door final : public transport::pinned_actor<door_actor> {
public:
  door(caf::actor_config& config, transport::loop& home, registry_actor registry)
      : pinned_actor(config, home), registry_(std::move(registry)) {}
  const char* name() const override { return "door"; }
  void on_exit() override { registry_ = nullptr; }

protected:
  behavior_type make_behavior() override {
    return {
        [this](knock& k) {
          request(registry_, defaults::request_timeout, std::move(k.question))
              .then([answer = k.answer](link_verdict& v) { answer(std::move(v)); },
                    [answer = k.answer](const caf::error&) {
                      answer({errc::actor_failed, 0, {}, 0});
                    });
        },
        [this](shut_down) { quit(); },
    };
  }

private:
  registry_actor registry_;
};

} // namespace

door_actor make_door(caf::actor_system& system, transport::loop& home, registry_actor registry) {
  return system.spawn<door>(home, std::move(registry));
}

void door_gate::authorize(saffron::authorize question, std::function<void(link_verdict)> answer) {
  caf::anon_send(door_, knock{std::move(question), std::move(answer)});
}

} // namespace saffron::actors
