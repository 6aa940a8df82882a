// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/agent/filter.hpp"

namespace saffron::devices {

using wire::agent::capability;
using wire::agent::message_type;

bool allowed(const agent_policy& policy, message_type type) noexcept {
  switch (type) {
  case message_type::clipboard:
  case message_type::clipboard_grab:
  case message_type::clipboard_request:
  case message_type::clipboard_release: return policy.copy_paste;
  case message_type::file_xfer_start:
  case message_type::file_xfer_status:
  case message_type::file_xfer_data: return policy.file_transfer;
  case message_type::monitors_config: return policy.monitors_config;
  default: return true;
  }
}

wire::capability_set allowed(const agent_policy& policy, const wire::capability_set& announced) {
  auto out = announced;
  if (!policy.copy_paste)
    out = without(out, {capability::clipboard, capability::clipboard_by_demand, capability::clipboard_selection});
  if (!policy.file_transfer) out.set(capability::file_xfer_disabled);
  if (!policy.monitors_config) out = without(out, {capability::monitors_config, capability::sparse_monitors_config});
  return out;
}

wire::capability_set without(const wire::capability_set& set, std::initializer_list<capability> bits) {
  auto words = set.words();
  for (const auto bit : bits) {
    const auto n = static_cast<std::uint32_t>(bit);
    if (n / 32 < words.size()) words[n / 32] &= ~(1u << n % 32);
  }
  return wire::capability_set{std::move(words)};
}

} // namespace saffron::devices
