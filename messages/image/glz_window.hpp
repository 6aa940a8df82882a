// SPDX-License-Identifier: BSD-3-Clause
// The server's book of one client's GLZ dictionary: which images the client still holds, and which of them the next one
// may refer to. Source of the rules: the behaviour of SPICE clients, which free images by `win_head_dist` alone.
#pragma once

#include "messages/bytes.hpp"
#include "messages/image/bitmap.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace saffron::image {

namespace glz {
struct index;
}

/// Pixels for the window, which keeps them alive. Rows are packed.
struct glz_picture {
  bitmap_format format = bitmap_format::rgb_32bit;
  std::uint32_t width = 0, height = 0;
  /// The first row is the top one.
  bool top_down = true;
  shared_bytes pixels;
  /// Equal for pictures of the same part of a surface: what they have in common is then found at once.
  std::uint64_t spot = 0;
  /// The display channel that sends it.
  std::uint8_t channel = 0;
  /// picture::id.
  std::uint64_t id = 0;

  [[nodiscard]] std::uint64_t pixel_count() const noexcept { return std::uint64_t{width} * height; }
  /// All pixels are there, of a format that GLZ can transport.
  [[nodiscard]] bool whole() const noexcept;
};

/// What glz_encode() needs. Made by a window; immutable, so that any thread may encode it.
struct glz_job {
  std::uint64_t id = 0;
  /// id - win_head_dist is the id of the oldest image that the client holds when it decodes this one.
  std::uint32_t win_head_dist = 0;
  glz_picture picture;
  /// The images that may be referred to, newest first: id - 1, id - 2, ..., id - win_head_dist. Those of other channels
  /// are empty: nobody refers to them, so no channel of a client ever waits for what another one has not brought.
  std::vector<glz_picture> earlier;
  /// How many images before this one the last of the same spot, format and size is; 0 when there is none.
  std::uint32_t same_spot = 0;
  /// Equal for jobs of one picture whose payloads are good for each other: all that may be referred to is the same, at
  /// the same distances.
  std::uint64_t history = 0;
  std::shared_ptr<glz::index> index;
};

/// When the ids of pictures reach a multiple of this, every window begins anew: clients that missed different pictures
/// are then in step again, and share what is encoded.
inline constexpr std::uint64_t glz_milestone = 1024;

/// One for each dictionary of each client, owned by one thread. All display channels of the client share it.
class glz_window {
public:
  /// As many pixels as the client said; 0 for a client without GLZ. More than 2^25 are not used. Windows that see the
  /// same pictures should share an index. With a `next_id` it goes on where another server was: the client drops its
  /// older images when the first one arrives.
  glz_window(std::uint32_t pixels, std::shared_ptr<glz::index> index, std::uint64_t next_id = 0) noexcept;

  /// Nothing when the picture has to travel in another form: the window is frozen or too small, or the format is not
  /// one of GLZ's. Otherwise the id is taken: the job's result MUST reach the client, whole, and every display channel
  /// must send what it sends of this window in the order of the ids. So ask only when nothing can stop the sending.
  [[nodiscard]] std::optional<glz_job> allot(glz_picture picture);

  /// Nothing more is allotted: next_id() is what the target of a migration goes on with. Lets go of all pixels.
  void freeze() noexcept;
  [[nodiscard]] bool frozen() const noexcept { return frozen_; }
  [[nodiscard]] std::uint64_t next_id() const noexcept { return next_id_; }
  /// The size that was given.
  [[nodiscard]] std::uint32_t window_pixels() const noexcept { return pixels_; }

private:
  void make_room(const glz_picture& picture, std::uint64_t size);

  std::uint32_t pixels_;
  std::shared_ptr<glz::index> index_;
  std::uint64_t next_id_;
  bool frozen_ = false;
  /// What the client holds, oldest first.
  std::deque<glz_picture> images_;
  std::uint64_t held_pixels_ = 0;
  /// Milestones before the newest picture.
  std::uint64_t milestones_ = 0;
};

} // namespace saffron::image
