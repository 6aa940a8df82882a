#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""A client in a process of its own, for tests that need another environment: looks at the display of PORT until it is
killed."""
import sys

import gi

gi.require_version("SpiceClientGLib", "2.0")
from gi.repository import GLib, GObject, SpiceClientGLib  # noqa: E402


def opened(_session, channel):
    if channel.get_property("channel-type") == 2:
        channel.connect()


session = SpiceClientGLib.Session()
session.set_property("uri", f"spice://127.0.0.1:{sys.argv[1]}")
for unwanted in ("enable-audio", "enable-usbredir", "enable-smartcard"):
    session.set_property(unwanted, False)
GObject.Object.connect(session, "channel-new", opened)
session.connect()
GLib.MainLoop().run()
