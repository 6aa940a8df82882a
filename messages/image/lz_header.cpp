// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/lz_header.hpp"

#include <array>

namespace saffron::image::lz {

namespace {

// "  ZL", version 1.1.
constexpr std::uint32_t magic = 0x20205a4c, version = 0x00010001;

using words = std::array<std::uint32_t, header_bytes / 4>;

} // namespace

void write_header(std::byte* out, const header& h) noexcept {
  const words fields{magic,
                     version,
                     static_cast<std::uint32_t>(h.type),
                     h.width,
                     h.height,
                     static_cast<std::uint32_t>(h.stride()),
                     h.top_down ? 1u : 0u};
  for (const auto field : fields)
    for (const int shift : {24, 16, 8, 0}) *out++ = static_cast<std::byte>(field >> shift);
}

result<header> read_header(std::span<const std::byte> data) noexcept {
  if (data.size() < header_bytes) return fail{errc::codec_failed};
  words fields{};
  for (std::size_t i = 0; i < header_bytes; ++i)
    fields[i / 4] = fields[i / 4] << 8 | std::to_integer<std::uint32_t>(data[i]);
  const auto [is_magic, is_version, type, width, height, stride, top_down] = fields;
  if (is_magic != magic || is_version != version) return fail{errc::codec_failed};
  if (type < static_cast<std::uint32_t>(stream_type::le_1bit) ||
      type > static_cast<std::uint32_t>(stream_type::alpha_8bit))
    return fail{errc::codec_failed};
  const header h{static_cast<stream_type>(type), width, height, top_down != 0};
  if (!h.possible() || stride != h.stride()) return fail{errc::codec_failed};
  return h;
}

} // namespace saffron::image::lz
