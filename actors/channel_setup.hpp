// SPDX-License-Identifier: BSD-3-Clause
// What a client gives each of its channel actors.
#pragma once

#include "actors/channel.hpp"
#include "messages/actors.hpp"
#include "transport/link.hpp"

#include <memory>
#include <string>

namespace saffron::actors {

class channel_table;
struct pixmap_caches;

struct channel_setup {
  std::shared_ptr<transport::accepted_link> link;
  client_actor client;
  client_id id = 0;
  channel_key key;
  /// Its name in the channel table: "display".
  std::string name;
  /// Outlives every client.
  const channel_table* channels = nullptr;
  /// "display client 3 of vm web01", for log lines.
  std::string label;
  /// The process's counters; outlive every actor.
  counters* counted = nullptr;
  channel_timing timing;
  /// Bits per second by the main channel's test; 0 before it has ended.
  std::uint64_t bandwidth = 0;
  std::uint32_t ack_window = defaults::ack_window;
  transport::connection::limits limits;
  vm_view_ptr vm;
  /// How consoles know this channel.
  viewer_id viewer = 0;
  /// Of display channels; all of a client have one.
  glz_dictionary_actor dictionary{};
  mouse_mode mode = mouse_mode::server;
  /// Of all the client's display channels, which live on one loop.
  std::shared_ptr<pixmap_caches> pixmaps;
};

} // namespace saffron::actors
