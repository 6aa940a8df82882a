// SPDX-License-Identifier: BSD-3-Clause
// What tests of a console need around it: a viewer that checks each update, and pixels to draw.
#pragma once

#include "devices/display/console_state.hpp"
#include "tests/unit/devices/model_client.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <functional>

namespace saffron::tests {

struct viewer {
  model_client client;
  bool waiting = false;
  std::size_t limit = 0;

  void attach(devices::console_state& c, viewer_id id) {
    c.attach_display(id, [this](const display_update& u) {
      REQUIRE(waiting);
      waiting = false;
      CHECK((!u.operations.empty() || !u.patches.empty()));
      const bool first = u.epoch != client.epoch;
      std::uint64_t pixels = 0, widest = 0;
      for (const auto& p : u.patches) {
        pixels += p.area.area();
        widest = std::max(widest, static_cast<std::uint64_t>(p.area.width()));
      }
      if (!first) CHECK(pixels <= std::max<std::uint64_t>(limit / 4, widest));
      client.apply(u);
    });
  }
  void pull(devices::console_state& c, viewer_id id, std::size_t bytes) {
    waiting = true;
    limit = bytes;
    c.pull_display(id, bytes);
  }
};

class no_actor final : public transport::activation {
public:
  bool run(const std::function<void()>& body) override { return body(), true; }
  caf::strong_actor_ptr keep() override { return {}; }
  transport::loop& home() noexcept override { std::abort(); }
};

inline put_pixels random_pixels(dice& d, rect area) {
  auto [bytes, out] = shared_bytes::make(area.area() * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 4) {
    const auto color = d.color();
    std::memcpy(out + i, &color, 4);
  }
  return {area, bytes};
}

inline void write_and_touch(dice& d, devices::canvas& c, rect area) {
  for (auto y = area.top; y < area.bottom; ++y)
    for (auto x = area.left; x < area.right; ++x) {
      const auto color = d.color();
      std::memcpy(c.row(static_cast<std::uint32_t>(y)).data() + x * 4, &color, 4);
    }
  c.touched(area);
}

} // namespace saffron::tests
