#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Twenty VMs in one daemon behind one port: the ticket chooses; a wrong, an expired and no ticket are refused.

Eighteen of them are demos of different sizes and two are real QEMUs, so that what a client sees tells which VM it got.
"""
import socket
import subprocess
import time
import unittest

import qemu
import saffron_system as system

PERMISSION_DENIED = 7


class TwentyVms(system.SystemTest):
    def setUp(self):
        super().setUp()
        self.sizes = {f"demo{i:02}": (640 + 16 * i, 480 + 8 * i) for i in range(18)}
        self.qemus = [qemu.Qemu(self, f"qemu{i}") for i in range(2)]
        config = 'listen = ["127.0.0.1:0"]\n'
        for name, (width, height) in self.sizes.items():
            config += f'[[vm]]\nname = "{name}"\ndemo = true\nstill = true\nsize = "{width}x{height}"\n'
            config += f'ticket = "secret-{name}"\n'
        for machine in self.qemus:
            config += f'[[vm]]\nname = "{machine.name}"\nqmp = "{machine.qmp_path}"\nticket = "secret-{machine.name}"\n'
        config += '[[vm]]\nname = "expired"\ndemo = true\nticket = "old"\nticket-expires = "2020-01-01T00:00:00Z"\n'
        self.saffron = self.daemon("serve", "--config", self.write("saffron.toml", config))
        for machine in self.qemus:
            self.saffron.wait_for_line(f"vm {machine.name} is running", seconds=30)

    def test_the_ticket_chooses_the_vm(self):
        for name, size in self.sizes.items():
            shot = system.screenshot(self, f"{name}.ppm", port=self.saffron.port(), password=f"secret-{name}")
            self.assertEqual(shot.size, size, name)
        for machine in self.qemus:
            shot, dump = machine.stable_screenshot(lambda: system.screenshot(
                self, f"{machine.name}.ppm", port=self.saffron.port(), password=f"secret-{machine.name}"))
            self.assertEqual(shot.differing(dump), 0)

    def test_wrong_expired_and_no_ticket_are_refused_alike(self):
        for password in ("wrong", "old", "", "secret-demo00x", "x" * 60):
            connection, error = system.raw_link(self.saffron.port(), password)
            connection.close()
            self.assertEqual(error, PERMISSION_DENIED, repr(password))
        self.assertEqual(self.saffron.counter("tickets_refused"), 5)
        connection, error = system.raw_link(self.saffron.port(), "secret-demo03")
        connection.close()
        self.assertEqual(error, 0)

    def test_a_channel_of_another_vm_is_refused(self):
        connection, error = system.raw_link(self.saffron.port(), "secret-demo03")
        self.assertEqual(error, 0)
        client = system.wait_until(lambda: [c for vm in self.saffron.status()["vms"] for c in vm["clients"]], 5,
                                   "the client in the status")[0]["id"]
        other, error = system.raw_link(self.saffron.port(), "secret-demo04", channel=3, connection=client)
        self.assertEqual(error, 8)  # bad connection id
        own, error = system.raw_link(self.saffron.port(), "secret-demo03", channel=3, connection=client)
        self.assertEqual(error, 0)
        for each in (connection, other, own):
            each.close()


if __name__ == "__main__":
    system.main()
