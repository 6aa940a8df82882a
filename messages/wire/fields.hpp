// SPDX-License-Identifier: BSD-3-Clause
// Reads and writes structs that list their fields in wire order:
//   static auto fields(auto& self) { return std::tie(self.generation, self.window); }
// Every member has an initializer, if only {}: GCC then lets designated initializers leave it out without a warning.
#pragma once

#include "messages/geometry.hpp"
#include "messages/wire/codec.hpp"

#include <array>
#include <string>
#include <tuple>

namespace saffron::wire {

/// A struct whose fields follow each other on the wire without condition.
template <class T>
concept has_fields = requires(T& value) {
  T::fields(value);
};

/// A message without a body; each takes its name by deriving from it.
template <std::uint16_t Type>
struct empty_message {
  static constexpr std::uint16_t type = Type;
  static auto fields(auto&) { return std::tie(); }
  friend bool operator==(const empty_message&, const empty_message&) = default;
};

/// SPICE's rectangles start with their top.
inline void write(writer& w, const rect& r) { w.i32(r.top).i32(r.left).i32(r.bottom).i32(r.right); }
inline void read(reader& r, rect& out) {
  out.top = r.i32();
  out.left = r.i32();
  out.bottom = r.i32();
  out.right = r.i32();
}
inline void write(writer& w, const point& p) { w.i32(p.x).i32(p.y); }
inline void read(reader& r, point& out) {
  out.x = r.i32();
  out.y = r.i32();
}

/// A point of 16-bit coordinates.
struct point16 {
  std::int16_t x = 0, y = 0;
  static auto fields(auto& self) { return std::tie(self.x, self.y); }
  friend bool operator==(const point16&, const point16&) = default;
};

template <class T>
void write_field(writer& w, const T& value) {
  if constexpr (scalar<T>)
    w.put(value);
  else
    write(w, value);
}
template <class T>
void read_field(reader& r, T& value) {
  if constexpr (scalar<T>)
    value = r.get<T>();
  else
    read(r, value);
}

template <class T, std::size_t N>
void write(writer& w, const std::array<T, N>& values) {
  for (const auto& value : values) write_field(w, value);
}
template <class T, std::size_t N>
void read(reader& r, std::array<T, N>& values) {
  for (auto& value : values) read_field(r, value);
}

template <has_fields T>
void write(writer& w, const T& value) {
  std::apply([&w](const auto&... field) { (write_field(w, field), ...); }, T::fields(value));
}
template <has_fields T>
void read(reader& r, T& value) {
  std::apply([&r](auto&... field) { (read_field(r, field), ...); }, T::fields(value));
}

/// Bytes that a T takes on the wire.
template <class T>
consteval std::size_t wire_size() {
  if constexpr (scalar<T> || std::is_same_v<T, rect> || std::is_same_v<T, point>)
    return sizeof(T);
  else if constexpr (has_fields<T>)
    return []<class... F>(std::type_identity<std::tuple<F&...>>) {
      return (wire_size<F>() + ... + 0);
    }(std::type_identity<decltype(T::fields(std::declval<T&>()))>{});
  else
    return std::tuple_size_v<T> * wire_size<typename T::value_type>();
}

/// Elements of a fixed size whose number is known. The number is checked against what is left before memory is taken.
template <class T>
void read_elements(reader& r, std::vector<T>& out, std::uint64_t count) {
  out.clear();
  if (!r.has(count, wire_size<T>())) return;
  out.resize(static_cast<std::size_t>(count));
  for (auto& element : out) read_field(r, element);
}
template <class T>
void write_elements(writer& w, const std::vector<T>& elements) {
  for (const auto& element : elements) write_field(w, element);
}

/// A number of type Count, then as many elements.
template <class Count, class T>
void read_list(reader& r, std::vector<T>& out) {
  read_elements(r, out, r.get<Count>());
}
template <class Count, class T>
void write_list(writer& w, const std::vector<T>& elements) {
  w.put(static_cast<Count>(elements.size()));
  write_elements(w, elements);
}

/// All that is left, which must be something: the reference's parser refuses an empty body of such messages.
inline void read_tail(reader& r, byte_view& out) {
  out = r.rest();
  if (out.empty()) r.spoil();
}

/// `size` bytes of text of which the last may be a NUL.
inline void read_text(reader& r, std::string& out, std::size_t size) {
  const auto bytes = r.take(size);
  out.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!out.empty() && out.back() == '\0') out.pop_back();
}
inline void write_text(writer& w, const std::string& text) { w.bytes(std::as_bytes(std::span{text})).u8(0); }

} // namespace saffron::wire
