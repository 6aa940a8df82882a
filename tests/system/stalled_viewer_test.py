#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""A stalled viewer stalls nobody: not the VM, not the other viewers, not the daemon's memory.

Eight clients watch one VM in full motion. One of them is stopped (SIGSTOP) in the middle: the other seven and the VM go on
as before, and the daemon grows by no more than a bound. When it continues it is shown the present, not the past: the
picture it has within a second is the current one.
"""
import json
import os
import signal
import subprocess
import time
import unittest

import saffron_system as system
from spice_client import SpiceClient

MEBIBYTE = 1024 * 1024


class StalledViewer(system.SystemTest):
    def start_load(self, saffron, clients, seconds, *arguments):
        process = subprocess.Popen(
            [system.LOAD, "--json", "--connect", f"127.0.0.1:{saffron.port()}", "--clients", str(clients), "--warmup", "0",
             "--duration", str(seconds), *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

        def end():
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.communicate()

        self.addCleanup(end)
        return process

    def clients(self, saffron):
        """Bytes sent to each client's display; the other channels of a stopped one still have room for their PINGs."""
        return {client["id"]: sum(channel["bytes_sent"] for channel in client["channels"] if channel["name"] == "display")
                for client in saffron.ask("status")["vms"][0]["clients"]}

    def console_draws(self, saffron):
        return saffron.status()["vms"][0]["consoles"][0]["draws"]

    def draws_per_second(self, saffron, seconds):
        started, before = time.monotonic(), self.console_draws(saffron)
        time.sleep(seconds)
        return (self.console_draws(saffron) - before) / (time.monotonic() - started)

    def test_seven_viewers_and_the_vm_go_on_while_the_eighth_is_stopped(self):
        saffron = self.daemon("demo", "--port", "0", "--full-motion", "--size", "640x480")
        seven = self.start_load(saffron, 7, 14, "--profile", "motion")
        system.wait_until(lambda: len(self.clients(saffron)) == 7, 10, "seven clients")
        others = self.clients(saffron).keys()
        eighth = self.start_load(saffron, 1, 120, "--profile", "motion")  # ended below: it must outlast its stop
        system.wait_until(lambda: len(self.clients(saffron)) == 8, 10, "eight clients")
        stalled = (self.clients(saffron).keys() - others).pop()
        time.sleep(1)
        draws_before = self.draws_per_second(saffron, 2)
        memory_before = saffron.memory()
        eighth.send_signal(signal.SIGSTOP)
        memory, draws, sent = [], [], []
        for _ in range(4):
            draws.append(self.draws_per_second(saffron, 1))
            memory.append(saffron.memory())
            sent.append(self.clients(saffron)[stalled])
        self.assertEqual(sent[-1], sent[-2])  # stopped indeed, for a second
        eighth.send_signal(signal.SIGCONT)
        system.wait_until(lambda: self.clients(saffron)[stalled] > sent[-1], 1, "a picture for the viewer that continues")

        figures = json.loads(seven.communicate(timeout=30)[0])
        eighth.terminate()
        steady = 0.3 if system.SANITIZED else 0.6
        # The bound is a few pictures of 1.2 MB; a queue of what the viewer missed would be 35 MB for each second.
        self.assertLess(max(memory) - memory_before, 24 * MEBIBYTE)
        self.assertGreater(min(draws), steady * draws_before)
        self.assertEqual(figures["violations"], {})
        self.assertEqual(figures["ended"], {})
        frames = figures["traffic"]["frames_per_second"] / 7
        self.assertGreater(frames, steady * draws_before)
        # Nobody of the seven ever waited for as long as the eighth did.
        self.assertLess(figures["traffic"]["frame_gap_us"]["max"], 2_000_000)

    def test_a_viewer_that_continues_sees_the_current_picture_within_a_second(self):
        saffron = self.daemon("demo", "--port", "0", "--still")
        typist = SpiceClient(self, port=saffron.port())
        typist.wait_for_display()
        typist.wait_for_inputs()
        seen = self.path("seen.ppm")
        started = time.monotonic()
        viewer = self.start_load(saffron, 1, 6, "--profile", "idle", "--decode", "--dump-ppm", seen)
        typist.run_for(1)
        viewer.send_signal(signal.SIGSTOP)
        typist.type("nobody\nsaw\nthis\n" * 2)
        typist.run_for(max(0, 5.1 - (time.monotonic() - started)))
        viewer.send_signal(signal.SIGCONT)
        continued = time.monotonic()
        out, err = viewer.communicate(timeout=30)
        self.assertLess(time.monotonic() - continued, 1.5, err)  # it looked for less than a second, and ended
        self.assertEqual(json.loads(out)["violations"], {})
        now = system.screenshot(self, port=saffron.port())
        self.assertEqual(system.Picture(seen).differing(now), 0)
        self.assertTrue(typist.shows(now))


if __name__ == "__main__":
    system.main()
