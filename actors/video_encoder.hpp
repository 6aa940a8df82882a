// SPDX-License-Identifier: BSD-3-Clause
// The actor around one video's encoder in one coding. It runs on CAF's scheduler, as strips' encoders do.
#pragma once

#include "actors/video_desk.hpp"

namespace saffron::actors {

[[nodiscard]] video_encoder_actor make_video_encoder(caf::actor_system& system, const video_makings& makings);

} // namespace saffron::actors
