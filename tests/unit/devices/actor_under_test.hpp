// SPDX-License-Identifier: BSD-3-Clause
// The char device actor as a device of histories: it is told everything by messages and by its VM's side, its clients
// are actors that hear in their own time, and time is virtual.
#pragma once

#include "devices/char/char_device.hpp"
#include "tests/unit/devices/device_under_test.hpp"
#include "tests/unit/virtual_world.hpp"

#include <utility>

namespace saffron::tests {

/// Open for bytes as long as the device owns it.
class history_backend final : public char_backend, public std::enable_shared_from_this<history_backend> {
public:
  explicit history_backend(device_surroundings& around) : around_(around) {}

  std::size_t write(std::span<const std::byte> bytes) override { return is_shut() ? 0 : around_.write(bytes); }
  std::size_t read(std::span<std::byte> room) override { return is_shut() ? 0 : around_.read(room); }
  [[nodiscard]] bool tells_writable() const override { return around_.tells_writable(); }
  void start(transport::activation& actor, backend_owner& owner) override {
    if (owner_ != nullptr || replaced_) around_.wrong("a VM's side was started twice, or after its end");
    actor_ = &actor;
    owner_ = &owner;
    in_use_ = false;
    if (!std::exchange(stopped_, false)) return;
    around_.come_back();
    tell_owner([](backend_owner& o) { o.on_wakeup(); });
  }
  void stop() override {
    if (!std::exchange(stopped_, true) && !replaced_) around_.break_off();
    owner_ = nullptr;
  }
  void set_in_use(bool in_use) override {
    in_use_ = in_use;
    if (!in_use) around_.let_go();
  }
  /// As a socket's completion does it.
  void tell_owner(std::function<void(backend_owner&)> what) {
    if (owner_ == nullptr) return;
    asio::post(actor_->home().io(), transport::completion(*actor_, [self = shared_from_this(), what = std::move(what)] {
                 if (self->owner_ != nullptr) what(*self->owner_);
               }));
  }
  /// The device is about to hear that another one is its VM's side, or none.
  void replaced() { replaced_ = true; }
  /// None: it is shut.
  [[nodiscard]] std::optional<bool> in_use() const { return stopped_ ? std::nullopt : std::optional{in_use_}; }

private:
  bool is_shut() {
    if (stopped_ && replaced_) around_.wrong("a VM's side was used after its end");
    return stopped_;
  }

  device_surroundings& around_;
  transport::activation* actor_ = nullptr;
  backend_owner* owner_ = nullptr;
  bool stopped_ = false, replaced_ = false, in_use_ = false;
};

class history_client final : public transport::pinned_actor<device_client_actor> {
public:
  history_client(caf::actor_config& config, transport::loop& home, ear who, device_surroundings& around)
      : pinned_actor(config, home), who_(std::move(who)), around_(around) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const device_message& m) { around_.hear(*who_, m); },
        [this](token_grant m) { around_.hear(*who_, m); },
        [this](device_event m) { around_.hear(*who_, m); },
        [this](const device_attached& m) { around_.hear(*who_, m); },
        [this](remove_client m) { around_.hear(*who_, m); },
    };
  }

private:
  ear who_;
  device_surroundings& around_;
};

/// What the device shall do by itself waits here for its place among the messages: set_resizable, which no other device
/// cares for, means "now".
using protocol_deeds = std::deque<std::function<void(devices::device_queues&)>>;

class history_protocol final : public devices::device_protocol {
public:
  history_protocol(device_surroundings& around, protocol_deeds& deeds, devices::protocol_host& host)
      : around_(around), deeds_(deeds), host_(host) {}

  void connect(devices::device_queues& queues) override { queues_ = &queues; }
  std::optional<devices::outgoing> read(char_io& from, std::uint64_t budget) override {
    auto message = around_.read(from, budget);
    if (around_.makes_no_sense()) host_.guest_failed("dice say so");
    return message;
  }
  [[nodiscard]] bool concerns(client_id client) const override { return around_.concerns(client); }
  result<void> from_client(client_id client, shared_bytes data, std::uint64_t price) override {
    return around_.from_client(*queues_, client, data, price);
  }
  void self_token_freed() override { around_.self_token_freed(); }
  void set_resizable(bool) override {
    const auto deed = std::move(deeds_.front());
    deeds_.pop_front();
    deed(*queues_);
  }

private:
  device_surroundings& around_;
  protocol_deeds& deeds_;
  devices::protocol_host& host_;
  devices::device_queues* queues_ = nullptr;
};

class actor_under_test final : public device_under_test {
public:
  actor_under_test(virtual_world& world, const devices::device_description& what, device_surroundings& around)
      : world_(world), description_(what), around_(around), asking_(world.system) {
    devices::char_device_setup setup;
    setup.what = what;
    setup.protocol = [this](devices::agent_host& host) {
      return std::make_unique<history_protocol>(around_, deeds_, host);
    };
    setup.counted = &counted_;
    device_ = devices::make_char_device(world.system, world.loop, std::move(setup));
  }
  ~actor_under_test() override {
    caf::anon_send(std::exchange(device_, {}), shut_down{});
    world_.settle();
    world_.scheduler.trigger_timeouts(); // those that nobody hears keep the dead in memory
    world_.settle();
  }

  void tell(device_command what, std::function<void()> first) override {
    std::visit([&](auto& command) { send(command, std::move(first)); }, what);
  }
  void act(std::function<void(devices::device_queues&)> what) override {
    deeds_.push_back(std::move(what));
    caf::anon_send(device_, set_resizable{});
  }
  bool rest() override {
    world_.settle(1); // there are no sockets
    return deeds_.empty();
  }
  device_books books(const std::vector<client_id>& clients) override {
    const auto ask = [&](auto question) { return asking_->request(device_, caf::infinite, question); };
    const auto no_answer = [&](const caf::error&) { around_.wrong("the device has ended"); };
    device_books books;
    auto status = ask(status_query{});
    std::vector<decltype(ask(save_device{}))> states;
    for (const auto id : clients) states.push_back(ask(save_device{id}));
    if (!rest()) around_.wrong("the device does not do what it is told");
    status.receive([&](char_device_status& s) { books.status = std::move(s); }, no_answer);
    for (std::size_t i = 0; i < clients.size(); ++i)
      states[i].receive([&](device_state& s) { books.states[clients[i]] = std::move(s); }, no_answer);
    const bool used = description_.kind == char_device_kind::vdagent || books.status.clients != 0;
    if (backend_ && backend_->in_use().value_or(used) != used)
      around_.wrong("the VM's side does not know whether it is used");
    return books;
  }
  std::optional<std::int64_t> next_clock() override {
    auto& clock = world_.scheduler.clock();
    if (clock.schedule().empty()) return std::nullopt;
    return std::chrono::ceil<tenths>(clock.schedule().begin()->first - clock.now()).count();
  }
  void pass(std::int64_t time) override {
    world_.scheduler.advance_time(tenths{time});
    (void)rest();
  }
  [[nodiscard]] bool whole() const override { return true; }

private:
  using tenths = std::chrono::duration<std::int64_t, std::deci>;

  /// A message; `first` in the place right before it.
  template <class M>
  void send(M& message, std::function<void()> first) {
    if (first) act([first = std::move(first)](devices::device_queues&) { first(); });
    caf::anon_send(device_, std::move(message));
  }
  void send(attach_ear& m, std::function<void()> first) {
    const auto client = world_.system.spawn<history_client>(world_.loops.at(m.who->client % 2), m.who, around_);
    clients_.emplace_back(m.who, client.address());
    attach_client message{m.who->client, device_client_actor{client}, m.flow};
    send(message, std::move(first));
  }
  void send(kill_client& m, const std::function<void()>&) {
    for (auto& [who, address] : clients_)
      if (who == m.who) caf::anon_send_exit(address, caf::exit_reason::kill);
  }
  void send(bind_backend& m, std::function<void()> first) {
    auto old = std::exchange(backend_, m.there ? std::make_shared<history_backend>(around_) : nullptr);
    attach_backend message{backend_};
    send(message, [old = std::move(old), first = std::move(first)] {
      if (old) old->replaced();
      first();
    });
  }
  void send(device_event& m, std::function<void()> first) {
    if (!backend_) return;
    backend_->tell_owner([first = std::move(first), m](backend_owner& owner) {
      if (first) first();
      owner.on_event(m.event);
    });
  }
  void send(wake_up&, const std::function<void()>&) {
    if (backend_) backend_->tell_owner([](backend_owner& owner) { owner.on_wakeup(); });
  }

  virtual_world& world_;
  devices::device_description description_;
  device_surroundings& around_;
  protocol_deeds deeds_;
  counters counted_;
  caf::scoped_actor asking_;
  char_device_actor device_;
  /// The latest that was told of.
  std::shared_ptr<history_backend> backend_;
  std::vector<std::pair<ear, caf::actor_addr>> clients_;
};

} // namespace saffron::tests
