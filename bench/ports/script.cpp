// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ports/script.hpp"

#include "messages/wire/codec.hpp"

#include <algorithm>
#include <utility>

namespace saffron::ports {

namespace {

constexpr std::size_t looked_at = 64;
constexpr std::size_t unit_data = 65'000;
// usbredirproto.h: hello and bulk packet, the text in a hello, endpoints 1 in and out.
constexpr std::uint32_t hello_packet = 0, bulk_packet = 101;
constexpr std::size_t hello_text = 64;
constexpr std::uint8_t endpoint_in = 0x81, endpoint_out = 0x01;
constexpr std::uint32_t bulk_head = 8;

} // namespace

script::script(std::vector<std::byte> unit) : unit_size_(unit.size()), repeated_(std::move(unit)) {
  const auto size = unit_size_ + piece_limit;
  repeated_.reserve(size);
  for (std::size_t i = 0; repeated_.size() < size; ++i) repeated_.push_back(repeated_[i]);
}

std::span<const std::byte> script::piece(std::uint64_t at, std::uint64_t most) const {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(most, piece_limit));
  return std::span{repeated_}.subspan(at % unit_size_, size);
}

bool script::agrees(std::uint64_t at, std::span<const std::byte> bytes) const {
  const auto n = std::min(bytes.size(), looked_at);
  const auto end = at + bytes.size() - n;
  return std::ranges::equal(bytes.first(n), piece(at, n)) && std::ranges::equal(bytes.last(n), piece(end, n));
}

std::vector<std::byte> noise(std::size_t size) {
  std::vector<std::byte> bytes(size);
  std::uint32_t state = 1;
  for (auto& b : bytes) {
    state = state * 1'664'525U + 1'013'904'223U; // Numerical Recipes' generator
    b = static_cast<std::byte>(state >> 24U);
  }
  return bytes;
}

std::vector<std::byte> greeting(port_kind kind) {
  if (kind == port_kind::port) return noise(hello_text);
  wire::writer w;
  w.u32(hello_packet).u32(hello_text).u32(0).bytes(std::vector<std::byte>(hello_text));
  return w.release();
}

std::vector<std::byte> unit(port_kind kind, bool of_guest) {
  if (kind == port_kind::port) return noise(unit_data);
  wire::writer w;
  w.u32(bulk_packet).u32(bulk_head + unit_data).u32(1);
  // Endpoint, status, length, stream.
  w.u8(of_guest ? endpoint_out : endpoint_in).u8(0).u16(static_cast<std::uint16_t>(unit_data)).u32(0);
  return w.bytes(noise(unit_data)).release();
}

} // namespace saffron::ports
