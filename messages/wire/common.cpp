// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/common.hpp"

#include "messages/wire/any.hpp"

namespace saffron::wire::common {

namespace to_client {

void write(writer& w, const notify& m) {
  w.u64(m.time).put(m.severity).put(m.visibility).u32(m.what);
  w.u32(static_cast<std::uint32_t>(m.text.size())); // the NUL that follows is not counted
  write_text(w, m.text);
}

void read(reader& r, notify& m) {
  m.time = r.u64();
  m.severity = r.get<notify_severity>();
  m.visibility = r.get<notify_visibility>();
  m.what = r.u32();
  const auto text = r.take(r.u32());
  m.text.assign(reinterpret_cast<const char*>(text.data()), text.size());
}

void write(writer& w, const list& m) { write_sub_messages(w, m.messages); }

void read(reader& r, list& m) {
  if (auto messages = read_sub_messages(r.rest(), 0))
    m.messages = std::move(*messages);
  else
    r.spoil();
}

result<message> decode_any(std::uint16_t type, std::span<const std::byte> body) {
  return decode_variant<message>(type, body);
}
std::uint16_t type_of(const message& m) { return type_of_variant(m); }
std::vector<std::byte> encode_any(const message& m) { return encode_variant(m); }

} // namespace to_client

namespace to_server {

result<message> decode_any(std::uint16_t type, std::span<const std::byte> body) {
  return decode_variant<message>(type, body);
}
std::uint16_t type_of(const message& m) { return type_of_variant(m); }
std::vector<std::byte> encode_any(const message& m) { return encode_variant(m); }

} // namespace to_server

} // namespace saffron::wire::common
