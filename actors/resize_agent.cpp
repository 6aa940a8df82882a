// SPDX-License-Identifier: BSD-3-Clause
#include "actors/resize_agent.hpp"

#include "messages/defaults.hpp"

namespace saffron::actors {

namespace {

namespace agent = wire::agent;

// 20 + 8 + 256 monitors of 24 bytes: the reference's limit.
constexpr std::size_t largest_message = 6172;

bool understood(agent::message_type t) {
  return t == agent::message_type::monitors_config || t == agent::message_type::announce_capabilities;
}

} // namespace

result<resize_agent::answer> resize_agent::receive(std::span<const std::byte> piece) {
  if (piece.size() > defaults::agent_piece) return fail{errc::bad_message};
  answer out;
  while (!piece.empty()) {
    if (skip_ != 0) {
      const auto n = std::min(skip_, piece.size());
      piece = piece.subspan(n);
      skip_ -= n;
      continue;
    }
    const auto missing_head =
        agent::message_header::wire_size - std::min(agent::message_header::wire_size, partial_.size());
    const auto head = piece.first(std::min(missing_head, piece.size()));
    partial_.insert(partial_.end(), head.begin(), head.end());
    piece = piece.subspan(head.size());
    if (partial_.size() < agent::message_header::wire_size) break;

    agent::message_header header;
    wire::reader r{partial_};
    read(r, header);
    if (header.protocol != agent::protocol) return fail{errc::bad_message};
    if (!understood(header.type)) { // clipboard, files: there is nobody to take them
      skip_ = header.size;
      partial_.clear();
      continue;
    }
    const auto whole = agent::message_header::wire_size + std::size_t{header.size};
    if (whole > largest_message) return fail{errc::message_too_large};
    const auto rest = piece.first(std::min(whole - partial_.size(), piece.size()));
    partial_.insert(partial_.end(), rest.begin(), rest.end());
    piece = piece.subspan(rest.size());
    if (partial_.size() < whole) break;
    handle(header, std::span{partial_}.subspan(agent::message_header::wire_size), out);
    partial_.clear();
  }
  return out;
}

void resize_agent::handle(const agent::message_header& header, std::span<const std::byte> body, answer& out) {
  const auto message = agent::decode_any(header.type, body);
  if (header.type == agent::message_type::announce_capabilities) {
    const auto* theirs = message ? std::get_if<agent::announce_capabilities>(&*message) : nullptr;
    if (theirs == nullptr || theirs->request == 0) return;
    out.messages.push_back(agent::encode_whole(agent::announce_capabilities{
        0, {agent::capability::monitors_config, agent::capability::reply, agent::capability::sparse_monitors_config}}));
    return;
  }
  const auto* wish = message ? std::get_if<agent::monitors_config>(&*message) : nullptr;
  if (wish != nullptr && !wish->monitors.empty()) out.monitors = wish->monitors; // no monitors is no wish
  out.messages.push_back(agent::encode_whole(agent::reply{
      agent::message_type::monitors_config, wish != nullptr ? agent::reply_code::success : agent::reply_code::error}));
}

} // namespace saffron::actors
