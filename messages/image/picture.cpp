// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/picture.hpp"

#include "messages/image/graduality.hpp"

#include <atomic>

namespace saffron {

std::uint64_t next_picture_id() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

result<picture_ptr> make_picture(const image::bitmap_view& from, palette_ptr palette) {
  constexpr std::uint32_t most = 1 << 15;
  const bool has_colors = !image::is_indexed(from.format) || (palette && !palette->entries.empty());
  if (!from.whole() || !from.packed() || !has_colors || from.width > most || from.height > most)
    return fail{errc::codec_failed};
  auto made = std::make_shared<picture>();
  made->id = next_picture_id();
  made->area = {0, 0, static_cast<std::int32_t>(from.width), static_cast<std::int32_t>(from.height)};
  made->format = from.format;
  made->top_down = from.top_down;
  made->gradual = image::is_gradual(from);
  made->pixels = shared_bytes::copy_of(from.pixels.first(from.stride * from.height));
  made->palette = std::move(palette);
  return made;
}

} // namespace saffron
