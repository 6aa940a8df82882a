// SPDX-License-Identifier: BSD-3-Clause
#include "devices/input/input_state.hpp"

#include <algorithm>

namespace saffron::devices {

void input_state::attach(client_id client) {
  detach(client); // it may come again with another channel
  clients_.push_back(client);
  outlet_.to_client(client, lock_state{told_});
}

void input_state::detach(client_id client) {
  if (std::erase(clients_, client) != 0) release(client);
}

void input_state::key(const client_key& event) {
  if (!admitted(event.client)) return;
  const bool repeated = keyboard_.held(event.key);
  const auto key = keyboard_.key(event.client, event.key, event.pressed);
  if (!key) return;
  if (expected_ && key->pressed && !repeated)
    *expected_ ^= lock_of(key->key); // the user toggles while a wish is on its way
  outlet_.to_source(*key);
}

void input_state::pointer(const client_pointer& event) {
  if (!admitted(event.client)) return;
  if (!valid(event.event)) {
    count_.input_dropped.add();
    return;
  }
  if (const auto e = mouse_.event(event.client, event.event)) outlet_.to_source(pointer_input{*e});
}

void input_state::want_locks(const client_locks& wish) {
  if (!admitted(wish.client)) return;
  const auto before = expected_.value_or(locks_);
  const auto toggle = keyboard_.locks_to_toggle(wish.locks & locks::all, before);
  for (const auto& key : keyboard::toggles(toggle)) outlet_.to_source(key);
  expected_ = static_cast<std::uint16_t>(before ^ toggle);
  heard_ = false;
  outlet_.schedule_led_report(++epoch_);
}

void input_state::source_attached() { start_anew(true); }

void input_state::source_gone() { start_anew(false); }

void input_state::source_locks(lock_state locks) {
  locks_ = locks.locks & locks::all;
  heard_ = true;
  if (expected_ && *expected_ != locks_) return;
  expected_.reset();
  if (locks_ != told_) tell_all(locks_);
}

void input_state::led_report_due(std::uint64_t epoch) {
  if (epoch != epoch_ || !expected_) return;
  if (!heard_) locks_ = *expected_;
  expected_.reset();
  tell_all(locks_);
}

void input_state::release_all() {
  for (auto client : clients_) release(client);
}

bool input_state::admitted(client_id client) {
  const auto place = std::find(clients_.begin(), clients_.end(), client);
  const bool may =
      has_source_ && place != clients_.end() && (policy_ == input_policy::all || place == clients_.begin());
  if (!may) count_.input_dropped.add();
  return may;
}

void input_state::release(client_id client) {
  for (const auto& key : keyboard_.leave(client)) outlet_.to_source(key);
  for (const auto& event : mouse_.leave(client)) outlet_.to_source(pointer_input{event});
}

void input_state::start_anew(bool has_source) {
  has_source_ = has_source;
  keyboard_.forget();
  mouse_.forget();
  expected_.reset();
  locks_ = 0;
  if (told_ != 0) tell_all(0);
}

void input_state::tell_all(std::uint16_t locks) {
  told_ = locks;
  for (auto client : clients_) outlet_.to_client(client, lock_state{locks});
}

} // namespace saffron::devices
