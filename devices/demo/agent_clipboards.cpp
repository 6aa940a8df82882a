// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/agent_clipboards.hpp"

#include <algorithm>
#include <utility>

namespace saffron::devices::demo {

using wire::agent::message_type;

namespace {
bool knows(clipboard_type type) { return type >= clipboard_type::text && type <= clipboard_type::jpg; }
} // namespace

std::optional<clipboard_selection> agent_clipboards::read_selection(wire::reader& r) const {
  if (!selections_) return clipboard_selection::clipboard;
  const auto number = r.u8();
  r.take(3); // reserved
  if (!r.ok() || number >= clipboard_selections) return {};
  return static_cast<clipboard_selection>(number);
}

wire::writer agent_clipboards::begin(clipboard_selection selection) const {
  wire::writer w;
  if (selections_) w.u32(static_cast<std::uint32_t>(selection)); // one byte, and three that are reserved
  return w;
}

result<void> agent_clipboards::grab(std::span<const std::byte> body) {
  wire::reader r{body};
  const auto selection = read_selection(r);
  if (!selection) return fail{errc::bad_message};
  while (r.left() >= sizeof(std::uint32_t)) {
    const auto type = r.get<clipboard_type>();
    if (!knows(type)) continue;
    ask(*selection, type);
    break;
  }
  return {};
}

result<void> agent_clipboards::data(std::span<const std::byte> body) {
  wire::reader r{body};
  const auto selection = read_selection(r);
  const auto type = r.get<clipboard_type>();
  if (!selection || !r.ok()) return fail{errc::bad_message};
  auto& board = at(*selection);
  if (!board.asked) return {}; // the answer to a question that was taken back
  const bool answers = *board.asked == type;
  board.asked.reset();
  if (!answers) return {};
  const auto bytes = r.rest();
  board.type = type;
  board.content = clipboard_content{shared_bytes::copy_of(bytes)};
  observer_.clipboard_changed(*selection, type, bytes);
  send_grab(*selection);
  return {};
}

result<void> agent_clipboards::request(std::span<const std::byte> body) {
  wire::reader r{body};
  const auto selection = read_selection(r);
  const auto type = r.get<clipboard_type>();
  if (!selection || !r.ok()) return fail{errc::bad_message};
  const auto& board = at(*selection);
  const bool have = type != clipboard_type::none && board.type == type &&
                    (largest_ < 0 || board.content.size() <= static_cast<std::size_t>(largest_));
  auto w = begin(*selection);
  w.put(have ? type : clipboard_type::none);
  out_.send(message_type::clipboard, w.view(), have ? board.content : clipboard_content{});
  observer_.clipboard_pasted(*selection, have ? type : clipboard_type::none, have ? board.content.size() : 0);
  return {};
}

result<void> agent_clipboards::release(std::span<const std::byte> body) {
  wire::reader r{body};
  const auto selection = read_selection(r);
  if (!selection) return fail{errc::bad_message};
  at(*selection).asked.reset();
  observer_.clipboard_released(*selection);
  return {};
}

void agent_clipboards::offer(clipboard_selection selection, clipboard_type type, clipboard_content content) {
  at(selection) = {.type = type, .content = std::move(content)};
  send_grab(selection);
}

void agent_clipboards::ask(clipboard_selection selection, clipboard_type type) {
  at(selection).asked = type;
  out_.send(message_type::clipboard_request, begin(selection).put(type).view());
}

void agent_clipboards::withdraw(clipboard_selection selection) {
  at(selection) = {};
  out_.send(message_type::clipboard_release, begin(selection).view());
}

void agent_clipboards::announce() {
  for (std::size_t i = 0; i < boards_.size(); ++i)
    if (boards_[i].type != clipboard_type::none) send_grab(static_cast<clipboard_selection>(i));
}

void agent_clipboards::forget_questions() {
  for (auto& board : boards_) board.asked.reset();
}

void agent_clipboards::send_grab(clipboard_selection selection) {
  if (!selections_ && selection != clipboard_selection::clipboard) return; // the client has one clipboard
  out_.send(message_type::clipboard_grab, begin(selection).put(at(selection).type).view());
}

} // namespace saffron::devices::demo
