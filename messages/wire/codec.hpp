// SPDX-License-Identifier: BSD-3-Clause
// The one reader, which cannot read past its bytes, and the one writer of everything on the wire.
// SPICE is little endian and packed; pointers are u32 offsets from the start of a message's body, 0 for none.
#pragma once

#include "messages/errc.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace saffron::wire {

/// Bytes that belong to somebody else, such as the bulk at the end of a message: valid as long as the body it was
/// decoded from. A std::span that compares contents, so that messages can default their comparison.
class byte_view : public std::span<const std::byte> {
public:
  using span::span;
  constexpr byte_view() noexcept = default;
  constexpr byte_view(std::span<const std::byte> bytes) noexcept : span(bytes) {}
  friend bool operator==(const byte_view& a, const byte_view& b) noexcept {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
};

/// What is copied to and from the wire as it is in memory.
template <class T>
concept scalar = std::is_arithmetic_v<T> || std::is_enum_v<T>;

/// Reads fields in order. A read past the end yields zero and makes the reader bad for good: read all, then ask ok().
class reader {
public:
  explicit reader(std::span<const std::byte> body) noexcept : body_(body) {}

  template <scalar T>
  T get() noexcept {
    if constexpr (std::is_same_v<T, bool>) return get<std::uint8_t>() != 0; // no other byte may be copied into a bool
    T value{};
    if (const auto from = take(sizeof(T)); from.size() == sizeof(T)) std::memcpy(&value, from.data(), sizeof(T));
    return value;
  }
  std::uint8_t u8() noexcept { return get<std::uint8_t>(); }
  std::uint16_t u16() noexcept { return get<std::uint16_t>(); }
  std::uint32_t u32() noexcept { return get<std::uint32_t>(); }
  std::uint64_t u64() noexcept { return get<std::uint64_t>(); }
  std::int16_t i16() noexcept { return get<std::int16_t>(); }
  std::int32_t i32() noexcept { return get<std::int32_t>(); }
  std::int64_t i64() noexcept { return get<std::int64_t>(); }

  /// The next `n` bytes, or an empty view (and a bad reader) when fewer are left.
  std::span<const std::byte> take(std::size_t n) noexcept {
    if (n > left()) {
      ok_ = false;
      at_ = body_.size();
      return {};
    }
    const auto part = body_.subspan(at_, n);
    at_ += n;
    return part;
  }
  /// All that is left.
  std::span<const std::byte> rest() noexcept { return take(left()); }
  /// A reader over the same body, placed at `offset`: follows a pointer. Bad when the offset lies outside.
  [[nodiscard]] reader at(std::uint32_t offset) const noexcept {
    reader r{body_};
    r.ok_ = ok_ && offset <= body_.size();
    r.at_ = r.ok_ ? offset : body_.size();
    return r;
  }
  /// Reads a pointer and what it points to with `how(reader&)`. Nothing is read for 0, and false returned. What is
  /// wrong there makes this reader bad too.
  template <class F>
  bool follow(F&& how) {
    const auto offset = u32();
    if (offset == 0) return false;
    auto there = at(offset);
    how(there);
    if (!there.ok()) spoil();
    return true;
  }
  /// True when `count` elements of at least `element_size` bytes can still follow; makes the reader bad otherwise.
  /// Ask before reserving memory for a count that a peer sent.
  [[nodiscard]] bool has(std::uint64_t count, std::size_t element_size) noexcept {
    if (element_size != 0 && count > left() / element_size) ok_ = false;
    return ok_;
  }
  void spoil() noexcept { ok_ = false; }
  [[nodiscard]] std::size_t left() const noexcept { return body_.size() - at_; }
  [[nodiscard]] std::size_t position() const noexcept { return at_; }
  [[nodiscard]] bool ok() const noexcept { return ok_; }

private:
  std::span<const std::byte> body_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

/// Appends fields to a growing body.
class writer {
public:
  template <scalar T>
  writer& put(T value) {
    const auto* from = reinterpret_cast<const std::byte*>(&value);
    body_.insert(body_.end(), from, from + sizeof(T));
    return *this;
  }
  writer& u8(std::uint8_t v) { return put(v); }
  writer& u16(std::uint16_t v) { return put(v); }
  writer& u32(std::uint32_t v) { return put(v); }
  writer& u64(std::uint64_t v) { return put(v); }
  writer& i16(std::int16_t v) { return put(v); }
  writer& i32(std::int32_t v) { return put(v); }
  writer& i64(std::int64_t v) { return put(v); }
  writer& bytes(std::span<const std::byte> from) {
    body_.insert(body_.end(), from.begin(), from.end());
    return *this;
  }
  /// Overwrites the u32 at `offset`: a pointer or a size that was not known when its place was written.
  writer& patch(std::size_t offset, std::uint32_t value) {
    std::memcpy(body_.data() + offset, &value, sizeof value);
    return *this;
  }
  /// Writes a null pointer and returns its place, for point_here().
  [[nodiscard]] std::size_t pointer() {
    u32(0);
    return size() - sizeof(std::uint32_t);
  }
  /// Makes the pointer at `place` point to what is written next.
  writer& point_here(std::size_t place) { return patch(place, static_cast<std::uint32_t>(size())); }
  [[nodiscard]] std::size_t size() const noexcept { return body_.size(); }
  [[nodiscard]] std::span<const std::byte> view() const noexcept { return body_; }
  [[nodiscard]] std::vector<std::byte> release() noexcept { return std::move(body_); }

private:
  std::vector<std::byte> body_;
};

/// A message struct M has `static constexpr std::uint16_t type`, and `void write(writer&, const M&)` and
/// `void read(reader&, M&)` in its namespace or, made of its fields, from fields.hpp.
template <class M>
[[nodiscard]] std::vector<std::byte> encode(const M& message) {
  writer w;
  write(w, message);
  return w.release();
}

/// errc::bad_message when the body is too short for its fields or a field is impossible. Surplus bytes are tolerated,
/// as the reference does.
template <class M>
[[nodiscard]] result<M> decode(std::span<const std::byte> body) {
  M message;
  reader r{body};
  read(r, message);
  if (!r.ok()) return fail{errc::bad_message};
  return message;
}

} // namespace saffron::wire
