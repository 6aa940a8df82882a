// SPDX-License-Identifier: BSD-3-Clause
#include "actors/vm_devices.hpp"

#include "messages/log.hpp"

#include <algorithm>
#include <utility>

namespace saffron::actors {

namespace {

// The protocol numbers channels of a type with a byte.
constexpr std::size_t channels_of_a_type = 256;

// A peer that has spoken to the VM's side of these before cannot go on with another one.
bool begins_with_handshake(char_device_kind kind) {
  return kind == char_device_kind::usbredir || kind == char_device_kind::smartcard;
}

} // namespace

vm_devices::vm_devices(vm_settings settings, const device_table& table, device_maker make)
    : settings_(std::move(settings)), table_(table), make_(std::move(make)),
      agent_(this->make(char_device_kind::vdagent, {}, 0)) {}

vm_devices::entry vm_devices::make(char_device_kind kind, const std::string& name, std::uint8_t id) {
  entry e{kind, name, {table_.channel_type(kind, name), id}, {}, {}};
  e.device = make_(table_.describe(kind, name, settings_), table_.protocol(kind, name, settings_));
  if (running_) caf::anon_send(e.device, start_device{});
  return e;
}

std::uint8_t vm_devices::next_id(std::uint8_t type) const {
  std::uint8_t id = 0;
  while (std::ranges::count(entries_, channel_key{type, id}, &entry::channel) != 0) ++id;
  return id;
}

void vm_devices::give(entry& to, std::shared_ptr<char_backend> backend) {
  if (to.backend == backend) return;
  to.backend = std::move(backend);
  caf::anon_send(to.device, attach_backend{to.backend});
}

void vm_devices::offered(const std::vector<char_device_offer>& offers) {
  std::vector<bool> taken(offers.size());
  const auto offer_for = [&](const entry& e) -> std::shared_ptr<char_backend> {
    for (std::size_t i = 0; i < offers.size(); ++i)
      if (!taken[i] && offers[i].kind == e.kind && (offers[i].name == e.name || e.kind == char_device_kind::vdagent)) {
        taken[i] = true;
        return offers[i].backend;
      }
    return nullptr;
  };
  give(agent_, offer_for(agent_));
  for (auto& e : entries_) give(e, offer_for(e));
  for (std::size_t i = 0; i < offers.size(); ++i) {
    const auto& offer = offers[i];
    if (taken[i] || !offer.backend) continue;
    const auto type = table_.channel_type(offer.kind, offer.name);
    const auto used =
        static_cast<std::size_t>(std::ranges::count(entries_, type, [](const entry& e) { return e.channel.type; }));
    if (offer.kind == char_device_kind::vdagent || used == channels_of_a_type) {
      log::warning("vm {} offers more char devices of a kind than there can be; one is left out", settings_.name);
      continue;
    }
    // All readers of smartcards are on one channel.
    const auto id = offer.kind == char_device_kind::smartcard ? std::uint8_t{0} : next_id(type);
    entries_.push_back(make(offer.kind, offer.name, id));
    give(entries_.back(), offer.backend);
  }
}

void vm_devices::run(bool running) {
  if (std::exchange(running_, running) == running) return;
  for (const auto& device : all())
    if (running)
      caf::anon_send(device, start_device{});
    else
      caf::anon_send(device, stop_device{});
}

std::vector<char_device_view> vm_devices::view() const {
  std::vector<char_device_view> out;
  for (const auto& e : entries_)
    if (e.backend || !begins_with_handshake(e.kind)) out.push_back({e.channel, e.kind, e.name, e.device});
  return out;
}

std::vector<char_device_actor> vm_devices::all() const {
  std::vector<char_device_actor> out{agent_.device};
  for (const auto& e : entries_) out.push_back(e.device);
  return out;
}

bool vm_devices::replace(const caf::actor_addr& who) {
  const auto anew = [&](entry& e) {
    e = make(e.kind, e.name, e.channel.id);
    return true;
  };
  if (agent_.device == who) return anew(agent_);
  const auto found = std::ranges::find_if(entries_, [&](const entry& e) { return e.device == who; });
  return found != entries_.end() && anew(*found);
}

void vm_devices::clear() {
  for (const auto& device : all())
    if (device) caf::anon_send(device, shut_down{});
  agent_ = {};
  entries_.clear();
}

} // namespace saffron::actors
