#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""The worked example of the README, "Add a channel", built as its readers would build it: out of the tree, against the
installed library. Then its program runs, and a raw client moves a pen."""
import os
import re
import shutil
import socket
import struct
import subprocess
import unittest

import saffron_system as system

MAIN, TABLET = 1, 200
INIT, ATTACH_CHANNELS, CHANNELS_LIST, PEN, TOKENS = 103, 104, 104, 101, 101
WINDOW = 8
TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(test, *command, **keywords):
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, **keywords)
    test.assertEqual(done.returncode, 0, f"{' '.join(command)}\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def words(connection):
    """The next message that is no ping or other duty: (type, body)."""
    while True:
        kind, size = struct.unpack("<HI", system.receive(connection, 6))
        body = system.receive(connection, size)
        if kind > 100:
            return kind, body


def say(connection, kind, body=b""):
    connection.sendall(struct.pack("<HI", kind, len(body)) + body)


class Extension(system.SystemTest):
    def build(self):
        """The example's program, and what its own tests said."""
        ours = os.path.dirname(os.path.abspath(system.SAFFRON))
        with open(os.path.join(ours, "CMakeCache.txt"), encoding="utf-8") as f:
            cache = dict(re.findall(r"^(\w+):\w+=(.*)$", f.read(), re.MULTILINE))
        run(self, "cmake", "--install", ours, "--prefix", self.path("installed"))
        shutil.copytree(os.path.join(TREE, "tests", "extension"), self.path("tablet"))
        # As the installed library was built: a sanitizer must be in all parts of a program.
        flags = f"-fsanitize={cache['SAFFRON_SANITIZE']}" if cache.get("SAFFRON_SANITIZE") else ""
        run(self, "cmake", "-S", self.path("tablet"), "-B", self.path("build"), "-G", "Ninja",
            f"-DCMAKE_PREFIX_PATH={self.path('installed')}", f"-DCMAKE_CXX_FLAGS={flags}",
            f"-DSAFFRON_CAF_ARCHIVE={cache.get('SAFFRON_CAF_ARCHIVE', '')}")
        run(self, "cmake", "--build", self.path("build"), "-j", "2")
        run(self, "ctest", "--test-dir", self.path("build"), "--output-on-failure")
        return self.path("build") + "/saffron-tablet"

    def test_the_readme_counts_its_files_and_lines(self):
        folder = os.path.join(TREE, "tests", "extension")
        lines = 0
        for name in os.listdir(folder):
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                lines += len(f.readlines())
        with open(os.path.join(TREE, "README.md"), encoding="utf-8") as f:
            self.assertIn(f"It took {len(os.listdir(folder))} files of {lines} lines", f.read())

    def test_a_channel_of_somebody_else(self):
        program = self.build()
        port_path = self.path("tablet.sock")
        guest = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.addCleanup(guest.close)
        guest.bind(port_path)
        guest.listen(1)
        guest.settimeout(20)
        saffron = self.daemon("demo", "--still", "--port", "0", "--char-device",
                              f"port:org.saffron.tablet.0=unix:{port_path}", program=program)
        main, error = system.raw_link(saffron.port())
        self.assertEqual(error, 0)
        self.addCleanup(main.close)
        kind, body = words(main)
        self.assertEqual(kind, INIT)
        session = struct.unpack_from("<I", body)[0]
        say(main, ATTACH_CHANNELS)
        while True:
            kind, body = words(main)
            if kind == CHANNELS_LIST:
                break
        channels = {(body[4 + 2 * i], body[5 + 2 * i]) for i in range(struct.unpack_from("<I", body)[0])}
        self.assertIn((TABLET, 0), channels)

        tablet, error = system.raw_link(saffron.port(), channel=TABLET, connection=session)
        self.assertEqual(error, 0)
        self.addCleanup(tablet.close)
        self.assertEqual(words(tablet), (TOKENS, struct.pack("<I", WINDOW)))
        connection, _ = guest.accept()
        self.addCleanup(connection.close)
        connection.settimeout(20)

        with self.subTest("pens reach the guest, and their tokens come back"):
            tokens = WINDOW
            for i in range(100):
                say(tablet, PEN, struct.pack("<3H", i, 2 * i, 512))
                tokens -= 1
                while tokens == 0:
                    kind, body = words(tablet)
                    self.assertEqual(kind, TOKENS)
                    tokens += struct.unpack("<I", body)[0]
            expected = "".join(f"pen {i} {2 * i} 512\n" for i in range(100)).encode()
            received = b""
            while len(received) < len(expected):
                part = connection.recv(65536)
                self.assertTrue(part)
                received += part
            self.assertEqual(received, expected)

        with self.subTest("a pen without a token ends the channel and nothing else"):
            pen = struct.pack("<HI3H", PEN, 6, 1, 1, 1)
            try:  # the guest does not read: when its socket is full the window is the limit
                for _ in range(1000):
                    tablet.sendall(pen * 100)
            except OSError:
                pass
            saffron.wait_for_line("gives up client .* data without a token for it")
            say(main, ATTACH_CHANNELS)
            self.assertEqual(words(main)[0], CHANNELS_LIST)


if __name__ == "__main__":
    system.main()
