// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/device_names.hpp"

#include <doctest/doctest.h>

namespace saffron::devices {

TEST_CASE("spicevmc's names are known, and a missing or unknown one is refused with the list") {
  CHECK(check_device_name("vdagent", "") == device_name{char_device_kind::vdagent, {}});
  CHECK(check_device_name("smartcard", "") == device_name{char_device_kind::smartcard, {}});
  CHECK(check_device_name("usbredir", "") == device_name{char_device_kind::usbredir, {}});
  CHECK(check_device_name("", "").error() == "the name is missing: allowed are vdagent, smartcard, usbredir and port");
  for (const auto* bad : {"webdav", "VDAGENT", "vdagent ", "tablet"})
    CHECK(check_device_name(bad, "").error() ==
          "the name is unknown: allowed are vdagent, smartcard, usbredir and port");
}

TEST_CASE("a port has a name of its own, and one name makes it WebDAV") {
  CHECK(check_device_name("port", "org.x.0") == device_name{char_device_kind::port, "org.x.0"});
  CHECK(check_device_name("port", "org.spice-space.webdav.0") ==
        device_name{char_device_kind::webdav, "org.spice-space.webdav.0"});
  CHECK(check_device_name("port", "").error() == "a port needs a name, such as port:org.example.console.0");
  CHECK(check_device_name("vdagent", "x").error() == "a vdagent has no name of its own");
  CHECK(check_device_name("port", std::string(255, 'x')));
  CHECK_FALSE(check_device_name("port", std::string(256, 'x')));
  CHECK_FALSE(check_device_name("port", "a\nb"));
}

TEST_CASE("a name is written as it is read") {
  for (const auto kind : {"vdagent", "smartcard", "usbredir"}) CHECK(to_string(*check_device_name(kind, "")) == kind);
  CHECK(to_string(*check_device_name("port", "org.x.0")) == "port:org.x.0");
  CHECK(to_string(*check_device_name("port", webdav_port)) == "port:org.spice-space.webdav.0");
}

TEST_CASE("chardevs of the agent, WebDAV, USB and smartcards are known by their names, no others are shown") {
  CHECK(kind_of_chardev("com.redhat.spice.0") == char_device_kind::vdagent);
  CHECK(kind_of_chardev("org.spice-space.webdav.0") == char_device_kind::webdav);
  CHECK(kind_of_chardev("org.qemu.usbredir") == char_device_kind::usbredir);
  CHECK(kind_of_chardev("org.qemu.usbredir.1") == char_device_kind::usbredir);
  CHECK(kind_of_chardev("org.qemu.smartcard") == char_device_kind::smartcard);
  CHECK(kind_of_chardev("org.qemu.smartcard.left") == char_device_kind::smartcard);
  for (const auto* other : {"", "org.qemu.console.serial.0", "org.qemu.monitor.hmp.0", "com.redhat.spice.1",
                            "com.redhat.spice", "org.qemu.usbredirx", "org.qemu.usbredi", "org.x.0"})
    CHECK_MESSAGE(!kind_of_chardev(other), other);
}

} // namespace saffron::devices
