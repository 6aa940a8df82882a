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

result<message> decode_any(message_type type, std::span<const std::byte> body) {
  const auto number = static_cast<std::uint32_t>(type);
  if (number > std::numeric_limits<std::uint16_t>::max()) return fail{errc::unknown_message};
  return decode_variant<message>(static_cast<std::uint16_t>(number), body);
}

message_type type_of(const message& m) { return static_cast<message_type>(type_of_variant(m)); }

std::vector<std::byte> encode_any(const message& m) { return encode_variant(m); }

std::vector<std::byte> encode_whole(const message& m) {
  const auto body = encode_any(m);
  writer w;
  wire::write(w, message_header{.type = type_of(m), .size = static_cast<std::uint32_t>(body.size())});
  return w.bytes(body).release();
}

} // namespace saffron::wire::agent
