// SPDX-License-Identifier: BSD-3-Clause
// The clipboards of the guest's agent: what one client copies is kept and offered to all.
#pragma once

#include "devices/demo/agent_observer.hpp"
#include "devices/demo/agent_stream.hpp"
#include "devices/demo/clipboard_content.hpp"

#include <array>
#include <optional>

namespace saffron::devices::demo {

class agent_clipboards {
public:
  agent_clipboards(agent_outbox& out, agent_observer& observer) : out_(out), observer_(observer) {}

  /// Whether messages name a selection (capability clipboard_selection); otherwise all are of selection clipboard.
  void set_selections(bool selections) { selections_ = selections; }
  /// Larger contents are not sent to the client; negative for no limit (VDAgentMaxClipboard).
  void set_largest(std::int32_t largest) { largest_ = largest; }

  // Of the client: the bodies of clipboard_grab, clipboard, clipboard_request and clipboard_release. errc::bad_message.
  [[nodiscard]] result<void> grab(std::span<const std::byte> body);
  [[nodiscard]] result<void> data(std::span<const std::byte> body);
  [[nodiscard]] result<void> request(std::span<const std::byte> body);
  [[nodiscard]] result<void> release(std::span<const std::byte> body);

  // Of the guest.
  void offer(clipboard_selection selection, clipboard_type type, clipboard_content content);
  void ask(clipboard_selection selection, clipboard_type type);
  void withdraw(clipboard_selection selection);

  /// Somebody new listens, who may paste what is there.
  void announce();
  /// Nobody answers any more.
  void forget_questions();

private:
  struct board_state {
    clipboard_type type = clipboard_type::none;
    clipboard_content content;
    /// What a client was asked for.
    std::optional<clipboard_type> asked{};
  };

  [[nodiscard]] std::optional<clipboard_selection> read_selection(wire::reader& r) const;
  [[nodiscard]] wire::writer begin(clipboard_selection selection) const;
  [[nodiscard]] board_state& at(clipboard_selection selection) { return boards_[static_cast<std::size_t>(selection)]; }
  void send_grab(clipboard_selection selection);

  agent_outbox& out_;
  agent_observer& observer_;
  bool selections_ = false;
  std::int32_t largest_ = -1;
  std::array<board_state, clipboard_selections> boards_;
};

} // namespace saffron::devices::demo
