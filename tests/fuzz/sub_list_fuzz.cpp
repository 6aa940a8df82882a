// SPDX-License-Identifier: BSD-3-Clause
// The first two bytes are the list's offset. Written again, the list stands first.
#include "messages/wire/header.hpp"
#include "tests/fuzz/round_trip.hpp"

using namespace saffron::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  auto offset = static_cast<std::uint32_t>(data[0] | data[1] << 8);
  saffron::fuzz::round_trip(
      std::as_bytes(std::span{data + 2, size - 2}), [&](auto body) { return read_sub_messages(body, offset); },
      [&](const std::vector<sub_message>& messages) {
        writer w;
        offset = write_sub_messages(w, messages);
        return w.release();
      });
  return 0;
}
