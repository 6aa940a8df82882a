#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""What a user of a VM has: several viewers at once, who may come and who may type, resizing, the mouse, the names."""
import struct
import time
import unittest

import saffron_system as system
from spice_client import SpiceClient

SERVER_MOUSE, CLIENT_MOUSE = 1, 2


class Session(system.SystemTest):
    def serve(self, more=""):
        return self.daemon("serve", "--config", self.write(
            "saffron.toml", 'listen = ["127.0.0.1:0"]\n[[vm]]\nname = "desk"\ndemo = true\nstill = true\nticket = "t"\n' + more))

    def client(self, saffron):
        client = SpiceClient(self, port=saffron.port(), password="t")
        client.wait_for_display()
        client.wait_for_inputs()
        return client

    def test_two_viewers_see_the_same_and_both_may_type(self):
        saffron = self.serve()
        one, two = self.client(saffron), self.client(saffron)
        before = one.picture()
        one.type("one")
        one.run_until(lambda: one.picture() != before and one.picture() == two.picture(), 5, "the first one's text")
        middle = one.picture()
        two.type("two")
        one.run_until(lambda: one.picture() != middle and one.picture() == two.picture(), 5, "the second one's text")

    def test_only_the_first_may_type_when_it_is_so_configured(self):
        saffron = self.serve('inputs = "first"\n')
        one, two = self.client(saffron), self.client(saffron)
        before = one.picture()
        two.type("two")
        one.run_for(0.5)
        self.assertEqual(one.picture(), before)
        self.assertGreater(saffron.counter("input_dropped"), 0)
        one.type("one")
        one.run_until(lambda: one.picture() != before and one.picture() == two.picture(), 5, "the first one's text")

    def test_with_policy_exclusive_the_newest_takes_over(self):
        saffron = self.serve('clients = "exclusive"\n')
        one = self.client(saffron)
        two = self.client(saffron)
        two.run_until(lambda: not one.connected, 5, "the end of the first")
        saffron.wait_for_line("another client took over")
        self.assertTrue(two.connected)

    def test_with_policy_refuse_the_second_is_refused(self):
        saffron = self.serve('clients = "refuse"\n')
        one = self.client(saffron)
        connection, error = system.raw_link(saffron.port(), "t")
        connection.close()
        self.assertEqual(error, 1)
        one.run_for(0.2)
        self.assertTrue(one.connected)
        one.close()
        saffron.wait_for_line("disconnected")
        two = self.client(saffron)
        self.assertTrue(two.connected)

    def test_a_client_resizes_the_vm_and_every_viewer_follows(self):
        saffron = self.serve()
        one, two = self.client(saffron), self.client(saffron)
        one.run_until(lambda: one.main.get_property("agent-connected"), 5, "the agent")
        one.main.update_display_enabled(0, True, False)
        one.main.update_display(0, 0, 0, 1152, 864, True)
        for client in (one, two):
            one.run_until(lambda: client.picture() and client.picture()[:2] == (1152, 864), 10, "the new size")
        one.run_for(0.5)
        shot = system.screenshot(self, port=saffron.port(), password="t")
        self.assertEqual(shot.size, (1152, 864))
        self.assertTrue(one.shows(shot))
        self.assertTrue(two.shows(shot))

    def test_the_mouse_is_led_by_the_client_and_its_pointer_shows(self):
        saffron = self.serve()
        client = self.client(saffron)
        client.run_until(lambda: client.main.get_property("mouse-mode") == CLIENT_MOUSE, 5, "client mouse mode")
        before = client.picture()
        client.inputs.position(500, 400, 0, 0)
        client.run_until(lambda: client.picture() != before, 5, "the pointer's position on the demo's panel")
        self.assertEqual(saffron.status()["vms"][0]["clients"][0]["mouse_mode"], "client")

    def test_the_client_learns_name_and_uuid(self):
        saffron = self.serve()
        client = self.client(saffron)
        client.run_until(lambda: client.session.get_property("name") == "desk", 5, "the name")
        connection, error = system.raw_link(saffron.port(), "t", caps=(0b10,))  # it knows names and UUIDs
        self.assertEqual(error, 0)
        kind = 0
        while kind != 114:
            kind, size = struct.unpack("<HI", system.receive(connection, 6))
            body = system.receive(connection, size)
        connection.close()
        self.assertEqual(body.hex(), saffron.status()["vms"][0]["uuid"].replace("-", ""))

    def test_two_heads_show_two_pictures(self):
        saffron = self.serve("heads = 2\n")
        client = self.client(saffron)
        client.wait_for_display(1)
        self.assertNotEqual(client.picture(0), client.picture(1))

    def test_a_dead_peer_is_gone_after_the_connectivity_timeout(self):
        saffron = self.daemon("demo", "--still", "--port", "0", "--connectivity-timeout", "4", "--ping-interval", "1")
        quiet = SpiceClient(self, port=saffron.port())  # does nothing but answer pings
        quiet.wait_for_display()
        silent, error = system.raw_link(saffron.port())
        self.assertEqual(error, 0)
        quiet.run_until(lambda: saffron.lines("silent for too long"), 10, "the end of the dead peer")
        quiet.run_for(3)
        self.assertTrue(quiet.connected)
        silent.close()
        self.assertEqual(saffron.counter("channels_timed_out"), 1)


if __name__ == "__main__":
    system.main()
