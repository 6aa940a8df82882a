// SPDX-License-Identifier: BSD-3-Clause
// What a client says that it can, when it links a channel.
#pragma once

#include "bench/load/options.hpp"
#include "messages/wire/link.hpp"

namespace saffron::load {

/// Videos come only in the codecs of --videos: without it, pictures come as images.
[[nodiscard]] wire::capability_set capabilities_of(wire::channel_type type, const options& o);

} // namespace saffron::load
