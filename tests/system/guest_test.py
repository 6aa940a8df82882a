#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""The tests' own Linux guest in a QEMU without any SPICE server: bare sockets on its ports. What fails here fails because
of the guest or of the harness."""
import os
import threading

import agent_link
import saffron_system as system
from agent_link import AgentLink, words
from linux_guest import TEXT, LinuxGuest, pattern, virtio_port

AGENT, ECHO = "com.redhat.spice.0", "org.saffron.echo.0"
BY_DEMAND, SELECTION, DETAILED_ERRORS = 1 << 5, 1 << 6, 1 << 14


class Guest(system.SystemTest):
    def boot(self):
        self.agent_path, self.echo_path = self.path("agent.sock"), self.path("echo.sock")
        guest = LinuxGuest(
            self, "-chardev", f"socket,id=vd,path={self.agent_path},server=on,wait=off", *virtio_port("vd", AGENT),
            "-chardev", f"socket,id=echo,path={self.echo_path},server=on,wait=off", *virtio_port("echo", ECHO),
            ports=(AGENT, ECHO))
        print(f"booted in {guest.boot_seconds:.1f} s")
        return guest

    def agent(self, guest):
        """A client of the agent that has said hello."""
        since = guest.mark()
        link = AgentLink(self, self.agent_path)
        announced = link.receive(agent_link.CAPABILITIES)
        self.assertEqual(announced[:4], words(1))
        self.assertEqual(announced[4] & 0b0110_0111, 0b0110_0111)
        link.send(agent_link.CAPABILITIES, words(0, BY_DEMAND | SELECTION | DETAILED_ERRORS))
        guest.wait_for("capabilities", since=since)
        return link

    def test_clipboards_both_ways_and_files(self):
        guest = self.boot()
        link = self.agent(guest)

        with self.subTest("the guest copies"):
            guest.tell("grab", "text", 1 << 20)
            self.assertEqual(link.receive(agent_link.GRAB), words(0, TEXT))
            link.send(agent_link.REQUEST, words(0, TEXT))
            self.assertEqual(link.receive(agent_link.CLIPBOARD), words(0, TEXT) + pattern(1 << 20))
            guest.wait_for("pasted", selection=0, type=TEXT, size=1 << 20)

        with self.subTest("the client copies"):
            text = os.urandom(300000)
            link.send(agent_link.GRAB, words(1, TEXT))
            self.assertEqual(link.receive(agent_link.REQUEST), words(1, TEXT))
            link.send(agent_link.CLIPBOARD, words(1, TEXT) + text)
            self.assertEqual(link.receive(agent_link.GRAB), words(1, TEXT))
            guest.wait_for("copied", selection=1, type=TEXT, size=len(text), sha256=agent_link.sha256(text))

        with self.subTest("a file"):
            contents = os.urandom((3 << 20) + 5)
            self.assertEqual(link.send_file(7, "holiday.jpg", contents), [agent_link.CAN_SEND, agent_link.SUCCESS])
            guest.wait_for("file", name="holiday.jpg", size=len(contents), sha256=agent_link.sha256(contents))

        with self.subTest("monitors"):
            link.send(agent_link.MONITORS_CONFIG, words(1, 0, 600, 800, 32, 0, 0))
            self.assertEqual(link.receive(agent_link.REPLY), words(agent_link.MONITORS_CONFIG, 1))
            guest.wait_for("monitors", monitors=[[800, 600, 32, 0, 0]])

        with self.subTest("nonsense"):
            guest.tell("grab", "nothing", 5)
            guest.wait_for("error", command="grab nothing 5")
            link.connection.sendall(words(9, 3) + b"abc")
            guest.wait_for("problem")
            link.send(agent_link.CLIENT_DISCONNECTED, port=agent_link.SERVER_PORT)
            guest.wait_for("client_disconnected")

        with self.subTest("the host's side goes and comes back"):
            link.connection.close()
            guest.wait_for("disconnected", port=AGENT)
            link = self.agent(guest)
            link.send(agent_link.REQUEST, words(0, TEXT))
            self.assertEqual(link.receive(agent_link.CLIPBOARD), words(0, TEXT) + pattern(1 << 20))

    def test_an_echo_port(self):
        guest = self.boot()
        connection = agent_link.connect(self.echo_path)
        self.addCleanup(connection.close)
        guest.wait_for("connected", port=ECHO)
        data = os.urandom(1 << 20)

        with self.subTest("1 MiB comes back"):
            writer = threading.Thread(target=connection.sendall, args=(data,), daemon=True)
            writer.start()
            self.assertEqual(agent_link.receive_exactly(connection, len(data)), data)
            writer.join(10)

        with self.subTest("a guest that does not read takes no more than its port holds"):
            guest.tell("hold", ECHO)
            guest.tell("ports")
            guest.wait_for("ports", connected=[ECHO])
            connection.settimeout(1)
            with self.assertRaises(TimeoutError):
                while True:
                    connection.sendall(data)
            connection.settimeout(20)
            guest.tell("resume", ECHO)
            agent_link.receive_exactly(connection, 1 << 18)

        with self.subTest("the guest speaks by itself, after its side was closed and opened"):
            since = guest.mark()
            connection.close()
            guest.wait_for("disconnected", port=ECHO, since=since)
            guest.tell("close", ECHO)
            guest.tell("open", ECHO)
            guest.tell("ports")
            guest.wait_for("ports", since=since, connected=[])
            connection = agent_link.connect(self.echo_path)
            self.addCleanup(connection.close)
            guest.wait_for("connected", port=ECHO, since=since)
            guest.tell("send", ECHO, 100000)
            self.assertEqual(agent_link.receive_exactly(connection, 100000), pattern(100000))


if __name__ == "__main__":
    system.main()
