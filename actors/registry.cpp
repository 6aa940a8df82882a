// SPDX-License-Identifier: BSD-3-Clause
#include "actors/registry.hpp"

#include "actors/gather.hpp"
#include "messages/log.hpp"
#include "messages/wire/link.hpp"
#include "transport/ticket.hpp"

#include <algorithm>
#include <random>

namespace saffron::actors {

registry_state::registry_state(std::size_t loops, std::function<client_id()> random)
    : random_(std::move(random)), load_(loops) {}

void registry_state::add(add_vm vm) {
  const auto id = vm.id;
  vms_.insert_or_assign(id, std::move(vm));
}

void registry_state::set_ticket(const struct set_ticket& change) {
  for (auto& [id, vm] : vms_)
    if (vm.settings.name == change.vm) vm.settings.ticket = change.ticket;
}

const add_vm* registry_state::find_vm(const struct authorize& question, wall_clock::time_point now) const {
  const auto owns = [&](const add_vm& vm) {
    return std::find(vm.own_listeners.begin(), vm.own_listeners.end(), question.listener) != vm.own_listeners.end();
  };
  const bool owned = std::any_of(vms_.begin(), vms_.end(), [&](const auto& entry) { return owns(entry.second); });
  const add_vm* found = nullptr;
  for (const auto& [id, vm] : vms_) {
    if (owned && !owns(vm)) continue;
    const auto& ticket = vm.settings.ticket;
    if (!ticket) {
      if (owned) found = &vm; // a listener of its own, and no ticket asked
      continue;
    }
    const bool same = transport::same_secret(question.password, ticket->password);
    const bool valid = !ticket->password.empty() && (!ticket->expires || now < *ticket->expires);
    if (same && valid) found = &vm;
  }
  return found;
}

link_verdict registry_state::authorize(const struct authorize& question, wall_clock::time_point now) {
  link_verdict verdict;
  if (closed_) {
    verdict.error = errc::shutting_down;
    return verdict;
  }
  const auto* vm = find_vm(question, now);
  if (vm == nullptr) {
    verdict.error = errc::permission_denied;
    return verdict;
  }
  if (question.channel.type == static_cast<std::uint8_t>(wire::channel_type::main)) return admit(*vm);
  const auto client = clients_.find(question.connection_id);
  if (client == clients_.end() || client->second.vm != vm->id) {
    verdict.error = errc::bad_connection_id;
    return verdict;
  }
  return {errc::none, client->second.loop, vm->vm, question.connection_id};
}

link_verdict registry_state::admit(const add_vm& vm) {
  const bool in_use =
      std::any_of(clients_.begin(), clients_.end(), [&](const auto& c) { return c.second.vm == vm.id; });
  if (in_use && vm.settings.clients == client_policy::refuse) return {errc::too_many, 0, {}, 0};
  client_id id = 0;
  while (id == 0 || clients_.contains(id)) id = random_();
  const auto loop = least_loaded();
  clients_[id] = {vm.id, loop};
  ++load_[loop];
  return {errc::none, loop, vm.vm, id};
}

void registry_state::ended(const client_ended& e) {
  const auto found = clients_.find(e.client);
  if (found == clients_.end()) return;
  --load_[found->second.loop];
  clients_.erase(found);
}

void registry_state::remove(vm_id vm) {
  vms_.erase(vm);
  std::erase_if(clients_, [&](const auto& c) {
    if (c.second.vm != vm) return false;
    --load_[c.second.loop];
    return true;
  });
}

std::size_t registry_state::least_loaded() const {
  return static_cast<std::size_t>(std::min_element(load_.begin(), load_.end()) - load_.begin());
}

namespace {

client_id random_client_id() {
  static std::random_device source; // used by the one registry, on its loop
  return std::uniform_int_distribution<client_id>{1, 0xffffffff}(source);
}

class registry final : public transport::pinned_actor<registry_actor> {
public:
  registry(caf::actor_config& config, transport::loop& home, std::size_t loops)
      : pinned_actor(config, home), state_(loops, random_client_id) {
    set_down_handler([this](const caf::down_msg& down) { vm_down(down.source); });
  }
  const char* name() const override { return "registry"; }
  void on_exit() override { state_.clear(); }

protected:
  behavior_type make_behavior() override {
    return {
        [this](const authorize& q) { return state_.authorize(q, registry_state::wall_clock::now()); },
        [this](add_vm& vm) {
          monitor(vm.vm);
          state_.add(std::move(vm));
        },
        [this](const set_ticket& change) { state_.set_ticket(change); },
        [this](const client_ended& e) { state_.ended(e); },
        [this](status_query) { return describe(); },
        [this](shut_down) { close(); },
    };
  }

private:
  caf::typed_response_promise<host_status> describe() {
    gathering<host_status> all{make_response_promise<caf::typed_response_promise<host_status>>(), host_status{}};
    for (const auto& [id, vm] : state_.vms())
      all.ask<vm_status>(this, vm.vm, [](host_status& whole, vm_status&& v) { whole.vms.push_back(std::move(v)); });
    return all.finish();
  }

  void close() {
    state_.close();
    closing_ = true;
    for (const auto& [id, vm] : state_.vms()) send(vm.vm, shut_down{});
    if (state_.vms().empty()) quit();
  }

  void vm_down(const caf::actor_addr& who) {
    const auto& vms = state_.vms();
    const auto found =
        std::find_if(vms.begin(), vms.end(), [&](const auto& v) { return v.second.vm.address() == who; });
    if (found == vms.end()) return;
    if (!closing_) log::error("vm {} ended, though nobody asked it to", found->second.settings.name);
    state_.remove(found->first);
    if (closing_ && vms.empty()) quit();
  }

  registry_state state_;
  bool closing_ = false;
};

} // namespace

registry_actor make_registry(caf::actor_system& system, transport::loops& loops) {
  return system.spawn<registry>(loops.at(0), loops.count());
}

} // namespace saffron::actors
