// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/smartcard.hpp"

#include "messages/wire/any.hpp"

namespace saffron::wire::smartcard {

namespace {

constexpr std::size_t word = sizeof(std::uint32_t);

void put_big_endian(std::span<std::byte> out, std::uint32_t v) {
  for (std::size_t i = 0; i < word; ++i) out[i] = static_cast<std::byte>(v >> (8 * (word - 1 - i)));
}

std::uint32_t get_big_endian(std::span<const std::byte> in) {
  std::uint32_t v = 0;
  for (std::size_t i = 0; i < word; ++i) v = v << 8 | std::to_integer<std::uint32_t>(in[i]);
  return v;
}

} // namespace

std::array<std::byte, message_header::wire_size> to_network(const message_header& h) {
  std::array<std::byte, message_header::wire_size> bytes{};
  const auto out = std::span{bytes};
  put_big_endian(out, static_cast<std::uint32_t>(h.type));
  put_big_endian(out.subspan(word), h.reader);
  put_big_endian(out.subspan(2 * word), h.length);
  return bytes;
}

message_header from_network(std::span<const std::byte, message_header::wire_size> bytes) {
  return {.type = static_cast<message_type>(get_big_endian(bytes)),
          .reader = get_big_endian(bytes.subspan(word)),
          .length = get_big_endian(bytes.subspan(2 * word))};
}

void write(writer& w, const data& m) {
  write(w, message_header{m.kind, m.reader, static_cast<std::uint32_t>(m.payload.size())});
  w.bytes(m.payload);
}

void read(reader& r, data& m) {
  message_header h;
  read(r, h);
  m.kind = h.type;
  m.reader = h.reader;
  m.payload = r.take(h.length);
}

result<message> decode_any(std::uint16_t type, std::span<const std::byte> body) {
  return decode_variant<message>(type, body);
}
std::uint16_t type_of(const message& m) { return type_of_variant(m); }
std::vector<std::byte> encode_any(const message& m) { return encode_variant(m); }

} // namespace saffron::wire::smartcard
