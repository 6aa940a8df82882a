// SPDX-License-Identifier: BSD-3-Clause
// Any message of one channel and direction: the variants' decode_any, type_of and encode_any are made of these.
#pragma once

#include "messages/wire/fields.hpp"

#include <variant>

namespace saffron::wire {

namespace detail {
template <class Variant>
struct any_message;

template <class... M>
struct any_message<std::variant<M...>> {
  using variant = std::variant<M...>;

  static result<variant> decode(std::uint16_t type, std::span<const std::byte> body) {
    result<variant> out = fail{errc::unknown_message};
    const auto attempt = [&]<class T>(std::type_identity<T>) {
      if (type != T::type) return false;
      if (auto message = wire::decode<T>(body))
        out = variant{std::move(*message)};
      else
        out = fail{message.error()};
      return true;
    };
    (attempt(std::type_identity<M>{}) || ...);
    return out;
  }
};
} // namespace detail

/// errc::unknown_message when no alternative has this type, errc::bad_message when its body is malformed.
template <class Variant>
[[nodiscard]] result<Variant> decode_variant(std::uint16_t type, std::span<const std::byte> body) {
  return detail::any_message<Variant>::decode(type, body);
}

template <class Variant>
[[nodiscard]] std::uint16_t type_of_variant(const Variant& message) {
  return std::visit([]<class T>(const T&) { return T::type; }, message);
}

template <class Variant>
[[nodiscard]] std::vector<std::byte> encode_variant(const Variant& message) {
  return std::visit([](const auto& m) { return wire::encode(m); }, message);
}

} // namespace saffron::wire
