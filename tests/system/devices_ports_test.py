#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Ports: an echo, and WebDAV's, in the demo and in a guest of QEMU; one client at a time, and none loses a byte when the
VM is paused."""
import os
import socket

import agent_link
import saffron_system as system
from device_client import PORT, WEBDAV as WEBDAV_CHANNEL
from device_system import AGENT, ECHO, WEBDAV, Demo, DeviceTest, Machine
from linux_guest import TEXT, pattern

MIB = 1 << 20
LOG = "org.saffron.log.0"


class Ports(DeviceTest):
    def machine(self):
        return Machine(self, ports=(AGENT, WEBDAV))

    def client(self, vm, **keywords):
        return super().client(vm, **{"webdav": isinstance(vm, Machine), **keywords})

    def port(self, client):
        """The port with an echo: every one that a guest of QEMU has; in the demo WebDAV's has none."""
        def opened():
            port = client.webdav or client.ports.get(0)
            return port and port.opened and port
        port = client.run_until(opened, 20, "the opened port")
        self.assertEqual(port.name, WEBDAV if client.webdav else ECHO)
        return port

    def echoes(self, client, port, size):
        data, before = os.urandom(size), len(port.data)
        for at in range(0, size, 100000):
            port.write(data[at:at + 100000])
        client.run_until(lambda: len(port.data) >= before + size, 40, f"the echo of {size} bytes")
        self.assertEqual(bytes(port.data[before:]), data)
        self.assertFalse(port.error)

    def one_client_at_a_time(self, vm):
        one = self.client(vm)
        port = self.port(one)
        with self.subTest("bytes come back"):
            for size in (1, 2048, MIB):
                self.echoes(one, port, size)
        with self.subTest("a second client is refused, and the first one goes on"):
            two = self.client(vm)
            two.run_until(lambda: any(e[0] in (PORT, WEBDAV_CHANNEL) and e[1] in ("closed", "error-io")
                                      for e in two.events), 10, "the end of the second one's channel")
            vm.saffron.wait_for_line(r"of vm \w+ is in use, client \d+ is refused")
            self.assertFalse((two.webdav or two.ports[0]).opened)
            self.assertTrue(two.connected)
            self.echoes(one, port, 100000)
        with self.subTest("when the first one has gone another one is served"):
            one.close()
            two.close()
            vm.saffron.wait_for_lines("disconnected", 2)
            three = self.client(vm)
            self.echoes(three, self.port(three), 100000)

    def across_a_pause(self, vm):
        client, other = self.client(vm), self.client(vm)
        port = self.port(client)
        client.wait_for_inputs()
        data = os.urandom(3 * MIB)
        text = pattern(MIB)
        with self.subTest("what is on its way in both directions arrives once and in order"):
            for at in range(0, MIB, 65536):
                port.write(data[at:at + 65536])
            client.run_until(lambda: port.data, 10, "the first echo")
            vm.pause(client)
            client.copy({TEXT: text})
            for at in range(MIB, len(data), 65536):
                port.write(data[at:at + 65536])
            client.run_for(1.5)
            self.assertLess(len(port.data), len(data))
            self.assertFalse(vm.heard_copy(text))
            during = len(port.data)
            client.run_for(0.5)
            self.assertEqual(len(port.data), during)  # it stands
            vm.go_on(client)
            client.run_until(lambda: len(port.data) >= len(data), 40, "all of the echo")
            client.run_until(lambda: vm.heard_copy(text), 20, "the guest's copy")
            client.run_for(0.3)
            self.assertEqual(bytes(port.data), data)
        with self.subTest("and the clipboard goes on to the other client"):
            other.run_until(lambda: other.grabs.get(0) == [TEXT], 10, "the guest's offer")
            self.assertEqual(other.paste(TEXT), text)

    def test_the_demos_echo_serves_one_client_at_a_time(self):
        self.one_client_at_a_time(Demo(self))

    def test_a_port_of_qemu_serves_one_client_at_a_time(self):
        self.one_client_at_a_time(self.machine())

    def test_a_pause_of_the_demo_loses_nothing(self):
        self.across_a_pause(Demo(self))

    def test_a_pause_of_qemu_loses_nothing(self):
        self.across_a_pause(self.machine())

    def test_the_demo_looks_at_a_clients_shared_folder(self):
        vm = Demo(self)
        client = self.client(vm, shared=self.directory)
        client.run_until(lambda: vm.saffron.lines(r"the shared folder answers HTTP/1\.1 200"), 20, "the answer")

    def test_ports_that_the_configuration_names(self):
        # A D-Bus chardev by its name, and a unix socket on which the test is the guest.
        path = self.path("log.sock")
        door = socket.socket(socket.AF_UNIX)
        self.addCleanup(door.close)
        door.bind(path)
        door.listen()
        vm = Machine(self, ports=(AGENT, ECHO), more=f'char-device = ["port:{ECHO}=dbus:{ECHO}", '
                                                     f'"port:{LOG}=unix:{path}"]\n')
        client = self.client(vm)
        client.run_until(lambda: len(client.ports) == 2 and all(p.opened for p in client.ports.values()), 20, "two ports")
        ports = {port.name: port for port in client.ports.values()}
        self.assertEqual(sorted(ports), [ECHO, LOG])
        self.echoes(client, ports[ECHO], MIB)

        door.settimeout(10)
        guest, _ = door.accept()
        self.addCleanup(guest.close)
        ports[LOG].write(b"from the client")
        client.run_until(lambda: ports[LOG].written, 10, "what was written")
        self.assertEqual(agent_link.receive_exactly(guest, 15), b"from the client")
        guest.sendall(b"from the guest")
        client.run_until(lambda: bytes(ports[LOG].data) == b"from the guest", 10, "the guest's words")
        guest.close()
        client.run_until(lambda: not ports[LOG].opened, 10, "the closed port")
        self.echoes(client, ports[ECHO], 1000)

    def test_bytes_of_webdav_reach_the_guest_of_qemu(self):
        vm = self.machine()
        client = self.client(vm)
        self.echoes(client, self.port(client), MIB)

        with self.subTest("the guest closes and opens its side"):
            vm.guest.tell("close", WEBDAV)
            client.run_until(lambda: not client.webdav.opened, 10, "the closed port")
            vm.guest.tell("open", WEBDAV)
            client.run_until(lambda: client.webdav.opened, 10, "the port open again")
            self.echoes(client, client.webdav, 100000)


if __name__ == "__main__":
    system.main()
