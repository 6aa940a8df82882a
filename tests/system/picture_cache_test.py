#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""What a real client keeps serves it again: palettes, guests' own pictures, and the screen's content, on one display channel
and on another one that shares the cache, and what does not fit is forgotten in time.

A client that is told to take what it has not waits for ever: every test ends with the right pixels.
"""
import unittest

import saffron_system as system
import spice_client

SLIDES = 9
PICTURES = 12  # on a slide
KEY = 0x39


class PictureCache(system.SystemTest):
    def slideshow(self, *arguments):
        shots = self.path("slide.ppm")
        daemon = self.daemon("demo", "--port", "0", "--still", "--size", "320x200", "--slideshow", "--picture", shots, *arguments)
        return daemon, system.slides_of(shots, SLIDES, (320, 200))

    def client_of(self, daemon, **keywords):
        client = spice_client.SpiceClient(self, port=daemon.port(), **keywords)
        client.wait_for_display()
        client.wait_for_inputs()
        return client

    def shows(self, client, picture, what, number=0):
        client.run_until(lambda: client.differs(picture, number) == 0, 10, what)

    def turn_over(self, client, slides, rounds):
        for n in range(1, rounds * SLIDES):
            client.inputs.key_press(KEY)
            client.inputs.key_release(KEY)
            self.shows(client, slides[n % SLIDES], f"slide {n}")

    def test_pictures_and_palettes_travel_once(self):
        for form in ("off", "lz", "quic", "lz4", "auto_lz"):
            with self.subTest(form):
                daemon, slides = self.slideshow("--image-compression", form)
                client = self.client_of(daemon)
                self.shows(client, slides[0], "the first slide")
                self.turn_over(client, slides, 4)
                # Six pictures of a slide are large enough to be worth it; three rounds are repetitions.
                self.assertGreater(daemon.counter("pixmap_cache_hits"), 2 * SLIDES * 4)
                self.assertGreater(daemon.counter("palette_cache_hits"), PICTURES)
                daemon.end()

    def test_bytes_are_saved(self):
        daemon, slides = self.slideshow("--image-compression", "off")
        client = self.client_of(daemon)
        self.shows(client, slides[0], "the first slide")
        sent = []
        for _ in range(3):
            before = daemon.counter("bytes_sent")
            self.turn_over(client, slides, 1)
            client.inputs.key_press(KEY)
            client.inputs.key_release(KEY)
            self.shows(client, slides[0], "the first slide again")
            sent.append(daemon.counter("bytes_sent") - before)
        self.assertLess(sent[2], sent[0] / 4)

    def test_a_small_cache_forgets_and_stays_right(self):
        daemon, slides = self.slideshow("--image-compression", "lz")
        client = self.client_of(daemon, cache_bytes=4 * 40_000)  # two slides of nine, and only the smaller pictures
        self.shows(client, slides[0], "the first slide")
        self.turn_over(client, slides, 4)
        self.assertEqual(daemon.counter("pixmap_cache_hits"), 0)  # each was forgotten when its turn came again
        self.assertTrue(client.connected)

    def test_what_one_display_was_sent_serves_the_other(self):
        daemon, slides = self.slideshow("--image-compression", "quic", "--heads", "2")
        client = self.client_of(daemon)
        client.wait_for_display(1)
        for number in (0, 1):
            self.shows(client, slides[0], f"head {number}", number)
        before = daemon.counter("pixmap_cache_hits")
        for number in (0, 1, 0, 1):
            client.reconnect_display(number)
            self.shows(client, slides[0], f"head {number} again", number)
        self.assertGreaterEqual(daemon.counter("pixmap_cache_hits"), before + 3)
        self.assertTrue(client.connected)


if __name__ == "__main__":
    system.main()
