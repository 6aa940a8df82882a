// SPDX-License-Identifier: BSD-3-Clause
// One client of one VM: the main channel, then those of the channels list that are wanted.
#pragma once

#include "bench/load/channel.hpp"
#include "bench/load/display_view.hpp"
#include "messages/wire/main_channel.hpp"

#include <asio/steady_timer.hpp>

#include <vector>

namespace saffron::load {

/// Something was drawn on a primary surface.
struct draw_event {
  std::uint8_t display = 0;
  const display_change& change;
  const display_view& view;
  /// When its last byte was read.
  clock::time_point at;
};

class session final : public std::enable_shared_from_this<session>, public channel::listener {
public:
  /// What a profile wants to know. It may close the session inside of these, and let go of it with retire().
  class listener {
  public:
    /// INIT has come.
    virtual void on_main() {}
    /// All wanted channels of the list are linked.
    virtual void on_channels() {}
    /// Every pixel of the first primary surface was drawn.
    virtual void on_first_frame() {}
    virtual void on_draw(const draw_event&) {}
    /// A link failed, the server closed a connection, or time ran out. Everything is closed.
    virtual void on_ended(const std::string& why) = 0;

  protected:
    ~listener() = default;
  };

  session(worker& home, listener& owner, client_place place);
  ~session();

  void open();
  void close();
  /// Closes and frees it once the handlers that run have returned.
  static void retire(std::shared_ptr<session>& which);

  // -- what a user does --
  /// A key of the PC's first scancode set.
  void press_key(std::uint8_t scancode);
  void release_key(std::uint8_t scancode);
  void pause();
  void resume();

  [[nodiscard]] clock::time_point opened_at() const noexcept { return opened_at_; }
  [[nodiscard]] bool has_inputs() const noexcept { return inputs_ != nullptr && inputs_->usable(); }
  /// Bytes read so far, and whether all sockets are empty.
  [[nodiscard]] std::uint64_t bytes_in() const noexcept;
  [[nodiscard]] bool drained() const noexcept;

  struct display {
    std::shared_ptr<channel> link;
    display_view view;
  };
  [[nodiscard]] const std::vector<std::unique_ptr<display>>& displays() const noexcept { return displays_; }

private:
  void on_linked(channel& c) override;
  void on_message(channel& c, const message_view& m) override;
  void on_ended(channel& c, bool was_linked, const std::string& why) override;

  void on_main_message(channel& c, const message_view& m);
  void on_display_message(channel& c, const message_view& m);
  void begin_video(channel& c, const message_view& m, wire::display::video_codec codec);
  template <class Decoded>
  void check(channel& c, const message_view& m, const Decoded& decoded);
  void on_channels_list(const wire::main_channel::to_client::channels_list& list);
  void start_agent();
  std::shared_ptr<channel> open_channel(wire::channel_type type, std::uint8_t id);
  void fail(const std::string& why);

  worker& home_;
  listener* owner_;
  client_place place_;
  asio::steady_timer timeout_;
  clock::time_point opened_at_{};
  std::uint32_t session_id_ = 0;
  std::shared_ptr<channel> main_;
  std::shared_ptr<channel> inputs_;
  std::vector<std::unique_ptr<display>> displays_;
  std::vector<std::shared_ptr<channel>> all_;
  bool listed_ = false;
  std::size_t linked_ = 0;
  bool all_linked_ = false;
  bool had_frame_ = false;
  std::uint32_t agent_messages_ = 0;
};

} // namespace saffron::load
