// SPDX-License-Identifier: BSD-3-Clause
// Whose monitors configuration counts when several clients have one. Policy `last`: the newest. Policy `first`: that
// of the client attached longest among those that have sent one; when it leaves, the next one's counts.
#pragma once

#include "messages/input.hpp"
#include "messages/session.hpp"
#include "messages/wire/agent.hpp"

#include <optional>
#include <vector>

namespace saffron::devices {

/// The sizes that heads shall have, one for each monitor in order. A size that no surface can have is nobody's wish.
[[nodiscard]] std::vector<resize_head> resizes_of(const std::vector<wire::agent::monitor>& monitors);

class monitors_choice {
public:
  explicit monitors_choice(monitors_policy policy) : policy_(policy) {}

  void join(client_id client);
  /// True when this is what the guest shall have now.
  [[nodiscard]] bool wants(client_id client, const wire::agent::monitors_config& config);
  /// What the guest shall have now, where the leaving of this client changes it.
  [[nodiscard]] std::optional<wire::agent::monitors_config> leave(client_id client);

private:
  struct wish {
    client_id client = 0;
    /// Only kept with policy `first`; at most 256 monitors.
    std::optional<wire::agent::monitors_config> config;
  };
  /// The first that has one.
  [[nodiscard]] const wish* decider() const;

  monitors_policy policy_;
  /// In the order of attachment.
  std::vector<wish> wishes_;
};

} // namespace saffron::devices
