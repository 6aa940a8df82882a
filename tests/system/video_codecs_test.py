#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""A real client plays videos in every codec that it and Saffron have, late clients join them, and a codec that the client
cannot play after all is left."""
import os
import shutil
import subprocess
import sys
import time
import unittest

import saffron_system as system
import spice_client
from video_test import noise_ratio

# Streams stay above this when they have the rate for their size.
LEAST_DB = 30


class VideoCodecs(system.SystemTest):
    SIZE = (320, 240)
    # spice-client-glib asks GStreamer, whose decoders of these are in the tests' packages.
    # H.265 costs the most: a sanitized server has no pace that would still be a video.
    CODECS = ("mjpeg", "vp8", "h264", "vp9") if system.SANITIZED else ("mjpeg", "vp8", "h264", "vp9", "h265")

    def demo(self, codecs, size=SIZE, pace=30, *more, **keywords):
        options = [word for codec in codecs for word in ("--video-codecs", codec)]
        screen = "640x480" if size == self.SIZE else f"{size[0]}x{size[1]}"
        return self.daemon("demo", "--port", "0", "--size", screen, "--frames-per-second", str(pace), "--video",
                           f"{size[0]}x{size[1]}", *options, *more, **keywords)

    def client(self, daemon):
        client = spice_client.SpiceClient(self, port=daemon.port())
        client.wait_for_display()
        return client

    def video(self, daemon, number=0):
        """What `saffron status` says of a client's video: "h264, 500 kbit/s"."""
        channels = daemon.status()["vms"][0]["clients"][number]["channels"]
        return next((c["video"] for c in channels if c["name"] == "display"), "")

    def shown(self, client):
        width, height, pixels = client.picture()
        left, top = (width - self.SIZE[0]) // 2, (height - self.SIZE[1]) // 2
        return b"".join(pixels[((top + y) * width + left) * 3:((top + y) * width + left + self.SIZE[0]) * 3]
                        for y in range(self.SIZE[1]))

    def test_a_client_plays_every_codec_and_sees_the_pictures(self):
        exact = self.daemon("demo", "--port", "0", "--size", "640x480", "--frames-per-second", "30", "--video", "320x240",
                            "--streaming-video", "off", "--image-compression", "lz")
        other = self.client(exact)
        for codec in self.CODECS:
            with self.subTest(codec):
                daemon = self.demo([codec])
                client = self.client(daemon)
                client.run_until(lambda: daemon.counter("video_frames") > 90, 30, "many frames")
                self.assertEqual(self.video(daemon).split(",")[0], codec)  # it reports, so it plays
                self.assertEqual(daemon.counter("video_streams"), 1)
                client.run_for(0.5)
                seen, best = self.shown(client), 0
                client.close()

                def look():
                    nonlocal best
                    best = max(best, noise_ratio(seen, self.shown(other)))
                    return best > LEAST_DB

                try:
                    other.run_until(look, 60, f"a frame like the one that {codec} showed")
                finally:
                    print(f"{codec}: {best:.1f} dB", end=" ")

    def test_without_the_module_there_is_mjpeg_and_the_log_says_why(self):
        alone = shutil.copy(system.SAFFRON, self.path("saffron"))
        daemon = self.demo(["h264", "mjpeg"], program=alone)
        daemon.wait_for_line(r"videos: mjpeg by turbojpeg; no others: saffron-video-avcodec.so is not installed")
        client = self.client(daemon)
        client.run_until(lambda: self.video(daemon).startswith("mjpeg"), 20, "a video")
        beside = self.demo(["h264", "mjpeg"])
        beside.wait_for_line(r"videos: mjpeg by turbojpeg, .*h264 by ")

    def test_viewers_share_the_encoder_and_a_late_one_starts_with_a_key_frame(self):
        daemon = self.demo(["vp8"])
        clients = [self.client(daemon)]
        clients[0].run_until(lambda: daemon.counter("video_frames") > 30, 20, "frames")
        clients += [self.client(daemon) for _ in range(2)]
        clients[0].run_until(lambda: daemon.counter("video_streams") == 3, 20, "three streams")
        clients[0].run_for(1)
        before = [daemon.counter("video_frames_encoded"), daemon.counter("video_frames")]
        clients[0].run_for(4)
        encoded, sent = (daemon.counter(name) - old for name, old in
                         zip(("video_frames_encoded", "video_frames"), before))
        print(f"{sent} frames sent, {encoded} encoded", end=" ")
        self.assertGreater(sent, 150)
        self.assertLess(encoded, sent * 0.5)  # a third, were all always in step
        # All of them show the video, the late ones too.
        self.assertEqual({self.video(daemon, n).split(",")[0] for n in range(3)}, {"vp8"})

    def test_a_client_that_lacks_a_part_of_its_decoder_gets_the_next_codec(self):
        daemon = self.demo(["h264", "mjpeg"])
        environment = {**os.environ, "GST_PLUGIN_FEATURE_RANK": "h264parse:NONE"}
        viewer = subprocess.Popen([sys.executable, "-B", os.path.join(os.path.dirname(__file__), "viewer.py"), str(daemon.port())],
                                  env=environment, stderr=subprocess.DEVNULL)
        self.addCleanup(viewer.wait)
        self.addCleanup(viewer.kill)
        deadline = time.monotonic() + 30
        while not (daemon.status()["vms"][0]["clients"] and self.video(daemon).startswith("mjpeg")):
            self.assertLess(time.monotonic(), deadline, "no other codec")
            time.sleep(0.2)
        self.assertEqual(daemon.counter("video_streams"), 2)

    @unittest.skipIf(system.SANITIZED, "a sanitized server makes a frame a second of this size")
    def test_full_screens_of_1080p_play_at_30_and_60_frames_a_second(self):
        for codec in ("mjpeg", "vp8", "h264"):
            for pace in (30, 60):
                with self.subTest(codec, pace=pace):
                    daemon = self.demo([codec], (1920, 1080), pace)
                    client = self.client(daemon)
                    client.run_until(lambda: daemon.counter("video_frames") > 20, 60, "the first frames")
                    frames, cpu, start = daemon.counter("video_frames"), self.cpu(daemon), time.monotonic()
                    client.run_until(lambda: time.monotonic() > start + 3 and daemon.counter("video_frames") > frames + 20,
                                     60, "more frames")
                    frames = daemon.counter("video_frames") - frames
                    cpu, seconds = self.cpu(daemon) - cpu, time.monotonic() - start
                    print(f"{codec} at {pace}: {frames / seconds:.0f} a second, {cpu * 1000 / max(frames, 1):.1f} ms of CPU a frame",
                          end="; ")
                    self.assertGreater(frames / seconds, 10 / 3)  # how many more is the machine's affair
                    self.assertEqual(self.video(daemon).split(",")[0], codec)
                    client.close()
                    daemon.end()

    def cpu(self, daemon):
        """Seconds that the process has used."""
        with open(f"/proc/{daemon.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_a_desktop_can_be_one_video_while_it_moves_and_exact_when_it_rests(self):
        daemon = self.demo(["h264"], self.SIZE, 30, "--streaming-video", "desktop")
        client = self.client(daemon)
        client.wait_for_inputs()
        client.run_until(lambda: daemon.counter("video_frames") > 60, 20, "a video of the whole screen")
        client.inputs.key_press(0x146)  # Pause
        client.inputs.key_release(0x146)
        display = lambda: next(c for c in daemon.status()["vms"][0]["clients"][0]["channels"] if c["name"] == "display")
        client.run_until(lambda: display()["streams"] == 0, 10, "the end of the video")
        client.run_until(lambda: display()["lossy_pixels"] == 0 and display()["damage_pixels"] == 0, 10, "no loss")
        client.run_for(0.3)
        fresh = self.client(daemon)
        fresh.run_until(lambda: fresh.picture() == client.picture(), 10, "the same picture for both")


if __name__ == "__main__":
    system.main()
