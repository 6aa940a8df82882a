// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/device_setting.hpp"
#include "devices/char/socket_offers.hpp"

#include <doctest/doctest.h>

namespace saffron::devices {
namespace {

std::vector<device_setting> all(const std::vector<std::string>& texts) {
  std::vector<device_setting> settings;
  for (const auto& t : texts) {
    const auto s = parse_device_setting(t);
    REQUIRE_MESSAGE(s, t);
    settings.push_back(*s);
  }
  return settings;
}

using lines = std::vector<std::string>;

} // namespace

TEST_CASE("a setting is read in every form and written as it was") {
  for (const auto* text :
       {"vdagent=unix:/run/a", "vdagent=unix:@name", "usbredir=unix-listen:/run/b", "smartcard=unix-listen:@name",
        "port:org.x.0=tcp:127.0.0.1:4000", "port:org.x:y=tcp-listen:[::1]:4000", "vdagent=dbus:vd0",
        "usbredir=dbus:org.qemu.usbredir", "vdagent=unix:/a=b"}) {
    const auto s = parse_device_setting(text);
    REQUIRE_MESSAGE(s, text);
    CHECK(to_string(*s) == text);
  }
  const auto s = *parse_device_setting("port:org.spice-space.webdav.0=unix-listen:@x");
  CHECK(s.device.kind == char_device_kind::webdav);
  CHECK(s.place == device_place::listen);
  CHECK(s.where.kind == transport::address::family::unix_abstract);
  CHECK(s.where.name == "x");
  CHECK(parse_device_setting("vdagent=dbus:vd0")->chardev == "vd0");
}

TEST_CASE("what is wrong with a setting is said") {
  CHECK(parse_device_setting("").error() == "the name is missing: allowed are vdagent, smartcard, usbredir and port");
  CHECK(parse_device_setting("=unix:/x").error().starts_with("the name is missing"));
  CHECK(parse_device_setting("agent=unix:/x").error().starts_with("the name is unknown"));
  CHECK(parse_device_setting("port=unix:/x").error().starts_with("a port needs a name"));
  CHECK(parse_device_setting("usbredir:1=unix:/x").error() == "a usbredir has no name of its own");
  for (const auto* place :
       {"", "=", "=unix:", "=/run/x", "=tcp:", "=tcp:localhost:1", "=tcp:127.0.0.1",
        "=unix-listen:", "=tcp:127.0.0.1:0", "=tcp-listen:127.0.0.1:0", "=tcp:unix:/x", "=dbus:", "=pty:"})
    CHECK_MESSAGE(parse_device_setting(std::string{"vdagent"} + place).error().starts_with("expected unix:/path"),
                  place);
  CHECK_FALSE(parse_device_setting("vdagent=unix:/" + std::string(200, 'x')));
}

TEST_CASE("one agent, one WebDAV, ten readers, names and places of their own") {
  CHECK(conflicts(all({"vdagent=unix:/a", "port:a=unix:/b", "port:b=unix:/c", "usbredir=unix:/d", "usbredir=unix:/e",
                       "port:org.spice-space.webdav.0=unix:/f"})) == lines{});
  CHECK(conflicts(all({"vdagent=unix:/a", "vdagent=dbus:b"})) == lines{"has more than one vdagent"});
  CHECK(conflicts(all({"port:a=unix:/a", "port:a=unix:/b"})) == lines{"has two ports named a"});
  CHECK(conflicts(all({"port:org.spice-space.webdav.0=unix:/a", "port:org.spice-space.webdav.0=unix:/b"})) ==
        lines{"has two ports named org.spice-space.webdav.0"});
  CHECK(conflicts(all({"port:a=unix:/a", "usbredir=unix:/a"})) == lines{"has two devices at unix:/a"});
  std::vector<std::string> readers;
  for (const auto* n : {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"})
    readers.push_back(std::string{"smartcard=dbus:"} + n);
  CHECK(conflicts(all(readers)) == lines{});
  readers.emplace_back("smartcard=dbus:10");
  CHECK(conflicts(all(readers)) == lines{"has 11 smartcards, at most 10 are possible"});
}

TEST_CASE("every setting that is a socket is an offer, ports by their names") {
  const auto settings = all({"vdagent=unix:/a", "port:org.x.0=tcp-listen:127.0.0.1:4000", "usbredir=dbus:r0"});
  const auto offers = make_socket_offers(settings);
  REQUIRE(offers.size() == 2);
  CHECK(offers[0].kind == char_device_kind::vdagent);
  CHECK(offers[0].name == "unix:/a");
  CHECK(offers[1].kind == char_device_kind::port);
  CHECK(offers[1].name == "org.x.0");
  REQUIRE(offers[1].backend);
  CHECK(make_socket_offers(settings)[1].backend != offers[1].backend);
}

TEST_CASE("a socket takes the place of a source's own agent or port of its name") {
  std::vector<char_device_offer> offers{{char_device_kind::vdagent, "demo", nullptr},
                                        {char_device_kind::port, "org.x.0", nullptr},
                                        {char_device_kind::port, "org.y.0", nullptr}};
  add_socket_offers(offers, all({"vdagent=unix:/a", "port:org.x.0=unix:/b", "usbredir=unix:/c"}));
  REQUIRE(offers.size() == 4);
  CHECK(offers[0].name == "org.y.0");
  CHECK(offers[1].kind == char_device_kind::vdagent);
  CHECK(offers[1].backend);
  CHECK(offers[2].name == "org.x.0");
  CHECK(offers[2].backend);
  CHECK(offers[3].kind == char_device_kind::usbredir);
}

} // namespace saffron::devices
