#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""A QEMU that is killed and started again: its clients stay, see the agent go and come back, and copy and paste as
before."""
import saffron_system as system
from device_client import CLIPBOARD
from device_system import AGENT, WEBDAV, DeviceTest, Machine
from linux_guest import TEXT, pattern

MIB = 1 << 20


class Restart(DeviceTest):
    def copies(self, vm, owner, other, size):
        other.grabs.clear()
        owner.copy({TEXT: pattern(size)})
        other.run_until(lambda: vm.heard_copy(pattern(size)), 20, "the guest's copy")
        other.run_until(lambda: other.grabs.get(CLIPBOARD) == [TEXT], 10, "the guest's offer")
        self.assertEqual(other.paste(TEXT), pattern(size))

    def restart(self, vm, clients):
        vm.kill()
        for client in clients:
            client.run_until(lambda c=client: not c.agent, 10, "the end of the agent")
        vm.start()
        vm.saffron.wait_for_lines(f"vm {vm.name} is running", 2, seconds=20)
        for client in clients:
            client.wait_for_agent(20)
            self.assertTrue(client.connected)
        clients[0].run_until(lambda: vm.guest.find("capabilities"), 10, "what clients can, in the guest")

    def echoes(self, client, size):
        before = len(client.webdav.data)
        client.webdav.write(pattern(size))
        client.run_until(lambda: len(client.webdav.data) == before + size, 10, "the echo")
        self.assertEqual(bytes(client.webdav.data[before:]), pattern(size))

    def test_clipboard_and_port_work_after_a_restart(self):
        vm = Machine(self, ports=(AGENT, WEBDAV))
        one, two = self.client(vm, webdav=True), self.client(vm)
        one.run_until(lambda: one.webdav and one.webdav.opened, 10, "the opened port")
        self.copies(vm, one, two, 1000)
        self.echoes(one, 5000)
        self.restart(vm, (one, two))
        self.copies(vm, two, one, MIB)
        self.copies(vm, one, two, 77)
        one.run_until(lambda: one.webdav.opened, 20, "the port open again")
        self.assertEqual(one.webdav.opened_changes[-2:], [False, True])
        self.echoes(one, 7000)
        self.assertEqual(len(vm.saffron.lines(r"client \d+ of vm desk connected")), 2)

    def test_a_client_in_the_middle_of_a_transfer_and_a_paste_survives(self):
        vm = Machine(self)
        client = self.client(vm)
        path = self.path("endless.bin")
        with open(path, "wb") as f:
            f.truncate(900 * MIB)
        client.send_files(path)
        client.run_until(lambda: client.transfers and client.transfers[0].get_progress() > 0, 20, "a start")
        self.restart(vm, [client])
        client.run_until(lambda: client.copies, 10, "the end of the transfer")
        self.assertIsInstance(client.copies[0], str)
        self.copies(vm, client, self.client(vm), 2000)


if __name__ == "__main__":
    system.main()
