// SPDX-License-Identifier: BSD-3-Clause
// The agent's ear for the guest: whom each message is for.
#include "devices/char/agent/agent.hpp"
#include "messages/defaults.hpp"

namespace saffron::devices {

namespace wa = wire::agent;
using wa::message_type;

namespace {

bool control(message_type type) {
  return type == message_type::clipboard_grab || type == message_type::clipboard_request ||
         type == message_type::clipboard_release || type == message_type::announce_capabilities;
}

} // namespace

std::optional<outgoing> agent::read(char_io& from, std::uint64_t) {
  for (std::size_t reads = 0; opened_ && !failed_; ++reads) {
    if (auto piece = pieces_.next()) return piece;
    // For nobody: whoever reads may do something else before it reads on.
    if (reads == defaults::agent_reads) return outgoing{{{}, 0}, std::vector<client_id>{}};
    const auto step = chunks_.read(from);
    switch (step.what) {
    case chunk_reader::outcome::nothing: return std::nullopt;
    case chunk_reader::outcome::passed_over: break;
    case chunk_reader::outcome::failed:
      guest_failed("the guest's agent sent a chunk for a port that there is not");
      break;
    case chunk_reader::outcome::payload:
      if (!from_guest(step.payload)) break;
      if (step.chunk_ended) pieces_.flush();
      pump(); // it may have asked for what nobody has
      break;
    }
  }
  return std::nullopt;
}

bool agent::concerns(client_id client) const { return pieces_.concerns(client); }

void agent::guest_failed(std::string_view why) {
  failed_ = true;
  host_.guest_failed(why);
}

bool agent::from_guest(std::span<const std::byte> payload) {
  for (;;) {
    switch (guest_in_.next(payload)) {
    case message_assembler::event::nothing: return true;
    case message_assembler::event::header:
      if (!choose_from_guest()) return false;
      break;
    case message_assembler::event::whole: {
      const auto body = guest_in_.part();
      const auto type = guest_in_.header().type;
      if (type == message_type::announce_capabilities) {
        guest_announced(body);
        break;
      }
      const auto recipients = recipients_of(type, body); // writes a transfer's number into the body
      pieces_.whole(recipients, joined(guest_in_.header(), body));
      break;
    }
    case message_assembler::event::part: {
      const auto part = guest_in_.part();
      if (guest_in_.first()) {
        auto recipients = recipients_of(guest_in_.header().type, part);
        pieces_.begin(std::move(recipients), joined(guest_in_.header(), part));
      } else {
        pieces_.more(part);
      }
      if (guest_in_.last()) pieces_.end();
      break;
    }
    }
  }
}

bool agent::choose_from_guest() {
  const auto& h = guest_in_.header();
  if (h.protocol != wa::protocol) {
    guest_failed("the guest's agent speaks another protocol");
    return false;
  }
  if (h.size > defaults::agent_message_limit) {
    guest_failed("the guest's agent sent a message beyond all limits");
    return false;
  }
  const bool is_long = h.size > defaults::agent_control_message;
  if (!allowed(policy_, h.type) || (is_long && control(h.type)))
    guest_in_.skip();
  else if (is_long)
    guest_in_.stream(start_of_long_messages);
  else
    guest_in_.whole();
  return true;
}

void agent::guest_announced(std::span<const std::byte> body) {
  const auto theirs = wire::decode<wa::announce_capabilities>(body);
  if (!theirs) return;
  capabilities_.from_guest(theirs->capabilities);
  std::vector<client_id> known, unknown;
  for (const auto client : everyone()) {
    (capabilities_.client_known(client) ? known : unknown).push_back(client);
    capabilities_.client_told(client);
  }
  // A client that has said nothing yet is asked. They travel like the guest's own word, at the pace of their readers.
  const auto now = capabilities_.for_clients();
  pieces_.whole(known, wa::encode_whole(wa::announce_capabilities{0, now}));
  pieces_.whole(unknown, wa::encode_whole(wa::announce_capabilities{theirs->request != 0 ? 1u : 0u, now}));
  if (capabilities_.any_client_known() && theirs->request != 0) announce_due_ = true;
  settle();
  set_leads_mouse(capabilities_.guest_has(wa::capability::mouse_state));
  tell_displays();
}

std::vector<client_id> agent::recipients_of(message_type type, std::span<std::byte> start) {
  switch (type) {
  case message_type::clipboard:
  case message_type::clipboard_grab:
  case message_type::clipboard_request:
  case message_type::clipboard_release:
    clipboard_.set_selections(capabilities_.selections());
    return clipboard_.from_guest(type, start, capabilities_.clipboard_clients());
  case message_type::file_xfer_start:
  case message_type::file_xfer_status:
  case message_type::file_xfer_data:
    if (const auto client = transfers_.from_guest(type, start)) return {*client};
    return {};
  default: return everyone();
  }
}

} // namespace saffron::devices
