#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""What moves like a video travels as a stream that a real client plays: close to what was drawn while it moves, shared by
all viewers, and exact when it stops."""
import math
import time
import unittest

import saffron_system as system
import spice_client


def noise_ratio(a, b):
    """PSNR in dB of two runs of bytes; every seventh one says enough."""
    errors = [(x - y) ** 2 for x, y in zip(a[::7], b[::7])]
    mean = sum(errors) / len(errors)
    return 99 if mean == 0 else 10 * math.log10(255 * 255 / mean)


class Video(system.SystemTest):
    SIZE = (640, 480)
    VIDEO = (320, 240)

    def demo(self, *arguments):
        video = () if "--video" in arguments else ("--video", "320x240")
        return self.daemon("demo", "--port", "0", "--size", "640x480", "--frames-per-second", "30", *video, *arguments)

    def client(self, daemon):
        client = spice_client.SpiceClient(self, port=daemon.port())
        client.wait_for_display()
        return client

    def rows_of_video(self, client):
        width, height, pixels = client.picture()
        left, top = (width - self.VIDEO[0]) // 2, (height - self.VIDEO[1]) // 2
        return [pixels[((top + y) * width + left) * 3:((top + y) * width + left + self.VIDEO[0]) * 3]
                for y in range(self.VIDEO[1])]

    def frames_in(self, daemon, client, seconds):
        before, start = daemon.counter("video_frames"), time.monotonic()
        client.run_for(seconds)
        return (daemon.counter("video_frames") - before) / (time.monotonic() - start)

    def test_a_stream_plays_at_the_pace_of_the_video_and_looks_like_it(self):
        daemon = self.demo()
        client = self.client(daemon)
        client.run_until(lambda: daemon.counter("video_streams") == 1, 20, "a stream")
        client.run_for(1)
        self.assertGreater(self.frames_in(daemon, client, 3), 5 if system.SANITIZED else 20)
        # The same demo without streams shows what each frame should look like: one of them is the frame shown here.
        exact = self.demo("--streaming-video", "off", "--image-compression", "lz")
        other = self.client(exact)
        seen = b"".join(self.rows_of_video(client))
        best = 0

        def look():
            nonlocal best
            best = max(best, noise_ratio(seen, b"".join(self.rows_of_video(other))))
            return best > 34

        other.run_until(look, 60, "a frame like the one that was shown")
        self.assertEqual(exact.counter("video_streams"), 0)
        self.assertTrue(client.connected)

    def test_viewers_share_the_frames(self):
        daemon = self.demo("--video", "640x480")  # nothing else moves
        clients = [self.client(daemon) for _ in range(3)]
        clients[0].run_until(lambda: daemon.counter("video_streams") == 3, 20, "three streams")
        clients[0].run_for(1)
        encoded, frames = daemon.counter("images_encoded"), daemon.counter("video_frames")
        clients[0].run_for(4)
        encoded, frames = daemon.counter("images_encoded") - encoded, daemon.counter("video_frames") - frames
        self.assertGreater(frames, 20 if system.SANITIZED else 150)
        self.assertLess(encoded, frames * 0.6)  # a third, were all always in step

    def test_a_late_client_joins_and_a_stream_survives_it(self):
        daemon = self.demo()
        first = self.client(daemon)
        first.run_until(lambda: daemon.counter("video_streams") == 1, 20, "a stream")
        second = self.client(daemon)
        second.run_until(lambda: daemon.counter("video_streams") == 2, 20, "another stream")
        second.close()
        self.assertGreater(self.frames_in(daemon, first, 2), 5 if system.SANITIZED else 15)
        self.assertTrue(first.connected)

    def test_no_stream_when_it_is_off(self):
        daemon = self.demo("--streaming-video", "off")
        client = self.client(daemon)
        client.run_for(3)
        self.assertEqual(daemon.counter("video_streams"), 0)

    def test_what_was_shown_with_loss_is_exact_when_the_video_stops(self):
        daemon = self.demo("--picture", self.path("own.ppm"))
        client = self.client(daemon)
        client.wait_for_inputs()
        client.run_until(lambda: daemon.counter("video_streams") == 1, 20, "a stream")
        client.run_for(1)
        self.pause(client)
        channel = lambda: next(c for c in daemon.status()["vms"][0]["clients"][0]["channels"] if c["name"] == "display")
        client.run_until(lambda: channel()["streams"] == 0, 5, "the end of the stream")
        client.run_until(lambda: channel()["lossy_pixels"] == 0 and channel()["damage_pixels"] == 0, 5, "a picture without loss")
        client.run_for(0.3)
        # A second client gets the whole picture without loss from the start.
        fresh = self.client(daemon)
        fresh.run_until(lambda: fresh.picture() == client.picture(), 10, "the same picture for both")

    def pause(self, client):
        """The demo's Pause key stops the VM."""
        client.inputs.key_press(0x146)
        client.inputs.key_release(0x146)


if __name__ == "__main__":
    system.main()
