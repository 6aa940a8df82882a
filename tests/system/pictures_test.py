#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""A real client decodes what Saffron encodes: every form, of every format that guests draw in, of desktops, photos, noise,
single pixels, odd widths and pictures from the bottom up.

The demo shows a slide for each format and writes what it drew to files; spice-client-glib shows the same pixels. Counters
tell that the form under test is what was sent, and that the pictures travelled in their own format.
"""
import unittest

import saffron_system as system
import spice_client

SLIDES = 9
PICTURES = 12  # on a slide
CAPS_LOCK = 0x3a


class Pictures(system.SystemTest):
    def slideshow(self, *arguments, **keywords):
        shots = self.path("slide.ppm")
        daemon = self.daemon("demo", "--port", "0", "--still", "--size", "320x200", "--slideshow", "--picture", shots, *arguments,
                             **keywords)
        return daemon, system.slides_of(shots, SLIDES, (320, 200))

    def turn_over(self, client):
        client.inputs.key_press(0x39)
        client.inputs.key_release(0x39)

    def compare(self, *arguments, wish=None, tolerance=0):
        """Every slide twice: whatever a client keeps of the first time must serve the second."""
        daemon, slides = self.slideshow(*arguments)
        self.assertEqual(len({s.pixels for s in slides}), SLIDES)
        client = spice_client.SpiceClient(self, port=daemon.port(), compression=wish)
        self.forms = set()
        client.wait_for_display()
        client.wait_for_inputs()
        self.shows(client, slides[0], tolerance)
        for n in range(1, 2 * SLIDES):
            self.turn_over(client)
            self.shows(client, slides[n % SLIDES], tolerance, n)
            channels = daemon.ask("status")["vms"][0]["clients"][0]["channels"]
            self.forms |= {c["codec"] for c in channels if c["name"] == "display"}
        self.assertTrue(client.connected)
        return daemon

    def shows(self, client, slide, tolerance, number=0):
        try:
            client.run_until(lambda: client.differs(slide) <= tolerance, 10, f"slide {number}")
        except AssertionError:
            raise AssertionError(f"slide {number} differs by up to {client.differs(slide)}") from None

    def form(self, daemon, name):
        """How many pictures travelled in this form, and how many were kept and did not travel again."""
        return daemon.counter(f"images_{name}") + daemon.counter("pixmap_cache_hits")

    def test_raw(self):
        daemon = self.compare("--image-compression", "off")
        self.assertGreater(self.form(daemon, "raw"), 6 * PICTURES)

    def test_lz(self):
        daemon = self.compare("--image-compression", "lz")
        self.assertGreater(self.form(daemon, "lz"), 10 * PICTURES)
        self.assertGreater(daemon.counter("guest_pictures"), 14 * PICTURES)

    def test_quic(self):
        daemon = self.compare("--image-compression", "quic")
        self.assertGreater(self.form(daemon, "quic"), 30)

    def test_lz4(self):
        daemon = self.compare("--image-compression", "lz4")
        self.assertGreater(self.form(daemon, "lz4"), 30)

    def test_auto_lz(self):
        daemon = self.compare("--image-compression", "auto_lz")
        self.assertGreater(self.form(daemon, "lz"), 20)
        self.assertGreaterEqual(self.form(daemon, "quic"), 5)

    def test_glz(self):
        daemon = self.compare("--image-compression", "glz")
        self.assertGreater(self.form(daemon, "glz"), 5 * PICTURES)

    def test_auto_glz(self):
        daemon = self.compare("--image-compression", "auto_glz", "--zlib-glz-wan-compression", "never")
        self.assertGreater(self.form(daemon, "glz"), 20)
        self.assertGreaterEqual(self.form(daemon, "quic"), 5)

    def test_glz_in_zlib(self):
        daemon = self.compare("--image-compression", "glz", "--zlib-glz-wan-compression", "always")
        self.assertGreater(self.form(daemon, "glz"), 5 * PICTURES)
        self.assertIn("glz in zlib", self.forms)

    def test_two_heads_and_two_clients_of_glz(self):
        """One of them joins late, so that the two are out of step; a third client tells what they must show."""
        daemon = self.daemon("demo", "--port", "0", "--still", "--heads", "2", "--image-compression", "glz")
        heads = (0, 1)
        first = spice_client.SpiceClient(self, port=daemon.port())
        first.wait_for_display(1)
        first.wait_for_inputs()
        first.type("glz")
        late = spice_client.SpiceClient(self, port=daemon.port())
        plain = spice_client.SpiceClient(self, port=daemon.port(), compression="off")
        for client in (late, plain):
            client.wait_for_display(1)
        for n in range(12):
            before = [plain.picture(head) for head in heads]
            first.inputs.key_press(CAPS_LOCK)  # every head shows the locks
            first.inputs.key_release(CAPS_LOCK)
            first.type("glz"[n % 3])
            first.run_until(lambda before=before: all(
                before[head] != plain.picture(head) == first.picture(head) == late.picture(head) for head in heads), 10, f"key {n}")
        for client in (first, late, plain):
            self.assertTrue(client.connected)
        self.assertGreater(self.form(daemon, "glz"), 4 * 12)

    def test_auto(self):
        self.compare()

    def test_a_client_gets_the_form_it_asks_for(self):
        daemon = self.compare("--image-compression", "off", wish="quic")
        self.assertGreater(self.form(daemon, "quic"), 30)

    def test_jpeg_first_and_then_without_loss(self):
        daemon = self.compare("--image-compression", "auto_lz", "--jpeg-wan-compression", "always")
        self.assertGreater(self.form(daemon, "jpeg"), 5)


if __name__ == "__main__":
    system.main()
