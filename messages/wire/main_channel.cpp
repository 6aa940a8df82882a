// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/main_channel.hpp"

#include "messages/wire/any.hpp"

namespace saffron::wire::main_channel {

namespace {

/// Places of the pointers to the texts, which follow the fixed part.
struct target_pointers {
  std::size_t host = 0, certificate_subject = 0;
};

target_pointers write_target(writer& w, const migration_target& target) {
  const auto sized_text = [&w](const std::string& text, bool present) {
    w.u32(present ? static_cast<std::uint32_t>(text.size()) + 1 : 0); // with its NUL
    return w.pointer();
  };
  w.u16(target.port).u16(target.tls_port);
  const auto host = sized_text(target.host, true);
  return {host, sized_text(target.certificate_subject, !target.certificate_subject.empty())};
}

void write_texts(writer& w, const migration_target& target, target_pointers places) {
  w.point_here(places.host);
  write_text(w, target.host);
  if (target.certificate_subject.empty()) return;
  w.point_here(places.certificate_subject);
  write_text(w, target.certificate_subject);
}

void read_target(reader& r, migration_target& target) {
  target.port = r.u16();
  target.tls_port = r.u16();
  const auto read_sized_text = [&r](std::string& text) {
    const auto size = r.u32();
    return r.follow([&](reader& there) { read_text(there, text, size); });
  };
  if (!read_sized_text(target.host)) r.spoil();
  read_sized_text(target.certificate_subject);
}

} // namespace

namespace to_client {

void write(writer& w, const migrate_begin& m) { write_texts(w, m.target, write_target(w, m.target)); }
void read(reader& r, migrate_begin& m) { read_target(r, m.target); }

void write(writer& w, const migrate_switch_host& m) { write_texts(w, m.target, write_target(w, m.target)); }
void read(reader& r, migrate_switch_host& m) { read_target(r, m.target); }

void write(writer& w, const migrate_begin_seamless& m) {
  const auto places = write_target(w, m.target);
  w.u32(m.source_version);
  write_texts(w, m.target, places);
}
void read(reader& r, migrate_begin_seamless& m) {
  read_target(r, m.target);
  m.source_version = r.u32();
}

void write(writer& w, const name& m) {
  w.u32(static_cast<std::uint32_t>(m.text.size()) + 1);
  write_text(w, m.text);
}
void read(reader& r, name& m) { read_text(r, m.text, r.u32()); }

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

} // namespace saffron::wire::main_channel
