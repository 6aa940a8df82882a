// SPDX-License-Identifier: BSD-3-Clause
// A guest's agent without a guest: speaks what spice-vdagent speaks on its port. It keeps what a client copies and
// offers it to the others, takes files, and tells an observer of everything. Bytes in, bytes out; nothing in it is
// unbounded, and nothing that comes in makes it fail.
#pragma once

#include "devices/demo/agent_clipboards.hpp"
#include "devices/demo/agent_files.hpp"
#include "devices/demo/agent_observer.hpp"
#include "devices/demo/agent_stream.hpp"

#include <cstddef>
#include <span>

namespace saffron::devices::demo {

struct agent_settings {
  /// Where the pointer is comes through the agent: for a VM without an absolute pointer.
  bool mouse = false;
  file_limits files{};
  /// The largest message, and so the largest clipboard of a client, with 8 bytes before its contents.
  std::size_t message_limit = (std::size_t{16} << 20) + 8;
  /// From so many messages or bytes in the outbox on nothing more is read.
  std::size_t outbox_messages = 64, outbox_bytes = std::size_t{16} << 20;
};

class demo_agent final : private agent_reader {
public:
  /// The observer outlives the agent.
  explicit demo_agent(const agent_settings& settings, agent_observer& observer);
  demo_agent(const demo_agent&) = delete;
  demo_agent& operator=(const demo_agent&) = delete;

  /// The port is open: says what it can. Once after construction and after each stop().
  void start();
  /// The port is closed: what was under way in both directions is forgotten, the clipboards stay.
  void stop();

  /// Bytes of the port, in any fragmentation. Says how many it took: not all only when its own output must be read
  /// first.
  [[nodiscard]] std::size_t write(std::span<const std::byte> bytes) { return inbox_.write(bytes); }
  /// Bytes for the port: fills `room` from the front and says how much; 0 when there is nothing to say.
  [[nodiscard]] std::size_t read(std::span<std::byte> room) { return outbox_.read(room); }
  [[nodiscard]] bool has_output() const noexcept { return !outbox_.empty(); }

  /// Copies: clients may paste this from now on. False, and nothing done, when the outbox is full or the contents are
  /// larger than 1 GiB.
  [[nodiscard]] bool offer(clipboard_selection selection, clipboard_type type, clipboard_content content);
  /// Pastes: asks for what a client has copied. It does so by itself when a client copies something. False, and nothing
  /// done, when the outbox is full.
  [[nodiscard]] bool ask(clipboard_selection selection, clipboard_type type);
  /// Clients can paste this no longer. False, and nothing done, when the outbox is full.
  [[nodiscard]] bool withdraw(clipboard_selection selection);

private:
  [[nodiscard]] bool ready() const override { return !outbox_.full(); }
  void message(wire::agent::port port, wire::agent::message_type type, std::span<const std::byte> body) override;
  void problem(std::string_view what) override { observer_.problem(what); }

  [[nodiscard]] result<void> handle(wire::agent::message_type type, std::span<const std::byte> body);
  void announce(bool request);
  void capabilities(const wire::agent::announce_capabilities& announced);
  [[nodiscard]] result<void> monitors(std::span<const std::byte> body);
  [[nodiscard]] result<void> displays(std::span<const std::byte> body);
  void client_gone();

  bool mouse_;
  agent_observer& observer_;
  agent_outbox outbox_;
  agent_inbox inbox_;
  agent_clipboards clipboards_;
  agent_files files_;
};

} // namespace saffron::devices::demo
