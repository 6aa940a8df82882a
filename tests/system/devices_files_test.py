#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Files that viewers send to a guest, in the demo and in a QEMU, and the sizes they wish for its screen."""
import os
import subprocess
import sys

import agent_link
import saffron_system as system
from device_system import Demo, DeviceTest, Machine

MIB = 1 << 20


class Files(DeviceTest):
    def file(self, name, size):
        """A file of random bytes: its path and digest."""
        path, data = self.path(name), os.urandom(size)
        with open(path, "wb") as f:
            f.write(data)
        return path, agent_link.sha256(data)

    def sender(self, vm, path):
        process = subprocess.Popen(
            [sys.executable, "-B", os.path.join(os.path.dirname(__file__), "file_sender.py"), str(vm.saffron.port()),
             vm.password or "", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def end():
            process.kill()
            process.communicate()
        self.addCleanup(end)
        return process

    def arrives(self, vm, client, name, size, seconds=60):
        path, digest = self.file(name, size)
        before, seen = len(client.copies), set()
        client.send_files(path)

        def done():
            seen.update(round(task.get_progress(), 2) for task in client.transfers if not task.get_total_bytes() == 0)
            return len(client.copies) > before
        client.run_until(done, seconds, f"the end of {name}")
        self.assertIs(client.copies[-1], True)
        client.run_until(lambda: vm.heard_file(name, size, digest), 10, f"the guest's word about {name}")
        return seen

    def files(self, vm, size):
        one, two = self.client(vm), self.client(vm)
        with self.subTest("a large file arrives whole, and its sender sees how it goes on"):
            seen = self.arrives(vm, one, "holiday.bin", size)
            self.assertGreater(len([p for p in seen if 0 < p < 1]), 3)

        with self.subTest("files of two viewers at once, whose tasks have the same number"):
            sizes = {"mine.bin": 8 * MIB + 1, "yours.bin": 6 * MIB + 2}
            digests = {name: self.file(name, size)[1] for name, size in sizes.items()}
            senders = [self.sender(vm, self.path(name)) for name in sizes]
            for sender in senders:
                self.assertEqual(sender.stdout.readline(), "ready\n")
            for sender in senders:
                sender.stdin.write("\n")
                sender.stdin.flush()
            one.run_until(lambda: all(vm.heard_file(name, size, digests[name]) for name, size in sizes.items()), 60,
                          "both files")
            self.assertEqual([sender.stdout.readline() for sender in senders], ["1 True\n"] * 2)

        with self.subTest("a file that is cancelled is dropped, and the other client's arrives"):
            path = self.path("endless.bin")
            with open(path, "wb") as f:
                f.truncate(900 * MIB)
            one.send_files(path)
            one.run_until(lambda: len(one.transfers) == 2 and one.transfers[1].get_progress() > 0, 20, "a start")
            mine = self.file("after.bin", 2 * MIB)
            two.send_files(mine[0])
            one.cancel(one.transfers[1])
            self.assertIsInstance(one.copies[1], str)
            one.run_until(lambda: vm.drops(), 20, "the guest's word about it")
            one.run_until(lambda: vm.heard_file("after.bin", 2 * MIB, mine[1]), 30, "the other client's file")

        with self.subTest("the file of a client that leaves is cancelled"):
            two.send_files(path)
            two.run_until(lambda: len(two.transfers) == 2 and two.transfers[1].get_progress() > 0, 20, "a start")
            drops = vm.drops()
            two.close()
            one.run_until(lambda: vm.drops() > drops, 20, "the end of the transfer")
            self.arrives(vm, one, "last.bin", 100000)

    def test_files_to_the_demo(self):
        self.files(Demo(self), 50 * MIB)

    def test_files_to_a_guest_of_qemu(self):
        self.files(Machine(self), 12 * MIB)

    def test_a_clients_monitors_change_the_demo(self):
        vm = Demo(self, "--heads", "2")
        one, two = self.client(vm), self.client(vm)
        for client in (one, two):
            for head in range(2):
                client.wait_for_display(head)
        one.set_monitors((0, 0, 1280, 720), (1280, 0, 800, 600))
        for client in (one, two):
            client.run_until(lambda c=client: [c.displays.get(n, ())[:2] for n in range(2)] == [(1280, 720), (800, 600)],
                             10, "both new sizes")

    def test_a_guest_that_must_resize_itself_hears_of_monitors(self):
        vm = Machine(self)
        client = self.client(vm)
        client.wait_for_display()
        client.set_monitors((0, 0, 1152, 864))
        client.run_until(lambda: vm.guest.find("monitors"), 10, "the guest's word about monitors")
        self.assertEqual(vm.guest.find("monitors")[-1]["monitors"][0][:2], [1152, 864])


if __name__ == "__main__":
    system.main()
