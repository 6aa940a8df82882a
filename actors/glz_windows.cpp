// SPDX-License-Identifier: BSD-3-Clause
#include "actors/glz_windows.hpp"

#include "actors/glz_images.hpp"

namespace saffron::actors {

void glz_windows::join(viewer_id viewer, std::uint8_t window, std::uint32_t pixels) {
  windows_.try_emplace(window, pixels, seen_);
  members_[viewer] = {window, ++channels_};
}

void glz_windows::left(viewer_id viewer) {
  const auto found = members_.find(viewer);
  if (found == members_.end()) return;
  windows_.at(found->second.window).freeze();
  members_.erase(found);
}

std::optional<image::glz_job> glz_windows::promise(viewer_id viewer, const picture& shown) {
  const auto found = members_.find(viewer);
  if (found == members_.end()) return std::nullopt;
  return windows_.at(found->second.window).allot(for_window(shown, found->second.channel));
}

} // namespace saffron::actors
