// SPDX-License-Identifier: BSD-3-Clause
// The registry: which VMs there are, which ticket opens which, who is connected. Asked once for each link.
#pragma once

#include "messages/actors.hpp"
#include "transport/loop.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

namespace saffron::actors {

class registry_state {
public:
  using wall_clock = std::chrono::system_clock;

  /// `loops` says how many there are to choose from; `random` draws connection ids.
  registry_state(std::size_t loops, std::function<client_id()> random);

  void add(add_vm vm);
  void set_ticket(const struct set_ticket& change);
  /// Whose link this is. Tickets are compared in constant time, all of them, whichever fits.
  [[nodiscard]] link_verdict authorize(const struct authorize& question, wall_clock::time_point now);
  void ended(const client_ended& e);
  /// The VM is gone, and its clients with it.
  void remove(vm_id vm);
  /// From now on every link is refused.
  void close() { closed_ = true; }

  [[nodiscard]] const std::map<vm_id, add_vm>& vms() const noexcept { return vms_; }
  [[nodiscard]] std::size_t clients() const noexcept { return clients_.size(); }
  void clear() { vms_.clear(); }

private:
  struct connected {
    vm_id vm = 0;
    std::size_t loop = 0;
  };

  [[nodiscard]] const add_vm* find_vm(const struct authorize& question, wall_clock::time_point now) const;
  [[nodiscard]] link_verdict admit(const add_vm& vm);
  [[nodiscard]] std::size_t least_loaded() const;

  std::function<client_id()> random_;
  std::map<vm_id, add_vm> vms_;
  std::unordered_map<client_id, connected> clients_;
  std::vector<std::size_t> load_;
  bool closed_ = false;
};

registry_actor make_registry(caf::actor_system& system, transport::loops& loops);

} // namespace saffron::actors
