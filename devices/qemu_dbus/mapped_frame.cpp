// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/mapped_frame.hpp"

#include "messages/defaults.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

namespace saffron::devices::qemu_dbus {

namespace {

constexpr std::size_t read_at_once = 1024 * 1024;

void read_at(int fd, std::span<std::byte> to, std::uint64_t offset) {
  while (!to.empty()) {
    const auto n = ::pread(fd, to.data(), to.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return; // truncated: whoever did it sees old pixels
    to = to.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
}

} // namespace

result<mapped_frame> mapped_frame::make(unique_fd memory, const layout& where) {
  const auto possible = where.size.width != 0 && where.size.height != 0 && where.size.width <= defaults::surface_edge &&
                        where.size.height <= defaults::surface_edge &&
                        where.stride >= std::uint64_t{where.size.width} * bytes_per_pixel(where.order);
  // Only memfd and shared memory have seals, and the question never reaches a file system.
  if (!possible || ::fcntl(memory.get(), F_GET_SEALS) < 0) return fail{errc::bad_message};
  mapped_frame f{std::move(memory), where};
  f.changed(whole(where.size));
  return f;
}

void mapped_frame::changed(rect area) {
  area = area.intersect(whole(where_.size));
  if (area.empty()) return;
  pending_.add(area);
  if (pending_.rect_count() > defaults::damage_rects) pending_.simplify(defaults::damage_rects / 2);
}

void mapped_frame::bring(rect area, canvas& to) {
  area = area.intersect(whole(to.size()));
  if (area.empty() || !pending_.overlaps(area)) return;
  auto wanted = pending_;
  wanted.intersect(area);
  pending_.subtract(area);
  for (const auto& r : wanted.rects()) read(r, to);
}

void mapped_frame::read(rect area, canvas& to) {
  const auto pixel = bytes_per_pixel(where_.order);
  const auto left = static_cast<std::size_t>(area.left), pixels = static_cast<std::size_t>(area.width());
  for (auto y = static_cast<std::uint32_t>(area.top); y < static_cast<std::uint32_t>(area.bottom); ++y) {
    auto row = to.row(y).subspan(left * 4, pixels * 4);
    const auto offset = where_.offset + std::uint64_t{where_.stride} * y + left * pixel;
    if (where_.order == pixel_order::bgrx) {
      // Rows that follow each other in both places are read at once.
      while (row.size() < read_at_once && where_.stride == pixels * 4 &&
             y + 1 < static_cast<std::uint32_t>(area.bottom)) {
        const auto next = to.row(y + 1);
        if (next.data() != row.data() + row.size()) break;
        row = {row.data(), row.size() + next.size()};
        ++y;
      }
      read_at(memory_.get(), row, offset);
      continue;
    }
    row_.resize(pixels * pixel);
    read_at(memory_.get(), row_, offset);
    to_bgrx(where_.order, row_.data(), row.data(), pixels);
  }
}

} // namespace saffron::devices::qemu_dbus
