// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/migration.hpp"

namespace saffron::wire::migration {

namespace {

void write_header(writer& w, std::uint32_t magic) { w.u32(magic).u32(version); }

void read_header(reader& r, std::uint32_t magic) {
  if (r.u32() != magic || r.u32() > version) r.spoil();
}

/// Bytes that follow the fixed part; null when there are none.
void point_to_bytes(writer& w, std::size_t place, byte_view bytes) {
  if (bytes.empty()) return;
  w.point_here(place).bytes(bytes);
}

void read_pointed_bytes(reader& r, byte_view& bytes, std::uint32_t size) {
  const bool there = r.follow([&](reader& at) { bytes = at.take(size); });
  if (!there && size != 0) r.spoil();
}

std::size_t write_char_device(writer& w, const char_device_data& d) {
  w.u32(version).put(d.connected).u32(d.client_tokens).u32(d.send_tokens);
  w.u32(static_cast<std::uint32_t>(d.write_data.size())).u32(d.write_client_tokens);
  return w.pointer();
}

void read_char_device(reader& r, char_device_data& d) {
  if (r.u32() > version) r.spoil();
  d.connected = r.get<bool>();
  d.client_tokens = r.u32();
  d.send_tokens = r.u32();
  const auto size = r.u32();
  d.write_client_tokens = r.u32();
  read_pointed_bytes(r, d.write_data, size);
}

std::size_t write_agent_to_client(writer& w, const agent_to_client_data& d) {
  w.u32(d.chunk_header_size).u32(d.chunk_port).u32(d.chunk_size).put(d.message_header_done);
  w.u32(static_cast<std::uint32_t>(d.message_header.size()));
  const auto place = w.pointer();
  w.u32(d.message_remaining).u8(d.filter_result);
  return place;
}

void read_agent_to_client(reader& r, agent_to_client_data& d) {
  d.chunk_header_size = r.u32();
  d.chunk_port = r.u32();
  d.chunk_size = r.u32();
  d.message_header_done = r.get<bool>();
  read_pointed_bytes(r, d.message_header, r.u32());
  d.message_remaining = r.u32();
  d.filter_result = r.u8();
}

} // namespace

void write(writer& w, const main_data& m) {
  write_header(w, main_magic);
  const auto write_data = write_char_device(w, m.agent);
  w.put(m.client_agent_started);
  const auto message_header = write_agent_to_client(w, m.agent_to_client);
  wire::write(w, m.client_to_agent);
  point_to_bytes(w, write_data, m.agent.write_data);
  point_to_bytes(w, message_header, m.agent_to_client.message_header);
}

void read(reader& r, main_data& m) {
  read_header(r, main_magic);
  read_char_device(r, m.agent);
  m.client_agent_started = r.get<bool>();
  read_agent_to_client(r, m.agent_to_client);
  wire::read(r, m.client_to_agent);
}

void write(writer& w, const display_data& m) {
  write_header(w, display_magic);
  w.u64(m.message_serial).put(m.low_bandwidth).u8(m.pixmap_cache_id).i64(m.pixmap_cache_size);
  w.put(m.pixmap_cache_freezer);
  wire::write(w, m.pixmap_cache_clients);
  w.u8(m.glz_dictionary_id);
  wire::write(w, m.glz_dictionary);
  const auto surfaces = w.pointer();
  w.point_here(surfaces).u32(static_cast<std::uint32_t>(m.surfaces.size()));
  for (const auto& [id, region] : m.surfaces) {
    w.u32(id);
    if (m.lossy_regions) w.i32(region.left).i32(region.top).i32(region.right).i32(region.bottom); // left first, here
  }
}

void read(reader& r, display_data& m) {
  read_header(r, display_magic);
  m.message_serial = r.u64();
  m.low_bandwidth = r.get<bool>();
  m.pixmap_cache_id = r.u8();
  m.pixmap_cache_size = r.i64();
  m.pixmap_cache_freezer = r.get<bool>();
  wire::read(r, m.pixmap_cache_clients);
  m.glz_dictionary_id = r.u8();
  wire::read(r, m.glz_dictionary);
  r.follow([&m](reader& there) {
    const auto count = there.u32();
    if (!there.has(count, sizeof(std::uint32_t) + (m.lossy_regions ? wire_size<rect>() : 0))) return;
    m.surfaces.resize(count);
    for (auto& [id, region] : m.surfaces) {
      id = there.u32();
      if (!m.lossy_regions) continue;
      region.left = there.i32();
      region.top = there.i32();
      region.right = there.i32();
      region.bottom = there.i32();
    }
  });
}

result<display_data> decode_display_data(std::span<const std::byte> body, bool lossy_regions) {
  display_data m;
  m.lossy_regions = lossy_regions;
  reader r{body};
  read(r, m);
  if (!r.ok()) return fail{errc::bad_message};
  return m;
}

void write(writer& w, const inputs_data& m) {
  write_header(w, inputs_magic);
  w.u16(m.motion_count);
}

void read(reader& r, inputs_data& m) {
  read_header(r, inputs_magic);
  m.motion_count = r.u16();
}

} // namespace saffron::wire::migration
