#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""A real client sees the demo's own picture, pixel by pixel: raw and LZ4; plain, TLS with the authority checked, unix.

The demo stands still and writes the picture it drew to a file; spicy-screenshot (spice-gtk) connects and writes what it
was shown; both files hold the same pixels.
"""
import os
import unittest

import saffron_system as system


class StillPicture(system.SystemTest):
    def demo(self, *arguments, **keywords):
        own = self.path("own.ppm")
        daemon = self.daemon("demo", "--still", "--picture", own, *arguments, **keywords)
        return daemon, lambda: system.Picture(system.wait_until(lambda: os.path.exists(own) and own, 10, "own picture"))

    def check(self, shot, own):
        self.assertEqual(shot.size, (1024, 768))
        self.assertEqual(shot.size, own.size)
        self.assertEqual(shot.differing(own), 0)
        # A picture of one colour would be equal to many a wrong one.
        self.assertGreater(len(set(own.pixels[i:i + 3] for i in range(0, len(own.pixels), 3))), 100)

    def test_lz4_over_plain_tcp(self):
        daemon, own = self.demo("--port", "0", "--image-compression", "lz4")
        self.check(system.screenshot(self, port=daemon.port()), own())
        self.assertGreater(daemon.counter("images_encoded"), 0)

    def test_raw_over_plain_tcp(self):
        daemon, own = self.demo("--port", "0", "--image-compression", "off")
        self.check(system.screenshot(self, port=daemon.port()), own())
        self.assertEqual(daemon.counter("images_encoded"), 0)

    def test_tls_with_the_authority_checked(self):
        files = system.make_certificates(self)
        daemon, own = self.demo("--tls-listen", "127.0.0.1:0", "--port", "0", "--tls-cert", files["cert"],
                                "--tls-key", files["key"], listeners=2)
        port = daemon.wait_for_line(r"listening on \S+ with TLS").split("listening on ")[1].split()[0].rsplit(":", 1)[1]
        self.check(system.screenshot(self, uri=f"spice://127.0.0.1?tls-port={port}", authority=files["ca"]), own())
        daemon.wait_for_line(r"connected from \S+ with TLS")

    def test_tls_with_a_foreign_authority_shows_nothing(self):
        files = system.make_certificates(self)
        foreign = system.make_certificates(self, name="foreign")
        daemon, _ = self.demo("--tls-listen", "127.0.0.1:0", "--port", "0", "--tls-cert", files["cert"],
                              "--tls-key", files["key"], listeners=2)
        port = daemon.wait_for_line(r"listening on \S+ with TLS").split("listening on ")[1].split()[0].rsplit(":", 1)[1]
        with self.assertRaisesRegex(AssertionError, "certificate verif"):
            system.screenshot(self, uri=f"spice://127.0.0.1?tls-port={port}", authority=foreign["ca"])

    def test_unix_socket(self):
        path = self.path("demo.sock")
        _, own = self.demo("--listen", f"unix:{path}")
        self.check(system.screenshot(self, uri=f"spice+unix://{path}"), own())

    def test_the_printed_line_is_one_that_works(self):
        daemon, _ = self.demo("--port", "0")
        line = system.wait_until(lambda: daemon.out and daemon.out[0], 10, "a line on standard output").strip()
        self.assertEqual(line, f"remote-viewer spice://127.0.0.1:{daemon.port()}")


if __name__ == "__main__":
    system.main()
