// SPDX-License-Identifier: BSD-3-Clause
// Packs and unpacks the bytes of port, WebDAV and USB channels. To unpack a message of a client:
//   auto bytes = decompress(message, defaults::port_message_limit);
// A claimed size takes no memory before it is known to be possible: LZ4 turns a byte into at most 255.
#pragma once

#include "messages/bytes.hpp"
#include "messages/wire/port.hpp"

#include <optional>

namespace saffron::wire::port {

/// Smaller data is not worth packing (the reference's number).
inline constexpr std::size_t compression_threshold = 1000;

/// What the message's data are, in memory of their own; never empty. errc::message_too_large when they would be more
/// than `limit` bytes; errc::codec_failed when the claimed size is 0, impossible, or not what the data unpack to.
[[nodiscard]] result<shared_bytes> decompress(const compressed_data& message, std::size_t limit);

/// One LZ4 block for a compressed_data, or nothing when `bytes` are not more than compression_threshold or the message
/// would not be smaller than a plain one.
[[nodiscard]] std::optional<shared_bytes> compress(std::span<const std::byte> bytes);

} // namespace saffron::wire::port
