// SPDX-License-Identifier: BSD-3-Clause
#include "actors/inputs_channel.hpp"

#include "messages/wire/inputs.hpp"

namespace saffron::actors {

namespace {
namespace to_client = wire::inputs::to_client;
namespace to_server = wire::inputs::to_server;
} // namespace

inputs_channel::inputs_channel(channel_context context, inputs_ports ports, mouse_mode mode)
    : channel(std::move(context)), ports_(std::move(ports)), mode_(mode) {}

void inputs_channel::locks_changed(lock_state state) {
  if (introduced_)
    send(to_client::key_modifiers{state.locks});
  else
    send(to_client::init{state.locks});
  introduced_ = true;
}

result<void> inputs_channel::on_message(std::uint16_t type, std::span<const std::byte> body) {
  const auto message = to_server::decode_any(type, body);
  if (!message) return fail{message.error()};
  std::visit(overloaded{
                 [&](const to_server::key_down& m) { scancodes(m.code); },
                 [&](const to_server::key_up& m) { scancodes(m.code); },
                 [&](const to_server::key_scancode& m) {
                   for (const auto b : m.scancodes) scancode(std::to_integer<std::uint8_t>(b));
                 },
                 [&](const to_server::key_modifiers& m) { ports_.locks(m.modifiers); },
                 [&](const to_server::mouse_motion& m) {
                   if (mode_ == mouse_mode::server) pointer(pointer_motion{m.dx, m.dy});
                   acknowledge_motion();
                 },
                 [&](const to_server::mouse_position& m) {
                   if (mode_ == mouse_mode::client) pointer(pointer_position{m.display_id, m.x, m.y});
                   acknowledge_motion();
                 },
                 [&](const to_server::mouse_press& m) {
                   pointer(pointer_button{static_cast<std::uint8_t>(m.button), true});
                 },
                 [&](const to_server::mouse_release& m) {
                   pointer(pointer_button{static_cast<std::uint8_t>(m.button), false});
                 },
             },
             *message);
  return {};
}

// KEY_DOWN and KEY_UP hold up to four scancode bytes, the first one lowest, ended by a zero; break codes are in them
// already.
void inputs_channel::scancodes(std::uint32_t code) {
  for (; (code & 0xff) != 0; code >>= 8) scancode(static_cast<std::uint8_t>(code));
}

void inputs_channel::scancode(std::uint8_t byte) {
  if (const auto key = decoder_.feed(byte)) ports_.key(*key);
}

// The protocol's credit for pointer messages: clients hold back when two bunches are not acknowledged.
void inputs_channel::acknowledge_motion() {
  if (++motions_ % defaults::motion_ack_bunch == 0) send(to_client::mouse_motion_ack{});
}

} // namespace saffron::actors
