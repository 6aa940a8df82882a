// SPDX-License-Identifier: BSD-3-Clause
// A random history of a char device and its clients, lived by a device and by its model at the same time. Several
// things may be told before the device is looked at; then both must have said the same to the same, and nothing that
// could move may be left.
#pragma once

#include "tests/unit/devices/flow_witness.hpp"

#include <set>

namespace saffron::tests {

class flow_history final : public flow_witness {
public:
  flow_history(history_dice& dice, make_device make)
      : flow_witness(dice, some_description(dice), make), make_(std::move(make)) {
    if (!device_->whole()) what_.sharing = devices::device_sharing::all;
    bind(true);
    run(true);
  }

  /// Lives it. The first thing that went wrong; empty when nothing did.
  const std::string& live() {
    constexpr int most_at_once = 8; // a step may be several messages, of which an actor takes 64 at once
    for (int steps = 0, together = 0; failure_.empty() && dice_.more(); ++steps) {
      const auto what = dice_.byte();
      step(what);
      if (++together < most_at_once && dice_.one_in(3)) continue;
      together = 0;
      compare();
      if (!failure_.empty())
        failure_ += " after step " + std::to_string(steps) + ", which was " + std::to_string(what % operations);
    }
    end();
    return failure_;
  }

  result<void> from_client(devices::device_queues& queues, client_id client, const shared_bytes& data,
                           std::uint64_t price) override {
    const auto expected = std::exchange(coming_, std::nullopt);
    expect(expected && expected->client == client && expected->data == data.data() && expected->price == price,
           "bytes came to the protocol twice, of the wrong client, or without tokens");
    if (!failure_.empty()) return {};
    if (dice_.one_in(8)) return {}; // they come later, or never
    if (dice_.one_in(40)) {
      model_.give_up(client, errc::bad_message);
      return fail{errc::bad_message};
    }
    return write_client(queues, client, data, price);
  }

private:
  static constexpr std::uint8_t operations = 26;

  static devices::device_description some_description(history_dice& dice) {
    using devices::device_sharing;
    devices::device_description what;
    what.label = "a device";
    what.kind = dice.one_in(2) ? char_device_kind::vdagent : char_device_kind::port;
    what.sharing = dice.one_in(2) ? device_sharing::all : static_cast<device_sharing>(dice.roll(0, 3));
    what.flow = {dice.roll(0, 5), dice.roll(0, 2), dice.roll(10, 60), dice.roll(5, 40)};
    return what;
  }

  // -- what happens ---------------------------------------------------------------------------------------------------

  void bind(bool bound) {
    device_->tell(bind_backend{bound}, [this, bound] {
      model_.bound = bound;
      makes_no_sense_ = false;
      broken_since_.reset();
      if (std::exchange(opened_, false)) model_.reset();
    });
  }
  /// So that it has nothing to say when it is destroyed.
  void end() {
    bind(false);
    compare();
  }
  void open(bool opened) {
    device_->tell(device_event{opened ? port_event::opened : port_event::closed}, [this, opened] {
      if (std::exchange(opened_, opened) && !opened) model_.reset();
    });
  }
  void run(bool running) {
    if (running)
      device_->tell(start_device{}, [this] { model_.running = true; });
    else
      device_->tell(stop_device{}, [this] { model_.stop(); });
  }
  void attach(client_id id, bool waits) {
    client_flow flow{!dice_.one_in(8), dice_.roll(0, 8), dice_.roll(0, 60), dice_.roll(0, 12), dice_.roll(0, 6), waits};
    if (dice_.one_in(10)) flow.send_tokens = unlimited_tokens;
    attach(id, flow);
  }
  void attach(client_id id, client_flow flow) {
    const bool takes_over = what_.sharing == devices::device_sharing::last;
    if (takes_over) { // while nothing moves: whatever is read in between is for nobody
      compare();
      flow.wait_for_migrate_data = flow.wait_for_migrate_data && model_.clients.empty();
      run(false);
    }
    const auto who = std::make_shared<hearing>(hearing{id});
    device_->tell(attach_ear{who, flow}, [this, who, flow] { attached(who, flow); });
    if (takes_over) run(true);
  }
  void attached(const ear& who, const client_flow& flow) {
    if (model_.clients.contains(who->client) || taken_over_.contains(who->client)) return;
    who->number = ++attachments_;
    who->answer = errc::none;
    if (what_.sharing == devices::device_sharing::last) {
      while (!model_.clients.empty()) {
        const auto& [old, c] = *model_.clients.begin();
        c.hears->removals.push_back(errc::taken_over);
        taken_over_.insert(old);
        detached(client_id{old});
      }
    }
    if (what_.sharing == devices::device_sharing::first && !model_.clients.empty()) {
      who->answer = errc::device_in_use;
    } else if (model_.attach(who, flow)) {
      return;
    } else {
      who->removals.push_back(errc::out_of_order);
    }
    leave(who);
    ++tally_.refused;
  }
  void detach(client_id id) {
    device_->tell(detach_client{id}, [this, id] {
      taken_over_.erase(id);
      detached(id);
    });
  }
  void detached(client_id id) {
    if (!model_.clients.contains(id)) return;
    leave(model_.clients.at(id).hears);
    model_.detach(id);
  }
  /// What it should have heard nobody hears. Alone, since nobody knows when its end comes to the device.
  void die(client_id id) {
    compare();
    if (!failure_.empty() || !model_.clients.contains(id)) return;
    const auto who = model_.clients.at(id).hears;
    model_.detach(id);
    device_->tell(kill_client{who});
    compare();
  }
  void send_data(client_id id, std::uint64_t price) {
    const auto data = shared_bytes::copy_of(some_bytes(12));
    device_->tell(client_data{id, data, price}, [this, id, price, bytes = data.data()] {
      expect(!coming_, "a client's bytes did not come to the protocol");
      if (model_.take(id, price) != errc::none) return;
      if (only_reads(id)) return model_.release(id, price);
      coming_ = {id, bytes, price};
    });
  }
  [[nodiscard]] bool only_reads(client_id id) const {
    if (what_.sharing != devices::device_sharing::all_readers) return false;
    const auto number = model_.clients.at(id).hears->number;
    return std::any_of(model_.clients.begin(), model_.clients.end(),
                       [&](const auto& c) { return c.second.hears->number < number; });
  }
  result<void> write_client(devices::device_queues& queues, client_id id, const shared_bytes& data,
                            std::uint64_t price) {
    const auto model = model_.write(id, {data.view().begin(), data.view().end()}, price);
    const auto real = queues.write_client(id, data, price);
    expect((real ? errc::none : real.error()) == model, "a write was accepted, or not, against the limits");
    return real;
  }
  void write_ours() {
    const auto bytes = some_bytes(8);
    const bool token = dice_.one_in(2);
    device_->act([this, bytes, token](devices::device_queues& queues) {
      const bool model = model_.write_ours(bytes, token);
      const auto copy = shared_bytes::copy_of(bytes);
      expect((token ? queues.write_server(copy) : queues.write_server_no_token(copy)) == model,
             "a buffer of ours was accepted, or not, against tokens and limits");
    });
  }
  void send() {
    devices::outgoing message{{shared_bytes::copy_of(some_bytes(9)), dice_.roll(0, 3)}};
    if (message.message.data.empty()) message.message.data = shared_bytes::make(1).first.part(0, 0); // one of its kind
    if (dice_.one_in(2)) message.recipients = {{some_client()}};
    device_->act([this, message](devices::device_queues& queues) {
      model_.send(message);
      queues.send(message);
    });
  }
  void release(client_id id, std::uint64_t price) {
    device_->act([this, id, price](devices::device_queues& queues) {
      model_.release(id, price);
      queues.release_client_tokens(id, price);
    });
  }
  void give_send_tokens(bool add) {
    const auto id = some_client();
    const auto tokens = dice_.one_in(12) ? unlimited_tokens : dice_.roll(0, 5);
    const auto first = [this, id, tokens, add] { model_.give_send_tokens(id, tokens, add); };
    if (add)
      device_->tell(add_send_tokens{id, tokens}, first);
    else
      device_->tell(set_send_tokens{id, tokens}, first);
  }
  void give_room(std::size_t room) {
    room_ += room;
    if (tells_) {
      device_->tell(wake_up{});
    } else {
      room_is_known_ = false; // until the device tries again by itself
    }
  }
  void interfere(client_id client) override {
    switch (dice_.roll(1, 3)) {
    case 1: detach(client); break;
    case 2: send_data(client, dice_.roll(0, 3)); break;
    default: write_ours();
    }
  }

  // -- moving ---------------------------------------------------------------------------------------------------------

  void restore(client_id id, const device_state& state, bool was_saved = false) {
    device_->tell(restore_device{id, state}, [this, id, state, was_saved] {
      const auto error = model_.restore(id, state);
      if (error != errc::none) model_.give_up(id, error);
      expect(!was_saved || error != errc::bad_message, "what was saved cannot be");
    });
  }
  void restore(client_id id) { restore(id, {dice_.roll(0, 6), dice_.roll(0, 6), dice_.roll(0, 4), some_bytes(10)}); }
  /// Somebody comes from another server while the device is stopped, as it has to be.
  void arrive(client_id id) {
    if (model_.clients.contains(id)) return;
    run(false);
    attach(id, true);
    run(true);
    restore(id);
  }
  /// Everybody moves to a fresh device on another server, with what the old one says of him.
  void migrate() {
    compare();
    if (!failure_.empty()) return;
    std::vector<client_id> all;
    for (const auto& [id, c] : model_.clients)
      if (c.removal == errc::none && !c.flow.wait_for_migrate_data) all.push_back(id);
    const auto states = device_->books(all).states;
    const auto clients = model_.clients;
    end();
    if (!failure_.empty()) return;
    const auto now = model_.now;
    model_ = flow_model{what_.flow};
    model_.now = now;
    taken_over_.clear();
    written_ = read_ = 0;
    device_.reset();
    device_ = make_(what_, *this);
    bind(true);
    for (const auto id : all) {
      auto flow = clients.at(id).flow;
      flow.wait_for_migrate_data = true;
      attach(id, flow);
    }
    compare();
    expect(model_.clients.size() == all.size(), "a client could not come along");
    run(true);
    for (const auto id : all) restore(id, states.at(id), true);
    ++tally_.moves;
  }

  // -- time -----------------------------------------------------------------------------------------------------------

  void pass_time(std::int64_t time) {
    compare();
    while (time > 0 && failure_.empty()) {
      const auto step = std::clamp<std::int64_t>(device_->next_clock().value_or(time), 1, time);
      part_the_overdue(model_.now + step);
      time -= step;
      model_.now += step;
      model_.expire();
      device_->pass(step);
      expect(device_->rest(), "it does not come to rest");
    }
    compare();
    room_is_known_ = true;
  }

  /// Who holds everything up and is removed sets free what another one is told of, unless that one is removed before:
  /// when their time is up at once, nobody but the device knows who is first.
  void part_the_overdue(std::int64_t then) {
    const auto overdue = model_.overdue(then);
    if (overdue.size() < 2) return;
    for (const auto id : overdue) {
      const auto at = model_.clients.find(id);
      if (at != model_.clients.end() && at->second.flow.wait_for_migrate_data) detach(id);
    }
    compare();
  }

  void step(std::uint8_t what) {
    nested_ = 0;
    const auto id = some_client();
    switch (what % operations) {
    case 0: attach(id, false); break;
    case 1: attach(id, dice_.one_in(2)); break;
    case 2: detach(id); break;
    case 3: dice_.one_in(12) ? restore(id) : arrive(id); break;
    case 4: die(id); break;
    case 5:
      device_->act([this, id, data = shared_bytes::copy_of(some_bytes(12)), price = dice_.roll(0, 3)](
                       devices::device_queues& queues) { (void)write_client(queues, id, data, price); });
      break;
    case 6: release(id, dice_.roll(0, 5)); break;
    case 7:
    case 8: write_ours(); break;
    case 9: bind(dice_.one_in(2)); break;
    case 10: run(false); break;
    case 11: run(true); break;
    case 12:
      open(true);
      if (dice_.one_in(3)) open(false);
      break;
    case 13:
      if (dice_.one_in(3)) migrate();
      break;
    case 14:
    case 22: pass_time(static_cast<std::int64_t>(dice_.roll(1, 40)) * (dice_.one_in(3) ? 1 : 10)); break;
    case 15: send(); break;
    case 16: give_send_tokens(false); break;
    case 17: give_send_tokens(true); break;
    case 18:
      not_concerned_ = dice_.one_in(3) ? id : 0;
      device_->tell(wake_up{});
      break;
    case 19: give_room(dice_.roll(0, 20)); break;
    case 20: give_room(dice_.roll(0, 200)); break;
    case 21:
      incoming_ += dice_.one_in(8) ? dice_.roll(0, 255) : dice_.roll(0, 12); // more than the device reads in a turn
      most_at_once_ = dice_.roll(1, 8);
      device_->tell(wake_up{});
      break;
    default: send_data(id, dice_.roll(0, 4));
    }
  }

  make_device make_;
  std::set<client_id> taken_over_;
  std::size_t attachments_ = 0;
};

} // namespace saffron::tests
