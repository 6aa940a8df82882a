// SPDX-License-Identifier: BSD-3-Clause
#include "actors/main_channel.hpp"

#include "actors/channel_table.hpp"
#include "messages/log.hpp"
#include "messages/wire/common.hpp"
#include "messages/wire/main_channel.hpp"

namespace saffron::actors {

namespace {

namespace to_client = wire::main_channel::to_client;
namespace to_server = wire::main_channel::to_server;

// A client's clock is so far behind ours, and frames are stamped with ours: what they may be late by without being
// dropped. The reference's 400 ms are felt with every key.
constexpr std::uint32_t multi_media_delay = 60;

std::uint64_t microseconds(steady_time t) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(t.time_since_epoch()).count());
}

std::optional<std::array<std::byte, 16>> parse_uuid(const std::string& text) {
  std::array<std::byte, 16> out{};
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '-') continue;
    const auto lower = static_cast<char>(c | 0x20);
    const int value = c >= '0' && c <= '9' ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    if (value < 0 || digits == 32) return std::nullopt;
    out[digits / 2] |= static_cast<std::byte>(digits % 2 == 0 ? value << 4 : value);
    ++digits;
  }
  if (digits != 32) return std::nullopt;
  return out;
}

} // namespace

main_channel::main_channel(channel_context context, main_ports ports, client_id session, vm_view_ptr vm,
                           const channel_table& channels, const wire::capability_set& peer, bool local_peer)
    : channel(std::move(context)), ports_(std::move(ports)), session_(session), vm_(std::move(vm)), channels_(channels),
      peer_has_name_(peer.has(wire::main_capability::name_and_uuid)),
      peer_has_agent_tokens_(peer.has(wire::main_capability::agent_connected_tokens)), local_peer_(local_peer),
      agent_(ports_.agent) {}

std::uint16_t main_channel::supported_mouse_modes() const {
  return static_cast<std::uint16_t>(wire::main_channel::mouse_mode_server |
                                    (vm_->absolute_pointer ? wire::main_channel::mouse_mode_client : 0));
}

void main_channel::on_start() {
  to_client::init init;
  init.session_id = session_;
  init.display_channels_hint = static_cast<std::uint32_t>(vm_->consoles.size());
  init.supported_mouse_modes = supported_mouse_modes();
  init.current_mouse_mode = static_cast<std::uint32_t>(mode_);
  init.agent_connected = vm_->agent_connected ? 1 : 0;
  init.agent_tokens = defaults::agent_tokens;
  init.multi_media_time = static_cast<std::uint32_t>(microseconds(now()) / 1000) - multi_media_delay;
  send(init);
  send_name_and_uuid();
  if (!local_peer_) test_bandwidth();
}

void main_channel::send_name_and_uuid() {
  if (!peer_has_name_) return;
  send(to_client::name{vm_->name});
  if (const auto uuid = parse_uuid(vm_->uuid)) send(to_client::uuid{*uuid});
}

// Three pings: the first warms up, the second measures the round trip, the third the rate (the reference's test).
void main_channel::test_bandwidth() {
  static const std::vector<std::byte> zeros(defaults::bandwidth_test_bytes);
  test_started_ = now();
  for (std::uint32_t id = 1; id <= answered_.size(); ++id) {
    wire::common::to_client::ping ping{id, microseconds(test_started_), {}};
    if (id == answered_.size()) ping.data = zeros;
    send(ping);
  }
}

void main_channel::on_pong(std::uint32_t id) {
  if (test_started_ == steady_time{} || id == 0 || id > answered_.size() || answered_[id - 1] != steady_time{}) return;
  answered_[id - 1] = now();
  // The last answer counts when the others were there before it: a peer may send PONGs that nobody asked for.
  if (id == answered_.size() && std::count(answered_.begin(), answered_.end(), steady_time{}) == 0)
    finish_bandwidth_test();
}

void main_channel::finish_bandwidth_test() {
  const auto round_trip = [this](std::size_t i) { return answered_[i] - test_started_; };
  const auto fastest = std::min(round_trip(0), round_trip(1));
  const auto seconds = std::chrono::duration<double>(round_trip(2) - fastest).count();
  // Faster than can be measured is fast; the number only has to be larger than any limit.
  const double bits = static_cast<double>(defaults::bandwidth_test_bytes) * 8;
  const double rate = seconds > 0 ? std::min(bits / seconds, 1e12) : 1e12;
  ports_.measured({static_cast<std::uint64_t>(rate),
                   static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(fastest).count())});
}

result<void> main_channel::on_message(std::uint16_t type, std::span<const std::byte> body) {
  const auto message = to_server::decode_any(type, body);
  if (!message) return fail{message.error()};
  return std::visit(overloaded{
                        [&](const to_server::attach_channels&) -> result<void> {
                          list_sent_ = true;
                          send_channels(channels_.channels_of(*vm_));
                          return {};
                        },
                        [&](const to_server::mouse_mode_request& m) -> result<void> {
                          if (m.mode == wire::main_channel::mouse_mode_server ||
                              m.mode == wire::main_channel::mouse_mode_client)
                            ports_.ask_mouse_mode(static_cast<mouse_mode>(m.mode));
                          return {};
                        },
                        [&](const to_server::agent_start& m) -> result<void> {
                          if (vm_->agent_connected) agent_.start(m.tokens);
                          return {};
                        },
                        [&](const to_server::agent_data& m) { return agent_.write(m.data); },
                        [&](const to_server::agent_token& m) -> result<void> {
                          agent_.add_tokens(m.tokens);
                          return {};
                        },
                        // What old clients tell, and answers about migrations that are long over.
                        [](const auto&) -> result<void> { return {}; },
                    },
                    *message);
}

void main_channel::send_channels(const std::vector<channel_key>& keys) {
  to_client::channels_list list;
  for (const auto& key : keys) list.channels.push_back({static_cast<wire::channel_type>(key.type), key.id});
  if (!list.channels.empty()) send(list);
}

void main_channel::vm_changed(vm_view_ptr vm) {
  const auto before = std::exchange(vm_, std::move(vm));
  if (list_sent_) {
    auto added = channels_.channels_of(*vm_);
    std::erase_if(added, [&](channel_key key) { return channels_.has(*before, key); });
    send_channels(added);
  }
  if (vm_->name != before->name || vm_->uuid != before->uuid) send_name_and_uuid();
  if (vm_->absolute_pointer != before->absolute_pointer) send_mouse_mode();
  if (vm_->agent_connected == before->agent_connected) return;
  if (!vm_->agent_connected) {
    agent_.stop();
    send(to_client::agent_disconnected{});
  } else if (peer_has_agent_tokens_) {
    send(to_client::agent_connected_tokens{defaults::agent_tokens});
  } else {
    send(to_client::agent_connected{});
  }
}

void main_channel::mouse_mode_changed(mouse_mode mode) {
  mode_ = mode;
  send_mouse_mode();
}

void main_channel::send_mouse_mode() {
  send(to_client::mouse_mode{supported_mouse_modes(), static_cast<std::uint16_t>(mode_)});
}

void main_channel::notify(const std::string& text) {
  wire::common::to_client::notify m;
  m.time = microseconds(now()) * 1000;
  m.severity = wire::common::notify_severity::warn;
  m.visibility = wire::common::notify_visibility::high;
  m.text = text;
  send(m);
}

// -- the agent --------------------------------------------------------------------------------------------------------

void main_channel::agent_data(const device_message& message) {
  if (agent_.take(message)) send(to_client::agent_data::type, {}, {&message.data, 1});
}

void main_channel::agent_granted(token_grant tokens) {
  if (agent_.started()) send(to_client::agent_token{static_cast<std::uint32_t>(tokens.tokens)});
}

} // namespace saffron::actors
