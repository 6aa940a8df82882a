# SPDX-License-Identifier: BSD-3-Clause
"""A client's end of a smartcard device. Facts: libcacard's vscard_common.h."""
import struct

from raw_channel import DATA, SMARTCARD

# VSCMsgType
ERROR, READER_ADD, READER_REMOVE, ATR, CARD_REMOVE, APDU = range(2, 8)
NO_READER = 0xffffffff
GENERAL_ERROR, CANNOT_ADD = 1, 2


class RawCard:
    """A reader with a card on the smartcard channel of a raw client."""

    def __init__(self, client):
        self.channel = client.open(SMARTCARD)

    def send(self, kind, reader, payload=b""):
        self.channel.send(DATA, struct.pack("<III", kind, reader, len(payload)) + payload)

    def receive(self):
        """(type, reader, payload)"""
        kind, body = self.channel.receive()
        assert kind == DATA, kind
        message, reader, size = struct.unpack_from("<III", body)
        assert len(body) == 12 + size, body
        return message, reader, body[12:]

    def code(self):
        """(reader, code) of an error, or of a success, which is code 0."""
        message, reader, payload = self.receive()
        assert message == ERROR, message
        return reader, int.from_bytes(payload, "little")

    def add(self):
        self.send(READER_ADD, NO_READER, b"a reader")
        return self.code()
