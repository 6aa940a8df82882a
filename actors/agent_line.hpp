// SPDX-License-Identifier: BSD-3-Clause
// The main channel's line to the guest's agent: the client's tokens, and how many words of the agent are on their way
// through the socket at a time.
#pragma once

#include "messages/char_device.hpp"

#include <functional>
#include <utility>

namespace saffron::actors {

/// Where a client's words to the agent go.
struct agent_ports {
  std::function<void(client_flow)> attach;
  std::function<void()> detach;
  std::function<void(shared_bytes)> write;
  std::function<void(std::uint64_t)> add_send_tokens;
  std::function<void(std::uint64_t)> set_send_tokens;
};

class agent_line {
public:
  explicit agent_line(agent_ports ports) : ports_(std::move(ports)) {}

  /// AGENT_START: the client takes so many messages.
  void start(std::uint32_t tokens);
  /// The agent is gone; late words of either side are dropped.
  void stop();
  /// AGENT_TOKEN.
  void add_tokens(std::uint32_t tokens);
  /// A piece of the client. Late words to an agent that is gone are ignored, and so is the rest of a message that was
  /// begun for it. errc::bad_message when it is too long.
  [[nodiscard]] result<void> write(std::span<const std::byte> piece);

  void attached(const device_attached& answer);
  /// True: the message is for the client and costs a token. False: it is of an agent that the client has left.
  [[nodiscard]] bool take(const device_message& message);
  /// Everything that was sent is in the kernel.
  void drained();
  [[nodiscard]] bool started() const noexcept { return started_; }

private:
  [[nodiscard]] std::uint64_t welcome() const;

  agent_ports ports_;
  bool started_ = false, attached_ = false;
  /// There was another agent before, and no message was begun for this one yet.
  bool resuming_ = false;
  /// Answers to attach that are on their way; those before the last are of agents that the client has left.
  unsigned answers_ = 0;
  /// Messages that the client takes, and those of them that the device may send before it is told more.
  std::uint64_t peer_tokens_ = 0, device_tokens_ = 0;
};

} // namespace saffron::actors
