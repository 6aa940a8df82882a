// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/inputs.hpp"

#include "messages/wire/any.hpp"

namespace saffron::wire::inputs {

namespace to_client {

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

} // namespace saffron::wire::inputs
