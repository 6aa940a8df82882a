#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Smartcards and USB devices of a client that is made of bare sockets: the demo's guest reads a card, QEMU's card reader
and USB redirection answer, and what is malformed never reaches QEMU."""
import struct

import saffron_system as system
from device_system import AGENT, Demo, DeviceTest, Machine
from raw_channel import DATA, SMARTCARD, USBREDIR, RawClient
from smartcards import APDU, ATR, CANNOT_ADD, CARD_REMOVE, GENERAL_ERROR, NO_READER, READER_REMOVE, RawCard

ANSWER_TO_RESET = bytes.fromhex("3b021450")

# usbredirproto.h
HELLO, DEVICE_CONNECT, INTERFACE_INFO, EP_INFO = 0, 1, 4, 5


def packet(kind, body=b"", number=0):
    """With ids of 4 bytes, as before both hellos and with sides that know no others."""
    return struct.pack("<III", kind, len(body), number) + body


class Cards(DeviceTest):
    def usb_machine(self):
        return Machine(self, "-device", "nec-usb-xhci,id=xhci", "-chardev", "dbus,id=usb1,name=org.qemu.usbredir.1",
                       "-device", "usb-redir,bus=xhci.0,chardev=usb1", ports=(AGENT,))

    def usb_channel(self, client):
        system.wait_until(lambda: (USBREDIR, 0) in client.channels(), 10, "the USB channel")
        return client.open(USBREDIR)

    def hello(self, channel):
        """QEMU's hello, answered: the bits that it announced."""
        data = b""
        while len(data) < 12 or len(data) < 12 + struct.unpack_from("<I", data, 4)[0]:
            kind, body = channel.receive()
            self.assertEqual(kind, DATA)
            data += body
        kind, size, _ = struct.unpack_from("<III", data)
        self.assertEqual(kind, HELLO)
        self.assertEqual(len(data), 12 + size)
        self.assertIn(b"qemu", data[12:76])
        channel.send(DATA, packet(HELLO, b"a test".ljust(64, b"\0") + struct.pack("<I", 0)))
        return struct.unpack_from("<I", data, 76)[0]

    def test_the_demos_guest_reads_a_clients_card(self):
        vm = Demo(self)
        client = RawClient(self, vm)
        self.assertIn((SMARTCARD, 0), client.channels())
        card = RawCard(client)
        self.assertEqual(card.add(), (0, 0))
        card.send(ATR, 0, ANSWER_TO_RESET)
        self.assertEqual(card.code(), (0, 0))
        for answer in (bytes.fromhex("6f009000"), bytes.fromhex("6a88")):
            message, reader, command = card.receive()
            self.assertEqual((message, reader), (APDU, 0))
            self.assertGreaterEqual(len(command), 4)
            card.send(APDU, 0, answer)
            vm.saffron.wait_for_line(f"the card answers {answer.hex()}")
        card.send(CARD_REMOVE, 0)
        self.assertEqual(card.code(), (0, 0))

        with self.subTest("a second client has no reader while the first one is there"):
            other = RawCard(RawClient(self, vm))
            self.assertEqual(other.add(), (NO_READER, CANNOT_ADD))
            card.channel.connection.close()
            system.wait_until(lambda: other.add() == (0, 0), 10, "the reader for the second client")

    def test_the_card_reader_of_qemu_answers(self):
        vm = Machine(self, "-device", "nec-usb-xhci,id=xhci", "-device", "usb-ccid,bus=xhci.0",
                     "-chardev", "dbus,id=card1,name=org.qemu.smartcard.1",
                     "-device", "ccid-card-passthru,chardev=card1", ports=(AGENT,))
        client = RawClient(self, vm)
        system.wait_until(lambda: (SMARTCARD, 0) in client.channels(), 10, "the smartcard channel")
        card = RawCard(client)
        with self.subTest("a reader and a card"):
            self.assertEqual(card.add(), (0, 0))
            card.send(ATR, 0, ANSWER_TO_RESET)
            self.assertEqual(card.code(), (0, 0))
            card.send(CARD_REMOVE, 0)
            self.assertEqual(card.code(), (0, 0))
        with self.subTest("a reader that is not there"):
            card.send(READER_REMOVE, 3)
            self.assertEqual(card.code(), (3, GENERAL_ERROR))
        with self.subTest("the next client has a reader of its own"):
            card.channel.connection.close()
            other = RawCard(RawClient(self, vm))
            system.wait_until(lambda: other.add() == (0, 0), 10, "the reader for the second client")
            other.send(ATR, 0, ANSWER_TO_RESET)
            self.assertEqual(other.code(), (0, 0))
        self.assertTrue(vm.qmp.command("query-status")["running"])

    def test_usb_redirection_of_qemu_says_hello_to_one_client_after_the_other(self):
        vm = self.usb_machine()
        for _ in range(3):
            client = RawClient(self, vm)
            channel = self.usb_channel(client)
            self.assertNotEqual(self.hello(channel), 0)
            # A device, which QEMU has no quarrel with: no endpoints, one interface of a vendor's own.
            endpoints = bytes([255] * 32) + bytes(32) + bytes(32)
            channel.send(DATA, packet(EP_INFO, endpoints))
            channel.connection.close()
            client.main.connection.close()
            vm.saffron.wait_for_line("disconnected")
        self.assertTrue(vm.qmp.command("query-status")["running"])

    def test_a_malformed_packet_is_refused_and_qemu_lives_on(self):
        vm = self.usb_machine()
        malformed = {
            "a type that there is not": packet(77, b"abc"),
            "a packet for the client": packet(3),
            "a fixed part that is too short": packet(DEVICE_CONNECT, b"ab"),
            "a length of 2 GiB": struct.pack("<III", 101, 1 << 31, 0),
            "a bulk packet that claims more than it has": packet(101, struct.pack("<BBHI", 0x81, 0, 0xffff, 0) + b"x"),
        }
        for what, data in malformed.items():
            with self.subTest(what):
                client = RawClient(self, vm)
                channel = self.usb_channel(client)
                self.hello(channel)
                channel.send(DATA, data)
                self.assertTrue(channel.closed())
                client.main.connection.close()
                self.assertTrue(vm.qmp.command("query-status")["running"])
        client = RawClient(self, vm)
        self.assertNotEqual(self.hello(self.usb_channel(client)), 0)


if __name__ == "__main__":
    system.main()
