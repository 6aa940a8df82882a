// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/agent/transfers.hpp"

#include "messages/defaults.hpp"

#include <cstring>
#include <iterator>

namespace saffron::devices {

namespace agent = wire::agent;
using agent::file_xfer_result;
using agent::message_type;

namespace {

// All three messages start with the number of the transfer.
void put_id(std::span<std::byte> start, std::uint32_t id) { std::memcpy(start.data(), &id, sizeof id); }

// True for a status after which nothing follows.
bool ends(message_type type, std::span<const std::byte> start) {
  if (type != message_type::file_xfer_status) return false;
  const auto status = wire::decode<agent::file_xfer_status>(start);
  return status && status->result != file_xfer_result::can_send_data;
}

} // namespace

transfers::verdict transfers::from_client(client_id client, message_type type, std::span<std::byte> start) {
  wire::reader r{start};
  const auto id = r.u32();
  if (!r.ok()) return {};
  if (type == message_type::file_xfer_start) return begin(client, id, start);
  const auto known = by_client_.find({client, id});
  if (known == by_client_.end()) return {};
  put_id(start, known->second);
  if (ends(type, start)) {
    by_guest_.erase(known->second);
    by_client_.erase(known);
  }
  return {true};
}

transfers::verdict transfers::begin(client_id client, std::uint32_t id, std::span<std::byte> start) {
  const auto first = by_client_.lower_bound({client, 0});
  const auto end = by_client_.upper_bound({client, ~0u});
  const auto count = static_cast<std::size_t>(std::distance(first, end));
  if (count >= defaults::file_transfers || by_client_.contains({client, id}))
    return {false, agent::file_xfer_status{id, file_xfer_result::error}};
  while (by_guest_.contains(next_)) ++next_; // after 2^32 transfers
  by_client_[{client, id}] = next_;
  by_guest_[next_] = {client, id};
  put_id(start, next_++);
  return {true};
}

std::optional<client_id> transfers::from_guest(message_type type, std::span<std::byte> start) {
  wire::reader r{start};
  const auto id = r.u32();
  const auto known = r.ok() ? by_guest_.find(id) : by_guest_.end();
  if (known == by_guest_.end()) return std::nullopt;
  const auto [client, its_id] = known->second;
  put_id(start, its_id);
  if (ends(type, start)) {
    by_client_.erase(known->second);
    by_guest_.erase(known);
  }
  return client;
}

std::vector<std::uint32_t> transfers::leave(client_id client) {
  std::vector<std::uint32_t> out;
  for (auto it = by_client_.lower_bound({client, 0}); it != by_client_.end() && it->first.first == client;) {
    out.push_back(it->second);
    by_guest_.erase(it->second);
    it = by_client_.erase(it);
  }
  return out;
}

void transfers::reset() {
  by_client_.clear();
  by_guest_.clear();
}

} // namespace saffron::devices
