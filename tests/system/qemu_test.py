#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""A real QEMU, seen and used through Saffron by a real client.

A boot sector echoes what is typed. The client's picture equals QEMU's own screendump, on std and virtio VGA; typed keys
arrive; QEMU is killed and started again, and the same client, never disconnected, sees the new boot.
"""
import time
import unittest

import qemu
import saffron_system as system
from spice_client import SpiceClient

# again: mov ah,0; int 16h (read a key); mov ah,0eh; mov bx,7; int 10h (write it); jmp again
ECHO = bytes.fromhex("b400cd16b40ebb0700cd10ebf3")


class RealQemu(system.SystemTest):
    def setUp(self):
        super().setUp()
        with open(self.path("echo.img"), "wb") as f:
            f.write((ECHO.ljust(510, b"\0") + b"\x55\xaa").ljust(1474560, b"\0"))

    def machine(self, *devices, name="web01", start=True):
        return qemu.Qemu(self, name, *devices, boot=self.path("echo.img"), start=start)

    def serve(self, machine):
        return self.daemon("serve", "--listen", "127.0.0.1:0", "--vm",
                           f"name={machine.name},qmp={machine.qmp_path},ticket=t")

    def text_on_screen(self, machine):
        dump = machine.command("human-monitor-command", **{"command-line": "xp /4000bx 0xb8000"})
        values = [int(v, 16) for line in dump.splitlines() for v in line.split(":")[1].split()]
        return bytes(values[0::2]).decode("latin1")

    def assert_same_picture(self, client, machine, seconds=15):
        client.run_until(lambda: client.shows(machine.screendump()), seconds, "the client's picture equals screendump")

    def check_screen_and_keys(self, *devices):
        machine = self.machine(*devices)
        saffron = self.serve(machine)
        saffron.wait_for_line("vm web01 is running")
        client = SpiceClient(self, port=saffron.port(), password="t")
        client.wait_for_display()
        client.wait_for_inputs()
        client.run_until(lambda: "Booting" in self.text_on_screen(machine), 60, "the boot sector")
        client.run_for(0.5)
        self.assert_same_picture(client, machine)
        before = machine.screendump()
        client.type("saffron 42")
        client.run_until(lambda: "saffron 42" in self.text_on_screen(machine), 10, "the typed text in the guest")
        self.assert_same_picture(client, machine)
        self.assertGreater(before.differing(machine.screendump()), 100)
        shot, dump = machine.stable_screenshot(lambda: system.screenshot(self, port=saffron.port(), password="t"))
        self.assertEqual(shot.differing(dump), 0)

    def test_std_vga_screen_and_keys(self):
        self.check_screen_and_keys("-vga", "std")

    def test_virtio_vga_screen_and_keys(self):
        self.check_screen_and_keys("-vga", "none", "-device", "virtio-vga")

    def test_a_killed_qemu_comes_back_and_its_client_never_left(self):
        machine = self.machine()
        saffron = self.serve(machine)
        client = SpiceClient(self, port=saffron.port(), password="t")
        client.wait_for_display()
        client.wait_for_inputs()
        client.run_until(lambda: "Booting" in self.text_on_screen(machine), 60, "the boot sector")
        client.type("first")
        client.run_until(lambda: "first" in self.text_on_screen(machine), 10, "what was typed")
        machine.kill()
        client.run_until(lambda: client.picture() and not any(client.picture()[2]), 10, "a black screen")
        self.assertTrue(client.connected)
        machine.start()
        client.run_until(lambda: "Booting" in self.text_on_screen(machine), 60, "the new boot")
        self.assertNotIn("first", self.text_on_screen(machine))
        client.run_for(0.5)
        client.type("second")
        client.run_until(lambda: "second" in self.text_on_screen(machine), 10, "what was typed after the restart")
        self.assert_same_picture(client, machine)
        self.assertTrue(client.connected)
        self.assertEqual(len(saffron.lines(r"client \d+ of vm web01 connected")), 1)

    def test_a_qemu_that_starts_later_is_found(self):
        machine = self.machine(start=False)
        saffron = self.serve(machine)
        client = SpiceClient(self, port=saffron.port(), password="t")
        client.wait_for_display()
        client.run_for(1)
        machine.start()
        saffron.wait_for_line("vm web01 is running")
        client.run_until(lambda: "Booting" in self.text_on_screen(machine), 60, "the boot sector")
        client.run_for(0.5)
        self.assert_same_picture(client, machine)

    def test_keys_held_by_a_client_that_leaves_are_released(self):
        machine = self.machine()
        saffron = self.serve(machine)
        client = SpiceClient(self, port=saffron.port(), password="t")
        client.wait_for_display()
        client.wait_for_inputs()
        client.run_until(lambda: "Booting" in self.text_on_screen(machine), 60, "the boot sector")
        client.inputs.key_press(0x2a)  # left shift, and gone
        client.run_for(0.5)
        client.close()
        saffron.wait_for_line("disconnected")
        other = SpiceClient(self, port=saffron.port(), password="t")
        other.wait_for_display()
        other.wait_for_inputs()
        other.type("abc")
        other.run_until(lambda: "abc" in self.text_on_screen(machine), 10, "small letters")

    def test_two_heads_are_two_displays(self):
        machine = self.machine("-vga", "none", "-device", "virtio-vga,max_outputs=2")
        saffron = self.serve(machine)
        saffron.wait_for_line("vm web01 is running")
        client = SpiceClient(self, port=saffron.port(), password="t")
        client.wait_for_display(0)
        client.wait_for_display(1)
        self.assertEqual(len(saffron.status()["vms"][0]["consoles"]), 2)
        client.run_until(lambda: "Booting" in self.text_on_screen(machine), 60, "the boot sector")

    def test_qemu_never_waits_for_a_stalled_client(self):
        machine = self.machine()
        saffron = self.serve(machine)
        saffron.wait_for_line("vm web01 is running")
        stalled, error = system.raw_link(saffron.port(), "t")  # says nothing and reads nothing
        self.assertEqual(error, 0)
        slowest = 0
        for _ in range(200):
            started = time.monotonic()
            machine.command("query-status")
            slowest = max(slowest, time.monotonic() - started)
            time.sleep(0.005)
        stalled.close()
        self.assertLess(slowest, 1)  # a main loop that waits for its display answers after seconds or never


if __name__ == "__main__":
    system.main()
