#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""The client harness for char devices, and the guest, with the reference between them: QEMU's own SPICE server. What
fails here is the harness, not Saffron."""
import os

import agent_link
import saffron_system as system
from device_client import PRIMARY, DeviceClient
from linux_guest import PNG, TEXT, LinuxGuest, pattern, virtio_port

AGENT, ECHO, WEBDAV = "com.redhat.spice.0", "org.saffron.echo.0", "org.spice-space.webdav.0"


class Devices(system.SystemTest):
    def boot(self):
        self.socket = self.path("spice.sock")
        return LinuxGuest(
            self, "-vga", "std", "-spice", f"unix=on,addr={self.socket},disable-ticketing=on",
            "-chardev", "spicevmc,id=vd,name=vdagent", *virtio_port("vd", AGENT),
            "-chardev", f"spiceport,id=echo,name={ECHO}", *virtio_port("echo", ECHO),
            "-chardev", f"spiceport,id=dav,name={WEBDAV}", *virtio_port("dav", WEBDAV),
            ports=(AGENT, ECHO, WEBDAV))

    def client(self, **keywords):
        return DeviceClient(self, uri=f"spice+unix://{self.socket}", **keywords)

    def test_the_agent(self):
        guest = self.boot()
        client = self.client()
        client.wait_for_agent()

        with self.subTest("the guest copies"):
            guest.tell("grab", "text", 1 << 20)
            client.run_until(lambda: client.grabs.get(0) == [TEXT], 10, "the guest's offer")
            self.assertEqual(client.paste(TEXT), pattern(1 << 20))

        with self.subTest("the client copies, twice"):
            for selection, kind, data in ((0, TEXT, b"t" * 100000), (PRIMARY, PNG, os.urandom(300000))):
                client.copy({kind: data}, selection)
                client.run_until(lambda: guest.find("copied", selection=selection), 10, "the guest's copy")
                guest.wait_for("copied", selection=selection, type=kind, sha256=agent_link.sha256(data))
            self.assertEqual(client.requests, [(0, TEXT), (PRIMARY, PNG)])

        with self.subTest("what was offered is taken back"):
            client.release(PRIMARY)
            client.run_until(lambda: guest.find("released", selection=PRIMARY), 10, "the client's release")
            guest.tell("release")
            client.run_until(lambda: client.releases == [0], 10, "the guest's release")
            self.assertNotIn(0, client.grabs)
            self.assertEqual(client.paste(TEXT), None)

        with self.subTest("a file"):
            contents = os.urandom((2 << 20) + 1)
            path = self.path("some file.bin")
            with open(path, "wb") as f:
                f.write(contents)
            client.send_files(path)
            client.run_until(lambda: client.copies, 20, "the end of the transfer")
            self.assertEqual(client.copies, [True])
            self.assertEqual(list(client.finished.values()), [None])
            guest.wait_for("file", name="some file.bin", size=len(contents), sha256=agent_link.sha256(contents))

        with self.subTest("a file that is cancelled"):
            with open(path, "wb") as f:
                f.truncate(900 << 20)
            client.send_files(path)
            client.run_until(lambda: len(client.transfers) == 2 and client.transfers[1].get_progress() > 0, 20, "a start")
            client.cancel(client.transfers[1])
            self.assertIsInstance(client.copies[1], str)
            client.run_until(lambda: guest.find("file_dropped", name="some file.bin", status=agent_link.CANCELLED), 20,
                             "the guest's word about it")

        with self.subTest("monitors"):
            client.set_monitors((0, 0, 1152, 864))
            client.run_until(lambda: guest.find("monitors"), 10, "the guest's word about monitors")
            self.assertEqual(guest.wait_for("monitors")["monitors"][0][:2], [1152, 864])

    def test_ports(self):
        guest = self.boot()
        client = self.client(webdav=True)
        client.run_until(lambda: len(client.ports) == 1 and client.webdav, 10, "two ports")
        for port, name in ((client.ports[0], ECHO), (client.webdav, WEBDAV)):
            with self.subTest(name):
                client.run_until(lambda: port.opened, 10, f"the opened port {name}")
                self.assertEqual(port.name, name)
                data = os.urandom(1 << 20)
                for at in range(0, len(data), 100000):
                    port.write(data[at:at + 100000])
                client.run_until(lambda: len(port.data) >= len(data), 30, "the echo")
                self.assertEqual(port.data, data)
                self.assertEqual(port.written, len(data))
                self.assertFalse(port.error)

        with self.subTest("the guest closes and opens its side"):
            port = client.ports[0]
            guest.tell("close", ECHO)
            client.run_until(lambda: not port.opened, 10, "the closed port")
            guest.tell("open", ECHO)
            client.run_until(lambda: port.opened, 10, "the port open again")
            self.assertEqual(port.opened_changes[-2:], [False, True])


if __name__ == "__main__":
    system.main()
