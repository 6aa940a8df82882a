// SPDX-License-Identifier: BSD-3-Clause
// What a source of a VM sees: a VM that remembers what it is told, consoles with canvases to look at, an input actor.
#pragma once

#include "messages/actors.hpp"
#include "messages/counters.hpp"
#include "tests/unit/captured_log.hpp"
#include "tests/unit/devices/fake_console.hpp"
#include "tests/unit/virtual_world.hpp"

#include <cstdlib>
#include <deque>
#include <filesystem>
#include <string>
#include <vector>

namespace saffron::tests {

/// Told to a source's VM and its input actor.
struct told_to_vm {
  std::vector<source_attached> attached;
  std::vector<source_state> states;
  std::vector<lock_state> locks;
};

class fake_vm final : public vm_actor::base {
public:
  fake_vm(caf::actor_config& config, told_to_vm& told, vm_consoles consoles)
      : vm_actor::base(config), told_(told), consoles_(std::move(consoles)) {}
  void on_exit() override { consoles_ = {}; }

protected:
  behavior_type make_behavior() override {
    return {
        [](const linked&) {},
        [](const client_ended&) {},
        [](const resize_head&) {},
        [this](const source_attached& a) {
          told_.attached.push_back(a);
          return consoles_;
        },
        [this](const source_state& s) { told_.states.push_back(s); },
        [](const agent_state&) {},
        [](status_query) { return vm_status{}; },
        [this](shut_down) { quit(); },
    };
  }

private:
  told_to_vm& told_;
  vm_consoles consoles_;
};

class fake_input final : public input_actor::base {
public:
  fake_input(caf::actor_config& config, told_to_vm& told) : input_actor::base(config), told_(told) {}

protected:
  behavior_type make_behavior() override {
    return {
        [](const client_key&) {},      [](const client_pointer&) {},
        [](const client_locks&) {},    [this](const lock_state& l) { told_.locks.push_back(l); },
        [](const attach_inputs&) {},   [](const detach_inputs&) {},
        [](const attach_source&) {},   [](const set_agent_pointer&) {},
        [this](shut_down) { quit(); },
    };
  }

private:
  told_to_vm& told_;
};

/// Owns a directory that is removed with it.
struct temporary_directory {
  std::filesystem::path path;
  temporary_directory() {
    auto pattern = (std::filesystem::temp_directory_path() / "saffron-test-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

struct source_world : virtual_world {
  captured_log log; // what goes wrong here is meant to
  temporary_directory directory;
  counters count;
  told_to_vm told;
  std::deque<memory_canvas> canvases{2};
  std::vector<console_actor> consoles{spawn<fake_console>(loop, canvases[0]), spawn<fake_console>(loop, canvases[1])};
  input_actor input = spawn<fake_input>(told);
  vm_actor vm = spawn<fake_vm>(told, vm_consoles{consoles, input});

  [[nodiscard]] std::string state() const { return told.states.empty() ? "" : told.states.back().state; }
  [[nodiscard]] bool attached() const { return !told.states.empty() && told.states.back().attached; }
};

} // namespace saffron::tests
