// SPDX-License-Identifier: BSD-3-Clause
// The link stage's way to the registry.
#pragma once

#include "messages/actors.hpp"
#include "transport/link.hpp"

#include <functional>

namespace saffron::actors {

/// A link's question and where its answer goes.
struct knock {
  authorize question;
  std::function<void(link_verdict)> answer;
};

/// Carries questions of links to the registry, and an answer back in any case.
using door_actor = actor_handle<
    // A link wants in.
    void(knock),
    // End.
    void(shut_down)>;

door_actor make_door(caf::actor_system& system, transport::loop& home, registry_actor registry);

/// The door as transport/ sees it.
class door_gate final : public transport::gate {
public:
  explicit door_gate(door_actor door) : door_(std::move(door)) {}
  void authorize(saffron::authorize question, std::function<void(link_verdict)> answer) override;

private:
  door_actor door_;
};

} // namespace saffron::actors

CAF_BEGIN_TYPE_ID_BLOCK(saffron_door, caf::first_custom_type_id + 200)
CAF_ADD_TYPE_ID(saffron_door, (saffron::actors::knock))
CAF_END_TYPE_ID_BLOCK(saffron_door)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(saffron::actors::knock)
