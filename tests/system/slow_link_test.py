#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""A viewer behind 2 Mbit/s and 100 ms sees the present of a VM on which a video plays, holds no queue, and disturbs
nobody; when the line gets better and the screen rests, its picture is exact."""
import time
import unittest

import saffron_system as system
import spice_client
from slow_link import SlowLink


class SlowViewer(system.SystemTest):
    def setUp(self):
        super().setUp()
        self.daemon_ = self.daemon("demo", "--port", "0", "--size", "800x600", "--video", "400x300", "--frames-per-second", "25")
        self.line = SlowLink(self, self.daemon_.port(), bytes_per_second=250_000, delay=0.05)
        self.near = self.client(self.daemon_.port())
        self.far = self.client(self.line.port, 60)
        self.far.run_until(lambda: self.channel_of_far()["bytes_per_second"] > 0, 30, "a pace of the slow line")

    def client(self, port, seconds=15):
        client = spice_client.SpiceClient(self, port=port)
        client.wait_for_display(seconds=seconds)
        client.wait_for_inputs(seconds)
        return client

    def channel_of_far(self):
        """The display of the slow client, which is the one with the longest way."""
        clients = self.daemon_.status()["vms"][0]["clients"]
        displays = [c for client in clients for c in client["channels"] if c["name"] == "display"]
        return max(displays, key=lambda c: c["latency_us"])

    def readout(self, client):
        """Pixels of the corner in which the demo writes what was typed."""
        picture = client.picture()
        width, height, pixels = picture
        left = width // 2 - 210  # left of the video
        return b"".join(pixels[(y * width) * 3:(y * width + left) * 3] for y in range(80, height - 80))

    def test_the_present_arrives_while_a_video_plays(self):
        self.far.run_for(5)
        channel = self.channel_of_far()
        self.assertIn(channel["link"], ("slow", "very slow"))
        self.assertGreater(channel["latency_us"], 90_000)
        behind = []
        for letter in "saffron":
            before = self.readout(self.far)
            self.near.inputs.key_press(spice_client.SCANCODES[letter])
            self.near.inputs.key_release(spice_client.SCANCODES[letter])
            start = time.monotonic()
            self.far.run_until(lambda: self.readout(self.far) != before, 10, f"the letter {letter}")
            behind.append(time.monotonic() - start)
            self.assertLess(self.channel_of_far()["queued"], 128 * 1024)
            self.far.run_for(0.3)
        behind.sort()
        print(f"behind the present: median {behind[3] * 1000:.0f} ms, worst {behind[-1] * 1000:.0f} ms")
        self.assertLess(behind[3], 2 if system.SANITIZED else 0.3)

    def test_the_picture_is_exact_when_the_line_is_better_and_the_screen_rests(self):
        self.far.run_for(3)
        self.near.inputs.key_press(0x146)  # Pause: the VM stops
        self.near.inputs.key_release(0x146)
        self.line.improve(12_500_000)
        start = time.monotonic()
        self.far.run_until(lambda: self.far.picture() == self.near.picture() and self.channel_of_far()["lossy_pixels"] == 0, 20,
                           "the picture that a near viewer has")
        passed = time.monotonic() - start
        print(f"exact after {passed:.2f} s", end=" ")
        self.assertLess(passed, 15 if system.SANITIZED else 3)  # a second where nothing else runs

    def test_the_near_viewer_plays_on(self):
        frames = self.daemon_.counter("video_frames")
        self.near.run_for(3)
        self.assertGreater(self.daemon_.counter("video_frames") - frames, 5 if system.SANITIZED else 45)


class LargeVideo(system.SystemTest):
    @unittest.skipIf(system.SANITIZED, "a sanitized server is itself too slow for the video in full")
    def test_a_video_too_large_for_the_line_is_shown_smaller_until_the_line_is_better(self):
        daemon = self.daemon("demo", "--port", "0", "--size", "1280x720", "--video", "1280x720", "--frames-per-second", "20",
                             "--video-codecs", "h264")
        line = SlowLink(self, daemon.port(), bytes_per_second=60_000, delay=0.02)
        client = spice_client.SpiceClient(self, port=line.port)
        client.wait_for_display(seconds=60)

        def video():
            channels = daemon.status()["vms"][0]["clients"][0]["channels"]
            return next(c for c in channels if c["name"] == "display")["video"]

        client.run_until(lambda: ", 1:" in video(), 60, "a smaller video")
        frames = daemon.counter("video_frames")
        client.run_until(lambda: daemon.counter("video_frames") > frames + 40, 30, "more frames")
        line.improve(12_500_000)
        client.run_until(lambda: video().startswith("h264") and ", 1:" not in video(), 60, "the video in full")
        frames = daemon.counter("video_frames")
        client.run_until(lambda: daemon.counter("video_frames") > frames + 100, 30, "more frames")
        self.assertEqual(daemon.counter("video_streams"), 1)  # sized frames: it is the same stream
        self.assertTrue(video().startswith("h264"))  # and the client still plays and reports


if __name__ == "__main__":
    system.main()
