// SPDX-License-Identifier: BSD-3-Clause
// The logic of a cursor client: keeps its peer's cursor like the console's, with a cache of shapes. Only the latest
// state is ever on the way: moves that came while the socket was full are one move.
#pragma once

#include "actors/channel_setup.hpp"
#include "messages/display.hpp"
#include "messages/wire/cursor.hpp"

#include <functional>
#include <list>
#include <optional>
#include <unordered_map>

namespace saffron::actors {

/// Which shapes a peer has: the newest ones, by count (the reference's rule).
class shape_cache {
public:
  struct answer {
    bool known = false;
    /// The peer forgets this one to make room.
    std::optional<std::uint64_t> evicted;
  };
  /// The shape is about to be sent; it is known from then on.
  answer use(std::uint64_t unique);
  void clear();

private:
  std::list<std::uint64_t> order_; // newest first
  std::unordered_map<std::uint64_t, std::list<std::uint64_t>::iterator> known_;
};

class cursor_channel final : public channel {
public:
  /// `pull` asks the console for the next state.
  cursor_channel(channel_context context, std::function<void()> pull, mouse_mode mode);

  /// The answer to a pull.
  void update(const cursor_state& state);
  void mouse_mode_changed(mouse_mode mode) { mode_ = mode; }

private:
  void on_start() override { on_room(); }
  result<void> on_message(std::uint16_t, std::span<const std::byte>) override { return fail{errc::unknown_message}; }
  void on_room() override;

  void send_init(const cursor_state& state);
  void send_shape(const cursor_state& state);
  template <class M>
  void send_with_pixels(const M& message, const cursor_shape_ptr& shape);
  [[nodiscard]] wire::cursor::shape describe(const cursor_shape_ptr& shape);

  std::function<void()> pull_;
  mouse_mode mode_;
  bool pulling_ = false;
  shape_cache cache_;
  /// What the peer shows; nothing before the first.
  std::optional<cursor_state> shown_;
};

} // namespace saffron::actors
