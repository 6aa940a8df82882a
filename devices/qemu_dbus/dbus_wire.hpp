// SPDX-License-Identifier: BSD-3-Clause
// D-Bus on the wire, as far as a display listener needs it: little endian, values aligned to their size. The reader
// cannot read past its bytes; everything a QEMU sends goes through it.
#pragma once

#include "messages/errc.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saffron::devices::qemu_dbus {

static_assert(std::endian::native == std::endian::little, "QEMU sends the host's byte order, and so do we");

enum class message_type : std::uint8_t { call = 1, reply = 2, error = 3, signal = 4 };

/// A message without its body.
struct message_header {
  message_type type = message_type::call;
  /// Nobody waits for a reply.
  bool no_reply = false;
  std::uint32_t body_size = 0;
  std::uint32_t serial = 0;
  /// Of a reply or an error: what it answers.
  std::uint32_t reply_serial = 0;
  /// File descriptors that travel beside the message.
  std::uint32_t fds = 0;
  std::string path, interface, member, error_name, destination, sender, signature;
};

/// Bytes of the fixed part of a header, which is followed by its fields.
inline constexpr std::size_t fixed_header_size = 16;
/// Largest header; QEMU's have about 130 bytes.
inline constexpr std::size_t header_limit = 16 * 1024;
/// Largest message (D-Bus).
inline constexpr std::uint32_t message_limit = 128 * 1024 * 1024;

/// The size of the whole header, from its first fixed_header_size bytes: the body starts there.
[[nodiscard]] result<std::size_t> header_size(std::span<const std::byte> fixed_part);
/// `bytes` has header_size() bytes.
[[nodiscard]] result<message_header> read_header(std::span<const std::byte> bytes);
/// A whole message; `header.body_size` is taken from `body`.
[[nodiscard]] std::vector<std::byte> make_message(const message_header& header, std::span<const std::byte> body = {});
/// What a client writes before its first message; the answer is `OK …` and `AGREE_UNIX_FD`, a line each.
[[nodiscard]] std::string handshake(unsigned user_id);

/// Reads values in order. A read past the end yields zero or nothing and makes the reader bad for good: read all, then
/// ask ok(). The bytes start at a multiple of 8 in their message, as bodies do. Letters are those of D-Bus signatures.
class dbus_reader {
public:
  explicit dbus_reader(std::span<const std::byte> bytes, std::size_t position = 0) noexcept
      : bytes_(bytes), at_(position) {}

  std::uint8_t y() noexcept { return number<std::uint8_t>(); }
  bool b() noexcept;
  std::int32_t i() noexcept { return number<std::int32_t>(); }
  std::uint32_t u() noexcept { return number<std::uint32_t>(); }
  std::uint64_t t() noexcept { return number<std::uint64_t>(); }
  double d() noexcept { return number<double>(); }
  /// An index into the message's file descriptors.
  std::uint32_t h() noexcept { return number<std::uint32_t>(); }
  std::string_view s() noexcept { return text(u()); }
  std::string_view o() noexcept { return s(); }
  std::string_view g() noexcept { return text(y()); }
  std::span<const std::byte> ay() noexcept;
  std::vector<std::uint32_t> au();
  std::vector<std::string> as();

  /// An array whose elements are aligned so: the position where it ends. Read elements while more(end).
  std::size_t array(std::size_t alignment) noexcept;
  [[nodiscard]] bool more(std::size_t end) noexcept {
    if (at_ > end) spoil(); // the last element was longer than the array
    return ok_ && at_ < end;
  }
  /// The start of a struct or of a dict entry.
  void structure() noexcept { align(8); }
  /// Skips one value of each type in the signature.
  void skip(std::string_view signature) noexcept;

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] std::size_t position() const noexcept { return at_; }
  [[nodiscard]] std::size_t left() const noexcept { return bytes_.size() - at_; }

private:
  template <class T>
  T number() noexcept {
    align(sizeof(T));
    T value{};
    if (const auto from = take(sizeof(T)); from.size() == sizeof(T)) std::memcpy(&value, from.data(), sizeof(T));
    return value;
  }
  void align(std::size_t alignment) noexcept;
  std::span<const std::byte> take(std::size_t n) noexcept;
  std::string_view text(std::size_t n) noexcept;
  /// Skips one value; returns the rest of the signature.
  std::string_view skip_one(std::string_view signature, int depth) noexcept;
  void spoil() noexcept;

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

/// Appends values; the first one is at a multiple of 8 in its message.
class dbus_writer {
public:
  dbus_writer& y(std::uint8_t v) { return number(v); }
  dbus_writer& b(bool v) { return u(v ? 1 : 0); }
  dbus_writer& q(std::uint16_t v) { return number(v); }
  dbus_writer& i(std::int32_t v) { return number(v); }
  dbus_writer& u(std::uint32_t v) { return number(v); }
  dbus_writer& t(std::uint64_t v) { return number(v); }
  dbus_writer& d(double v) { return number(v); }
  dbus_writer& h(std::uint32_t index) { return number(index); }
  dbus_writer& s(std::string_view v);
  dbus_writer& o(std::string_view v) { return s(v); }
  dbus_writer& g(std::string_view v);
  dbus_writer& ay(std::span<const std::byte> v);
  dbus_writer& as(std::span<const std::string_view> v);
  /// An array that has begun: where its size is to be written, and where its elements start.
  struct open_array {
    std::size_t size_at, start;
  };
  [[nodiscard]] open_array begin_array(std::size_t alignment);
  dbus_writer& end_array(open_array array);
  dbus_writer& structure() { return align(8); }
  dbus_writer& align(std::size_t alignment);

  [[nodiscard]] std::span<const std::byte> view() const noexcept { return bytes_; }
  [[nodiscard]] std::vector<std::byte> release() noexcept { return std::move(bytes_); }

private:
  template <class T>
  dbus_writer& number(T value) {
    align(sizeof(T));
    const auto* from = reinterpret_cast<const std::byte*>(&value);
    bytes_.insert(bytes_.end(), from, from + sizeof(T));
    return *this;
  }
  dbus_writer& text(std::string_view v);

  std::vector<std::byte> bytes_;
};

} // namespace saffron::devices::qemu_dbus
