// SPDX-License-Identifier: BSD-3-Clause
// Which pictures a client keeps, and for whom that is certain. The client has one cache for all display channels that
// name the same id in their INIT, which it reads independently of each other; the server decides what goes in and out.
//
// The protocol's way to keep the channels in step is WAIT_FOR_CHANNELS: one stands still until another has caught up,
// for ever if that one breaks. Here nobody waits: a PONG tells what a channel's client has read, so another channel
// uses a picture only when it has arrived for certain, and what a channel may still have to read is not thrown away by
// another one. What is not certain any more, because a channel broke, takes room until it is evicted like the rest: to
// be told to forget what it has not costs a client nothing. Ids are never used twice. Sources: spice-protocol's
// CACHE_ME, FROM_CACHE and INVAL_LIST.
#pragma once

#include "messages/image/legal.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace saffron::actors {

/// What makes a picture the same picture: its maker's number, or what is in it.
struct pixmap_key {
  std::uint64_t high = 0, low = 0;
  bool by_content = false;
  friend bool operator==(const pixmap_key&, const pixmap_key&) = default;
};

class pixmap_cache final : public image::kept_by_client {
public:
  /// Bounds what a client's INIT can make the server remember.
  static constexpr std::size_t most_items = 8192;

  /// A picture that the client keeps. Whoever holds one keeps it from being evicted.
  class item {
  public:
    [[nodiscard]] std::uint64_t id() const noexcept { return id_; }

  private:
    friend class pixmap_cache;
    struct use {
      std::uint8_t channel = 0;
      std::uint32_t mark = 0;
    };
    std::uint64_t id_ = 0;
    pixmap_key key_;
    std::uint64_t pixels_ = 0;
    /// The client has it, or will have it as soon as it has read the message.
    bool certain_ = true;
    std::uint8_t added_by_ = 0;
    std::uint32_t added_mark_ = 0;
    /// The last one of each channel.
    std::vector<use> uses_;
  };
  using item_ptr = std::shared_ptr<item>;

  // -- the channels -----------------------------------------------------------------------------------------------

  /// The first one says how many pixels the cache holds.
  void join(std::uint8_t channel, std::uint64_t pixels);
  /// The client has read everything that this channel sent before and with its mark `mark`. Marks only grow.
  void confirmed(std::uint8_t channel, std::uint32_t mark);
  /// What this channel has added and may not have delivered is no longer counted on; nor is anything when it was the
  /// last one.
  void left(std::uint8_t channel);

  // -- pictures: `mark` is the one that will follow the message -----------------------------------------------------

  /// What this channel's client has for certain; null: nothing.
  [[nodiscard]] item_ptr find(const pixmap_key& key, std::uint8_t channel) const;
  /// A message with the picture's id goes out on this channel.
  void use(const item_ptr& what, std::uint8_t channel, std::uint32_t mark);
  struct addition {
    /// Null: there is no room, or it is there already, and the picture must not be marked to be kept.
    item_ptr added;
    /// The client must forget these before it reads the picture.
    std::vector<std::uint64_t> evicted;
  };
  /// A message with the picture itself goes out on this channel.
  [[nodiscard]] addition add(const pixmap_key& key, std::uint64_t pixels, std::uint8_t channel, std::uint32_t mark);
  /// False the first time, or when the last time was long ago.
  [[nodiscard]] bool seen_before(const pixmap_key& key);

  [[nodiscard]] bool has(std::uint64_t id) const override { return ids_.contains(id); }

private:
  struct hash {
    std::size_t operator()(const pixmap_key& k) const noexcept { return static_cast<std::size_t>(k.high ^ k.low); }
  };
  using place = std::list<item_ptr>::iterator;

  [[nodiscard]] bool has_read(std::uint8_t channel, std::uint32_t mark) const;
  [[nodiscard]] bool evictable(const item_ptr& one, std::uint8_t by) const;
  [[nodiscard]] std::vector<place> room_for(std::uint64_t pixels, std::uint8_t by);
  void doubt(item& one);
  void evict(place at, std::uint8_t channel, std::uint32_t mark);

  std::uint64_t capacity_ = 0, pixels_ = 0, last_id_ = 0;
  /// Used last first.
  std::list<item_ptr> items_;
  /// Evicted, but the client may not have read it.
  struct eviction {
    item_ptr what;
    std::uint8_t channel = 0;
    std::uint32_t mark = 0;
  };
  std::vector<eviction> evictions_;
  std::unordered_map<pixmap_key, place, hash> places_;
  std::unordered_set<std::uint64_t> ids_;
  /// The last mark that each channel's client has read.
  std::map<std::uint8_t, std::uint32_t> read_;
  std::unordered_set<pixmap_key, hash> seen_;
  std::list<pixmap_key> seen_order_;
};

/// The caches of one client, by the id of their INIT. Belongs to the loop on which the client and its channels live.
struct pixmap_caches {
  std::map<std::uint8_t, std::shared_ptr<pixmap_cache>> by_id;
};

} // namespace saffron::actors
