// SPDX-License-Identifier: BSD-3-Clause
// SPICE's ZLIB_GLZ images: the data of a GLZ image as one zlib stream, for slow networks.
#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace saffron::image {

/// The zlib stream, or nothing when the GLZ image should travel as it is: it is small, or would not become smaller.
[[nodiscard]] std::optional<shared_bytes> zlib_glz_wrap(std::span<const std::byte> glz);

/// The GLZ data, of exactly `glz_size` bytes. errc::codec_failed when the stream has more or less, is followed by
/// anything, or has more than `most_bytes`. Takes no memory that a stream of this size could not fill.
[[nodiscard]] result<shared_bytes> zlib_glz_unwrap(std::span<const std::byte> data, std::uint32_t glz_size,
                                                   std::size_t most_bytes);

} // namespace saffron::image
