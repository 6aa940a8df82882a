// SPDX-License-Identifier: BSD-3-Clause
// The GLZ windows of one client, by the numbers that its display channels named, and which channel uses which.
#pragma once

#include "messages/image/glz_window.hpp"
#include "messages/image/picture.hpp"
#include "messages/session.hpp"

#include <map>
#include <memory>
#include <optional>

namespace saffron::actors {

class glz_windows {
public:
  /// Where pictures were seen, for the windows of all clients of a VM.
  explicit glz_windows(std::shared_ptr<image::glz::index> seen) : seen_(std::move(seen)) {}

  /// The first channel that names a window says how many pixels it has.
  void join(viewer_id viewer, std::uint8_t window, std::uint32_t pixels);
  /// A channel has ended. Images that were promised on it may not have left, so its window promises nothing more.
  void left(viewer_id viewer);
  /// A promise that the picture comes to this viewer as the next image of its window. None: it has to be another form.
  [[nodiscard]] std::optional<image::glz_job> promise(viewer_id viewer, const picture& shown);
  void clear() {
    windows_.clear();
    members_.clear();
  }

private:
  struct member {
    std::uint8_t window = 0, channel = 0;
  };

  std::shared_ptr<image::glz::index> seen_;
  std::map<std::uint8_t, image::glz_window> windows_;
  std::map<viewer_id, member> members_;
  std::uint8_t channels_ = 0;
};

} // namespace saffron::actors
