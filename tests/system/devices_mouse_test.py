#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""What the guest's agent hears besides clipboards and files: which displays the VM has, and where a client's mouse is
when the VM has no absolute pointer of its own."""
import saffron_system as system
from device_system import DeviceTest, Machine

SERVER_MOUSE, CLIENT_MOUSE = 1, 2
LEFT, MIDDLE, RIGHT, UP, DOWN, SIDE, EXTRA = range(1, 8)


def mask(*buttons):
    """As the inputs channel counts them."""
    return sum(1 << button - 1 for button in buttons)


def agents_mask(*buttons):
    """As the agent's mouse_state does."""
    return sum(1 << button for button in buttons)


class Mouse(DeviceTest):
    def mode(self, client, expected):
        client.run_until(lambda: client.main.get_property("mouse-mode") == expected, 10, f"mouse mode {expected}")

    def heard(self, vm, since=0):
        return [(e["x"], e["y"], e["buttons"], e["display"]) for e in vm.guest.find("mouse", since=since)]

    def point(self, client, x, y, *buttons, display=0):
        client.inputs.position(x, y, display, mask(*buttons))

    def wait_for_mouse(self, client, vm, expected, since=0):
        """Until this is the last that the guest heard, and for a while after it."""
        client.run_until(lambda: self.heard(vm, since)[-1:] == [expected], 10, f"{expected} in the guest")
        client.run_for(0.3)
        self.assertEqual(self.heard(vm, since)[-1], expected)

    def connect(self, vm):
        client = self.client(vm)
        client.wait_for_inputs()
        return client

    def test_a_client_leads_the_mouse_through_the_agent(self):
        vm = Machine(self)
        client = self.connect(vm)
        with self.subTest("the client may lead it"):
            self.mode(client, CLIENT_MOUSE)

        with self.subTest("the newest position is the last one that the guest hears"):
            for step in range(1000):
                self.point(client, step, 2 * step)
                if step % 50 == 0:
                    client.run_for(0.005)
            self.wait_for_mouse(client, vm, (999, 1998, 0, 0))
            order = [x for x, _, _, _ in self.heard(vm)]
            self.assertEqual(order, sorted(order))

        with self.subTest("no press of a button is lost while the mouse moves, and none is between wrong positions"):
            since = vm.guest.mark()
            for click in range(50):
                self.point(client, click, 7)
                client.inputs.button_press(LEFT, mask(LEFT))
                self.point(client, click + 1, 7, LEFT)
                client.inputs.button_release(LEFT, 0)
            self.wait_for_mouse(client, vm, (50, 7, 0, 0), since)
            changes = [(0, 0)]
            for x, _, buttons, _ in self.heard(vm, since):
                if buttons != changes[-1][1]:
                    changes.append((x, buttons))
            self.assertEqual([buttons for _, buttons in changes[1:]], [agents_mask(LEFT), 0] * 50)
            self.assertEqual([x for x, buttons in changes[1:] if not buttons], list(range(1, 51)))

        with self.subTest("all buttons and the wheel have the agent's bits"):
            for button in (LEFT, MIDDLE, RIGHT, SIDE, EXTRA):
                client.inputs.button_press(button, mask(button))
                self.wait_for_mouse(client, vm, (50, 7, agents_mask(button), 0))
                client.inputs.button_release(button, 0)
                self.wait_for_mouse(client, vm, (50, 7, 0, 0))
            for button in (UP, DOWN):
                since = vm.guest.mark()
                client.inputs.button_press(button, mask(button))
                client.inputs.button_release(button, 0)
                self.wait_for_mouse(client, vm, (50, 7, 0, 0), since)
                self.assertEqual(self.heard(vm, since)[0], (50, 7, agents_mask(button), 0))

        with self.subTest("a client that leaves lets go of its buttons"):
            other = self.connect(vm)
            self.mode(other, CLIENT_MOUSE)
            self.point(other, 50, 7)
            other.inputs.button_press(RIGHT, mask(RIGHT))
            self.wait_for_mouse(client, vm, (50, 7, agents_mask(RIGHT), 0))
            other.close()
            self.wait_for_mouse(client, vm, (50, 7, 0, 0))

        with self.subTest("a client that wants motions moves the VM's own mouse, and may lead again"):
            client.main.request_mouse_mode(SERVER_MOUSE)
            self.mode(client, SERVER_MOUSE)
            since = vm.guest.mark()
            client.inputs.motion(5, 5, 0)
            client.inputs.button_press(LEFT, mask(LEFT))
            client.inputs.button_release(LEFT, 0)
            client.run_for(0.5)
            self.assertEqual(self.heard(vm, since), [])
            client.main.request_mouse_mode(CLIENT_MOUSE)
            self.mode(client, CLIENT_MOUSE)
            self.point(client, 3, 4)
            self.wait_for_mouse(client, vm, (3, 4, 0, 0), since)

        with self.subTest("without an agent the client moves it, and with the next one it leads"):
            vm.guest.tell("close", vm.ports[0])
            self.mode(client, SERVER_MOUSE)
            vm.guest.tell("open", vm.ports[0])
            self.mode(client, CLIENT_MOUSE)
            since = vm.guest.mark()
            self.point(client, 8, 9)
            self.wait_for_mouse(client, vm, (8, 9, 0, 0), since)
        self.assertEqual(vm.guest.find("problem"), [])

    def test_the_agent_is_told_the_displays_of_a_card_with_two_heads(self):
        vm = Machine(self, "-vga", "none", "-device", "virtio-vga,max_outputs=2,addr=5")
        client = self.connect(vm)
        heads = [[0, 0, 0, "pci/0000/05.0"], [1, 0, 1, "pci/0000/05.0"]]
        vm.guest.wait_for("displays", displays=heads)

        with self.subTest("positions carry the number of their display"):
            self.mode(client, CLIENT_MOUSE)
            self.point(client, 11, 12, display=1)
            self.wait_for_mouse(client, vm, (11, 12, 0, 1))

        with self.subTest("the agent of a VM that was started again is told anew"):
            vm.kill()
            client.run_until(lambda: not client.agent, 10, "the end of the agent")
            vm.start()
            client.wait_for_agent(20)
            vm.guest.wait_for("displays", displays=heads)
            self.mode(client, CLIENT_MOUSE)


if __name__ == "__main__":
    system.main()
