// SPDX-License-Identifier: BSD-3-Clause
// A random history of a char device and its clients, lived by a flow control and by its model at the same time. After
// every step both must have said the same to the same, and nothing that could move may be left.
#pragma once

#include "tests/unit/devices/flow_model.hpp"
#include "tests/unit/devices/history_dice.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string>

namespace saffron::tests {

class flow_history final : public char_io, public devices::device_reader, public devices::flow_outlet {
public:
  explicit flow_history(history_dice& dice)
      : dice_(dice), settings_{dice.roll(0, 5), dice.roll(0, 2), dice.roll(10, 60), dice.roll(5, 40)},
        model_(settings_), flow_(std::make_unique<devices::flow_control>(settings_, *this, *this)) {
    tells_ = !dice_.one_in(3);
    bytes_cost_ = dice_.one_in(3);
    piece_ = dice_.roll(1, 6);
    bind(true);
    run(true);
  }

  /// Lives it. The first thing that went wrong; empty when nothing did.
  const std::string& live() {
    while (failure_.empty() && dice_.more()) {
      const auto what = dice_.byte();
      step(what);
      rest();
      compare();
      ++steps_;
      if (!failure_.empty())
        failure_ += " after step " + std::to_string(steps_) + ", which was " + std::to_string(what % operations);
    }
    return failure_;
  }
  /// So that a test can tell whether histories are of any use.
  [[nodiscard]] std::size_t delivered() const { return delivered_; }
  [[nodiscard]] std::size_t written() const { return written_; }
  [[nodiscard]] std::size_t granted() const { return granted_; }
  [[nodiscard]] const std::map<errc, std::size_t>& removals() const { return removals_; }
  [[nodiscard]] std::size_t moves() const { return moves_; }

private:
  static constexpr std::uint8_t operations = 24;

  void expect(bool good, const char* what) {
    if (!good && failure_.empty()) failure_ = what;
  }
  client_id some_client() { return static_cast<client_id>(dice_.roll(1, 4)); }
  std::vector<std::byte> some_bytes(std::size_t most) {
    std::vector<std::byte> bytes(dice_.roll(0, most));
    for (auto& b : bytes) b = std::byte{++counter_};
    return bytes;
  }

  // -- the world around it --------------------------------------------------------------------------------------------

  std::size_t write(std::span<const std::byte> bytes) override {
    expect(model_.moves(), "it wrote while nothing may move");
    expect(!model_.queue.empty() && std::equal(bytes.begin(), bytes.end(), model_.queue.front().rest.begin(),
                                               model_.queue.front().rest.end()),
           "it wrote other bytes than those that came next");
    if (!failure_.empty()) return 0;
    const auto size = std::min(bytes.size(), room_);
    room_ -= size;
    written_ += size;
    model_.taken(size);
    maybe_wake();
    return size;
  }
  std::size_t read(std::span<std::byte> into) override {
    const auto size = std::min({into.size(), incoming_, most_at_once_});
    for (auto& b : into.first(size)) b = std::byte{++counter_};
    incoming_ -= size;
    maybe_wake();
    return size;
  }
  [[nodiscard]] bool tells_writable() const override { return tells_; }

  std::optional<devices::outgoing> read(char_io& from, std::uint64_t budget) override {
    expect(model_.moves(), "it read while nothing may move");
    expect(budget != 0 && budget == model_.budget([&](client_id id) { return concerns(id); }), "a wrong budget");
    std::array<std::byte, 8> room{};
    const auto size = from.read(std::span{room}.first(
        bytes_cost_ ? static_cast<std::size_t>(std::min<std::uint64_t>(piece_, budget)) : piece_));
    if (size == 0) return std::nullopt;
    model_.active = model_.running;
    devices::outgoing message{{shared_bytes::copy_of(std::span{room}.first(size)), bytes_cost_ ? size : 1}};
    if (dice_.one_in(6)) message.recipients = {{some_client(), some_client()}};
    model_.send(message);
    return message;
  }
  [[nodiscard]] bool concerns(client_id client) const override { return client != not_concerned_; }

  void deliver(client_id client, const device_message& message) override {
    const auto at = model_.clients.find(client);
    expect(at != model_.clients.end(), "something was delivered to nobody");
    if (!failure_.empty()) return;
    auto& due = at->second.due;
    expect(!due.empty() && due.front().data.data() == message.data.data() && due.front().price == message.price,
           "a message came twice, out of order, without a token, or to the wrong client");
    if (!due.empty()) due.pop_front();
    ++delivered_;
    maybe_interfere(client);
  }
  void grant_tokens(client_id client, std::uint64_t tokens) override {
    const auto at = model_.clients.find(client);
    expect(at != model_.clients.end() && tokens != 0 && tokens <= at->second.due_tokens,
           "too many tokens were granted");
    if (!failure_.empty()) return;
    at->second.due_tokens -= tokens;
    granted_ += tokens;
    maybe_interfere(client);
  }
  void self_token_freed() override { expect(--model_.due_self_tokens >= 0, "a self token came back twice"); }
  void recommend_removal(client_id client, errc reason) override {
    expect(removed_.emplace(client, reason).second, "a removal was recommended twice");
    ++removals_[reason];
  }
  void await_tokens(client_id client, std::uint64_t epoch) override {
    timers_.push_back({model_.now + flow_model::token_time, client, epoch, true});
  }
  void await_write(std::uint64_t epoch) override { timers_.push_back({model_.now + 1, 0, epoch, false}); }
  void continue_soon() override { continue_ = true; }

  // From within a call: only a few times a step, so that every step ends.
  void maybe_wake() {
    if (nested_ < 3 && dice_.one_in(8)) {
      ++nested_;
      flow_->wakeup();
    }
  }
  void maybe_interfere(client_id client) {
    if (nested_ >= 3 || !dice_.one_in(16)) return;
    ++nested_;
    if (dice_.one_in(3)) {
      detach(client);
    } else {
      write_ours();
    }
  }

  // -- steps ----------------------------------------------------------------------------------------------------------

  void bind(bool bound) {
    model_.bound = bound;
    flow_->set_backend(bound ? this : nullptr);
  }
  void run(bool running) {
    if (running) {
      model_.running = true;
      flow_->start();
    } else {
      model_.stop();
      flow_->stop();
    }
  }
  void attach(client_id id, bool waits) {
    client_flow flow{!dice_.one_in(8), dice_.roll(0, 4), dice_.roll(0, 30), dice_.roll(0, 12), dice_.roll(0, 6), waits};
    if (dice_.one_in(10)) flow.send_tokens = unlimited_tokens;
    const bool model = model_.attach(id, flow); // first: the flow control delivers at once
    if (model) removed_.erase(id);
    expect(flow_->attach_client(id, flow) == model, "a client was attached that may not be, or the other way round");
  }
  void detach(client_id id) {
    model_.detach(id);
    removed_.erase(id);
    flow_->detach_client(id);
    expect(!flow_->has_client(id), "a client stayed");
  }
  errc take(client_id id, std::uint64_t price) {
    const auto model = model_.take(id, price);
    const auto real = flow_->take_client_tokens(id, price);
    expect((real ? errc::none : real.error()) == model, "tokens were taken, or not, against the books");
    return model;
  }
  void write_client(client_id id, std::uint64_t price) {
    const auto bytes = some_bytes(12);
    const auto model = model_.write(id, bytes, price);
    const auto real = flow_->write_client(id, shared_bytes::copy_of(bytes), price);
    expect((real ? errc::none : real.error()) == model, "a write was accepted, or not, against the limits");
  }
  void write_ours() {
    const auto bytes = some_bytes(8);
    const bool token = dice_.one_in(2);
    const bool model = model_.write_ours(bytes, token);
    const auto copy = shared_bytes::copy_of(bytes);
    expect((token ? flow_->write_server(copy) : flow_->write_server_no_token(copy)) == model,
           "a buffer of ours was accepted, or not, against tokens and limits");
  }
  void restore(client_id id) {
    const device_state state{dice_.roll(0, 12), dice_.roll(0, 6), dice_.roll(0, 4), some_bytes(10)};
    const auto model = model_.restore(id, state);
    const auto real = flow_->restore(id, state);
    expect((real ? errc::none : real.error()) == model, "a state was restored, or not, against the rules");
  }
  /// Somebody comes from another server while the device is stopped, as it has to be.
  void arrive(client_id id) {
    run(false);
    attach(id, true);
    run(true);
    restore(id);
  }
  /// Everybody moves to a fresh device on another server, with what save() says of him.
  void migrate() {
    std::map<client_id, std::pair<client_flow, device_state>> all;
    for (auto& [id, c] : model_.clients)
      if (c.removal == errc::none && !c.flow.wait_for_migrate_data) all[id] = {c.flow, *flow_->save(id)};
    const auto now = model_.now;
    model_ = flow_model{settings_};
    model_.now = now;
    removed_.clear();
    timers_.clear();
    flow_ = std::make_unique<devices::flow_control>(settings_, *this, *this);
    bind(true);
    for (auto& [id, moved] : all) {
      moved.first.wait_for_migrate_data = true;
      expect(model_.attach(id, moved.first) && flow_->attach_client(id, moved.first), "a client could not come along");
    }
    run(true);
    for (auto& [id, moved] : all) {
      const auto model = model_.restore(id, moved.second);
      const auto real = flow_->restore(id, moved.second);
      expect((real ? errc::none : real.error()) == model, "what was saved could not be restored");
      expect(model != errc::bad_message, "what was saved cannot be");
    }
    ++moves_;
  }
  void pass_time(std::int64_t time) {
    for (const auto end = model_.now + time; model_.now < end && failure_.empty();) {
      auto next = end;
      for (const auto& t : timers_) next = std::min(next, t.due);
      model_.now = next;
      const auto due =
          std::stable_partition(timers_.begin(), timers_.end(), [&](const auto& t) { return t.due > next; });
      const std::vector<timer> fired(due, timers_.end());
      timers_.erase(due, timers_.end());
      for (const auto& t : fired) {
        if (t.tokens) model_.expire(t.client);
        t.tokens ? flow_->tokens_expired(t.client, t.epoch) : flow_->retry(t.epoch);
      }
      model_.expire(); // nobody whose time is up is forgotten
      rest();
      compare();
    }
    room_is_known_ = true;
  }
  void give_room(std::size_t room) {
    room_ += room;
    if (tells_) {
      flow_->wakeup();
    } else {
      room_is_known_ = false; // until the flow control tries again by itself
    }
  }
  void give_send_tokens(bool add) {
    const auto id = some_client();
    const auto tokens = dice_.one_in(12) ? unlimited_tokens : dice_.roll(0, 5);
    model_.give_send_tokens(id, tokens, add);
    add ? flow_->add_send_tokens(id, tokens) : flow_->set_send_tokens(id, tokens);
  }
  void send() {
    devices::outgoing message{{shared_bytes::copy_of(some_bytes(9)), dice_.roll(0, 3)}};
    if (message.message.data.empty()) message.message.data = shared_bytes::make(1).first.part(0, 0); // one of its kind
    if (dice_.one_in(2)) message.recipients = {{some_client()}};
    model_.send(message);
    flow_->send(message);
  }

  void step(std::uint8_t what) {
    nested_ = 0;
    const auto id = some_client();
    switch (what % operations) {
    case 0: attach(id, false); break;
    case 1: attach(id, dice_.one_in(2)); break;
    case 2: detach(id); break;
    case 3: dice_.one_in(3) ? restore(id) : arrive(id); break;
    case 4: take(id, dice_.roll(0, 4)); break; // its bytes come later, or never
    case 5: write_client(id, dice_.roll(0, 3)); break;
    case 6: {
      const auto price = dice_.roll(0, 5);
      model_.release(id, price);
      flow_->release_client_tokens(id, price);
      break;
    }
    case 7:
    case 8: write_ours(); break;
    case 9: bind(dice_.one_in(2)); break;
    case 10: run(false); break;
    case 11: run(true); break;
    case 12:
      if (!dice_.one_in(3)) break;
      model_.reset();
      flow_->reset();
      break;
    case 13:
      if (dice_.one_in(3)) migrate();
      break;
    case 14: pass_time(static_cast<std::int64_t>(dice_.roll(1, 40)) * (dice_.one_in(3) ? 1 : 10)); break;
    case 15: send(); break;
    case 16: give_send_tokens(false); break;
    case 17: give_send_tokens(true); break;
    case 18:
      not_concerned_ = dice_.one_in(3) ? id : 0;
      flow_->wakeup();
      break;
    case 19: give_room(dice_.roll(0, 20)); break;
    case 20: give_room(dice_.roll(0, 200)); break;
    case 21:
      incoming_ += dice_.roll(0, 12);
      most_at_once_ = dice_.roll(1, 8);
      flow_->wakeup();
      break;
    default: {
      const auto price = dice_.roll(0, 3);
      if (take(id, price) == errc::none) write_client(id, price);
    }
    }
  }

  /// As the actor does it: it wakes up as often as it was asked to.
  void rest() {
    for (int turns = 0; failure_.empty() && std::exchange(continue_, false); ++turns) {
      expect(turns < 100, "it does not come to rest");
      flow_->wakeup();
    }
  }

  void compare() {
    if (!failure_.empty()) return;
    std::size_t backlog = 0;
    for (const auto& [id, c] : model_.clients) {
      expect(c.due.empty(), "a message was not delivered");
      expect(c.due_tokens == 0, "tokens did not come back");
      if (c.flow.flow_control)
        expect(c.has + c.held + c.freed == c.flow.client_tokens, "tokens were lost in the model");
      const auto removed = removed_.find(id);
      expect((removed == removed_.end() ? errc::none : removed->second) == c.removal,
             "the wrong client was removed, or for the wrong reason");
      const auto state = flow_->save(id);
      expect(state.has_value(), "a client is missing");
      if (!failure_.empty()) return;
      auto wanted = model_.state_of(id);
      if (c.flow.flow_control) wanted.write_tokens = std::min(wanted.write_tokens, c.held);
      expect(*state == wanted, "the books differ");
      backlog += model_.backlog_bytes(c);
    }
    expect(model_.due_self_tokens == 0, "a self token did not come back");
    expect(flow_->clients() == model_.clients.size(), "the clients differ");
    expect(flow_->write_queue_bytes() == model_.queued(), "the bytes in the write queue differ");
    expect(flow_->send_queue_bytes() == backlog, "the bytes in the send queues differ");
    if (!model_.moves()) return;
    expect(incoming_ == 0 || model_.budget([&](client_id id) { return concerns(id); }) == 0, "data was left unread");
    expect(model_.queue.empty() || room_ == 0 || !room_is_known_, "a buffer was left although there is room");
  }

  struct timer {
    std::int64_t due;
    client_id client;
    std::uint64_t epoch;
    bool tokens;
  };

  history_dice& dice_;
  devices::flow_settings settings_;
  flow_model model_;
  std::unique_ptr<devices::flow_control> flow_;
  std::vector<timer> timers_;
  std::map<client_id, errc> removed_;
  std::map<errc, std::size_t> removals_;
  std::size_t room_ = 0, incoming_ = 0, most_at_once_ = 8, piece_ = 1;
  std::size_t delivered_ = 0, written_ = 0, granted_ = 0, moves_ = 0, steps_ = 0;
  client_id not_concerned_ = 0;
  std::uint8_t counter_ = 0;
  int nested_ = 0;
  bool tells_ = true, bytes_cost_ = false, continue_ = false, room_is_known_ = true;
  std::string failure_;
};

} // namespace saffron::tests
