// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/dbus_wire.hpp"

#include <fmt/format.h>

#include <array>

namespace saffron::devices::qemu_dbus {

namespace {

constexpr std::size_t array_limit = 64 * 1024 * 1024; // D-Bus
constexpr int depth_limit = 32;                       // D-Bus allows as many arrays in arrays
constexpr std::uint8_t flag_no_reply = 1;

enum class field : std::uint8_t {
  path = 1,
  interface = 2,
  member = 3,
  error_name = 4,
  reply_serial = 5,
  destination = 6,
  sender = 7,
  signature = 8,
  fds = 9,
};

std::string* text_of(message_header& header, field code) {
  switch (code) {
  case field::path: return &header.path;
  case field::interface: return &header.interface;
  case field::member: return &header.member;
  case field::error_name: return &header.error_name;
  case field::destination: return &header.destination;
  case field::sender: return &header.sender;
  default: return nullptr;
  }
}

std::size_t alignment_of(char type) {
  switch (type) {
  case 'y':
  case 'g':
  case 'v': return 1;
  case 'n':
  case 'q': return 2;
  case 'x':
  case 't':
  case 'd':
  case '(':
  case '{': return 8;
  default: return 4;
  }
}

/// Removes the first complete type of a signature; false when there is none.
bool pass_type(std::string_view& signature) {
  for (int open = 0; !signature.empty();) {
    const auto c = signature.front();
    signature.remove_prefix(1);
    if (c == '(' || c == '{') ++open;
    if (c == ')' || c == '}') --open;
    if (open < 0) return false;
    if (open == 0 && c != 'a') return true;
  }
  return false;
}

} // namespace

// -- messages ---------------------------------------------------------------------------------------------------------

result<std::size_t> header_size(std::span<const std::byte> fixed_part) {
  dbus_reader r{fixed_part};
  const auto order = r.y();
  r.skip("yyy");
  const std::uint64_t body = r.u();
  r.skip("u");
  const std::uint64_t fields = r.u();
  if (!r.ok() || order != 'l') return fail{errc::bad_message};
  const std::uint64_t size = (fixed_header_size + fields + 7) / 8 * 8;
  if (size > header_limit || size + body > message_limit) return fail{errc::message_too_large};
  return size;
}

result<message_header> read_header(std::span<const std::byte> bytes) {
  message_header header;
  dbus_reader r{bytes};
  const auto order = r.y();
  const auto type = r.y();
  header.type = message_type{type};
  header.no_reply = (r.y() & flag_no_reply) != 0;
  const auto version = r.y();
  header.body_size = r.u();
  header.serial = r.u();
  for (const auto end = r.array(8); r.more(end);) {
    r.structure();
    const auto code = field{r.y()};
    const auto kind = r.g();
    auto* text = text_of(header, code);
    if (text != nullptr && (kind == "s" || kind == "o"))
      *text = r.s();
    else if (code == field::signature && kind == "g")
      header.signature = r.g();
    else if (code == field::reply_serial && kind == "u")
      header.reply_serial = r.u();
    else if (code == field::fds && kind == "u")
      header.fds = r.u();
    else
      r.skip(kind);
  }
  if (!r.ok() || order != 'l' || version != 1 || type < 1 || type > 4 || header.serial == 0)
    return fail{errc::bad_message};
  return header;
}

std::vector<std::byte> make_message(const message_header& header, std::span<const std::byte> body) {
  dbus_writer w;
  const auto put = [&w](field code, std::string_view kind, const auto& value) {
    w.structure().y(static_cast<std::uint8_t>(code)).g(kind);
    if constexpr (std::is_convertible_v<decltype(value), std::string_view>)
      kind == "g" ? w.g(value) : w.s(value);
    else
      w.u(value);
  };
  w.y('l').y(static_cast<std::uint8_t>(header.type)).y(header.no_reply ? flag_no_reply : 0).y(1);
  w.u(static_cast<std::uint32_t>(body.size())).u(header.serial);
  const auto fields = w.begin_array(8);
  if (!header.path.empty()) put(field::path, "o", header.path);
  if (!header.interface.empty()) put(field::interface, "s", header.interface);
  if (!header.member.empty()) put(field::member, "s", header.member);
  if (!header.error_name.empty()) put(field::error_name, "s", header.error_name);
  if (header.reply_serial != 0) put(field::reply_serial, "u", header.reply_serial);
  if (!header.destination.empty()) put(field::destination, "s", header.destination);
  if (!header.sender.empty()) put(field::sender, "s", header.sender);
  if (!header.signature.empty()) put(field::signature, "g", header.signature);
  if (header.fds != 0) put(field::fds, "u", header.fds);
  w.end_array(fields).align(8);
  auto bytes = w.release();
  bytes.insert(bytes.end(), body.begin(), body.end());
  return bytes;
}

std::string handshake(unsigned user_id) {
  std::string digits;
  for (const auto c : std::to_string(user_id)) digits += fmt::format("{:02x}", c);
  return fmt::format("{}AUTH EXTERNAL {}\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n", '\0', digits);
}

// -- reader -----------------------------------------------------------------------------------------------------------

void dbus_reader::spoil() noexcept {
  ok_ = false;
  at_ = bytes_.size();
}

std::span<const std::byte> dbus_reader::take(std::size_t n) noexcept {
  if (n > left()) {
    spoil();
    return {};
  }
  const auto part = bytes_.subspan(at_, n);
  at_ += n;
  return part;
}

void dbus_reader::align(std::size_t alignment) noexcept { take((alignment - at_ % alignment) % alignment); }

std::string_view dbus_reader::text(std::size_t n) noexcept {
  if (n >= left()) { // its NUL follows
    spoil();
    return {};
  }
  const auto from = take(n + 1);
  if (from.back() != std::byte{0}) spoil();
  return {reinterpret_cast<const char*>(from.data()), n};
}

bool dbus_reader::b() noexcept {
  const auto value = u();
  if (value > 1) spoil();
  return value == 1;
}

std::size_t dbus_reader::array(std::size_t alignment) noexcept {
  const auto size = u();
  align(alignment);
  if (size > array_limit || size > left()) spoil();
  return ok_ ? at_ + size : at_;
}

std::span<const std::byte> dbus_reader::ay() noexcept {
  const auto end = array(1);
  return take(end - at_);
}

std::vector<std::uint32_t> dbus_reader::au() {
  std::vector<std::uint32_t> all;
  for (const auto end = array(4); more(end);) all.push_back(u());
  return all;
}

std::vector<std::string> dbus_reader::as() {
  std::vector<std::string> all;
  for (const auto end = array(4); more(end);) all.emplace_back(s());
  return all;
}

void dbus_reader::skip(std::string_view signature) noexcept {
  while (ok_ && !signature.empty()) signature = skip_one(signature, 0);
}

std::string_view dbus_reader::skip_one(std::string_view signature, int depth) noexcept {
  if (signature.empty() || depth > depth_limit) {
    spoil();
    return {};
  }
  const auto type = signature.front();
  signature.remove_prefix(1);
  switch (type) {
  case 'y': y(); break;
  case 'n':
  case 'q': number<std::uint16_t>(); break;
  case 'b':
  case 'i':
  case 'u':
  case 'h': u(); break;
  case 'x':
  case 't':
  case 'd': t(); break;
  case 's':
  case 'o': s(); break;
  case 'g': g(); break;
  case 'v': {
    const auto inner = g();
    if (!skip_one(inner, depth + 1).empty()) spoil(); // a variant holds one value
    break;
  }
  case 'a': {
    const auto end = array(signature.empty() ? 1 : alignment_of(signature.front()));
    take(end - at_); // the elements' bytes are known, only their type has to be passed over
    if (!pass_type(signature)) spoil();
    break;
  }
  case '(':
  case '{': {
    const auto close = type == '(' ? ')' : '}';
    structure();
    while (ok_ && !signature.empty() && signature.front() != close) signature = skip_one(signature, depth + 1);
    if (signature.empty())
      spoil();
    else
      signature.remove_prefix(1);
    break;
  }
  default: spoil();
  }
  return signature;
}

// -- writer -----------------------------------------------------------------------------------------------------------

dbus_writer& dbus_writer::align(std::size_t alignment) {
  bytes_.resize((bytes_.size() + alignment - 1) / alignment * alignment);
  return *this;
}

dbus_writer& dbus_writer::text(std::string_view v) {
  const auto from = std::as_bytes(std::span{v});
  bytes_.insert(bytes_.end(), from.begin(), from.end());
  bytes_.push_back(std::byte{0});
  return *this;
}

dbus_writer& dbus_writer::s(std::string_view v) { return u(static_cast<std::uint32_t>(v.size())).text(v); }

dbus_writer& dbus_writer::g(std::string_view v) { return y(static_cast<std::uint8_t>(v.size())).text(v); }

dbus_writer& dbus_writer::ay(std::span<const std::byte> v) {
  u(static_cast<std::uint32_t>(v.size()));
  bytes_.insert(bytes_.end(), v.begin(), v.end());
  return *this;
}

dbus_writer& dbus_writer::as(std::span<const std::string_view> v) {
  const auto array = begin_array(4);
  for (const auto one : v) s(one);
  return end_array(array);
}

dbus_writer::open_array dbus_writer::begin_array(std::size_t alignment) {
  u(0);
  const auto size_at = bytes_.size() - sizeof(std::uint32_t);
  align(alignment); // not counted in the size
  return {size_at, bytes_.size()};
}

dbus_writer& dbus_writer::end_array(open_array array) {
  const auto size = static_cast<std::uint32_t>(bytes_.size() - array.start);
  std::memcpy(bytes_.data() + array.size_at, &size, sizeof size);
  return *this;
}

} // namespace saffron::devices::qemu_dbus
