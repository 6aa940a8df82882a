// SPDX-License-Identifier: BSD-3-Clause
#include "actors/main_channel.hpp"

#include "messages/log.hpp"
#include "messages/wire/common.hpp"
#include "messages/wire/main_channel.hpp"

namespace saffron::actors {

namespace {

namespace to_client = wire::main_channel::to_client;
namespace to_server = wire::main_channel::to_server;

// The reference tells a time 400 ms in the past, which is what its clients buffer before they play.
constexpr std::uint32_t multi_media_delay = 400;
// Client tokens go back in bunches (protocol).
constexpr std::uint32_t token_bunch = 5;
// Agent messages that wait for the client's tokens; answers to a client that asks and never listens are dropped.
constexpr std::size_t agent_queue_limit = 16;

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
                           const wire::capability_set& peer, bool local_peer)
    : channel(std::move(context)), ports_(std::move(ports)), session_(session), vm_(std::move(vm)),
      peer_has_name_(peer.has(wire::main_capability::name_and_uuid)),
      peer_has_agent_tokens_(peer.has(wire::main_capability::agent_connected_tokens)), local_peer_(local_peer) {}

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
  init.agent_connected = vm_->resizable ? 1 : 0;
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
                          send_channels(0, true);
                          return {};
                        },
                        [&](const to_server::mouse_mode_request& m) -> result<void> {
                          if (m.mode == wire::main_channel::mouse_mode_server ||
                              m.mode == wire::main_channel::mouse_mode_client)
                            ports_.ask_mouse_mode(static_cast<mouse_mode>(m.mode));
                          return {};
                        },
                        [&](const to_server::agent_start& m) -> result<void> {
                          start_agent(m.tokens);
                          return {};
                        },
                        [&](const to_server::agent_data& m) { return agent_data(m.data); },
                        [&](const to_server::agent_token& m) -> result<void> {
                          send_tokens_ += std::min(m.tokens, ~send_tokens_); // clients grant 2^32 - 1 for no limit
                          send_agent_messages();
                          return {};
                        },
                        // What old clients tell, and answers about migrations that are long over.
                        [](const auto&) -> result<void> { return {}; },
                    },
                    *message);
}

void main_channel::send_channels(std::size_t known_consoles, bool with_inputs) {
  to_client::channels_list list;
  if (with_inputs) list.channels.push_back({wire::channel_type::inputs, 0});
  for (auto i = known_consoles; i < vm_->consoles.size(); ++i) {
    list.channels.push_back({wire::channel_type::display, static_cast<std::uint8_t>(i)});
    list.channels.push_back({wire::channel_type::cursor, static_cast<std::uint8_t>(i)});
  }
  if (!list.channels.empty()) send(list);
}

void main_channel::vm_changed(vm_view_ptr vm) {
  const auto before = std::exchange(vm_, std::move(vm));
  if (list_sent_) send_channels(before->consoles.size(), false);
  if (vm_->name != before->name || vm_->uuid != before->uuid) send_name_and_uuid();
  if (vm_->absolute_pointer != before->absolute_pointer) send_mouse_mode();
  if (vm_->resizable && !before->resizable) {
    if (peer_has_agent_tokens_)
      send(to_client::agent_connected_tokens{defaults::agent_tokens});
    else
      send(to_client::agent_connected{});
  } else if (!vm_->resizable && before->resizable) {
    agent_started_ = false;
    send(to_client::agent_disconnected{});
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

void main_channel::start_agent(std::uint32_t tokens) {
  if (!vm_->resizable) return;
  agent_started_ = true;
  agent_.restart();
  agent_queue_.clear();
  send_tokens_ = tokens;
  used_tokens_ = 0;
}

result<void> main_channel::agent_data(std::span<const std::byte> piece) {
  if (!agent_started_) return {}; // late words to an agent that is gone
  auto answer = agent_.receive(piece);
  if (!answer) return fail{answer.error()};
  for (std::size_t i = 0; i < answer->monitors.size() && i < vm_->consoles.size(); ++i) {
    const auto& m = answer->monitors[i];
    const bool possible = std::min(m.width, m.height) > 0 && std::max(m.width, m.height) <= defaults::surface_edge;
    if (possible) ports_.resize({static_cast<std::uint8_t>(i), {m.width, m.height}});
  }
  for (auto& message : answer->messages)
    if (agent_queue_.size() < agent_queue_limit) agent_queue_.push_back(std::move(message));
  send_agent_messages();
  if (++used_tokens_ >= token_bunch) send(to_client::agent_token{std::exchange(used_tokens_, 0)});
  return {};
}

void main_channel::send_agent_messages() {
  for (; send_tokens_ > 0 && !agent_queue_.empty(); --send_tokens_) {
    send(to_client::agent_data{agent_queue_.front()});
    agent_queue_.pop_front();
  }
}

} // namespace saffron::actors
