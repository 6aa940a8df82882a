// SPDX-License-Identifier: BSD-3-Clause
#include "tests/system/guest/agent_service.hpp"

#include <array>

namespace saffron::guest {

namespace demo = devices::demo;

namespace {
/// The guest has little memory: files are hashed, not kept.
demo::agent_settings settings() {
  demo::agent_settings s{.mouse = true};
  s.files.memory = 0;
  return s;
}

template <class Enum>
json number(Enum value) {
  return static_cast<std::uint32_t>(value);
}
} // namespace

std::string sha256_of(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) return {};
  std::string text;
  for (const auto byte : std::span{digest}.first(size)) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

agent_service::agent_service(guest_console& console) : console_(console), agent_(settings(), *this) {}

void agent_service::capabilities(const wire::capability_set& set) {
  console_.event("capabilities", {{"words", std::vector<json>{set.words().begin(), set.words().end()}}});
}

void agent_service::clipboard_changed(demo::clipboard_selection selection, demo::clipboard_type type,
                                      std::span<const std::byte> bytes) {
  console_.event(
      "copied",
      {{"selection", number(selection)}, {"type", number(type)}, {"size", bytes.size()}, {"sha256", sha256_of(bytes)}});
}

void agent_service::clipboard_pasted(demo::clipboard_selection selection, demo::clipboard_type type, std::size_t size) {
  console_.event("pasted", {{"selection", number(selection)}, {"type", number(type)}, {"size", size}});
}

void agent_service::clipboard_released(demo::clipboard_selection selection) {
  console_.event("released", {{"selection", number(selection)}});
}

void agent_service::file_received(demo::received_file&& file) {
  console_.event("file", {{"name", file.name}, {"size", file.size}, {"sha256", file.sha256}});
}

void agent_service::file_dropped(std::string_view name, demo::file_status why) {
  console_.event("file_dropped", {{"name", name}, {"status", number(why)}});
}

void agent_service::monitors(const wire::agent::monitors_config& config) {
  std::vector<json> all;
  for (const auto& one : config.monitors)
    all.emplace_back(std::vector<json>{one.width, one.height, one.depth, one.x, one.y});
  console_.event("monitors", {{"flags", config.flags}, {"monitors", all}});
}

void agent_service::mouse(const wire::agent::mouse_state& state) {
  console_.event("mouse", {{"x", state.x}, {"y", state.y}, {"buttons", state.buttons}, {"display", state.display_id}});
}

void agent_service::displays(std::span<const demo::agent_display> all) {
  std::vector<json> places;
  for (const auto& one : all)
    places.emplace_back(std::vector<json>{one.channel, one.monitor, one.device_display, one.address});
  console_.event("displays", {{"displays", places}});
}

void agent_service::client_disconnected() { console_.event("client_disconnected"); }

void agent_service::problem(std::string_view what) { console_.event("problem", {{"what", what}}); }

} // namespace saffron::guest
