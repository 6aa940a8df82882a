// SPDX-License-Identifier: BSD-3-Clause
// The plain flow control as a device of histories: everything takes effect at once, from within calls too, and time is
// a list of timers.
#pragma once

#include "devices/char/flow_control.hpp"
#include "tests/unit/devices/device_under_test.hpp"

#include <algorithm>
#include <utility>

namespace saffron::tests {

class engine_under_test final : public device_under_test, private devices::flow_outlet {
public:
  engine_under_test(const devices::device_description& what, device_surroundings& around)
      : around_(around), flow_(what.flow, around, *this) {}

  void tell(device_command what, std::function<void()> first) override {
    if (std::holds_alternative<device_event>(what) && !bound_) return;
    if (first) first();
    std::visit([this](auto& command) { obey(command); }, what);
  }
  void act(std::function<void(devices::device_queues&)> what) override { what(flow_); }
  bool rest() override {
    for (int turns = 0; std::exchange(continue_, false); ++turns) {
      if (turns == 100) return false;
      flow_.wakeup();
    }
    return true;
  }
  device_books books(const std::vector<client_id>& clients) override {
    device_books books;
    for (const auto id : clients)
      if (const auto state = flow_.save(id)) books.states[id] = *state;
    auto& s = books.status;
    s.opened = opened_;
    s.running = flow_.running();
    s.clients = flow_.clients();
    s.write_queue_bytes = flow_.write_queue_bytes();
    s.send_queue_bytes = flow_.send_queue_bytes();
    s.bytes_from_guest = flow_.bytes_read();
    s.bytes_to_guest = flow_.bytes_written();
    return books;
  }
  std::optional<std::int64_t> next_clock() override {
    std::optional<std::int64_t> next;
    for (const auto& t : timers_) next = std::min(next.value_or(t.due), t.due);
    return next ? std::optional{*next - now_} : next;
  }
  void pass(std::int64_t tenths) override {
    now_ += tenths;
    const auto due = std::stable_partition(timers_.begin(), timers_.end(), [&](const auto& t) { return t.due > now_; });
    const std::vector<timer> fired(due, timers_.end());
    timers_.erase(due, timers_.end());
    for (const auto& t : fired) t.client ? flow_.tokens_expired(*t.client, t.epoch) : flow_.retry(t.epoch);
  }
  [[nodiscard]] bool whole() const override { return false; }

private:
  static constexpr std::int64_t token_time = 300, retry_time = 1;

  void obey(client_data& m) {
    if (!flow_.take_client_tokens(m.client, m.price)) return;
    if (const auto done = around_.from_client(flow_, m.client, m.data, m.price); !done)
      flow_.give_up(m.client, done.error());
  }
  void obey(add_send_tokens m) { flow_.add_send_tokens(m.client, m.tokens); }
  void obey(set_send_tokens m) { flow_.set_send_tokens(m.client, m.tokens); }
  void obey(const attach_ear& m) {
    const auto id = m.who->client;
    if (flow_.has_client(id)) return;
    ears_[id] = m.who;
    around_.hear(*m.who, device_attached{errc::none, opened_});
    if (!flow_.attach_client(id, m.flow)) around_.hear(*m.who, remove_client{errc::out_of_order});
  }
  void obey(detach_client m) {
    flow_.detach_client(m.client);
    if (flow_.has_client(m.client)) around_.wrong("a client stayed");
  }
  void obey(const kill_client& m) { flow_.detach_client(m.who->client); }
  void obey(bind_backend m) {
    bound_ = m.there;
    if (opened_) {
      flow_.set_backend(nullptr);
      obey(device_event{port_event::closed});
    }
    flow_.set_backend(bound_ ? &around_ : nullptr);
  }
  void obey(device_event m) {
    const bool opened = m.event == port_event::opened;
    if (std::exchange(opened_, opened) == opened) return;
    if (!opened) flow_.reset();
    for (const auto& [id, who] : std::map{ears_})
      if (flow_.has_client(id)) around_.hear(*who, m);
  }
  void obey(wake_up) { flow_.wakeup(); }
  void obey(start_device) { flow_.start(); }
  void obey(stop_device) { flow_.stop(); }
  void obey(const restore_device& m) {
    if (const auto restored = flow_.restore(m.client, m.state); !restored) flow_.give_up(m.client, restored.error());
  }

  void deliver(client_id client, const device_message& message) override { hear(client, message); }
  void grant_tokens(client_id client, std::uint64_t tokens) override { hear(client, token_grant{tokens}); }
  void recommend_removal(client_id client, errc reason) override { hear(client, remove_client{reason}); }
  void self_token_freed() override { around_.self_token_freed(); }
  void await_tokens(client_id client, std::uint64_t epoch) override {
    timers_.push_back({now_ + token_time, client, epoch});
  }
  void await_write(std::uint64_t epoch) override { timers_.push_back({now_ + retry_time, {}, epoch}); }
  void continue_soon() override { continue_ = true; }

  template <class M>
  void hear(client_id client, const M& message) {
    if (!flow_.has_client(client)) return around_.wrong("something was said to nobody");
    const auto who = ears_.at(client); // it may be attached anew from within the call
    around_.hear(*who, message);
  }

  struct timer {
    std::int64_t due;
    /// None: a retry.
    std::optional<client_id> client;
    std::uint64_t epoch;
  };

  device_surroundings& around_;
  devices::flow_control flow_;
  std::map<client_id, ear> ears_;
  std::vector<timer> timers_;
  std::int64_t now_ = 0;
  bool bound_ = false, opened_ = false, continue_ = false;
};

} // namespace saffron::tests
