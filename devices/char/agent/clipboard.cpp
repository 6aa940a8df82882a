// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/agent/clipboard.hpp"

#include "messages/defaults.hpp"

#include <algorithm>

namespace saffron::devices {

namespace agent = wire::agent;
using agent::clipboard_type;
using agent::message_type;

namespace {

// The selection of any of the four messages, and the type of those that have one. None when the body is too short.
struct start_of_body {
  std::uint8_t selection = 0;
  clipboard_type type = clipboard_type::none;
};

std::optional<start_of_body> read_start(message_type type, std::span<const std::byte> start, bool selections) {
  wire::reader r{start};
  start_of_body out;
  if (type == message_type::clipboard || type == message_type::clipboard_request) {
    agent::clipboard_head head;
    agent::read(r, head, selections);
    out = {head.selection, head.type};
  } else {
    agent::clipboard_release head; // a grab starts like a release
    agent::read(r, head, selections);
    out.selection = head.selection;
  }
  if (!r.ok() || out.selection >= agent::clipboard_selections) return std::nullopt;
  return out;
}

template <class M>
std::vector<std::byte> message(message_type type, const M& body, bool selections) {
  wire::writer w;
  agent::write(w, body, selections);
  return agent::with_header(type, w.view());
}

} // namespace

bool clipboard::from_client(client_id client, message_type type, std::span<const std::byte> start,
                            std::span<const client_id> clients) {
  const auto head = read_start(type, start, selections_);
  if (!head) return false;
  auto& s = selections_of_[head->selection];
  const bool owns = s.owner == owner::client && s.client == client;
  switch (type) {
  case message_type::clipboard_grab: grabbed_by(head->selection, client, clients); return true;
  case message_type::clipboard_release:
    if (owns) s.owner = owner::none;
    return owns;
  case message_type::clipboard_request: return asked_by(head->selection, {client, head->type});
  case message_type::clipboard: {
    const auto q = std::find_if(s.to_clients.begin(), s.to_clients.end(),
                                [&](const question& one) { return one.client == client; });
    if (q == s.to_clients.end()) return false;
    s.to_clients.erase(q);
    return true;
  }
  default: return false;
  }
}

void clipboard::grabbed_by(std::uint8_t selection, client_id client, std::span<const client_id> clients) {
  auto& s = selections_of_[selection];
  s.owner = owner::client;
  s.client = client;
  for (const auto other : clients)
    if (other != client) out_.clipboard_to_client(other, release_of(selection));
}

bool clipboard::asked_by(std::uint8_t selection, const question& q) {
  auto& s = selections_of_[selection];
  const auto open =
      std::count_if(s.to_guest.begin(), s.to_guest.end(), [&](const question& one) { return one.client == q.client; });
  if (s.owner == owner::guest && static_cast<std::size_t>(open) < defaults::clipboard_requests &&
      s.to_guest.size() < defaults::clipboard_requests_total) {
    s.to_guest.push_back(q);
    return true;
  }
  nothing_for_client(selection, q.client);
  // It asks for what it has itself: its grab crossed another's, and it does not know who won.
  if (s.owner == owner::client && s.client == q.client) out_.clipboard_to_client(q.client, release_of(selection));
  return false;
}

std::vector<client_id> clipboard::from_guest(message_type type, std::span<const std::byte> start,
                                             std::span<const client_id> clients) {
  const auto head = read_start(type, start, selections_);
  if (!head) return {};
  auto& s = selections_of_[head->selection];
  switch (type) {
  case message_type::clipboard_grab: s.owner = owner::guest; return {clients.begin(), clients.end()};
  case message_type::clipboard_release:
    if (s.owner != owner::guest) return {}; // a client's grab was faster
    s.owner = owner::none;
    return {clients.begin(), clients.end()};
  case message_type::clipboard_request: return guest_asks(head->selection, head->type);
  case message_type::clipboard: return guest_answers(head->selection, head->type);
  default: return {};
  }
}

std::vector<client_id> clipboard::guest_asks(std::uint8_t selection, clipboard_type type) {
  auto& s = selections_of_[selection];
  if (s.owner != owner::client || s.to_clients.size() >= defaults::clipboard_requests) {
    nothing_for_guest(selection);
    return {};
  }
  s.to_clients.push_back({s.client, type});
  return {s.client};
}

std::vector<client_id> clipboard::guest_answers(std::uint8_t selection, clipboard_type type) {
  auto& open = selections_of_[selection].to_guest;
  // The guest answers in order. What it left out it will not answer any more; `none` answers the oldest.
  auto q = type == clipboard_type::none
               ? open.begin()
               : std::find_if(open.begin(), open.end(), [&](const question& one) { return one.type == type; });
  if (q == open.end()) return {};
  const auto asker = q->client;
  std::vector<client_id> left_out;
  for (auto it = open.begin(); it != q; ++it) left_out.push_back(it->client);
  open.erase(open.begin(), q + 1);
  for (const auto client : left_out)
    if (client != 0) nothing_for_client(selection, client);
  if (asker == 0) return {};
  return {asker};
}

void clipboard::leave(client_id client) {
  for (std::uint8_t i = 0; i < selections_of_.size(); ++i) {
    auto& s = selections_of_[i];
    for (auto& q : s.to_guest)
      if (q.client == client) q.client = 0;
    const auto unanswered = std::erase_if(s.to_clients, [&](const question& q) { return q.client == client; });
    for (std::size_t n = 0; n < unanswered; ++n) nothing_for_guest(i);
    if (s.owner != owner::client || s.client != client) continue;
    s.owner = owner::none;
    out_.clipboard_to_guest(release_of(i));
  }
}

void clipboard::nothing_for_client(std::uint8_t selection, client_id client) {
  out_.clipboard_to_client(client, message(message_type::clipboard, agent::clipboard_head{selection}, selections_));
}

void clipboard::nothing_for_guest(std::uint8_t selection) {
  out_.clipboard_to_guest(message(message_type::clipboard, agent::clipboard_head{selection}, selections_));
}

std::vector<std::byte> clipboard::release_of(std::uint8_t selection) const {
  return message(message_type::clipboard_release, agent::clipboard_release{selection}, selections_);
}

} // namespace saffron::devices
