// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/agent.hpp"

#include "messages/wire/any.hpp"

#include <limits>

namespace saffron::wire::agent {

static_assert(wire_size<chunk_header>() == chunk_header::wire_size);
static_assert(wire_size<message_header>() == message_header::wire_size);

namespace {
constexpr std::size_t monitor_size = 20;
constexpr std::size_t physical_size = 4;
constexpr std::size_t display_size = 16;

void write_selection(writer& w, std::uint8_t selection, bool selections) {
  if (selections) w.u32(selection);
}
std::uint8_t read_selection(reader& r, bool selections) {
  if (!selections) return 0;
  const auto selection = r.u8();
  static_cast<void>(r.take(3));
  return selection;
}
} // namespace

void write(writer& w, const monitors_config& m) {
  w.u32(static_cast<std::uint32_t>(m.monitors.size())).u32(m.flags);
  for (const auto& one : m.monitors) w.u32(one.height).u32(one.width).u32(one.depth).i32(one.x).i32(one.y);
  if ((m.flags & monitors_config_flags::physical_size) == 0) return;
  for (const auto& one : m.monitors) w.u16(one.physical_height).u16(one.physical_width);
}

void read(reader& r, monitors_config& m) {
  const auto count = r.u32();
  m.flags = r.u32();
  const bool sized = (m.flags & monitors_config_flags::physical_size) != 0;
  if (!r.has(count, monitor_size + (sized ? physical_size : 0))) return;
  m.monitors.resize(count);
  for (auto& one : m.monitors) {
    one.height = r.u32();
    one.width = r.u32();
    one.depth = r.u32();
    one.x = r.i32();
    one.y = r.i32();
  }
  if (!sized) return;
  for (auto& one : m.monitors) {
    one.physical_height = r.u16();
    one.physical_width = r.u16();
  }
}

void write(writer& w, const announce_capabilities& m) {
  w.u32(m.request);
  write_elements(w, m.capabilities.words());
}

void read(reader& r, announce_capabilities& m) {
  m.request = r.u32();
  std::vector<std::uint32_t> words;
  read_elements(r, words, r.left() / sizeof(std::uint32_t));
  m.capabilities = capability_set{std::move(words)};
}

void write(writer& w, const file_xfer_start& m) { w.u32(m.id).bytes(m.data); }
void read(reader& r, file_xfer_start& m) {
  m.id = r.u32();
  m.data = r.rest();
}

void write(writer& w, const file_xfer_status& m) { w.u32(m.id).put(m.result).bytes(m.data); }
void read(reader& r, file_xfer_status& m) {
  m.id = r.u32();
  m.result = r.get<file_xfer_result>();
  m.data = r.rest();
}

void write(writer& w, const file_xfer_data& m) { w.u32(m.id).u64(m.size).bytes(m.data); }
void read(reader& r, file_xfer_data& m) {
  m.id = r.u32();
  m.size = r.u64();
  m.data = r.rest();
}

void write(writer& w, const audio_volume_sync& m) {
  w.put(m.playback).put(m.mute);
  write_list<std::uint8_t>(w, m.volume);
}
void read(reader& r, audio_volume_sync& m) {
  m.playback = r.get<bool>();
  m.mute = r.get<bool>();
  read_list<std::uint8_t>(r, m.volume);
}

void write(writer& w, const graphics_device_info& m) {
  w.u32(static_cast<std::uint32_t>(m.displays.size()));
  for (const auto& one : m.displays) {
    w.u32(one.channel).u32(one.monitor).u32(one.device_display);
    w.u32(static_cast<std::uint32_t>(one.address.size() + 1));
    write_text(w, one.address);
  }
}
void read(reader& r, graphics_device_info& m) {
  const auto count = r.u32();
  if (!r.has(count, display_size)) return;
  m.displays.clear();
  for (std::uint32_t i = 0; i < count && r.ok(); ++i) {
    auto& one = m.displays.emplace_back();
    one.channel = r.u32();
    one.monitor = r.u32();
    one.device_display = r.u32();
    read_text(r, one.address, r.u32());
  }
}

void write(writer& w, const clipboard_head& m, bool selections) {
  write_selection(w, m.selection, selections);
  w.put(m.type);
}
void read(reader& r, clipboard_head& m, bool selections) {
  m.selection = read_selection(r, selections);
  m.type = r.get<clipboard_type>();
}

void write(writer& w, const clipboard_grab& m, bool selections) {
  write_selection(w, m.selection, selections);
  write_elements(w, m.types);
}
void read(reader& r, clipboard_grab& m, bool selections) {
  m.selection = read_selection(r, selections);
  read_elements(r, m.types, r.left() / sizeof(clipboard_type));
}

void write(writer& w, const clipboard_request& m, bool selections) {
  write_selection(w, m.selection, selections);
  w.put(m.type);
}
void read(reader& r, clipboard_request& m, bool selections) {
  m.selection = read_selection(r, selections);
  m.type = r.get<clipboard_type>();
}

void write(writer& w, const clipboard_release& m, bool selections) { write_selection(w, m.selection, selections); }
void read(reader& r, clipboard_release& m, bool selections) { m.selection = read_selection(r, selections); }

result<message> decode_any(message_type type, std::span<const std::byte> body) {
  const auto number = static_cast<std::uint32_t>(type);
  if (number > std::numeric_limits<std::uint16_t>::max()) return fail{errc::unknown_message};
  return decode_variant<message>(static_cast<std::uint16_t>(number), body);
}

message_type type_of(const message& m) { return static_cast<message_type>(type_of_variant(m)); }

std::vector<std::byte> encode_any(const message& m) { return encode_variant(m); }

std::vector<std::byte> encode_whole(const message& m) { return with_header(type_of(m), encode_any(m)); }

std::vector<std::byte> with_header(message_type type, std::span<const std::byte> body) {
  writer w;
  wire::write(w, message_header{.type = type, .size = static_cast<std::uint32_t>(body.size())});
  return w.bytes(body).release();
}

} // namespace saffron::wire::agent
