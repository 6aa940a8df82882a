#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Copy and paste between two viewers and a guest, in the demo and in a QEMU: what one copies all others can paste, and a
guest that asks is answered by the one who has it."""
import os

import saffron_system as system
from device_client import CLIPBOARD, PRIMARY
from device_system import Demo, DeviceTest, Machine
from linux_guest import PNG, TEXT, pattern


class Clipboard(DeviceTest):
    def copy(self, vm, owner, other, contents, *, selection=CLIPBOARD, name="text"):
        """One client copies, the other one pastes what the guest offers it then."""
        (kind, data), = contents.items()
        for client in (owner, other):
            client.grabs.pop(selection, None)
            client.requests.clear()
            client.releases.clear()
        owner.copy(contents, selection)
        other.run_until(lambda: vm.heard_copy(data, name), 20, f"the guest's copy of {len(data)} bytes")
        other.run_until(lambda: other.grabs.get(selection) == [kind], 10, "the guest's offer to the other client")
        self.assertEqual(other.paste(kind, selection), data)
        # The guest asked nobody but the owner, and once.
        self.assertEqual(owner.requests, [(selection, kind)])
        self.assertEqual(other.requests, [])

    def both_copy_and_paste(self, vm):
        one, two = self.client(vm), self.client(vm)
        with self.subTest("texts of all sizes go from one client to the other"):
            for size in (1, 2048, 1 << 20):
                self.copy(vm, one, two, {TEXT: pattern(size)})
        with self.subTest("and back, and pictures do"):
            self.copy(vm, two, one, {TEXT: pattern(3000)})
            self.copy(vm, two, one, {PNG: os.urandom(300000)}, name="a picture")
        with self.subTest("selections are apart"):
            self.copy(vm, one, two, {TEXT: pattern(77)}, selection=PRIMARY)
            self.copy(vm, two, one, {TEXT: pattern(78)})
            self.assertEqual(two.paste(TEXT, PRIMARY), pattern(77))
        with self.subTest("the grab of one client releases what the other one had"):
            self.copy(vm, one, two, {TEXT: pattern(101)})
            two.run_until(lambda: two.releases[:1] == [CLIPBOARD], 10, "the release")
        return one, two

    def test_two_clients_copy_and_paste_in_the_demo(self):
        self.both_copy_and_paste(Demo(self))

    def test_two_clients_copy_and_paste_in_a_guest_of_qemu(self):
        vm = Machine(self)
        guest = vm.guest
        one, two = self.both_copy_and_paste(vm)

        with self.subTest("what the guest copies both can paste"):
            for client in (one, two):
                client.grabs.clear()
            guest.tell("grab", "text", 1 << 20)
            for client in (one, two):
                client.run_until(lambda c=client: c.grabs.get(CLIPBOARD) == [TEXT], 10, "the guest's offer")
            for client in (one, two):
                self.assertEqual(client.paste(TEXT), pattern(1 << 20))

        with self.subTest("a client that has nothing of this type gets nothing"):
            self.assertEqual(one.paste(PNG), None)

        with self.subTest("the guest takes it back"):
            one.releases.clear()
            two.releases.clear()
            guest.tell("release")
            for client in (one, two):
                client.run_until(lambda c=client: c.releases == [CLIPBOARD], 10, "the guest's release")
            self.assertEqual(two.paste(TEXT), None)

        with self.subTest("what a client has that leaves is gone"):
            since = guest.mark()
            one.offers.clear()
            one.main.clipboard_selection_grab(CLIPBOARD, [TEXT])  # and will not answer with anything
            one.run_until(lambda: one.requests, 10, "the guest's request")
            one.close()
            two.run_until(lambda: vm.saffron.lines("disconnected"), 10, "the end of the first client")
            self.copy(vm, two, self.client(vm), {TEXT: pattern(555)})
            self.assertTrue(guest.find("copied", since=since, size=555))


if __name__ == "__main__":
    system.main()
