// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/port.hpp"

#include "messages/wire/any.hpp"

namespace saffron::wire::port {

namespace {

void read_event(reader& r, event_code& out) {
  out = r.get<event_code>();
  if (out > event_code::break_sent) r.spoil();
}

} // namespace

void write_head(writer& w, const compressed_data& m, std::size_t /*bulk_size*/) {
  w.put(m.compression);
  if (m.compression != compression_type::none) w.u32(m.uncompressed_size);
}

void write(writer& w, const compressed_data& m) {
  write_head(w, m, m.data.size());
  w.bytes(m.data);
}

void read(reader& r, compressed_data& m) {
  m.compression = r.get<compression_type>();
  if (m.compression > compression_type::lz4) r.spoil();
  if (m.compression != compression_type::none) m.uncompressed_size = r.u32();
  read_tail(r, m.data);
}

namespace to_client {

void write(writer& w, const init& m) {
  w.u32(static_cast<std::uint32_t>(m.name.size() + 1));
  const auto name = w.pointer();
  w.u8(m.opened ? 1 : 0);
  w.point_here(name);
  write_text(w, m.name);
}

void read(reader& r, init& m) {
  const auto size = r.u32();
  // The protocol's own description says that the name is never null.
  if (!r.follow([&](reader& there) { read_text(there, m.name, size); })) r.spoil();
  m.opened = r.get<bool>();
}

void write(writer& w, const event& m) { w.put(m.code); }
void read(reader& r, event& m) { read_event(r, m.code); }

result<message> decode_any(std::uint16_t type, std::span<const std::byte> body) {
  return decode_variant<message>(type, body);
}
std::uint16_t type_of(const message& m) { return type_of_variant(m); }
std::vector<std::byte> encode_any(const message& m) { return encode_variant(m); }

} // namespace to_client

namespace to_server {

void write(writer& w, const event& m) { w.put(m.code); }
void read(reader& r, event& m) { read_event(r, m.code); }

result<message> decode_any(std::uint16_t type, std::span<const std::byte> body) {
  return decode_variant<message>(type, body);
}
std::uint16_t type_of(const message& m) { return type_of_variant(m); }
std::vector<std::byte> encode_any(const message& m) { return encode_variant(m); }

} // namespace to_server

} // namespace saffron::wire::port
