// SPDX-License-Identifier: BSD-3-Clause
// The GLZ dictionaries of one client, by the numbers that its display channels named. Every image has a number of its
// own there, which the client counts on: an image that was promised and does not come leaves a gap that the client
// never gets over. So when a display channel ends, nothing more is promised, and pictures travel as LZ.
#pragma once

#include "messages/actors.hpp"
#include "transport/loop.hpp"

#include <memory>
#include <vector>

namespace saffron::actors {

struct glz_dictionary_setup {
  /// It ends with its client.
  client_actor client;
  std::vector<encoder_actor> encoders;
  /// Of the VM; one is made if there is none.
  std::shared_ptr<image::glz::index> seen;
};

/// Lives on the loop of its client.
[[nodiscard]] glz_dictionary_actor make_glz_dictionary(caf::actor_system& system, transport::loop& home,
                                                       glz_dictionary_setup setup);

} // namespace saffron::actors
