// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/glz_format.hpp"

namespace saffron::image::glz {

namespace {

constexpr std::uint32_t magic = 0x20205a4c, version = 0x00010001;
constexpr std::uint8_t type_bits = 0x0f, top_down_bit = 0x10;

class fields {
public:
  explicit fields(std::byte* out) noexcept : out_(out) {}
  template <class T>
  fields& operator<<(T value) noexcept {
    for (std::size_t i = sizeof value; i-- > 0;) *out_++ = static_cast<std::byte>(value >> (8 * i));
    return *this;
  }

private:
  std::byte* out_;
};

template <class T>
T take(std::span<const std::byte>& from) noexcept {
  T value = 0;
  for (const auto b : from.first(sizeof value)) value = static_cast<T>(value << 8 | std::to_integer<T>(b));
  from = from.subspan(sizeof value);
  return value;
}

} // namespace

void write_header(std::byte* out, const header& h) noexcept {
  // The types of the four formats have their numbers.
  const auto type = static_cast<std::uint8_t>(static_cast<std::uint8_t>(h.format) | (h.top_down ? top_down_bit : 0));
  const auto stride = static_cast<std::uint32_t>(row_bytes(h.format, h.width));
  fields{out} << magic << version << type << h.width << h.height << stride << h.id << h.win_head_dist;
}

result<header> read_header(std::span<const std::byte> data) noexcept {
  if (data.size() < header_bytes) return fail{errc::codec_failed};
  if (take<std::uint32_t>(data) != magic || take<std::uint32_t>(data) != version) return fail{errc::codec_failed};
  header h;
  const auto type = take<std::uint8_t>(data);
  h.format = static_cast<bitmap_format>(type & type_bits);
  h.top_down = (type & top_down_bit) != 0;
  h.width = take<std::uint32_t>(data);
  h.height = take<std::uint32_t>(data);
  const auto stride = take<std::uint32_t>(data);
  h.id = take<std::uint64_t>(data);
  h.win_head_dist = take<std::uint32_t>(data);
  const bool known = h.format >= bitmap_format::rgb_16bit && h.format <= bitmap_format::rgba;
  if (!known || (type & ~(type_bits | top_down_bit)) != 0) return fail{errc::codec_failed};
  if (h.width == 0 || h.height == 0 || stride != row_bytes(h.format, h.width)) return fail{errc::codec_failed};
  if (h.win_head_dist > h.id) return fail{errc::codec_failed};
  return h;
}

} // namespace saffron::image::glz
