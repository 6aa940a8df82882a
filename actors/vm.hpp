// SPDX-License-Identifier: BSD-3-Clause
// A VM: its consoles, its input and its source live on one loop with it; its clients live on theirs.
#pragma once

#include "actors/client.hpp"
#include "actors/video_desk.hpp"
#include "actors/vm_devices.hpp"
#include "messages/actors.hpp"
#include "transport/loop.hpp"

#include <functional>
#include <map>
#include <vector>

namespace saffron::actors {

/// Makes the VM's side; called again when it has died.
using source_factory = std::function<source_actor(caf::actor_system&, transport::loop&, vm_actor)>;

struct vm_setup {
  vm_id id = 0;
  vm_settings settings;
  std::vector<encoder_actor> encoders;
  video_makings videos;
  registry_actor registry;
  client_policies policies;
  counters* counted = nullptr;
  transport::loops* loops = nullptr;
  /// Outlives every VM.
  const device_table* devices = nullptr;
  source_factory make_source;
};

/// Whoever encodes the VM's pictures.
struct picture_makers {
  std::vector<encoder_actor> encoders;
  video_desk_actor videos;
  /// Codecs that it can encode with.
  std::vector<wire::display::video_codec> codecs;
};

/// What the VM's side has said so far, as the clients see it.
class vm_model {
public:
  vm_model(vm_id id, std::string name, picture_settings pictures = {});

  /// How many consoles are missing for these many heads; the protocol numbers 256 of them.
  [[nodiscard]] std::size_t missing_consoles(std::size_t heads) const;
  void add_console(console_actor console) { consoles_.push_back(std::move(console)); }
  void replace_console(std::size_t number, console_actor console) { consoles_[number] = std::move(console); }
  void attached(const source_attached& said);
  /// True when the state is another one than before.
  bool state(const source_state& said);
  /// True when clients see something else than before.
  bool agent(const agent_state& said);

  [[nodiscard]] vm_view_ptr view(const input_actor& input, const picture_makers& makers,
                                 const vm_devices& devices) const;
  /// The guest's agent leads the pointer, because the VM's own is not absolute.
  [[nodiscard]] bool agent_leads() const noexcept { return agent_.leads_mouse && !absolute_pointer_; }
  [[nodiscard]] bool resizable() const noexcept { return resizable_; }
  [[nodiscard]] const std::string& state_text() const noexcept { return state_; }
  [[nodiscard]] const std::string& uuid() const noexcept { return uuid_; }
  [[nodiscard]] const std::vector<console_actor>& consoles() const noexcept { return consoles_; }
  void clear() { consoles_.clear(); }

private:
  vm_id id_;
  std::string name_, uuid_, state_ = "starting";
  bool absolute_pointer_ = false, resizable_ = false, is_attached_ = false, running_ = true;
  agent_state agent_;
  picture_settings pictures_;
  std::shared_ptr<image::glz::index> seen_;
  std::vector<console_actor> consoles_;
};

vm_actor make_vm(caf::actor_system& system, transport::loop& home, vm_setup setup);

} // namespace saffron::actors
