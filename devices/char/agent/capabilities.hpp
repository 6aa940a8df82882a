// SPDX-License-Identifier: BSD-3-Clause
// What the guest's agent and several clients tell each other that they can do (VD_AGENT_CAP_*).
//
// Bits that shape messages (clipboard, by demand, selection, no release on regrab) hold only if the guest and every
// client with a clipboard by demand have them: a client without one takes no part in the clipboard and spoils nothing.
// The grab serial is never announced: serials count the grabs of two sides, and here are more. Of the other bits the
// guest is told those of any client, and clients are told the guest's. Whoever was told something else before is told
// again. A side that has not announced anything yet has no say.
#pragma once

#include "devices/char/agent/filter.hpp"
#include "messages/session.hpp"

#include <optional>
#include <vector>

namespace saffron::devices {

class capabilities {
public:
  explicit capabilities(agent_policy policy) : policy_(policy) {}

  /// At most 32 words of an announcement are kept.
  void from_guest(const wire::capability_set& announced);
  void from_client(client_id client, const wire::capability_set& announced);
  /// A client that is there now, and has not announced anything.
  void join(client_id client);
  void leave(client_id client);
  /// The guest's agent has gone.
  void guest_gone();
  /// Monitors are for us, so clients see an agent that takes them.
  void set_resizable(bool resizable) { resizable_ = resizable; }

  [[nodiscard]] bool guest_known() const noexcept { return guest_.has_value(); }
  [[nodiscard]] bool guest_has(wire::agent::capability bit) const { return guest_ && guest_->has(bit); }
  [[nodiscard]] bool any_client_known() const;
  [[nodiscard]] bool client_known(client_id client) const;
  /// Messages of the clipboard start with a selection.
  [[nodiscard]] bool selections() const;
  /// Clients that take part in the clipboard, in the order of their coming.
  [[nodiscard]] std::vector<client_id> clipboard_clients() const;

  /// What to announce now.
  [[nodiscard]] wire::capability_set for_guest() const;
  [[nodiscard]] wire::capability_set for_clients() const;
  /// True when the guest has to be told, for the first time or anew.
  [[nodiscard]] bool guest_outdated() const { return any_client_known() && told_guest_ != for_guest(); }
  void guest_told() { told_guest_ = for_guest(); }
  /// Clients that were told something else before.
  [[nodiscard]] std::vector<client_id> outdated_clients() const;
  void client_told(client_id client);

private:
  struct client {
    client_id id = 0;
    std::optional<wire::capability_set> announced, told;
  };
  [[nodiscard]] client* find(client_id id);
  [[nodiscard]] const client* find(client_id id) const { return const_cast<capabilities*>(this)->find(id); }
  [[nodiscard]] bool agreed(wire::agent::capability bit) const;
  /// `base` with the shaping bits that all agree about, and no others.
  [[nodiscard]] wire::capability_set shaped(const wire::capability_set& base) const;

  agent_policy policy_;
  bool resizable_ = false;
  std::optional<wire::capability_set> guest_, told_guest_;
  std::vector<client> clients_;
};

} // namespace saffron::devices
