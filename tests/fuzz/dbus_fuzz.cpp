// SPDX-License-Identifier: BSD-3-Clause
// Headers and values of D-Bus. The first byte is the length of a signature that follows; the values are the rest.
#include "devices/qemu_dbus/dbus_wire.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace saffron::devices::qemu_dbus;
  const std::span bytes{reinterpret_cast<const std::byte*>(data), size};
  if (const auto length = header_size(bytes.first(std::min(size, fixed_header_size))); length && *length <= size) {
    if (const auto header = read_header(bytes.first(*length))) {
      const auto again = make_message(*header);
      if (!read_header(again)) std::abort(); // what was read can be written and read
    }
  }
  if (size == 0) return 0;
  const auto signature_size = std::min<std::size_t>(data[0], size - 1);
  const std::string_view signature{reinterpret_cast<const char*>(data) + 1, signature_size};
  dbus_reader skipping{bytes.subspan(1 + signature_size)};
  skipping.skip(signature);
  dbus_reader r{bytes.subspan(1 + signature_size)};
  for (const auto type : signature) {
    switch (type) {
    case 'y': r.y(); break;
    case 'b': r.b(); break;
    case 'u': r.u(); break;
    case 't': r.t(); break;
    case 's': r.s(); break;
    case 'g': r.g(); break;
    case 'A': r.ay(); break;
    case 'U': r.au(); break;
    case 'S': r.as(); break;
    default: r.structure(); break;
    }
    if (r.position() > size) std::abort();
  }
  return 0;
}
