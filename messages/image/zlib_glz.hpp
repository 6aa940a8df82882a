// SPDX-License-Identifier: BSD-3-Clause
// SPICE's ZLIB_GLZ images: the data of a GLZ image as one zlib stream, for slow networks. The header is each client's
// own and stays as it is; what follows it is deflated once for all clients. Source of the stream's parts: RFC 1950,
// 1951.
#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/image/glz_shared.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace saffron::image {

/// A GLZ image's payload in zlib, or nothing when the image should travel as it is: it is small, or would not become
/// smaller.
[[nodiscard]] std::optional<glz_deflated> glz_deflate(std::span<const std::byte> payload);

/// What makes a stream of a deflated payload: bytes before it, the image's header among them, and behind it.
struct zlib_glz_ends {
  shared_bytes head, tail;
};
/// `header` and the `payload_size` bytes that were deflated are the image.
[[nodiscard]] zlib_glz_ends zlib_glz_around(const glz_deflated& deflated, std::span<const std::byte> header,
                                            std::size_t payload_size);

/// The GLZ data, of exactly `glz_size` bytes. errc::codec_failed when the stream has more or less, is followed by
/// anything, or has more than `most_bytes`. Takes no memory that a stream of this size could not fill.
[[nodiscard]] result<shared_bytes> zlib_glz_unwrap(std::span<const std::byte> data, std::uint32_t glz_size,
                                                   std::size_t most_bytes);

} // namespace saffron::image
