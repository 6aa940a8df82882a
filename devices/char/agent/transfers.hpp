// SPDX-License-Identifier: BSD-3-Clause
// File transfers of several clients to one guest: each client numbers its own, so the guest sees numbers of ours. A
// transfer starts with FILE_XFER_START of a client and ends with a status other than can_send_data of either side.
// Source: spice-protocol's vd_agent.h.
#pragma once

#include "messages/session.hpp"
#include "messages/wire/agent.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace saffron::devices {

class transfers {
public:
  /// What to do with a client's message.
  struct verdict {
    /// To the guest, with the number that was written into it.
    bool forward = false;
    /// Tell the client this of the transfer it named.
    std::optional<wire::agent::file_xfer_status> answer{};
  };

  /// `start` is the body, or at least its first 8 bytes.
  [[nodiscard]] verdict from_client(client_id client, wire::agent::message_type type, std::span<std::byte> start);
  /// The client that it is for, with its own number written into the message; none for what nobody has started.
  [[nodiscard]] std::optional<client_id> from_guest(wire::agent::message_type type, std::span<std::byte> start);
  /// The guest's numbers of what the client had open; the guest is to be told that they are cancelled.
  [[nodiscard]] std::vector<std::uint32_t> leave(client_id client);
  /// Another guest, or none.
  void reset();
  [[nodiscard]] std::size_t open() const noexcept { return by_guest_.size(); }

private:
  /// A client, and its number of the transfer.
  using theirs = std::pair<client_id, std::uint32_t>;

  [[nodiscard]] verdict begin(client_id client, std::uint32_t id, std::span<std::byte> start);

  std::map<theirs, std::uint32_t> by_client_;
  std::map<std::uint32_t, theirs> by_guest_;
  std::uint32_t next_ = 1;
};

} // namespace saffron::devices
