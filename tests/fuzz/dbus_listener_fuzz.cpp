// SPDX-License-Identifier: BSD-3-Clause
// A hostile QEMU on a listener's socket: frames, cursors and mapped frames against a canvas in memory. The first byte
// chooses how the stream is split. A descriptor comes with every piece.
#include "devices/qemu_dbus/listener_service.hpp"
#include "messages/log.hpp"
#include "tests/unit/devices/memory_canvas.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace saffron;
  log::set_sink([](log::level, std::string_view) {});
  using namespace saffron::devices::qemu_dbus;
  if (size == 0) return 0;
  const std::size_t step = std::size_t{data[0]} * 4 + 1;
  tests::memory_canvas canvas;
  canvas.most_bytes = 256 * 256 * 4;
  counters count;
  listener_service service{canvas, count, "fuzz", {[](std::span<const std::byte>) {}, [] {}}};
  frame_parser parser{service};
  std::span rest{reinterpret_cast<const std::byte*>(data) + 1, size - 1};
  while (!rest.empty()) {
    service.paint().begin_turn();
    if (!parser.arrived(0)) return 0;
    const auto piece = rest.first(std::min(step, rest.size()));
    std::size_t done = 0;
    for (const auto& place : parser.places(step)) {
      const auto n = std::min(place.iov_len, piece.size() - done);
      if (n != 0) std::memcpy(place.iov_base, piece.data() + done, n);
      done += n;
    }
    parser.received(saffron::devices::unique_fd{::memfd_create("fuzz", MFD_CLOEXEC)});
    if (!parser.arrived(done)) return 0;
    rest = rest.subspan(done);
    service.paint().bring(whole(canvas.size()));
    service.paint().fit({std::uint32_t(step), 50});
  }
  return 0;
}
