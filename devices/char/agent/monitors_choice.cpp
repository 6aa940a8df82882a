// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/agent/monitors_choice.hpp"

#include "messages/defaults.hpp"

#include <algorithm>

namespace saffron::devices {

std::vector<resize_head> resizes_of(const std::vector<wire::agent::monitor>& monitors) {
  constexpr std::size_t heads_max = 256; // the protocol numbers them with a byte
  std::vector<resize_head> out;
  for (std::size_t head = 0; head < std::min(monitors.size(), heads_max); ++head) {
    const auto [least, most] = std::minmax(monitors[head].width, monitors[head].height);
    if (least > 0 && most <= defaults::surface_edge)
      out.push_back({static_cast<std::uint8_t>(head), {monitors[head].width, monitors[head].height}});
  }
  return out;
}

void monitors_choice::join(client_id client) {
  // A client that starts anew keeps its place and its wish.
  if (std::none_of(wishes_.begin(), wishes_.end(), [&](const wish& w) { return w.client == client; }))
    wishes_.push_back({client, {}});
}

const monitors_choice::wish* monitors_choice::decider() const {
  const auto it = std::find_if(wishes_.begin(), wishes_.end(), [](const wish& w) { return w.config.has_value(); });
  return it == wishes_.end() ? nullptr : &*it;
}

bool monitors_choice::wants(client_id client, const wire::agent::monitors_config& config) {
  if (policy_ == monitors_policy::last) return true;
  for (auto& w : wishes_)
    if (w.client == client) w.config = config;
  const auto* first = decider();
  return first != nullptr && first->client == client;
}

std::optional<wire::agent::monitors_config> monitors_choice::leave(client_id client) {
  const auto* before = decider();
  const bool decided = before != nullptr && before->client == client;
  std::erase_if(wishes_, [&](const wish& w) { return w.client == client; });
  const auto* now = decider();
  if (!decided || now == nullptr) return std::nullopt;
  return now->config;
}

} // namespace saffron::devices
