// SPDX-License-Identifier: BSD-3-Clause
// Whatever a QMP socket says. The first byte chooses how the rest is split.
#include "devices/qemu_dbus/qmp_wire.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace saffron::devices::qemu_dbus;
  if (size == 0) return 0;
  const std::size_t step = std::size_t{data[0]} + 1;
  std::string_view rest{reinterpret_cast<const char*>(data) + 1, size - 1};
  line_cutter cutter{4096};
  while (!rest.empty()) {
    const auto piece = rest.substr(0, step);
    rest.remove_prefix(piece.size());
    const auto fed = cutter.feed(piece, [](std::string_view line) {
      const auto parsed = parse_qmp(line);
      if (!parsed) return false;
      if (const auto* answer = std::get_if<qmp_answer>(&*parsed))
        static_cast<void>(text_member(answer->value, "status"));
      return true;
    });
    if (!fed) break;
  }
  return 0;
}
