// SPDX-License-Identifier: BSD-3-Clause
#include "actors/device_table.hpp"

#include "devices/char/agent/agent.hpp"
#include "devices/char/device_names.hpp"
#include "devices/char/smartcard_reader.hpp"
#include "devices/char/stream_protocol.hpp"
#include "devices/char/usbredir_protocol.hpp"
#include "messages/defaults.hpp"
#include "messages/wire/link.hpp"

#include <fmt/format.h>

#include <type_traits>

namespace saffron::actors {

namespace {

using devices::agent_host;
using devices::device_protocol;
using devices::device_sharing;

device_sharing sharing_of(port_policy policy) {
  switch (policy) {
  case port_policy::first: return device_sharing::first;
  case port_policy::last: return device_sharing::last;
  case port_policy::all_readers: return device_sharing::all_readers;
  }
  return device_sharing::first;
}

// Streams with a handshake have one user at a time, whatever the policy for ports says.
device_sharing one_of(port_policy policy) {
  return policy == port_policy::last ? device_sharing::last : device_sharing::first;
}

devices::agent_policy agent_policy_of(const vm_settings& vm) {
  return {vm.copy_paste, vm.file_transfer, vm.monitors_config, vm.monitors};
}

template <class Protocol>
std::unique_ptr<device_protocol> make_protocol(agent_host& host) {
  if constexpr (std::is_constructible_v<Protocol, agent_host&>)
    return std::make_unique<Protocol>(host);
  else
    return std::make_unique<Protocol>();
}

} // namespace

result<void> device_table::add(device_kind kind) {
  if (kind.port_name.empty() || kind.port_name == devices::webdav_port || kind.channel_type == 0 || !kind.protocol ||
      ports_.contains(kind.port_name))
    return fail{errc::bad_setting};
  auto name = kind.port_name;
  ports_.emplace(std::move(name), std::move(kind));
  return {};
}

const device_kind* device_table::find(char_device_kind kind, const std::string& name) const {
  const auto found = kind == char_device_kind::port ? ports_.find(name) : ports_.end();
  return found == ports_.end() ? nullptr : &found->second;
}

std::uint8_t device_table::channel_type(char_device_kind kind, const std::string& name) const {
  using wire::channel_type;
  if (const auto* extension = find(kind, name)) return extension->channel_type;
  switch (kind) {
  case char_device_kind::vdagent: return static_cast<std::uint8_t>(channel_type::main);
  case char_device_kind::smartcard: return static_cast<std::uint8_t>(channel_type::smartcard);
  case char_device_kind::usbredir: return static_cast<std::uint8_t>(channel_type::usbredir);
  case char_device_kind::webdav: return static_cast<std::uint8_t>(channel_type::webdav);
  case char_device_kind::port: break;
  }
  return static_cast<std::uint8_t>(channel_type::port);
}

devices::device_description device_table::describe(char_device_kind kind, const std::string& name,
                                                   const vm_settings& vm) const {
  devices::device_description d;
  d.kind = kind;
  d.name = name;
  d.flow.write_queue_bytes = defaults::device_write_queue;
  if (const auto* extension = find(kind, name)) {
    d.label = fmt::format("port {} of vm {}", name, vm.name);
    d.sharing = extension->sharing;
    d.flow = extension->flow;
    return d;
  }
  switch (kind) {
  case char_device_kind::vdagent:
    d.label = fmt::format("the agent of vm {}", vm.name);
    d.sharing = device_sharing::all;
    d.flow.client_tokens_interval = defaults::agent_token_interval;
    d.flow.self_tokens = 1;
    d.flow.client_write_bytes = defaults::device_write_queue; // what clients say is ours when it is queued
    return d;
  case char_device_kind::smartcard:
    d.label = fmt::format("a smartcard reader of vm {}", vm.name);
    d.flow.client_write_bytes = defaults::device_write_queue;
    return d;
  case char_device_kind::usbredir:
    d.label = fmt::format("a USB device of vm {}", vm.name);
    d.sharing = one_of(vm.port_clients);
    break;
  case char_device_kind::port:
    d.label = fmt::format("port {} of vm {}", name, vm.name);
    d.sharing = sharing_of(vm.port_clients);
    break;
  case char_device_kind::webdav:
    d.label = fmt::format("the shared folder of vm {}", vm.name);
    d.sharing = one_of(vm.port_clients);
    break;
  }
  d.flow.client_tokens_interval = defaults::stream_token_interval;
  d.flow.client_write_bytes = 2 * defaults::stream_window;
  return d;
}

devices::protocol_factory device_table::protocol(char_device_kind kind, const std::string& name,
                                                 const vm_settings& vm) const {
  if (const auto* extension = find(kind, name)) return extension->protocol;
  switch (kind) {
  case char_device_kind::vdagent:
    return [policy = agent_policy_of(vm)](agent_host& host) { return std::make_unique<devices::agent>(policy, host); };
  case char_device_kind::smartcard: return make_protocol<devices::smartcard_reader>;
  case char_device_kind::usbredir: return make_protocol<devices::usbredir_protocol>;
  case char_device_kind::port:
  case char_device_kind::webdav: break;
  }
  return make_protocol<devices::stream_protocol>;
}

} // namespace saffron::actors
