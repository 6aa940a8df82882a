// SPDX-License-Identifier: BSD-3-Clause
#include "tests/system/guest/commands.hpp"

#include <sys/reboot.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>

namespace saffron::guest {

namespace demo = devices::demo;

namespace {
std::optional<std::size_t> number_of(const std::string& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return number;
}

std::optional<demo::clipboard_type> type_of(const std::string& name) {
  constexpr std::string_view names[] = {"text", "png", "bmp", "tiff", "jpg"};
  const auto at = std::find(std::begin(names), std::end(names), name);
  if (at == std::end(names)) return {};
  return static_cast<demo::clipboard_type>(1 + (at - std::begin(names)));
}

/// The command's words; the empty word for one that is missing.
class arguments {
public:
  explicit arguments(const std::vector<std::string>& words) : words_(words) {}
  [[nodiscard]] const std::string& at(std::size_t n) const { return n < words_.size() ? words_[n] : none_; }
  /// The clipboard unless another selection is named.
  [[nodiscard]] std::optional<demo::clipboard_selection> selection(std::size_t n) const {
    const auto number = at(n).empty() ? 0 : number_of(at(n));
    if (!number || *number >= demo::clipboard_selections) return {};
    return static_cast<demo::clipboard_selection>(*number);
  }

private:
  const std::vector<std::string>& words_;
  std::string none_;
};

bool on_clipboard(const arguments& words, demo::demo_agent& agent) {
  const auto& what = words.at(0);
  if (what == "release") {
    const auto selection = words.selection(1);
    return selection && agent.withdraw(*selection);
  }
  const auto type = type_of(words.at(1));
  const auto selection = words.selection(what == "grab" ? 3 : 2);
  if (!type || !selection) return false;
  if (what == "request") return agent.ask(*selection, *type);
  const auto size = number_of(words.at(2));
  return size && agent.offer(*selection, *type, demo::clipboard_content::pattern(*size));
}

bool on_port(const arguments& words, guest_port& port) {
  const auto& what = words.at(0);
  if (what == "open") return port.open();
  if (what == "close") {
    port.close();
    return true;
  }
  if (what == "hold" || what == "resume") {
    port.hold(what == "hold");
    return true;
  }
  const auto size = number_of(words.at(2));
  auto* echo = dynamic_cast<echo_service*>(&port.service());
  if (what != "send" || !echo || !size || !port.connected()) return false;
  echo->say(*size);
  return true;
}

void tell_ports(std::list<guest_port>& ports, const guest_console& console) {
  std::vector<json> open, connected;
  for (const auto& port : ports) {
    if (port.fd() >= 0) open.emplace_back(port.name());
    if (port.connected()) connected.emplace_back(port.name());
  }
  console.event("ports", {{"open", open}, {"connected", connected}});
}

bool run(const arguments& words, std::list<guest_port>& ports, agent_service* agent, guest_console& console) {
  const auto& what = words.at(0);
  if (what == "ports") {
    tell_ports(ports, console);
    return true;
  }
  if (what == "poweroff") return ::reboot(RB_POWER_OFF) == 0;
  if (what == "grab" || what == "request" || what == "release") return agent && on_clipboard(words, agent->agent());
  const auto port = std::find_if(ports.begin(), ports.end(), [&](const auto& p) { return p.name() == words.at(1); });
  return port != ports.end() && on_port(words, *port);
}
} // namespace

void run_command(const std::vector<std::string>& words, std::list<guest_port>& ports, agent_service* agent,
                 guest_console& console) {
  if (words.empty() || run(arguments{words}, ports, agent, console)) return;
  std::string line;
  for (const auto& word : words) line += (line.empty() ? "" : " ") + word;
  console.event("error", {{"command", line}});
}

} // namespace saffron::guest
