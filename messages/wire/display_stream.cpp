// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/display_stream.hpp"

namespace saffron::wire::display::to_client {

void write_head(writer& w, const stream_data& m, std::size_t bulk_size) {
  w.u32(m.stream_id).u32(m.multi_media_time).u32(static_cast<std::uint32_t>(bulk_size));
}
void write(writer& w, const stream_data& m) {
  write_head(w, m, m.data.size());
  w.bytes(m.data);
}
void read(reader& r, stream_data& m) {
  m.stream_id = r.u32();
  m.multi_media_time = r.u32();
  m.data = r.take(r.u32());
}

void write_head(writer& w, const stream_data_sized& m, std::size_t bulk_size) {
  w.u32(m.stream_id).u32(m.multi_media_time).u32(m.width).u32(m.height);
  wire::write(w, m.destination);
  w.u32(static_cast<std::uint32_t>(bulk_size));
}
void write(writer& w, const stream_data_sized& m) {
  write_head(w, m, m.data.size());
  w.bytes(m.data);
}
void read(reader& r, stream_data_sized& m) {
  m.stream_id = r.u32();
  m.multi_media_time = r.u32();
  m.width = r.u32();
  m.height = r.u32();
  wire::read(r, m.destination);
  m.data = r.take(r.u32());
}

void write(writer& w, const monitors_config& m) {
  w.u16(static_cast<std::uint16_t>(m.heads.size())).u16(m.max_allowed);
  write_elements(w, m.heads);
}
void read(reader& r, monitors_config& m) {
  const auto count = r.u16();
  m.max_allowed = r.u16();
  read_elements(r, m.heads, count);
}

} // namespace saffron::wire::display::to_client
