# SPDX-License-Identifier: BSD-3-Clause
"""Both ends of a smartcard device: clients with a card, and the reader of a VM. Facts: libcacard's vscard_common.h,
ISO 7816-4, and NIST IR 6887 for what a Common Access Card does, which libcacard emulates."""
import os
import socket
import struct
import subprocess
import sys
import threading

import agent_link
from raw_channel import DATA, SMARTCARD
from saffron_system import wait_until

# VSCMsgType
INIT, ERROR, READER_ADD, READER_REMOVE, ATR, CARD_REMOVE, APDU = range(1, 8)
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


class CardDatabase:
    """An NSS database with three keys and their self-signed certificates, of which a card in software is made."""

    names = ["identity", "signature", "encryption"]

    def __init__(self, test):
        directory = test.path("certificates")
        os.mkdir(directory)
        self.place = f"sql:{directory}"
        noise = test.write("noise", os.urandom(1024).hex())
        for number, name in enumerate(self.names, 1):
            self._certutil("-S", "-x", "-n", name, "-s", f"CN={name}", "-t", "CT,CT,CT", "-g", "2048", "-z", noise,
                           "-m", str(number), "--empty-password")

    def certificate(self, name):
        """DER."""
        return self._certutil("-L", "-n", name, "-r")

    def modulus(self, name):
        """Of the RSA key."""
        run = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-modulus"], input=self.certificate(name),
                             capture_output=True, check=True)
        return int(run.stdout.strip().removeprefix(b"Modulus="), 16)

    def _certutil(self, *arguments):
        return subprocess.run(["certutil", "-d", self.place, *arguments], check=True, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=60).stdout


class CardClient:
    """A process of software_card_client.py, and what it says."""

    def __init__(self, test, vm, database):
        # What the library takes for a defect of its peer, it warns of: then the client is to end.
        environment = dict(os.environ, G_DEBUG="fatal-warnings")
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "software_card_client.py")
        self.process = subprocess.Popen(
            [sys.executable, "-B", program, f"spice://127.0.0.1:{vm.saffron.port()}", vm.password or "", database.place,
             *database.names], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self.said = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        test.addCleanup(self.end)
        self.wait_for(f"channel {SMARTCARD} opened")
        self.wait_for("reader-added")
        self.wait_for("card-inserted")

    def _read(self):
        for line in self.process.stdout:
            self.said.append(line.strip())

    def wait_for(self, line, count=1):
        wait_until(lambda: self.said.count(line) >= count, 20, f"a client that says '{line}'")

    def remove_card(self):
        self._tell("remove", "card-removed")

    def insert_card(self):
        self._tell("insert", "card-inserted")

    def disconnect(self):
        """The process stays, for another session."""
        self._tell("disconnect", "disconnected")

    def connect(self):
        """A session after the first: it only inserts the card, into the reader of the first, and signals nothing."""
        self._tell("connect", f"channel {SMARTCARD} opened")

    def _tell(self, command, answer):
        count = self.said.count(answer)
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        self.wait_for(answer, count + 1)

    def end(self):
        """Disconnects in order."""
        if self.process.stdin.closed:
            return
        self.process.stdin.close()
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self.reader.join(5)
        self.process.stdout.close()
        assert code == 0, (code, self.said)


class CardReader:
    """QEMU's ccid-card-passthru and the guest behind it, on a socket that Saffron listens on while a client has the
    reader."""

    def __init__(self, test, path):
        self.connection = socket.socket(socket.AF_UNIX)
        test.addCleanup(self.connection.close)
        wait_until(lambda: self._connect(path), 20, f"a listener on {path}")
        self.connection.settimeout(20)

    def _connect(self, path):
        try:
            self.connection.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True

    def send(self, kind, payload=b""):
        self.connection.sendall(struct.pack(">III", kind, 0, len(payload)) + payload)

    def receive(self):
        """(type, payload) of the next message, which is answered as QEMU does."""
        message, reader, size = struct.unpack(">III", agent_link.receive_exactly(self.connection, 12))
        assert reader == 0, reader
        payload = agent_link.receive_exactly(self.connection, size)
        if message in (READER_ADD, ATR, CARD_REMOVE):
            self.send(ERROR, bytes(4))
        return message, payload

    def closed(self):
        return self.connection.recv(1) == b""

    # -- what a guest does with a card --

    def command(self, head, data=b"", expected=None):
        """An APDU, and as many more as it takes to have all of the answer: (answer, status)."""
        self.send(APDU, bytes.fromhex(head) + (bytes([len(data)]) + data if data else b"") +
                  (bytes([expected & 0xff]) if expected else b""))
        kind, answer = self.receive()
        # The library announces a card twice when its channel opens before the card is made.
        while kind == ATR:
            kind, answer = self.receive()
        assert kind == APDU, (kind, answer)
        answer, status = answer[:-2], answer[-2:]
        if status[0] != 0x61:
            return answer, status.hex()
        rest, last = self.command("00c00000", expected=status[1] or 256)  # GET RESPONSE
        return answer + rest, last

    def select(self, applet):
        return self.command("00a40400", bytes.fromhex(applet))

    def read_values(self):
        """The selected object's, READ BUFFER by READ BUFFER; their length is in front of them."""
        length = int.from_bytes(self._read(0, 2), "little")
        values = b""
        while len(values) < length:
            values += self._read(2 + len(values), min(255, length - len(values)))
        return values

    def _read(self, offset, size):
        answer, status = self.command(f"8052{offset:04x}", bytes([2, size]))
        assert (len(answer), status) == (size, "9000"), (answer, status)
        return answer

    def use_key(self, number):
        """What the selected object's private RSA key of 2048 bits makes of a number: SIGN/DECRYPT, in two parts."""
        data = number.to_bytes(256, "big")
        assert self.command("80428000", data[:128]) == (b"", "9000")
        answer, status = self.command("80420000", data[128:])
        assert (len(answer), status) == (256, "9000"), (answer, status)
        return int.from_bytes(answer, "big")
