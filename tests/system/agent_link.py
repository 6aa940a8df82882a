# SPDX-License-Identifier: BSD-3-Clause
"""A bare socket on the guest agent's port: what a SPICE server is to the agent (spice-protocol's vd_agent.h)."""
import hashlib
import socket
import struct

import saffron_system as system

(MOUSE_STATE, MONITORS_CONFIG, REPLY, CLIPBOARD, DISPLAY_CONFIG, CAPABILITIES, GRAB, REQUEST, RELEASE, FILE_START,
 FILE_STATUS, FILE_DATA, CLIENT_DISCONNECTED, MAX_CLIPBOARD) = range(1, 15)
CLIENT_PORT, SERVER_PORT = 1, 2
CAN_SEND, CANCELLED, ERROR, SUCCESS, NOT_ENOUGH_SPACE = range(5)
PIECE = 2048


def words(*values):
    return struct.pack(f"<{len(values)}I", *values)


def connect(path, seconds=10):
    """A unix socket, once somebody listens there."""
    def attempt():
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
        except OSError:
            connection.close()
            return None
        return connection
    connection = system.wait_until(attempt, seconds, f"somebody who listens on {path}")
    connection.settimeout(20)
    return connection


def receive_exactly(connection, size):
    data = bytearray()
    while len(data) < size:
        more = connection.recv(min(size - len(data), 1 << 20))
        if not more:
            raise AssertionError(f"the peer closed after {len(data)} of {size} bytes")
        data += more
    return bytes(data)


class AgentLink:
    def __init__(self, test, path):
        self.connection = connect(path)
        test.addCleanup(self.connection.close)
        self.stream = b""

    def send(self, kind, body=b"", port=CLIENT_PORT):
        whole = struct.pack("<IIQI", 1, kind, 0, len(body)) + body
        self.connection.sendall(b"".join(
            words(port, len(piece)) + piece for piece in (whole[at:at + PIECE] for at in range(0, len(whole), PIECE))))

    def _more(self):
        port, size = struct.unpack("<II", receive_exactly(self.connection, 8))
        if port != CLIENT_PORT or size > PIECE:
            raise AssertionError(f"the agent sent a chunk of {size} bytes for port {port}")
        self.stream += receive_exactly(self.connection, size)

    def receive(self, expected):
        """The body of the next message, which must be of this type."""
        while len(self.stream) < 20:
            self._more()
        protocol, kind, _, size = struct.unpack_from("<IIQI", self.stream)
        if (protocol, kind) != (1, expected):
            raise AssertionError(f"a message of type {kind} (protocol {protocol}), not {expected}")
        pieces = [self.stream[20:]]
        left = size - len(pieces[0])
        while left > 0:
            self.stream = b""
            self._more()
            pieces.append(self.stream)
            left -= len(self.stream)
        body = b"".join(pieces)
        self.stream = body[size:]
        return body[:size]

    def send_file(self, number, name, contents):
        """Up to the agent's last word; the statuses that it gave."""
        self.send(FILE_START, words(number) + f"[vdagent-file-xfer]\nname={name}\nsize={len(contents)}\n".encode())
        statuses = [self.status(number)]
        if statuses[0] != CAN_SEND:
            return statuses
        for at in range(0, len(contents), 65536):
            piece = contents[at:at + 65536]
            self.send(FILE_DATA, words(number, len(piece), 0) + piece)
        return statuses + [self.status(number)]

    def status(self, number):
        identity, status = struct.unpack_from("<II", self.receive(FILE_STATUS))
        if identity != number:
            raise AssertionError(f"a status of file {identity}, not {number}")
        return status


def sha256(data):
    return hashlib.sha256(data).hexdigest()
