// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/port_compression.hpp"

#include <lz4.h>

namespace saffron::wire::port {

namespace {

// A byte of a block stands for at most 255 bytes; the addend covers the shortest blocks.
constexpr std::size_t most_expansion = 255;
constexpr std::size_t expansion_addend = 64;
// Type and size in front of packed data.
constexpr std::size_t head_size = 5;

const char* chars(const std::byte* bytes) { return reinterpret_cast<const char*>(bytes); }
char* chars(std::byte* bytes) { return reinterpret_cast<char*>(bytes); }

} // namespace

result<shared_bytes> decompress(const compressed_data& message, std::size_t limit) {
  const auto packed = message.data;
  const auto size = message.compression == compression_type::none ? packed.size() : message.uncompressed_size;
  if (size == 0) return fail{errc::codec_failed};
  if (size > limit || size > LZ4_MAX_INPUT_SIZE || packed.size() > LZ4_MAX_INPUT_SIZE)
    return fail{errc::message_too_large};
  if (message.compression == compression_type::none) return shared_bytes::copy_of(packed);
  if (size > most_expansion * packed.size() + expansion_addend) return fail{errc::codec_failed};
  auto [bytes, out] = shared_bytes::make(size);
  const auto unpacked =
      LZ4_decompress_safe(chars(packed.data()), chars(out), static_cast<int>(packed.size()), static_cast<int>(size));
  if (unpacked < 0 || static_cast<std::size_t>(unpacked) != size) return fail{errc::codec_failed};
  return bytes;
}

std::optional<shared_bytes> compress(std::span<const std::byte> bytes) {
  if (bytes.size() <= compression_threshold || bytes.size() > LZ4_MAX_INPUT_SIZE) return std::nullopt;
  const auto most = bytes.size() - head_size - 1;
  auto [block, out] = shared_bytes::make(most);
  const auto size =
      LZ4_compress_default(chars(bytes.data()), chars(out), static_cast<int>(bytes.size()), static_cast<int>(most));
  if (size <= 0) return std::nullopt;
  // Most of the room is empty; keeping it would hold it as long as the message waits.
  return shared_bytes::copy_of(block.view().first(static_cast<std::size_t>(size)));
}

} // namespace saffron::wire::port
