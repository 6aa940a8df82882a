// SPDX-License-Identifier: BSD-3-Clause
// The thin actor around a channel's logic: owns the connection, turns its events into calls, ends when it ends.
#pragma once

#include "actors/channel_setup.hpp"
#include "messages/log.hpp"

#include <string>
#include <utility>

namespace saffron::actors {

/// Channels are spawned with their public interface and a clock of their own.
template <class Handle>
using with_tick = typename Handle::template extend<caf::reacts_to<tick>>;

template <class Handle, class Logic>
class channel_actor : public transport::pinned_actor<with_tick<Handle>>, public transport::connection_owner {
public:
  using base = transport::pinned_actor<with_tick<Handle>>;

  channel_actor(caf::actor_config& config, transport::loop& home, channel_setup setup)
      : base(config, home), setup_(std::move(setup)),
        connection_(*setup_.link, *this, *this, *setup_.counted, setup_.limits) {
    // Without its client nobody would end a channel, without its device it would show a picture that stands still.
    this->set_down_handler([this](caf::down_msg&) {
      if (ending_ == errc::none) end(errc::actor_failed);
    });
  }

  void on_exit() override {
    connection_.close();
    logic_.reset();
    setup_.client = nullptr;
    setup_.dictionary = nullptr;
    setup_.vm = nullptr;
  }

  void on_message(std::uint16_t type, std::span<const std::byte> body) override {
    const auto size = body.size();
    if (auto handled = logic_->receive(type, body); !handled) {
      setup_.counted->messages_refused.add();
      log::warning("{} sent a bad message (type {}, {} bytes): {}", setup_.label, type, size,
                   to_string(handled.error()));
      end(handled.error());
    }
  }
  void on_drained() override {
    if (ending_ != errc::none) return end(ending_);
    logic_->drained();
  }
  void on_closed(errc reason) override {
    if (reason == errc::message_too_large) {
      setup_.counted->messages_refused.add();
      log::warning("{} sent a message larger than {} bytes", setup_.label, setup_.limits.message);
    } else if (reason == errc::too_many) {
      log::warning("{} does not read: more than {} bytes are queued", setup_.label, setup_.limits.outbox);
    }
    end(reason);
  }

protected:
  /// Call from make_behavior() when the logic is there. The channel ends with its client.
  void begin(std::unique_ptr<Logic> logic) {
    logic_ = std::move(logic);
    this->monitor(setup_.client);
    connection_.start();
    logic_->start();
    schedule_tick();
  }
  /// The same for a channel that also ends with its device.
  template <class Device>
  void begin(std::unique_ptr<Logic> logic, const Device& device) {
    this->monitor(device);
    begin(std::move(logic));
  }
  void handle_tick() {
    // We do not read it, so its silence says nothing; its kernel and its main channel tell when it is gone.
    if (connection_.held()) logic_->excuse_silence();
    if (auto alive = logic_->tick(); !alive) {
      setup_.counted->channels_timed_out.add();
      log::warning("{} has been silent for too long", setup_.label);
      return end(alive.error());
    }
    schedule_tick();
  }
  /// Says why, waits until it has left (at most a tick), closes.
  void handle_disconnect(const disconnect& d) {
    logic_->say_disconnecting(d.reason);
    ending_ = d.reason;
    this->delayed_send(caf::actor_cast<typename base::handle_type>(this), goodbye_time, tick{end_epoch});
  }
  void on_tick(tick t) {
    if (t.epoch == end_epoch)
      end(ending_);
    else if (ending_ == errc::none)
      handle_tick();
  }
  [[nodiscard]] channel_context make_context() {
    return {connection_, [this] { return this->clock().now(); }, setup_.timing, setup_.ack_window};
  }
  [[nodiscard]] channel_status status(std::string name) const {
    channel_status s;
    s.name = std::move(name);
    s.id = setup_.key.id;
    s.bytes_received = connection_.bytes_received();
    s.bytes_sent = connection_.bytes_sent();
    s.queued = connection_.queued();
    s.latency_us = static_cast<std::uint64_t>(logic_->latency().count());
    s.secured = setup_.link->secured;
    return s;
  }
  /// The channel is over; its client hears why.
  void end(errc reason) {
    connection_.close();
    if (setup_.client != nullptr) caf::anon_send(setup_.client, channel_ended{setup_.key, reason});
    this->quit();
  }

  [[nodiscard]] const channel_setup& setup() const { return setup_; }
  [[nodiscard]] transport::connection& wire_connection() { return connection_; }
  [[nodiscard]] Logic& logic() { return *logic_; }

private:
  static constexpr std::uint64_t end_epoch = 1;
  static constexpr auto goodbye_time = std::chrono::milliseconds{300};

  void schedule_tick() {
    this->delayed_send(caf::actor_cast<typename base::handle_type>(this), defaults::channel_tick, tick{});
  }

  channel_setup setup_;
  transport::connection connection_;
  std::unique_ptr<Logic> logic_;
  errc ending_ = errc::none;
};

} // namespace saffron::actors
