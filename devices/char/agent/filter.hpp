// SPDX-License-Identifier: BSD-3-Clause
// What a VM's settings allow its agent and its clients to say to each other.
#pragma once

#include "messages/session.hpp"
#include "messages/wire/agent.hpp"

namespace saffron::devices {

/// Of a VM's settings.
struct agent_policy {
  bool copy_paste = true, file_transfer = true, monitors_config = true;
  monitors_policy monitors = monitors_policy::last;
};

/// False: a message of this type is dropped, in both directions. Types that nobody knows pass.
[[nodiscard]] bool allowed(const agent_policy& policy, wire::agent::message_type type) noexcept;
/// The capabilities without what the policy forbids, and with the word that files are not taken. Either side's.
[[nodiscard]] wire::capability_set allowed(const agent_policy& policy, const wire::capability_set& announced);

/// The set without these bits.
[[nodiscard]] wire::capability_set without(const wire::capability_set& set,
                                           std::initializer_list<wire::agent::capability> bits);

} // namespace saffron::devices
