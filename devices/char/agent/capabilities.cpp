// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/agent/capabilities.hpp"

#include <algorithm>
#include <array>

namespace saffron::devices {

using wire::capability_set;
using wire::agent::capability;

namespace {

constexpr std::size_t words_kept = 32;
constexpr std::array shaping{capability::clipboard, capability::clipboard_by_demand, capability::clipboard_selection,
                             capability::clipboard_no_release_on_regrab};

capability_set cut(const capability_set& announced) {
  auto words = announced.words();
  words.resize(std::min(words.size(), words_kept));
  return capability_set{std::move(words)};
}

} // namespace

capabilities::client* capabilities::find(client_id id) {
  const auto it = std::find_if(clients_.begin(), clients_.end(), [&](const client& c) { return c.id == id; });
  return it == clients_.end() ? nullptr : &*it;
}

void capabilities::from_guest(const capability_set& announced) { guest_ = allowed(policy_, cut(announced)); }

void capabilities::from_client(client_id id, const capability_set& announced) {
  if (auto* c = find(id)) c->announced = allowed(policy_, cut(announced));
}

void capabilities::join(client_id id) {
  leave(id);
  clients_.push_back({id, {}, {}});
}

void capabilities::leave(client_id id) {
  std::erase_if(clients_, [&](const client& c) { return c.id == id; });
}

void capabilities::guest_gone() {
  guest_.reset();
  told_guest_.reset();
}

bool capabilities::any_client_known() const {
  return std::any_of(clients_.begin(), clients_.end(), [](const client& c) { return c.announced.has_value(); });
}

bool capabilities::client_known(client_id id) const {
  const auto* c = find(id);
  return c != nullptr && c->announced;
}

bool capabilities::agreed(capability bit) const {
  if (guest_ && !guest_->has(bit)) return false;
  bool any = guest_.has_value();
  for (const auto& c : clients_) {
    if (!c.announced || !c.announced->has(capability::clipboard_by_demand)) continue;
    if (!c.announced->has(bit)) return false;
    any = true;
  }
  return any;
}

bool capabilities::selections() const { return guest_ && agreed(capability::clipboard_selection); }

std::vector<client_id> capabilities::clipboard_clients() const {
  std::vector<client_id> out;
  for (const auto& c : clients_)
    if (c.announced && c.announced->has(capability::clipboard_by_demand)) out.push_back(c.id);
  return out;
}

capability_set capabilities::shaped(const capability_set& base) const {
  auto out = without(base, {capability::clipboard_grab_serial});
  for (const auto bit : shaping) {
    out = without(out, {bit});
    if (agreed(bit)) out.set(bit);
  }
  return out;
}

capability_set capabilities::for_guest() const {
  std::vector<std::uint32_t> words(words_kept);
  for (const auto& c : clients_)
    if (c.announced)
      for (std::size_t i = 0; i < c.announced->words().size(); ++i) words[i] |= c.announced->words()[i];
  auto out = shaped(capability_set{std::move(words)});
  // The guest's own word counts for what both must have, so a guest alone is told nothing of a clipboard.
  if (clipboard_clients().empty())
    for (const auto bit : shaping) out = without(out, {bit});
  return out;
}

capability_set capabilities::for_clients() const {
  auto out = guest_ ? shaped(*guest_) : capability_set{};
  if (resizable_ && policy_.monitors_config)
    for (const auto bit : {capability::monitors_config, capability::reply, capability::sparse_monitors_config})
      out.set(bit);
  return out;
}

std::vector<client_id> capabilities::outdated_clients() const {
  std::vector<client_id> out;
  const auto now = for_clients();
  for (const auto& c : clients_)
    if (c.told && *c.told != now) out.push_back(c.id);
  return out;
}

void capabilities::client_told(client_id id) {
  if (auto* c = find(id)) c->told = for_clients();
}

} // namespace saffron::devices
