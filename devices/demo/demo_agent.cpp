// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/demo_agent.hpp"

#include <utility>

namespace saffron::devices::demo {

namespace agent = wire::agent;

namespace {
constexpr std::size_t offer_limit = std::size_t{1} << 30;
/// Of a display in graphics_device_info, without its address.
constexpr std::size_t display_size = 16;
} // namespace

demo_agent::demo_agent(const agent_settings& settings, agent_observer& observer)
    : mouse_(settings.mouse), observer_(observer), outbox_(settings.outbox_messages, settings.outbox_bytes),
      inbox_(settings.message_limit, *this), clipboards_(outbox_, observer), files_(settings.files, outbox_, observer) {
}

void demo_agent::start() { announce(true); }

void demo_agent::stop() {
  inbox_.reset();
  outbox_.reset();
  clipboards_.forget_questions();
  files_.drop_all();
}

bool demo_agent::offer(clipboard_selection selection, clipboard_type type, clipboard_content content) {
  if (!ready() || content.size() > offer_limit) return false;
  clipboards_.offer(selection, type, std::move(content));
  return true;
}

bool demo_agent::ask(clipboard_selection selection, clipboard_type type) {
  if (!ready()) return false;
  clipboards_.ask(selection, type);
  return true;
}

bool demo_agent::withdraw(clipboard_selection selection) {
  if (!ready()) return false;
  clipboards_.withdraw(selection);
  return true;
}

void demo_agent::announce(bool request) {
  using enum agent::capability;
  agent::announce_capabilities announced{.request = request,
                                         .capabilities = {monitors_config, reply, clipboard_by_demand,
                                                          agent::capability::clipboard_selection,
                                                          sparse_monitors_config, guest_lineend_lf, max_clipboard,
                                                          file_xfer_detailed_errors, graphics_device_info}};
  if (mouse_) announced.capabilities.set(mouse_state);
  outbox_.send(agent::message_type::announce_capabilities, wire::encode(announced));
}

void demo_agent::message(agent::port, agent::message_type type, std::span<const std::byte> body) {
  if (const auto done = handle(type, body); !done) observer_.problem(to_string(done.error()));
}

result<void> demo_agent::handle(agent::message_type type, std::span<const std::byte> body) {
  using enum agent::message_type;
  switch (type) {
  case mouse_state: return wire::decode<agent::mouse_state>(body).map([this](const auto& m) { observer_.mouse(m); });
  case monitors_config: return monitors(body);
  case announce_capabilities:
    return wire::decode<agent::announce_capabilities>(body).map([this](const auto& m) { capabilities(m); });
  case clipboard: return clipboards_.data(body);
  case clipboard_grab: return clipboards_.grab(body);
  case clipboard_request: return clipboards_.request(body);
  case clipboard_release: return clipboards_.release(body);
  case file_xfer_start: return files_.start(body);
  case file_xfer_status: return files_.status(body);
  case file_xfer_data: return files_.data(body);
  case client_disconnected: client_gone(); return {};
  case max_clipboard:
    if (body.size() < sizeof(std::int32_t)) return fail{errc::bad_message};
    clipboards_.set_largest(wire::reader{body}.i32());
    return {};
  case graphics_device_info: return displays(body);
  case reply:
  case display_config:
  case audio_volume_sync: return {}; // nothing here has a wallpaper or a volume
  default: return fail{errc::unknown_message};
  }
}

void demo_agent::capabilities(const agent::announce_capabilities& announced) {
  const auto& caps = announced.capabilities;
  clipboards_.set_selections(caps.has(agent::capability::clipboard_selection));
  files_.set_detailed_errors(caps.has(agent::capability::file_xfer_detailed_errors));
  observer_.capabilities(caps);
  if (announced.request == 0) return;
  announce(false);
  clipboards_.announce();
}

result<void> demo_agent::monitors(std::span<const std::byte> body) {
  const auto config = wire::decode<agent::monitors_config>(body);
  if (config) observer_.monitors(*config);
  outbox_.send(agent::message_type::reply,
               wire::encode(agent::reply{.request = agent::message_type::monitors_config,
                                         .error = config ? agent::reply_code::success : agent::reply_code::error}));
  return config.map([](const auto&) {});
}

result<void> demo_agent::displays(std::span<const std::byte> body) {
  wire::reader r{body};
  const auto count = r.u32();
  if (!r.has(count, display_size)) return fail{errc::bad_message};
  std::vector<agent_display> all(count);
  for (auto& one : all) {
    one.channel = r.u32();
    one.monitor = r.u32();
    one.device_display = r.u32();
    wire::read_text(r, one.address, r.u32());
  }
  if (!r.ok()) return fail{errc::bad_message};
  observer_.displays(all);
  return {};
}

void demo_agent::client_gone() {
  inbox_.drop(agent::port::client);
  clipboards_.forget_questions();
  files_.drop_all();
  observer_.client_disconnected();
}

} // namespace saffron::devices::demo
