#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Bad input closes what it came through, with one log line and a counter, and disturbs nothing else.

A bystander is connected all the time; when everything has been thrown at the daemon the bystander is still there, and a
real client sees the demo's picture.
"""
import os
import random
import socket
import struct
import time
import unittest

import saffron_system as system

MAIN, DISPLAY, INPUTS, CURSOR = 1, 2, 3, 4
INVALID_MAGIC, INVALID_DATA, VERSION_MISMATCH = 2, 3, 4


def error_reply(error):
    return struct.pack("<4s3I", b"REDQ", 2, 2, 178) + struct.pack("<I", error) + bytes(174)


class HostileInput(system.SystemTest):
    def setUp(self):
        super().setUp()
        self.own = self.path("own.ppm")
        self.saffron = self.daemon("demo", "--still", "--port", "0", "--picture", self.own)
        self.port = self.saffron.port()
        self.bystander, error = system.raw_link(self.port)
        self.assertEqual(error, 0)
        self.addCleanup(self.bystander.close)

    def tearDown(self):
        if self.saffron.process.poll() is None:
            shot = system.screenshot(self, port=self.port)
            self.assertEqual(shot.differing(system.Picture(self.own)), 0)
            self.bystander.setblocking(False)
            try:
                while self.bystander.recv(65536):
                    pass
                self.fail("the bystander was disconnected")
            except BlockingIOError:
                pass
        super().tearDown()

    def session(self):
        """A main channel and the session id that INIT told it."""
        connection, error = system.raw_link(self.port)
        self.assertEqual(error, 0)
        self.addCleanup(connection.close)
        while True:
            kind, size = struct.unpack("<HI", system.receive(connection, 6))
            body = system.receive(connection, size)
            if kind == 103:
                return connection, struct.unpack_from("<I", body)[0]

    def channel(self, kind):
        """A channel of a fresh client: (its socket, its main channel)."""
        main, session = self.session()
        if kind == MAIN:
            return main, main
        connection, error = system.raw_link(self.port, channel=kind, connection=session)
        self.assertEqual(error, 0)
        self.addCleanup(connection.close)
        return connection, main

    def assert_closed(self, connection, seconds=5):
        connection.settimeout(seconds)
        try:
            while connection.recv(65536):
                pass
        except ConnectionResetError:
            pass

    # -- the link stage --

    def test_error_replies_are_the_reference_s_byte_for_byte(self):
        good = system.link_message()
        cases = [
            (b"GET / HTTP/1.0\r\n\r\n", error_reply(INVALID_MAGIC)),
            (struct.pack("<4s3I", b"REDQ", 1, 0, 18), error_reply(VERSION_MISMATCH)),
            (struct.pack("<4s3I", b"REDQ", 0, 0, 18), b""),
            (struct.pack("<4s3I", b"REDQ", 2, 2, 17), error_reply(INVALID_DATA)),
            (struct.pack("<4s3I", b"REDQ", 2, 2, 4097), error_reply(INVALID_DATA)),
            (good[:16] + good[16:22] + struct.pack("<III", 1025, 0, 18) + good[34:], error_reply(INVALID_DATA)),
            (good[:16] + good[16:22] + struct.pack("<III", 1, 0, 19) + good[34:], error_reply(INVALID_DATA)),
            (good[:16] + good[16:22] + struct.pack("<III", 1, 0, 17) + good[34:], error_reply(INVALID_DATA)),
            (system.link_message(channel=200), b""),
        ]
        before = self.saffron.counter("links_failed")
        for sent, expected in cases:
            with socket.create_connection(("127.0.0.1", self.port)) as connection:
                connection.sendall(sent)
                self.assertEqual(system.receive(connection, 500, seconds=5), expected, sent)
        self.assertEqual(self.saffron.counter("links_failed"), before + len(cases))
        self.saffron.wait_for_line("refused: its first bytes are not the SPICE magic")

    def test_vnc_clients_hear_at_once_that_they_are_wrong(self):
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            connection.sendall(b"RFB ")
            self.assertEqual(system.receive(connection, 500, seconds=2), error_reply(INVALID_MAGIC))

    def test_a_link_may_arrive_in_any_pieces(self):
        for seed in range(20):
            pieces = random.Random(seed)
            with socket.create_connection(("127.0.0.1", self.port)) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

                def send(data):
                    while data:
                        n = pieces.randint(1, len(data))
                        connection.sendall(data[:n])
                        data = data[n:]
                        if pieces.random() < 0.3:
                            time.sleep(0.002)

                send(system.link_message())
                reply = system.receive(connection, 16)
                reply = system.receive(connection, struct.unpack("<4I", reply)[3])
                # After the ticket the first messages follow at once, in one piece with it.
                send(struct.pack("<I", 1) + system.encrypt_ticket(reply[4:166], "") + struct.pack("<HI", 104, 0))
                self.assertEqual(system.receive(connection, 4), bytes(4))
                seen = set()
                while 104 not in seen:
                    kind, size = struct.unpack("<HI", system.receive(connection, 6))
                    system.receive(connection, size)
                    seen.add(kind)
                self.assertIn(103, seen)

    def test_2000_connects_that_say_nothing_keep_no_client_out(self):
        silent = []
        try:
            for _ in range(2000):
                connection = socket.socket()
                connection.setblocking(False)
                connection.connect_ex(("127.0.0.1", self.port))
                silent.append(connection)
            started = time.monotonic()
            connection, error = system.raw_link(self.port)
            self.assertLess(time.monotonic() - started, 1)
            self.assertEqual(error, 0)
            connection.close()
            with open(f"/proc/{self.saffron.process.pid}/limits") as f:
                self.assertTrue(any(line.startswith("Max open files") for line in f))
            open_files = len(os.listdir(f"/proc/{self.saffron.process.pid}/fd"))
            self.assertLess(open_files, 64 + 100)  # half-open links of one address, and what the daemon has itself
        finally:
            for connection in silent:
                connection.close()

    def test_a_silent_link_is_cut_after_its_time(self):
        saffron = self.daemon("demo", "--still", "--port", "0", "--link-timeout", "1")
        with socket.create_connection(("127.0.0.1", saffron.port())) as connection:
            started = time.monotonic()
            self.assertEqual(system.receive(connection, 1, seconds=5), b"")
            self.assertGreater(time.monotonic() - started, 0.9)
        saffron.wait_for_line("timed out")

    # -- the channels --

    def refuse(self, kind, data, pattern):
        connection, main = self.channel(kind)
        before = self.saffron.counter("messages_refused")
        count = len(self.saffron.lines(pattern))
        connection.sendall(data)
        self.assert_closed(connection)
        self.saffron.wait_for_lines(pattern, count + 1)
        self.assertEqual(self.saffron.counter("messages_refused"), before + 1)
        if kind != MAIN:  # the client itself lives on
            main.sendall(struct.pack("<HI", 104, 0))
            self.assertTrue(system.receive(main, 6))

    def test_unknown_messages_close_their_channel(self):
        for kind in (MAIN, DISPLAY, INPUTS, CURSOR):
            self.refuse(kind, struct.pack("<HI", 0xffff, 4) + b"junk", "bad message .type 65535, 4 bytes.: unknown")

    def test_truncated_messages_close_their_channel(self):
        for kind, message in ((MAIN, 105), (DISPLAY, 101), (INPUTS, 111)):
            self.refuse(kind, struct.pack("<HI", message, 1) + b"x", f"bad message .type {message}, 1 bytes.: malformed")
        for kind in (MAIN, DISPLAY, INPUTS, CURSOR):
            self.refuse(kind, struct.pack("<HI", 1, 2) + b"xx", "bad message .type 1, 2 bytes.: malformed")

    def test_oversized_messages_close_their_channel_before_they_are_read(self):
        for kind in (MAIN, DISPLAY, INPUTS, CURSOR):
            self.refuse(kind, struct.pack("<HI", 101, 0x7fffffff), "larger than")

    def test_messages_at_the_wrong_time_close_their_channel(self):
        flush_mark = struct.pack("<HI", 4, 0)  # nothing is migrating; the reference aborted
        for kind in (MAIN, DISPLAY, INPUTS, CURSOR):
            self.refuse(kind, flush_mark, "bad message .type 4, 0 bytes.: message not allowed now")
        init = struct.pack("<HIBqBi", 101, 14, 1, 1 << 20, 1, -5)
        self.refuse(DISPLAY, init + init, "bad message .type 101, 14 bytes.: message not allowed now")

    def test_random_garbage_on_every_channel(self):
        for seed in range(12):
            kind = (MAIN, DISPLAY, INPUTS, CURSOR)[seed % 4]
            noise = random.Random(seed)
            connection, _ = self.channel(kind)
            try:
                connection.sendall(b"\xff" + noise.randbytes(20000))
            except OSError:
                pass
            self.assert_closed(connection)


if __name__ == "__main__":
    system.main()
