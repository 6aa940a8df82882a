// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/printable.hpp"

#include <doctest/doctest.h>

namespace saffron::devices::qemu_dbus {

TEST_CASE("text of a QEMU reaches people without control characters") {
  CHECK(printable("web01 \xc3\xa9") == "web01 \xc3\xa9");
  CHECK(printable("a\nb\x1b[2Jc\x7f") == "a?b?[2Jc?");
}

TEST_CASE("long text is cut between two characters") {
  CHECK(printable(std::string(5000, 'x')).size() == 255);
  std::string text(254, 'x');
  const auto fits = text;
  text += "\xc3\xa9y";
  CHECK(printable(text) == fits);
}

} // namespace saffron::devices::qemu_dbus
