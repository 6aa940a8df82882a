// SPDX-License-Identifier: BSD-3-Clause
// QUIC's encoder with a choice of how: tests compare what comes of it.
#pragma once

#include "messages/image/quic.hpp"
#include "messages/image/quic_rows.hpp"

namespace saffron::image::quic {

/// As quic_encode(), which takes best_rows().
[[nodiscard]] result<shared_bytes> encode(const bitmap_view& source, const row_kernels& kernels);

} // namespace saffron::image::quic
