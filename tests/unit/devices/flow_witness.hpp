// SPDX-License-Identifier: BSD-3-Clause
// The surroundings of a device in a random history: a VM's side that takes and gives as dice say, a reader that makes a
// message of every few bytes, and ears. What they see is held against the model, at once and whenever the device rests.
#pragma once

#include "tests/unit/devices/device_under_test.hpp"
#include "tests/unit/devices/flow_model.hpp"
#include "tests/unit/devices/history_dice.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace saffron::tests {

/// So that a test can tell whether histories are of any use.
struct history_tally {
  /// Messages, bytes, tokens.
  std::size_t delivered = 0, written = 0, granted = 0;
  /// Clients that were told no; everybody on another server.
  std::size_t refused = 0, moves = 0;
  /// VM's sides that sent nonsense.
  std::size_t broken = 0;
  std::map<errc, std::size_t> removals{};

  history_tally& operator+=(const history_tally& other) {
    delivered += other.delivered;
    written += other.written;
    granted += other.granted;
    refused += other.refused;
    moves += other.moves;
    broken += other.broken;
    for (const auto& [reason, count] : other.removals) removals[reason] += count;
    return *this;
  }
};

class flow_witness : public device_surroundings {
public:
  [[nodiscard]] const history_tally& tally() const { return tally_; }

  std::size_t write(std::span<const std::byte> bytes) override {
    expect(model_.moves(), "it wrote while nothing may move");
    expect(!model_.queue.empty() && std::equal(bytes.begin(), bytes.end(), model_.queue.front().rest.begin(),
                                               model_.queue.front().rest.end()),
           "it wrote other bytes than those that came next");
    if (!failure_.empty()) return 0;
    const auto size = std::min(bytes.size(), room_);
    room_ -= size;
    written_ += size;
    tally_.written += size;
    model_.taken(size);
    maybe_wake();
    return size;
  }
  std::size_t read(std::span<std::byte> into) override {
    const auto size = std::min({into.size(), incoming_, most_at_once_});
    for (auto& b : into.first(size)) b = std::byte{++counter_};
    incoming_ -= size;
    read_ += size;
    maybe_wake();
    return size;
  }
  [[nodiscard]] bool tells_writable() const override { return tells_; }

  std::optional<devices::outgoing> read(char_io& from, std::uint64_t budget) override {
    if (broken_since_) return std::nullopt; // a VM's side that is shut has nothing, but it may be asked
    expect(model_.moves(), "it read while nothing may move");
    expect(budget != 0 && budget == model_budget(), "a wrong budget");
    if (!failure_.empty()) return std::nullopt;
    if (makes_no_sense_ || (device_->whole() && dice_.one_in(64))) {
      makes_no_sense_ = true; // nothing more is read until it is there anew
      return std::nullopt;
    }
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

  [[nodiscard]] bool makes_no_sense() const override { return makes_no_sense_; }
  void break_off() override {
    expect(std::exchange(makes_no_sense_, false), "the VM's side was broken off for nothing");
    model_.bound = false;
    if (std::exchange(opened_, false)) model_.reset();
    broken_since_ = model_.now;
    ++tally_.broken;
  }
  void come_back() override {
    expect(std::exchange(broken_since_, std::nullopt).has_value(), "the VM's side was started anew for nothing");
    model_.bound = true;
  }
  void self_token_freed() override { expect(--model_.due_self_tokens >= 0, "a self token came back twice"); }
  void let_go() override {
    expect(model_.clients.empty() || what_.sharing == devices::device_sharing::last, // where the next one is there
           "the VM's side was let go by somebody who needs it");
    if (std::exchange(opened_, false)) model_.reset();
  }

  void hear(hearing& who, const device_attached& answer) override {
    expect(who.answer == answer.error, "a client got the wrong answer");
    who.answer.reset();
    who.opened = answer.opened;
  }
  void hear(hearing& who, const device_message& message) override {
    expect(!who.answer, "a message came before the answer");
    expect(!who.messages.empty() && who.messages.front().data.data() == message.data.data() &&
               who.messages.front().price == message.price,
           "a message came twice, out of order, without a token, or to the wrong client");
    if (!failure_.empty()) return;
    who.messages.pop_front();
    ++tally_.delivered;
    maybe_interfere(who.client);
  }
  void hear(hearing& who, token_grant grant) override {
    expect(!who.answer && grant.tokens != 0 && grant.tokens <= who.tokens, "too many tokens were granted");
    if (!failure_.empty()) return;
    who.tokens -= grant.tokens;
    tally_.granted += grant.tokens;
    maybe_interfere(who.client);
  }
  void hear(hearing& who, remove_client removal) override {
    expect(!who.removals.empty() && who.removals.front() == removal.reason,
           "the wrong client was removed, twice, or for the wrong reason");
    expect(!who.answer && who.messages.empty(), "a client was removed before it had what it had paid for");
    if (!failure_.empty()) return;
    who.removals.pop_front();
    ++tally_.removals[removal.reason];
  }
  void hear(hearing& who, device_event event) override {
    const bool opened = event.event == port_event::opened;
    expect(!who.answer && std::exchange(who.opened, opened) != opened, "a client heard of the VM's side twice");
  }
  void wrong(const char* what) override { expect(false, what); }

protected:
  flow_witness(history_dice& dice, const devices::device_description& what, const make_device& make)
      : dice_(dice), what_(what), device_(make(what_, *this)) {
    tells_ = !dice_.one_in(3);
    bytes_cost_ = dice_.one_in(3);
    piece_ = dice_.roll(1, 6);
  }
  ~flow_witness() override = default;

  void expect(bool good, const char* what) {
    if (!good && failure_.empty()) failure_ = what;
  }
  [[nodiscard]] client_id some_client() { return static_cast<client_id>(dice_.roll(1, 4)); }
  [[nodiscard]] std::vector<std::byte> some_bytes(std::size_t most) {
    std::vector<std::byte> bytes(dice_.roll(0, most));
    for (auto& b : bytes) b = std::byte{++counter_};
    return bytes;
  }
  [[nodiscard]] std::uint64_t model_budget() const {
    return model_.budget([this](client_id id) { return concerns(id); });
  }
  /// It has gone, or was never let in.
  void leave(const ear& who) {
    if (device_->whole()) gone_.push_back(who);
  }

  /// A client does something about what it has just heard.
  virtual void interfere(client_id client) = 0;

  void compare() {
    if (failure_.empty()) expect(device_->rest(), "it does not come to rest");
    if (!failure_.empty()) return;
    std::vector<client_id> ids;
    for (const auto& [id, c] : model_.clients) ids.push_back(id);
    const auto books = device_->books(ids);
    std::size_t backlog = 0;
    for (const auto& [id, c] : model_.clients) {
      must_have_heard(*c.hears);
      expect(c.hears->opened == opened_, "a client does not know whether the VM's side is there");
      if (c.flow.flow_control)
        expect(c.has + c.held + c.freed == c.flow.client_tokens, "tokens were lost in the model");
      if (!books.states.contains(id)) return expect(false, "a client is missing");
      auto wanted = model_.state_of(id);
      if (c.flow.flow_control) wanted.write_tokens = std::min(wanted.write_tokens, c.held);
      expect(books.states.at(id) == wanted, "the books differ");
      backlog += model_.backlog_bytes(c);
    }
    for (const auto& who : std::exchange(gone_, {})) must_have_heard(*who);
    expect(!makes_no_sense_, "what makes no sense was taken for good");
    expect(!broken_since_ || model_.now - *broken_since_ < flow_model::device_tick,
           "a VM's side that had sent nonsense was not started anew");
    expect(!coming_, "a client's bytes did not come to the protocol");
    expect(model_.due_self_tokens == 0, "a self token did not come back");
    const auto& s = books.status;
    expect(s.clients == model_.clients.size(), "the clients differ");
    expect(s.running == model_.running && s.opened == opened_, "it does not know how the VM is");
    expect(s.write_queue_bytes == model_.queued(), "the bytes in the write queue differ");
    expect(s.send_queue_bytes == backlog, "the bytes in the send queues differ");
    expect(s.bytes_from_guest == read_ && s.bytes_to_guest == written_, "the bytes that have passed differ");
    if (!model_.moves()) return;
    expect(incoming_ == 0 || model_budget() == 0, "data was left unread");
    expect(model_.queue.empty() || room_ == 0 || !room_is_known_, "a buffer was left although there is room");
  }

  /// What a client has written and the protocol has not seen yet.
  struct coming_data {
    client_id client;
    const std::byte* data;
    std::uint64_t price;
  };

  history_dice& dice_;
  devices::device_description what_;
  flow_model model_{what_.flow};
  /// Those that are not the model's any more.
  std::vector<ear> gone_;
  std::optional<coming_data> coming_;
  /// Of this device, since it is there.
  std::size_t written_ = 0, read_ = 0;
  std::size_t room_ = 0, incoming_ = 0, most_at_once_ = 8, piece_ = 1;
  client_id not_concerned_ = 0;
  std::uint8_t counter_ = 0;
  int nested_ = 0;
  bool tells_ = true, bytes_cost_ = false, room_is_known_ = true, opened_ = false, makes_no_sense_ = false;
  /// The VM's side was closed by the device, because of nonsense.
  std::optional<std::int64_t> broken_since_;
  history_tally tally_;
  std::string failure_;
  std::unique_ptr<device_under_test> device_; // ends first

private:
  void must_have_heard(const hearing& who) {
    expect(!who.answer, "a client got no answer");
    expect(who.messages.empty(), "a message was not delivered");
    expect(who.tokens == 0, "tokens did not come back");
    expect(who.removals.empty(), "a client was not removed that had to be");
  }
  // From within a call: only a few times a step, so that every step ends.
  void maybe_wake() {
    if (nested_ >= 3 || !dice_.one_in(8)) return;
    ++nested_;
    device_->tell(wake_up{});
  }
  void maybe_interfere(client_id client) {
    if (nested_ >= 3 || !dice_.one_in(16)) return;
    ++nested_;
    interfere(client);
  }
};

} // namespace saffron::tests
