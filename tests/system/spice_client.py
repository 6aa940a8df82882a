# SPDX-License-Identifier: BSD-3-Clause
"""A SPICE client made of spice-client-glib, the library under virt-viewer: stays connected, types, points, and shows what
it was shown."""
import ctypes
import time

import gi

gi.require_version("SpiceClientGLib", "2.0")
from gi.repository import GLib, GObject, SpiceClientGLib  # noqa: E402

import saffron_system as system  # noqa: E402

# Set 1 scancodes of a US keyboard.
SCANCODES = dict(zip("1234567890", range(0x02, 0x0c)))
SCANCODES.update(zip("qwertyuiop", range(0x10, 0x1a)))
SCANCODES.update(zip("asdfghjkl", range(0x1e, 0x27)))
SCANCODES.update(zip("zxcvbnm", range(0x2c, 0x33)))
# What a client may ask for (PREFERRED_COMPRESSION).
COMPRESSIONS = {"off": 1, "auto_glz": 2, "auto_lz": 3, "quic": 4, "glz": 5, "lz": 6, "lz4": 7}
SCANCODES.update({" ": 0x39, "\n": 0x1c})


# Sessions and channels have a connect() of their own, which hides GObject's.
on = GObject.Object.connect


class SpiceClient:
    """Everything happens in run_until(), which turns GLib's main loop in the calling thread."""

    def __init__(self, test, *, port=None, uri=None, password=None, compression=None, cache_bytes=None):
        self.events = []
        self.displays = {}  # channel id -> (width, height, stride, address)
        self.display_channels = {}
        self.marked = set()
        self.inputs = None
        self.main = None
        self.mouse_mode = None
        self.session = SpiceClientGLib.Session()
        self.session.set_property("uri", uri or f"spice://127.0.0.1:{port}")
        if password:
            self.session.set_property("password", password)
        if compression:
            self.session.set_property("preferred-compression", COMPRESSIONS[compression])
        if cache_bytes:
            self.session.set_property("cache-size", cache_bytes)
        for unwanted in ("enable-audio", "enable-usbredir", "enable-smartcard"):
            self.session.set_property(unwanted, False)
        on(self.session, "channel-new", self._channel_new)
        on(self.session, "disconnected", lambda *_: self.events.append("disconnected"))
        test.addCleanup(self.close)
        self.session.connect()

    def _channel_new(self, _session, channel):
        kind, number = channel.get_property("channel-type"), channel.get_property("channel-id")
        on(channel, "channel-event", self._channel_event)
        if kind == 1:
            self.main = channel
            on(channel, "main-mouse-update", self._mouse_update)
        elif kind == 2:
            self.display_channels[number] = channel
            on(channel, "display-primary-create", self._primary_create, number)
            on(channel, "display-primary-destroy", lambda *_: self.displays.pop(number, None))
            on(channel, "display-mark", lambda *_: self.marked.add(number))
            channel.connect()
        elif kind == 3:
            self.inputs = channel
            channel.connect()
        elif kind == 4:
            channel.connect()

    def _channel_event(self, channel, event):
        self.events.append((channel.get_property("channel-type"), event.value_nick))

    def _mouse_update(self, channel, *_):
        self.mouse_mode = channel.get_property("mouse-mode")

    def _primary_create(self, _channel, _format, width, height, stride, _shmid, address, number):
        self.displays[number] = (width, height, stride, address)

    def run_until(self, condition, seconds, what):
        context = GLib.MainContext.default()
        deadline = time.monotonic() + seconds
        while True:
            while context.iteration(False):
                pass
            value = condition()
            if value:
                return value
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {seconds} s: {what}; the client saw {self.events[-10:]}")
            time.sleep(0.005)

    def run_for(self, seconds):
        end = time.monotonic() + seconds
        self.run_until(lambda: time.monotonic() >= end, seconds + 5, "the end of a pause")

    def wait_for_display(self, number=0, seconds=10):
        self.run_until(lambda: number in self.marked and number in self.displays, seconds, f"display {number}")

    def wait_for_inputs(self, seconds=10):
        self.run_until(lambda: (3, "opened") in self.events, seconds, "the inputs channel")

    def reconnect_display(self, number):
        """The session stays, and with it what it keeps. A surface of the same size stays, too: black, to be drawn anew."""
        channel = self.display_channels[number]
        self.marked.discard(number)
        channel.disconnect(SpiceClientGLib.ChannelEvent.CLOSED)
        self.run_for(0.3)
        _width, height, stride, address = self.displays[number]
        ctypes.memset(address, 0, stride * height)
        channel.connect()
        self.wait_for_display(number)

    def picture(self, number=0):
        """RGB pixels as (width, height, bytes); None before there is a surface."""
        if number not in self.displays:
            return None
        width, height, stride, address = self.displays[number]
        raw = ctypes.string_at(address, stride * height)
        rows = b"".join(raw[y * stride:y * stride + width * 4] for y in range(height))
        out = bytearray(width * height * 3)
        out[0::3], out[1::3], out[2::3] = rows[2::4], rows[1::4], rows[0::4]
        return width, height, bytes(out)

    def shows(self, picture, number=0):
        return self.picture(number) == (picture.width, picture.height, picture.pixels)

    def differs(self, picture, number=0):
        """By how much, in the worst channel of the worst pixel; 256 when the size is another one."""
        shown = self.picture(number)
        if shown is None or shown[:2] != (picture.width, picture.height):
            return 256
        if shown[2] == picture.pixels:
            return 0
        return max(abs(a - b) for a, b in zip(shown[2], picture.pixels))

    def type(self, text):
        for c in text:
            self.inputs.key_press(SCANCODES[c])
            self.run_for(0.02)
            self.inputs.key_release(SCANCODES[c])
            self.run_for(0.05)

    @property
    def connected(self):
        return "disconnected" not in self.events and not any(
            isinstance(e, tuple) and e[0] == 1 and e[1] != "opened" for e in self.events)

    def close(self):
        self.session.disconnect()
        for _ in range(50):
            if not GLib.MainContext.default().iteration(False):
                break
