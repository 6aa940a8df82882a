// SPDX-License-Identifier: BSD-3-Clause
// SPICE's GLZ images: LZ whose matches may lie in earlier images that the client still holds. Source of the format:
// what SPICE clients decode.
#pragma once

#include "messages/bytes.hpp"
#include "messages/image/glz_window.hpp"

namespace saffron::image {

/// What the data of a GLZ_RGB image begins with: one client's own.
[[nodiscard]] shared_bytes glz_header(const glz_job& job);

/// The rest of the data, for every client that has the same history. Any thread may encode, and several at the same
/// time jobs of one window: they read pixels that nobody changes, also those of images that are still being encoded,
/// and share an index that has only hints.
[[nodiscard]] shared_bytes glz_payload(const glz_job& job);

} // namespace saffron::image
