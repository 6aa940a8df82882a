// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/cursor.hpp"

#include "messages/wire/any.hpp"

namespace saffron::wire::cursor {

namespace {

bool has_description(const shape& s) noexcept { return (s.flags & cursor_flags::none) == 0; }
bool has_data(const shape& s) noexcept { return (s.flags & (cursor_flags::none | cursor_flags::from_cache)) == 0; }

void write_description(writer& w, const shape& s) {
  w.u16(s.flags);
  if (!has_description(s)) return;
  w.u64(s.unique).put(s.type).u16(s.width).u16(s.height).u16(s.hot_spot_x).u16(s.hot_spot_y);
}

void read_shape(reader& r, shape& s) {
  s.flags = r.u16();
  if (!has_description(s)) return;
  s.unique = r.u64();
  s.type = r.get<cursor_type>();
  s.width = r.u16();
  s.height = r.u16();
  s.hot_spot_x = r.u16();
  s.hot_spot_y = r.u16();
  if (has_data(s)) s.data = r.rest();
}

template <class M>
void write_whole(writer& w, const M& m) {
  write_head(w, m, m.shape.data.size());
  if (has_data(m.shape)) w.bytes(m.shape.data);
}

} // namespace

namespace to_client {

void write_head(writer& w, const init& m, std::size_t /*bulk_size*/) {
  wire::write(w, m.position);
  w.u16(m.trail_length).u16(m.trail_frequency).put(m.visible);
  write_description(w, m.shape);
}
void write(writer& w, const init& m) { write_whole(w, m); }
void read(reader& r, init& m) {
  wire::read(r, m.position);
  m.trail_length = r.u16();
  m.trail_frequency = r.u16();
  m.visible = r.get<bool>();
  read_shape(r, m.shape);
}

void write_head(writer& w, const set& m, std::size_t /*bulk_size*/) {
  wire::write(w, m.position);
  w.put(m.visible);
  write_description(w, m.shape);
}
void write(writer& w, const set& m) { write_whole(w, m); }
void read(reader& r, set& m) {
  wire::read(r, m.position);
  m.visible = r.get<bool>();
  read_shape(r, m.shape);
}

result<message> decode_any(std::uint16_t type, std::span<const std::byte> body) {
  return decode_variant<message>(type, body);
}
std::uint16_t type_of(const message& m) { return type_of_variant(m); }
std::vector<std::byte> encode_any(const message& m) { return encode_variant(m); }

} // namespace to_client

} // namespace saffron::wire::cursor
