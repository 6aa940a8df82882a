#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""A client of spice-client-glib whose smartcard is made of certificates. A process of its own: the library makes one card
in a process, and announces its reader in the first session only. Prints what happens, a line each; obeys "remove",
"insert", "disconnect" and "connect" on its standard input, and disconnects at its end.

Usage: software_card_client.py URI PASSWORD DATABASE CERTIFICATE..."""
import ctypes
import sys

import gi

gi.require_version("SpiceClientGLib", "2.0")
from gi.repository import GLib, GObject, SpiceClientGLib  # noqa: E402

MAIN, SMARTCARD = 1, 8
SIGNALS = ("reader-added", "reader-removed", "card-inserted", "card-removed")

on = GObject.Object.connect

# PyGObject drops these signals without a word: their argument is of a type that it does not know.
_callback = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
_connect = ctypes.CDLL("libgobject-2.0.so.0").g_signal_connect_data
_connect.argtypes = (ctypes.c_void_p, ctypes.c_char_p, _callback, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_connect.restype = ctypes.c_ulong


def say(*words):
    print(*words, flush=True)


class Client:
    def __init__(self, uri, password, database, certificates):
        self.properties = {"uri": uri, "password": password, "smartcard-db": database,
                           "smartcard-certificates": certificates, "enable-smartcard": True, "enable-audio": False,
                           "enable-usbredir": False}
        self.session = None
        self.staying = False
        self.loop = GLib.MainLoop()
        self.cards = SpiceClientGLib.SmartcardManager.get()
        self.callbacks = [_callback(lambda *_, name=name: say(name)) for name in SIGNALS]
        for name, callback in zip(SIGNALS, self.callbacks):
            _connect(hash(self.cards), name.encode(), callback, None, None, 0)
        GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, sys.stdin.fileno(), GLib.IOCondition.IN | GLib.IOCondition.HUP,
                              self.obey)
        self.connect()

    def connect(self):
        """A new session, as programs make one for each connection."""
        self.staying = False
        self.session = SpiceClientGLib.Session()
        for name, value in self.properties.items():
            self.session.set_property(name, value)
        on(self.session, "channel-new", self.channel_new)
        on(self.session, "disconnected", self.disconnected)
        self.session.connect()

    def channel_new(self, _session, channel):
        kind = channel.get_property("channel-type")
        on(channel, "channel-event", lambda _channel, event: say("channel", kind, event.value_nick))
        if kind == SMARTCARD:
            channel.connect()

    def disconnected(self, _session):
        say("disconnected")
        if not self.staying:
            self.loop.quit()

    def obey(self, _fd, _condition):
        command = sys.stdin.readline().strip()
        if command == "remove":
            self.cards.remove_card()
        elif command == "insert":
            self.cards.insert_card()
        elif command == "connect":
            self.connect()
        elif self.staying and not command:
            self.loop.quit()
        else:
            self.staying = bool(command)
            self.session.disconnect()
        return bool(command)


if __name__ == "__main__":
    Client(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]).loop.run()
