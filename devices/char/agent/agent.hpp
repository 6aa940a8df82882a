// SPDX-License-Identifier: BSD-3-Clause
// The guest's agent (vdagent) for several clients: clipboard, files, monitors, pointer. Each client speaks as if it
// were alone, and the guest hears one other side. Everything a hostile client costs is defaults::agent_assembly, its
// tokens and a map entry for each of defaults::file_transfers; a hostile guest costs defaults::agent_own_queue and
// defaults::agent_held_messages. Source: spice-protocol's vd_agent.h.
//
// Towards the guest a message goes whole, or keeps the port until its end (guest_port). Buffers of the write queue are
// ours, not their client's: the queue drops the buffers of a client that leaves, and half a message would deafen the
// guest for all. So a client's tokens come back when its bytes are copied, unless more than defaults::agent_assembly
// of it wait for the guest. What is written at a time is bounded by a window; room() opens it again.
//
// A VM without an agent whose heads its own side can resize has a small one here: it announces monitors and takes
// them, and drops the rest.
#pragma once

#include "devices/char/agent/agent_host.hpp"
#include "devices/char/agent/capabilities.hpp"
#include "devices/char/agent/chunks.hpp"
#include "devices/char/agent/client_pieces.hpp"
#include "devices/char/agent/clipboard.hpp"
#include "devices/char/agent/filter.hpp"
#include "devices/char/agent/guest_port.hpp"
#include "devices/char/agent/message_assembler.hpp"
#include "devices/char/agent/monitors_choice.hpp"
#include "devices/char/agent/server_messages.hpp"
#include "devices/char/agent/transfers.hpp"
#include "devices/char/device_protocol.hpp"

#include <list>
#include <optional>
#include <vector>

namespace saffron::devices {

class agent final : public device_protocol, private departures, private clipboard_outlet {
public:
  agent(agent_policy policy, agent_host& host);
  /// Before anything else.
  void connect(device_queues& queues) override { queues_ = &queues; }

  /// Clients see an agent: the guest's, or the small one.
  [[nodiscard]] bool connected() const noexcept { return opened_ || small(); }
  /// Dropped unless the guest's agent takes the pointer.
  void pointer(const agent_pointer& state) override;
  void set_places(const std::vector<display_place>& places) override;
  /// Monitors are for the VM's side from now on, or for the guest's agent.
  void set_resizable(bool resizable) override;
  /// Call every defaults::device_tick: a client that stops in the middle of a message for which others wait is given
  /// up after defaults::agent_stall_ticks (client_failed with errc::timed_out).
  void tick() override;

  // -- device_protocol ------------------------------------------------------------------------------------------------

  [[nodiscard]] std::optional<outgoing> read(char_io& from, std::uint64_t budget) override;
  [[nodiscard]] bool concerns(client_id client) const override;
  [[nodiscard]] bool in_the_middle() const override { return pieces_.in_the_middle(); }
  /// The client starts to use the agent (AGENT_START). A client that is there starts anew.
  void attached(client_id client) override;
  void detached(client_id client) override;
  /// errc::bad_message: more than a piece, or no agent message; errc::message_too_large: beyond
  /// defaults::agent_message_limit or defaults::agent_monitors_message. The host is told too. What comes from a client
  /// that was attached to an earlier agent is dropped.
  [[nodiscard]] result<void> from_client(client_id client, shared_bytes data, std::uint64_t price) override;
  void opened() override;
  void closed() override;
  void self_token_freed() override { serve(); }
  void room() override;

private:
  struct member {
    client_id id = 0;
    /// Attached to the agent that there is now.
    bool current = false;
    message_assembler in;
    /// Tokens that are kept back.
    std::uint64_t owed = 0;
  };

  // -- agent.cpp: coming and going ------------------------------------------------------------------------------------

  [[nodiscard]] bool small() const noexcept { return resizable_ && policy_.monitors_config; }
  [[nodiscard]] member* find(client_id client);
  [[nodiscard]] std::vector<client_id> everyone() const;
  /// Nothing of the agent of before is left; clients have to start anew.
  void start_anew();
  void forget_words_of(member& m);
  void apply(const wire::agent::monitors_config& config);
  void set_leads_mouse(bool leads);

  // -- agent_from_clients.cpp -----------------------------------------------------------------------------------------

  [[nodiscard]] result<void> take(member& m, std::span<const std::byte> piece);
  [[nodiscard]] result<void> choose(member& m);
  void arrived(member& m);
  void announced(member& m, std::span<const std::byte> body);
  void monitors_from(member& m, std::span<const std::byte> body);
  [[nodiscard]] bool departs(client_id client, wire::agent::message_type type, std::span<std::byte> start) override;
  /// Tells everybody the capabilities who knows others.
  void settle();
  void to_client(client_id client, const std::vector<std::byte>& message);
  void clipboard_to_guest(std::vector<std::byte> message) override;
  void clipboard_to_client(client_id client, std::vector<std::byte> message) override;

  // -- agent_from_guest.cpp -------------------------------------------------------------------------------------------

  void guest_failed(std::string_view why);
  /// False: the guest has failed.
  [[nodiscard]] bool from_guest(std::span<const std::byte> payload);
  [[nodiscard]] bool choose_from_guest();
  void guest_announced(std::span<const std::byte> body);
  [[nodiscard]] std::vector<client_id> recipients_of(wire::agent::message_type type, std::span<std::byte> start);

  // -- agent_to_guest.cpp ---------------------------------------------------------------------------------------------

  /// Writes what the window allows of the clients' port, then gives back tokens.
  void pump();
  void return_tokens();
  /// Writes what the self token allows of the server's port.
  void serve();
  void tell_displays();

  agent_policy policy_;
  agent_host& host_;
  device_queues* queues_ = nullptr;
  bool resizable_ = false;
  std::vector<display_place> places_;
  /// In the order of attachment.
  std::list<member> members_;
  monitors_choice choice_;
  /// What the VM's side was last asked for.
  std::optional<wire::agent::monitors_config> tried_;
  capabilities capabilities_;

  // The guest's agent that there is now.
  bool opened_ = false, failed_ = false, leads_mouse_ = false;
  chunk_reader chunks_;
  message_assembler guest_in_;
  client_pieces pieces_;
  guest_port port_{*this};
  clipboard clipboard_{*this};
  transfers transfers_;
  server_messages server_;
  /// Capabilities are to be told to the guest; its own were asked for; the last client has gone.
  bool announce_due_ = false, asked_ = false, disconnected_due_ = false;
  /// Bytes that were written and not taken.
  std::size_t outstanding_ = 0;
  bool pumping_ = false, serving_ = false, room_while_serving_ = false;
  std::uint64_t moved_at_tick_ = 0;
  unsigned stalled_ticks_ = 0;
};

} // namespace saffron::devices
