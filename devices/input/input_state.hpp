// SPDX-License-Identifier: BSD-3-Clause
// What the input devices of one VM know: who is there, who may type, what is held down, which locks are on.
#pragma once

#include "devices/input/keyboard.hpp"
#include "devices/input/mouse.hpp"
#include "messages/counters.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace saffron::devices {

/// Where the words of input_state go: the actor sends them, a test writes them down.
class input_outlet {
public:
  virtual ~input_outlet() = default;
  virtual void to_source(const key_input& key) = 0;
  virtual void to_source(const pointer_input& event) = 0;
  virtual void to_client(client_id client, lock_state locks) = 0;
  /// Call led_report_due(epoch) after defaults::led_report.
  virtual void schedule_led_report(std::uint64_t epoch) = 0;
};

/// The logic of the input actor. An event is dropped and counted when there is no source, when its client is not
/// attached, when the policy is `first` and the client is not the one attached earliest, or when it is malformed.
class input_state {
public:
  input_state(input_policy policy, input_outlet& outlet, counters& count)
      : policy_(policy), outlet_(outlet), count_(count) {}

  /// The client is told the locks at once.
  void attach(client_id client);
  /// What the client holds is released.
  void detach(client_id client);
  void key(const client_key& event);
  void pointer(const client_pointer& event);
  /// Presses lock keys until the guest has what the client wants, then waits for the source to confirm.
  void want_locks(const client_locks& wish);

  /// There is a source now, or another one. Nothing is held on it and its locks are off until it says otherwise.
  void source_attached();
  void source_gone();
  /// The guest's locks. Clients hear of a change at once, but while a wish is on its way only of its end: told of each
  /// lock in between, a client would ask again and toggle them back.
  void source_locks(lock_state locks);
  /// The source has not confirmed a wish in time: clients are told what is known.
  void led_report_due(std::uint64_t epoch);
  /// Before the end: nothing stays down.
  void release_all();

private:
  [[nodiscard]] bool admitted(client_id client);
  void release(client_id client);
  void start_anew(bool has_source);
  void tell_all(std::uint16_t locks);

  input_policy policy_;
  input_outlet& outlet_;
  counters& count_;
  keyboard keyboard_;
  mouse mouse_;
  /// In the order of their attachment.
  std::vector<client_id> clients_;
  bool has_source_ = false;
  /// As the source said last, or as our presses should have made them.
  std::uint16_t locks_ = 0;
  /// What the clients were told last.
  std::uint16_t told_ = 0;
  /// A wish is on its way: the locks it will lead to.
  std::optional<std::uint16_t> expected_;
  /// The source has spoken since the wish.
  bool heard_ = false;
  std::uint64_t epoch_ = 0;
};

} // namespace saffron::devices
