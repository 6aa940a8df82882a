# SPDX-License-Identifier: BSD-3-Clause
"""A SPICE client of bare sockets, for what no library says: channels that send bytes as the test wants them."""
import struct

import saffron_system as system

MAIN, USBREDIR, SMARTCARD = 1, 9, 8
SET_ACK, PING, NOTIFY = 3, 4, 7
ACK_SYNC, ACK, PONG = 1, 2, 3
INIT, CHANNELS_LIST, ATTACH_CHANNELS = 103, 104, 104
DATA = 101  # of ports, USB and smartcards, in both directions


class RawChannel:
    """One link, with mini headers. Answers the duties of every channel while it waits for other messages."""

    def __init__(self, test, vm, **message):
        self.connection, error = system.raw_link(vm.saffron.port(), vm.password or "", **message)
        test.addCleanup(self.connection.close)
        test.assertEqual(error, 0)
        self._window = self._seen = 0

    def send(self, kind, body=b""):
        self.connection.sendall(struct.pack("<HI", kind, len(body)) + body)

    def receive(self, seconds=20):
        """(type, body) of the next message that is no duty; None when the server has closed."""
        while True:
            head = system.receive(self.connection, 6, seconds)
            if len(head) < 6:
                return None
            kind, size = struct.unpack("<HI", head)
            body = system.receive(self.connection, size, seconds)
            self._count()
            if kind == SET_ACK:
                generation, self._window = struct.unpack("<II", body)
                self._seen = 0
                self.send(ACK_SYNC, struct.pack("<I", generation))
            elif kind == PING:
                self.send(PONG, body[:12])
            elif kind != NOTIFY:
                return kind, body

    def _count(self):
        self._seen += 1
        if self._window and self._seen % self._window == 0:
            self.send(ACK)

    def closed(self, seconds=20):
        """Waits for the end, which a server may make with what was not read."""
        try:
            while self.receive(seconds):
                pass
        except ConnectionResetError:
            pass
        return True


class RawClient:
    """The main channel, which others belong to."""

    def __init__(self, test, vm):
        self.test, self.vm = test, vm
        self.main = RawChannel(test, vm)
        while (message := self.main.receive())[0] != INIT:
            pass
        self.session = struct.unpack_from("<I", message[1])[0]

    def channels(self):
        """(type, id) of all that the server has."""
        self.main.send(ATTACH_CHANNELS)
        while (message := self.main.receive())[0] != CHANNELS_LIST:
            pass
        count = struct.unpack_from("<I", message[1])[0]
        return [struct.unpack_from("<BB", message[1], 4 + 2 * i) for i in range(count)]

    def open(self, kind, number=0):
        return RawChannel(self.test, self.vm, channel=kind, channel_id=number, connection=self.session)
