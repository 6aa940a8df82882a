// SPDX-License-Identifier: BSD-3-Clause
// The agent's ear for clients: what is kept whole, what goes on as it comes, and what is answered here.
#include "devices/char/agent/agent.hpp"
#include "messages/defaults.hpp"

namespace saffron::devices {

namespace wa = wire::agent;
using wa::message_type;

namespace {

bool ours(message_type type) {
  return type == message_type::announce_capabilities || type == message_type::monitors_config;
}

// What only a server says: a client could move the pointer past the input policy, or end the session of the others.
bool servers(message_type type) {
  return type == message_type::mouse_state || type == message_type::client_disconnected ||
         type == message_type::graphics_device_info;
}

// Changes our state, so it has to be read as a whole.
bool control(message_type type) {
  return type == message_type::clipboard_grab || type == message_type::clipboard_request ||
         type == message_type::clipboard_release;
}

} // namespace

result<void> agent::from_client(client_id client, shared_bytes data, std::uint64_t price) {
  auto* m = find(client);
  if (m == nullptr || !m->current || data.empty()) {
    queues_->release_client_tokens(client, price);
    return {};
  }
  m->owed += price;
  const auto taken = take(*m, data.view());
  pump();
  if (!taken) host_.client_failed(client, taken.error());
  return taken;
}

result<void> agent::take(member& m, std::span<const std::byte> piece) {
  if (piece.size() > defaults::agent_piece) return fail{errc::bad_message};
  for (;;) {
    switch (m.in.next(piece)) {
    case message_assembler::event::nothing: return {};
    case message_assembler::event::header:
      if (const auto chosen = choose(m); !chosen) {
        m.in.reset();
        return chosen;
      }
      break;
    case message_assembler::event::whole: arrived(m); break;
    case message_assembler::event::part: {
      const auto part = m.in.part();
      port_.push(m.id, {m.in.first() ? joined(m.in.header(), part) : std::vector(part.begin(), part.end()),
                        m.in.first(), m.in.last()});
      break;
    }
    }
  }
}

result<void> agent::choose(member& m) {
  const auto& h = m.in.header();
  if (h.protocol != wa::protocol) return fail{errc::bad_message};
  const bool long_for_us = wa::message_header::wire_size + std::size_t{h.size} > defaults::agent_monitors_message;
  if (h.size > defaults::agent_message_limit || (ours(h.type) && long_for_us)) return fail{errc::message_too_large};

  const bool files_refused = h.type == message_type::file_xfer_start && !policy_.file_transfer;
  const bool wanted = allowed(policy_, h.type) && !servers(h.type) && (opened_ || ours(h.type)) &&
                      !(control(h.type) && h.size > defaults::agent_control_message);
  if (wanted && h.size > defaults::agent_whole_message)
    m.in.stream(start_of_long_messages);
  else if (wanted || (files_refused && h.size <= defaults::agent_control_message))
    m.in.whole();
  else
    m.in.skip();
  return {};
}

void agent::arrived(member& m) {
  const auto body = m.in.part();
  const auto type = m.in.header().type;
  if (type == message_type::announce_capabilities) return announced(m, body);
  if (type == message_type::monitors_config) return monitors_from(m, body);
  if (allowed(policy_, type)) return port_.push(m.id, {joined(m.in.header(), body), true, true});
  if (const auto start = wire::decode<wa::file_xfer_start>(body))
    to_client(m.id, wa::encode_whole(wa::file_xfer_status{start->id, wa::file_xfer_result::disabled}));
}

void agent::announced(member& m, std::span<const std::byte> body) {
  const auto theirs = wire::decode<wa::announce_capabilities>(body);
  if (!theirs) return;
  capabilities_.from_client(m.id, theirs->capabilities);
  const bool answer = theirs->request != 0 && (capabilities_.guest_known() || !opened_);
  if (answer) {
    to_client(m.id, wa::encode_whole(wa::announce_capabilities{0, capabilities_.for_clients()}));
    capabilities_.client_told(m.id);
  }
  settle();
}

void agent::settle() {
  if (opened_ && capabilities_.guest_outdated()) announce_due_ = true;
  for (const auto client : capabilities_.outdated_clients()) {
    to_client(client, wa::encode_whole(wa::announce_capabilities{0, capabilities_.for_clients()}));
    capabilities_.client_told(client);
  }
}

void agent::monitors_from(member& m, std::span<const std::byte> body) {
  auto config = wire::decode<wa::monitors_config>(body);
  const auto reply = [&](wa::reply_code code) {
    to_client(m.id, wa::encode_whole(wa::reply{message_type::monitors_config, code}));
  };
  if (!config) return reply(wa::reply_code::error);
  // No monitors is no wish.
  if (config->monitors.empty()) return reply(wa::reply_code::success);
  config->flags &= wa::monitors_config_flags::use_position | wa::monitors_config_flags::physical_size;
  const bool counts = choice_.wants(m.id, *config);
  if (counts && !resizable_) // the guest's agent answers
    return port_.push(m.id, {wa::encode_whole(*config), true, true});
  if (counts) apply(*config);
  reply(wa::reply_code::success);
}

bool agent::departs(client_id client, message_type type, std::span<std::byte> start) {
  switch (type) {
  case message_type::clipboard:
  case message_type::clipboard_grab:
  case message_type::clipboard_request:
  case message_type::clipboard_release:
    clipboard_.set_selections(capabilities_.selections());
    return clipboard_.from_client(client, type, start, capabilities_.clipboard_clients());
  case message_type::file_xfer_start:
  case message_type::file_xfer_status:
  case message_type::file_xfer_data: {
    const auto verdict = transfers_.from_client(client, type, start);
    if (verdict.answer) to_client(client, wa::encode_whole(*verdict.answer));
    return verdict.forward;
  }
  default: return true;
  }
}

void agent::to_client(client_id client, const std::vector<std::byte>& message) {
  outgoing out;
  out.message.data = shared_bytes::copy_of(message);
  out.recipients.emplace(1, client);
  if (!pieces_.hold(client, out.message.data)) queues_->send(out);
}

void agent::clipboard_to_guest(std::vector<std::byte> message) { port_.push_own(std::move(message)); }

void agent::clipboard_to_client(client_id client, std::vector<std::byte> message) { to_client(client, message); }

} // namespace saffron::devices
