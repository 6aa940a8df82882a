// SPDX-License-Identifier: BSD-3-Clause
#include "tests/system/guest/port_service.hpp"

#include <algorithm>

namespace saffron::guest {

void echo_service::disconnected() {
  say(0);
  kept_.clear();
  kept_at_ = 0;
}

std::size_t echo_service::write(std::span<const std::byte> bytes) {
  if (kept_at_ == kept_.size()) {
    kept_.clear();
    kept_at_ = 0;
  }
  const auto n = std::min(bytes.size(), capacity - kept_.size());
  kept_.insert(kept_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(n));
  return n;
}

std::size_t echo_service::read(std::span<std::byte> room) {
  if (text_at_ < text_.size()) {
    const auto n = std::min(room.size(), text_.size() - text_at_);
    text_.copy(text_at_, room.first(n));
    text_at_ += n;
    return n;
  }
  const auto n = std::min(room.size(), kept_.size() - kept_at_);
  std::copy_n(kept_.begin() + static_cast<std::ptrdiff_t>(kept_at_), n, room.begin());
  kept_at_ += n;
  return n;
}

void echo_service::say(std::size_t size) {
  text_ = devices::demo::clipboard_content::pattern(size);
  text_at_ = 0;
}

} // namespace saffron::guest
