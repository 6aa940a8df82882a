#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""A client whose smartcard works: spice-client-glib with a card made of certificates. The demo's guest and QEMU's reader
take it, and a guest reads the certificate and uses its key."""
import secrets

import saffron_system as system
from device_system import AGENT, Demo, DeviceTest, Machine
from raw_channel import RawClient
from smartcards import (APDU, ATR, CARD_REMOVE, ERROR, INIT, READER_ADD, READER_REMOVE, CardClient, CardDatabase,
                        CardReader, RawCard)

# Applets of a Common Access Card: what it can do, and its first key with the certificate.
CAPABILITIES, FIRST_KEY, NO_APPLET = "a000000116db00", "a0000000790100", "a00000ffff"
DONE, NOT_FOUND, NOT_ALLOWED = "9000", "6a82", "6900"
PUBLIC_EXPONENT = 65537
ANSWER = 16  # bytes of a message with an error code


class SoftwareCards(DeviceTest):
    def setUp(self):
        super().setUp()
        self.database = CardDatabase(self)

    def device(self, vm, number=0):
        """What the status tells about a smartcard device."""
        return [d for d in vm.saffron.status()["vms"][0]["devices"] if d["kind"] == "smartcard"][number]

    def wait_until_free(self, vm, number=0):
        system.wait_until(lambda: self.device(vm, number)["clients"] == 0, 20, "a reader without a client")

    def test_the_demos_guest_asks_a_card_of_certificates(self):
        vm = Demo(self)

        def wait_for_answers(count):
            # Each card that is announced is asked twice: SELECT without a name, and GET DATA.
            for status in (NOT_FOUND, NOT_ALLOWED):
                vm.saffron.wait_for_lines(f"the card answers {status}$", count, seconds=20)

        client = CardClient(self, vm, self.database)
        wait_for_answers(1)
        self.assertEqual(self.device(vm)["clients"], 1)
        with self.subTest("a card that comes back is asked again"):
            # The library may have announced the first one twice; the third answers are another one's.
            for count in (2, 3):
                client.remove_card()
                client.insert_card()
                wait_for_answers(count)

        def answers_when_sessions_have_ended(count):
            self.wait_until_free(vm)
            vm.saffron.wait_for_lines("disconnected", count)
            return len(vm.saffron.lines(f"the card answers {NOT_ALLOWED}$"))

        with self.subTest("and so is the card of a second session in the same process"):
            client.disconnect()
            before = answers_when_sessions_have_ended(1)
            client.connect()
            wait_for_answers(before + 1)
            self.assertEqual(self.device(vm)["clients"], 1)
        with self.subTest("and so is the next client's card, when the first client has gone"):
            client.end()
            before = answers_when_sessions_have_ended(2)
            CardClient(self, vm, self.database)
            wait_for_answers(before + 1)

    def test_a_guest_reads_the_certificate_and_uses_its_key(self):
        path = self.path("card.sock")
        vm = Demo(self, "--char-device", f"smartcard=unix-listen:{path}")
        # The demo's own reader is the first one, so that this client's card gets the second.
        self.assertEqual(RawCard(RawClient(self, vm)).add(), (0, 0))
        client = CardClient(self, vm, self.database)
        reader = CardReader(self, path)
        reader.send(INIT, bytes.fromhex("56534344000000020000000100000000"))  # no client is to hear it
        self.assertEqual(reader.receive(), (READER_ADD, b""))
        kind, answer_to_reset = reader.receive()
        self.assertEqual((kind, answer_to_reset[0]), (ATR, 0x3b))

        with self.subTest("applets"):
            answer, status = reader.select(CAPABILITIES)
            self.assertEqual(status, DONE)
            self.assertIn(bytes.fromhex(CAPABILITIES), answer)
            self.assertEqual(reader.select(NO_APPLET), (b"", NOT_FOUND))
        with self.subTest("the certificate"):
            self.assertEqual(reader.select(FIRST_KEY)[1], DONE)
            self.assertIn(self.database.certificate(self.database.names[0]), reader.read_values())
        with self.subTest("the key that belongs to it"):
            modulus = self.database.modulus(self.database.names[0])
            number = secrets.randbelow(modulus)
            self.assertEqual(pow(reader.use_key(number), PUBLIC_EXPONENT, modulus), number)

        with self.subTest("a card that was taken out does not answer"):
            client.remove_card()
            self.assertEqual(reader.receive(), (CARD_REMOVE, b""))
            reader.send(APDU, bytes.fromhex("00a4040000"))
            kind, code = reader.receive()
            self.assertEqual(kind, ERROR)
            self.assertNotEqual(code, bytes(4))
        with self.subTest("a card that comes back does"):
            client.insert_card()
            self.assertEqual(reader.receive(), (ATR, answer_to_reset))
            self.assertEqual(reader.select(CAPABILITIES)[1], DONE)

        def wait_for_the_end():
            self.assertEqual(reader.receive(), (READER_REMOVE, b""))
            self.assertTrue(reader.closed())
            self.wait_until_free(vm, 1)

        with self.subTest("the reader goes with a session, and comes with the next one in the same process"):
            client.disconnect()
            wait_for_the_end()
            client.connect()
            reader = CardReader(self, path)
            news = reader.receive()
            # A guest that comes between the client and its card hears of the card only.
            self.assertEqual(reader.receive() if news == (READER_ADD, b"") else news, (ATR, answer_to_reset))
            self.assertEqual(reader.select(CAPABILITIES)[1], DONE)
        with self.subTest("and with the next client"):
            client.end()
            wait_for_the_end()
            CardClient(self, vm, self.database)
            reader = CardReader(self, path)
            self.assertEqual(reader.receive(), (READER_ADD, b""))
            self.assertEqual(reader.receive(), (ATR, answer_to_reset))
            self.assertEqual(reader.select(CAPABILITIES)[1], DONE)

    def test_the_card_reader_of_qemu_takes_a_card_of_certificates(self):
        # With "debug" it tells on standard output what it hears.
        vm = Machine(self, "-device", "nec-usb-xhci,id=xhci", "-device", "usb-ccid,bus=xhci.0",
                     "-chardev", "dbus,id=card1,name=org.qemu.smartcard.1",
                     "-device", "ccid-card-passthru,chardev=card1,debug=2", ports=(AGENT,))
        system.wait_until(lambda: self.device(vm), 20, "QEMU's reader")

        def wait_for_news(*expected):
            def heard():
                news = [line.split()[1] for line in vm.guest.noise if line.startswith("ccid-card-passthru: VSC_")]
                return news[-len(expected):] == list(expected)
            system.wait_until(heard, 20, f"{expected} in what QEMU heard")

        client = CardClient(self, vm, self.database)
        wait_for_news("VSC_ATR")
        client.remove_card()
        wait_for_news("VSC_ATR", "VSC_CardRemove")
        client.insert_card()
        wait_for_news("VSC_ATR", "VSC_CardRemove", "VSC_ATR")
        # One to each of these, and one to the reader.
        system.wait_until(lambda: self.device(vm)["bytes_from_guest"] >= 4 * ANSWER, 20, "QEMU's answers")
        with self.subTest("a second session in the same process has its card"):
            client.disconnect()
            self.wait_until_free(vm)
            client.connect()
            wait_for_news("VSC_CardRemove", "VSC_ATR", "VSC_ATR")
            # The library waits for an answer before it says more.
            client.remove_card()
            wait_for_news("VSC_ATR", "VSC_ATR", "VSC_CardRemove")
            client.insert_card()
            wait_for_news("VSC_ATR", "VSC_CardRemove", "VSC_ATR")
        client.end()
        self.wait_until_free(vm)
        self.assertTrue(vm.qmp.command("query-status")["running"])


if __name__ == "__main__":
    system.main()
