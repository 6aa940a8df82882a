// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/header.hpp"

namespace saffron::wire {

static_assert(wire_size<mini_header>() == mini_header::wire_size);
static_assert(wire_size<full_header>() == full_header::wire_size);

namespace {

// Headers are made once a message: into an array, without a vector in between.
template <class H>
std::array<std::byte, H::wire_size> to_array(const H& header) noexcept {
  std::array<std::byte, H::wire_size> bytes;
  auto* out = bytes.data();
  std::apply([&out](const auto&... field) { ((std::memcpy(out, &field, sizeof field), out += sizeof field), ...); },
             H::fields(header));
  return bytes;
}

template <class H>
H from_bytes(std::span<const std::byte> bytes) noexcept {
  H header;
  reader r{bytes};
  read(r, header);
  return header;
}

} // namespace

std::array<std::byte, mini_header::wire_size> encode_header(const mini_header& header) noexcept {
  return to_array(header);
}

std::array<std::byte, full_header::wire_size> encode_header(const full_header& header) noexcept {
  return to_array(header);
}

mini_header decode_mini_header(std::span<const std::byte, mini_header::wire_size> bytes) noexcept {
  return from_bytes<mini_header>(bytes);
}

full_header decode_full_header(std::span<const std::byte, full_header::wire_size> bytes) noexcept {
  return from_bytes<full_header>(bytes);
}

result<std::vector<sub_message>> read_sub_messages(std::span<const std::byte> body, std::uint32_t offset) {
  auto list = reader{body}.at(offset);
  std::vector<std::uint32_t> offsets;
  read_list<std::uint16_t>(list, offsets);
  if (!list.ok()) return fail{errc::bad_message};
  std::vector<sub_message> messages;
  messages.reserve(offsets.size());
  for (const auto place : offsets) {
    auto there = list.at(place);
    const auto type = there.u16();
    const auto size = there.u32();
    messages.push_back({type, there.take(size)});
    if (!there.ok()) return fail{errc::bad_message};
  }
  return messages;
}

std::uint32_t write_sub_messages(writer& w, std::span<const sub_message> messages) {
  const auto list = w.size();
  w.u16(static_cast<std::uint16_t>(messages.size()));
  const auto offsets = w.size();
  for (std::size_t i = 0; i < messages.size(); ++i) w.u32(0);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    w.point_here(offsets + i * sizeof(std::uint32_t));
    w.u16(messages[i].type).u32(static_cast<std::uint32_t>(messages[i].body.size())).bytes(messages[i].body);
  }
  return static_cast<std::uint32_t>(list);
}

} // namespace saffron::wire
