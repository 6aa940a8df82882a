// SPDX-License-Identifier: BSD-3-Clause
// A display channel's part in its client's picture cache: which of an update's pictures the client has, which of the
// others it shall keep. Guests' own pictures are kept; of the screen's content what was there before and comes back,
// where bytes are dear. Only what is exact is kept, so what comes from the cache never needs to be mended.
#pragma once

#include "actors/pixmap_cache.hpp"
#include "actors/strip_images.hpp"
#include "messages/image/picture.hpp"
#include "messages/wire/display.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

namespace saffron::actors {

class kept_pictures final : public image::kept_by_client {
public:
  /// `caches` may be none: then nothing is kept.
  kept_pictures(std::shared_ptr<pixmap_caches> caches, std::uint8_t channel)
      : caches_(std::move(caches)), channel_(channel) {}
  kept_pictures(const kept_pictures&) = delete;
  kept_pictures& operator=(const kept_pictures&) = delete;
  ~kept_pictures() override;

  /// From the client's INIT: the cache's id, and how much it holds. None of it: the client has no cache.
  void join(std::uint8_t id, std::int64_t pixels);

  enum class origin { guest, screen };
  /// A picture of the update that is being made. True: the client has it, and will until finish().
  [[nodiscard]] bool look_up(const picture_ptr& p, origin from);

  struct step {
    /// Nothing but its id is to be sent.
    bool hit = false;
    /// The client must forget these before it reads the image.
    std::vector<wire::display::resource> evicted;
  };
  /// Call when `what`, the description of `from`, is certain to be sent, in the order of the messages: it becomes the
  /// id of a picture that the client has, or is marked to be kept. `mark` is that of the update.
  [[nodiscard]] step use(wire::display::image& what, const strip_image& from, std::uint32_t mark);
  /// The update is over.
  void finish() { candidates_.clear(); }
  /// The client has read everything up to this mark.
  void read(std::uint32_t mark);

  [[nodiscard]] bool has(std::uint64_t id) const override { return cache_ && cache_->has(id); }

private:
  struct candidate {
    pixmap_key key;
    pixmap_cache::item_ptr kept;
    /// It was there when it was looked up, so it has not been encoded.
    bool promised = false;
  };

  std::shared_ptr<pixmap_caches> caches_;
  std::uint8_t channel_;
  std::shared_ptr<pixmap_cache> cache_;
  /// Held, so that no other picture takes the place of one of them.
  std::map<picture_ptr, candidate> candidates_;
};

} // namespace saffron::actors
