// SPDX-License-Identifier: BSD-3-Clause
// Which palettes a display channel's client keeps: the server decides, the client obeys. Ids are made here, one for
// each content, so pictures share a palette whoever made it. Sources: spice-protocol's PAL_CACHE_ME and PAL_FROM_CACHE;
// the reference keeps 128 palettes a channel, too.
#pragma once

#include "messages/image/legal.hpp"

#include <cstdint>
#include <list>
#include <optional>
#include <vector>

namespace saffron::actors {

class palette_cache final : public image::kept_by_client {
public:
  static constexpr std::size_t most_palettes = 128;
  /// Palettes of more colours are never kept: no picture of the protocol has more than 8 bits a pixel.
  static constexpr std::size_t most_colors = 256;

  struct step {
    /// The palette stays behind: the client has it.
    bool hit = false;
    /// The client must forget this one before it reads the image.
    std::optional<std::uint64_t> evicted;
  };
  /// Call when `what` is certain to be sent, in the order of the messages: the palette inside, if there is one, is
  /// marked to be kept, or replaced by its id.
  [[nodiscard]] step use(wire::display::image& what);
  [[nodiscard]] bool has(std::uint64_t id) const override;

private:
  struct entry {
    std::uint64_t id = 0;
    std::vector<std::uint32_t> colors;
  };
  step use(wire::display::any_palette& any, std::uint8_t& flags);

  /// Used last first.
  std::list<entry> entries_;
  std::uint64_t last_id_ = 0;
};

} // namespace saffron::actors
