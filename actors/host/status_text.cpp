// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/status.hpp"
#include "messages/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace saffron::host {

namespace {

std::string plural(std::uint64_t n, std::string_view what) {
  return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::string bytes(std::uint64_t n) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(n);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < units.size(); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} B", n) : fmt::format("{:.1f} {}", value, units[unit]);
}

std::string duration(std::uint64_t seconds) {
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min {} s", seconds / 60, seconds % 60);
  if (seconds < 86400) return fmt::format("{} h {} min", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{} d {} h", seconds / 86400, seconds / 3600 % 24);
}

std::string round_trip(std::uint64_t us) {
  return us == 0 ? "-" : fmt::format("{:.1f} ms", static_cast<double>(us) / 1e3);
}

std::string channel_line(const channel_status& c) {
  std::string notes = c.secured ? "TLS" : "plain";
  if (!c.codec.empty())
    notes += fmt::format(", {} ({}), {} link", without_controls(c.codec), without_controls(c.codec_reason),
                         without_controls(c.link));
  if (c.bytes_per_second > 0)
    notes += fmt::format(" of {:.1f} Mbit/s", static_cast<double>(c.bytes_per_second) * 8 / 1e6);
  if (c.streams > 0) notes += fmt::format(", {} ({})", plural(c.streams, "video"), without_controls(c.video));
  if (c.lossy_pixels > 0) notes += fmt::format(", {} with loss", plural(c.lossy_pixels, "pixel"));
  if (c.damage_pixels > 0) notes += fmt::format(", {} behind", plural(c.damage_pixels, "pixel"));
  return fmt::format("    {:<14}{:>12}{:>12}{:>12}{:>12}  {}\n", fmt::format("{} {}", without_controls(c.name), c.id),
                     bytes(c.bytes_received), bytes(c.bytes_sent), bytes(c.queued), round_trip(c.latency_us), notes);
}

std::string client_lines(const client_status& c) {
  auto text =
      fmt::format("  client {}  {}, connected {}", c.id, without_controls(c.peer), duration(c.connected_seconds));
  if (!c.mouse_mode.empty()) text += fmt::format(", {} mouse", without_controls(c.mouse_mode));
  if (c.bandwidth > 0) text += fmt::format(", {:.1f} Mbit/s", static_cast<double>(c.bandwidth) / 1e6);
  text += '\n';
  if (!c.channels.empty())
    text += fmt::format("    {:<14}{:>12}{:>12}{:>12}{:>12}\n", "channel", "received", "sent", "queued", "round trip");
  for (const auto& channel : c.channels) text += channel_line(channel);
  return text;
}

std::string device_line(const char_device_status& d) {
  const auto name = d.name.empty() ? d.kind : fmt::format("{} {}", d.kind, d.name);
  auto text = fmt::format("  {}  {}{}, {}, {} from the guest, {} to it", without_controls(name),
                          d.opened ? "open" : "closed", d.running ? "" : " and stopped", plural(d.clients, "client"),
                          bytes(d.bytes_from_guest), bytes(d.bytes_to_guest));
  if (d.write_queue_bytes > 0) text += fmt::format(", {} wait for the guest", bytes(d.write_queue_bytes));
  if (d.send_queue_bytes > 0) text += fmt::format(", {} wait for clients", bytes(d.send_queue_bytes));
  return text + '\n';
}

std::string vm_lines(const vm_status& vm) {
  auto text = fmt::format("{}: {}, {}\n", without_controls(vm.name), without_controls(vm.state),
                          plural(vm.clients.size(), "client"));
  for (const auto& console : vm.consoles) {
    text += fmt::format("  display {}  {}x{}, {}, {}", console.id, console.width, console.height,
                        plural(console.draws, "draw"), plural(console.viewers, "viewer"));
    if (console.log_bytes > 0) text += fmt::format(", {} in its log", bytes(console.log_bytes));
    if (console.kept_bytes > 0) text += fmt::format(", {} kept to share", bytes(console.kept_bytes));
    if (console.damage_pixels > 0) text += fmt::format(", {} behind", plural(console.damage_pixels, "pixel"));
    text += '\n';
  }
  for (const auto& device : vm.devices) text += device_line(device);
  for (const auto& client : vm.clients) text += client_lines(client);
  return text;
}

} // namespace

std::string status_text(const status_report& report) {
  auto text = fmt::format("saffron {}, process {}, up {}, {}\n", without_controls(report.version), report.process,
                          duration(report.uptime_seconds), plural(report.host.vms.size(), "VM"));
  for (const auto& vm : report.host.vms) text += "\n" + vm_lines(vm);
  text += "\n";
  for (const auto& [name, value] : report.counters)
    text += fmt::format("{:<24}{:>16}\n", without_controls(name), value);
  if (report.dropped_log_lines > 0)
    text += fmt::format("{:<24}{:>16}\n", "log lines dropped", report.dropped_log_lines);
  return text;
}

} // namespace saffron::host
