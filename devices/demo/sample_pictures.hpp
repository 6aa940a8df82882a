// SPDX-License-Identifier: BSD-3-Clause
// Three kinds of picture that a display shows, drawn from arithmetic alone, so that everybody measures the same pixels:
// a desktop of text windows, a photo, and noise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace saffron::devices {

enum class sample_kind : std::uint8_t { desktop, photo, noise };

/// Rows of `width * 4` bytes, B G R 0, top row first.
[[nodiscard]] std::vector<std::byte> sample_picture(sample_kind kind, int width, int height);

} // namespace saffron::devices
