// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/socket_offers.hpp"

#include "devices/char/address_connectors.hpp"
#include "devices/char/socket_backend.hpp"

#include <utility>

namespace saffron::devices {

char_device_offer make_offer(const device_name& device, const std::string& label, std::unique_ptr<connector> from) {
  const auto when = device.kind == char_device_kind::vdagent ? connect_when::always : connect_when::while_in_use;
  return {device.kind, device.port.empty() ? label : device.port,
          std::make_shared<socket_backend>(std::move(from), when)};
}

std::vector<char_device_offer> make_socket_offers(const std::vector<device_setting>& settings) {
  std::vector<char_device_offer> offers;
  for (const auto& s : settings) {
    if (s.place == device_place::dbus) continue;
    auto from = s.place == device_place::listen ? make_listener(s.where) : make_dialler(s.where);
    offers.push_back(make_offer(s.device, place_of(s), std::move(from)));
  }
  return offers;
}

void add_socket_offers(std::vector<char_device_offer>& offers, const std::vector<device_setting>& settings) {
  for (auto& added : make_socket_offers(settings)) {
    std::erase_if(offers, [&](const char_device_offer& o) {
      return o.kind == added.kind && (o.kind == char_device_kind::vdagent || o.name == added.name);
    });
    offers.push_back(std::move(added));
  }
}

} // namespace saffron::devices
