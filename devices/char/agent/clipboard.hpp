// SPDX-License-Identifier: BSD-3-Clause
// Who owns the guest's clipboard, and who has asked for it. There are three selections (clipboard, primary, secondary),
// and each belongs to nobody, the guest or one client. The guest knows one other side only; to each client the others
// look as if they were the guest. Source of the messages: spice-protocol's vd_agent.h.
#pragma once

#include "messages/session.hpp"
#include "messages/wire/agent.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace saffron::devices {

/// Where the clipboard's own messages go: whole ones, with their header.
class clipboard_outlet {
public:
  virtual ~clipboard_outlet() = default;
  virtual void clipboard_to_guest(std::vector<std::byte> message) = 0;
  virtual void clipboard_to_client(client_id client, std::vector<std::byte> message) = 0;
};

class clipboard {
public:
  explicit clipboard(clipboard_outlet& out) : out_(out) {}

  /// Messages start with a selection.
  void set_selections(bool selections) { selections_ = selections; }
  /// A client's message is about to go to the guest; `start` is its body, or the first bytes of a long one. False: it
  /// is not for the guest. `clients` are those that take part.
  [[nodiscard]] bool from_client(client_id client, wire::agent::message_type type, std::span<const std::byte> start,
                                 std::span<const client_id> clients);
  /// A guest's message: those whom it is for, maybe nobody.
  [[nodiscard]] std::vector<client_id> from_guest(wire::agent::message_type type, std::span<const std::byte> start,
                                                  std::span<const client_id> clients);
  /// What the client owned is released, and what it was asked for is answered with nothing.
  void leave(client_id client);
  /// Another guest, or none.
  void reset() { selections_of_ = {}; }

private:
  /// Somebody has asked for contents of this type. Client 0 has gone, but its answer will come.
  struct question {
    client_id client = 0;
    wire::agent::clipboard_type type = wire::agent::clipboard_type::none;
  };
  enum class owner : std::uint8_t { none, guest, client };
  struct selection_state {
    devices::clipboard::owner owner = owner::none;
    client_id client = 0;
    /// The guest's to clients, and clients' to the guest, in the guest's order.
    std::deque<question> to_clients, to_guest;
  };

  void grabbed_by(std::uint8_t selection, client_id client, std::span<const client_id> clients);
  [[nodiscard]] bool asked_by(std::uint8_t selection, const question& q);
  [[nodiscard]] std::vector<client_id> guest_asks(std::uint8_t selection, wire::agent::clipboard_type type);
  [[nodiscard]] std::vector<client_id> guest_answers(std::uint8_t selection, wire::agent::clipboard_type type);
  void nothing_for_client(std::uint8_t selection, client_id client);
  void nothing_for_guest(std::uint8_t selection);
  [[nodiscard]] std::vector<std::byte> release_of(std::uint8_t selection) const;

  clipboard_outlet& out_;
  bool selections_ = false;
  std::array<selection_state, wire::agent::clipboard_selections> selections_of_;
};

} // namespace saffron::devices
