// SPDX-License-Identifier: BSD-3-Clause
// One log of what was drawn, many readers. The log is bounded, a reader is a position in it and a damage region, so
// however slow a client is, it costs the same; and nobody who draws ever waits for a reader.
//
// The log says *where* pixels were written, never which: a reader that comes late gets current pixels, history is never
// replayed. Only fills and copies are told as what they were, because they cost next to nothing, and guests' own
// pictures, because they are shared by all clients. damage.hpp says what a step over an entry does to a reader. When
// the log is full its oldest entry is folded into the damage of the readers that have not passed it. Readers are kept
// in the order of their positions (who reads always ends up at the end of the log), so a fold costs as much as there
// are readers that far behind.
#pragma once

#include "devices/display/damage.hpp"
#include "messages/counters.hpp"
#include "messages/defaults.hpp"
#include "messages/display.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <variant>
#include <vector>

namespace saffron::devices {

/// More operations than this are not forwarded in one update: their area is sent as pixels.
inline constexpr std::size_t operations_per_update = 256;

class draw_log {
public:
  /// Made by open(), valid until close().
  class reader {
  public:
    [[nodiscard]] viewer_id viewer() const noexcept { return viewer_; }
    /// As of the reader's position: what advance() and damage::take() work on.
    [[nodiscard]] class damage& damage() noexcept { return damage_; }

  private:
    friend class draw_log;
    viewer_id viewer_ = 0;
    std::uint64_t position_ = 0;
    class damage damage_;
    bool behind_ = false;
    std::list<reader>::iterator place_;
  };

  explicit draw_log(counters& counts, std::size_t length = defaults::draw_log_length)
      : counts_(counts), length_(length) {}
  draw_log(const draw_log&) = delete;
  draw_log& operator=(const draw_log&) = delete;

  /// Starts at the end of the log and shows nothing yet.
  [[nodiscard]] reader& open(viewer_id viewer);
  void close(reader& r);
  [[nodiscard]] std::size_t readers() const noexcept { return readers_.size(); }

  /// A new surface of this size (empty: none): the log starts anew, and so does every reader.
  void restart(extent surface);
  // What was drawn, in order. Areas lie on the surface and are not empty.
  void add(const fill& command);
  void add(const copy_bits& command);
  void add(const draw_image& command);
  void add_pixels(rect area);

  /// advance() or damage().take() has something for this reader.
  [[nodiscard]] bool has_news(const reader& r) const noexcept { return r.position_ != end() || !r.damage_.empty(); }
  /// Steps to the end of the log: the operations to forward, in order; the rest is in the reader's damage. Pictures
  /// are forwarded up to `picture_bytes`, and only those that nothing was drawn over.
  [[nodiscard]] std::vector<forwarded_command> advance(reader& r, std::size_t picture_bytes);
  /// Pixels that the reader who misses most would need now if nothing was forwarded.
  [[nodiscard]] std::uint64_t missing_pixels() const;
  /// Of the pictures in it.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  /// Entries held: never more than the length.
  [[nodiscard]] std::size_t entries() const noexcept { return entries_.size(); }

private:
  struct pixels_drawn {
    rect area;
  };
  using entry = std::variant<pixels_drawn, fill, copy_bits, draw_image>;
  class forwarding;

  [[nodiscard]] std::uint64_t end() const noexcept { return first_ + entries_.size(); }
  [[nodiscard]] static rect area_of(const entry& e) noexcept;
  [[nodiscard]] static std::size_t bytes_of(const entry& e) noexcept;
  [[nodiscard]] bool covered_later(std::uint64_t position) const noexcept;
  void pop_oldest();
  void append(const entry& e);
  void fold_oldest();
  void drop_read();

  counters& counts_;
  std::size_t length_;
  extent surface_;
  std::deque<entry> entries_;
  /// Of the pictures in them.
  std::size_t bytes_ = 0;
  /// Position of the oldest entry.
  std::uint64_t first_ = 0;
  /// The furthest behind first.
  std::list<reader> readers_;
};

} // namespace saffron::devices
