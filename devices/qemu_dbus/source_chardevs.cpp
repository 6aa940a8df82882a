// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/socket_offers.hpp"
#include "devices/qemu_dbus/chardev_map.hpp"
#include "devices/qemu_dbus/qemu_source.hpp"

#include <algorithm>

namespace saffron::devices::qemu_dbus {

namespace {

/// USB redirection and smartcards have no port in the guest: their stream begins and ends with the connection.
bool follows_guest(char_device_kind kind) {
  return kind != char_device_kind::usbredir && kind != char_device_kind::smartcard;
}

} // namespace

/// After an attachment, or after another program has given the display back: its streams have lived on meanwhile.
void qemu_source::adopt_chardevs() {
  if (socket_offers_.empty()) socket_offers_ = make_socket_offers(device_settings_);
  std::vector<offered_chardev> now;
  for (auto& m : map_chardevs(facts_.chardevs, device_settings_)) {
    const auto opened = m.object.properties.opened.value_or(true);
    const auto known = std::ranges::find(chardevs_, m.object.path, [](const auto& c) { return c.door->path(); });
    if (known != chardevs_.end()) {
      known->door->guest(opened);
      now.push_back(*known);
      continue;
    }
    auto door = std::make_shared<chardev>(*this, *this, m.object.path, opened);
    auto offer = make_offer(m.device, m.object.id, door->make_connector(follows_guest(m.device.kind)));
    now.push_back({std::move(door), std::move(offer)});
  }
  for (const auto& c : chardevs_)
    if (std::ranges::find(now, c.door, &offered_chardev::door) == now.end()) c.door->gone();
  chardevs_ = std::move(now);
}

void qemu_source::drop_chardevs() {
  for (const auto& c : chardevs_) c.door->gone();
  chardevs_.clear();
  socket_offers_.clear();
}

std::vector<char_device_offer> qemu_source::offers() const {
  auto all = socket_offers_;
  for (const auto& c : chardevs_) all.push_back(c.offer);
  return all;
}

void qemu_source::chardev_changed(const chardev_object& change) {
  const auto known = std::ranges::find(chardevs_, change.path, [](const auto& c) { return c.door->path(); });
  if (known != chardevs_.end() && change.properties.opened) known->door->guest(*change.properties.opened);
}

void qemu_source::register_chardev(const std::string& path, unique_fd socket,
                                   const std::function<void(bool taken)>& then) {
  if (attachment_)
    attachment_->register_chardev(path, std::move(socket), then);
  else
    then(false); // it is tried again
}

void qemu_source::send_break(const std::string& path) {
  if (attachment_) attachment_->send_break(path);
}

} // namespace saffron::devices::qemu_dbus
