# SPDX-License-Identifier: BSD-3-Clause
"""Two VMs with char devices behind Saffron: the demo, and a Linux guest in a stock QEMU with D-Bus chardevs. Their guests
are told apart only here: what they heard of clients comes in the same words."""
import re

import agent_link
import qemu
import saffron_system as system
from device_client import DeviceClient
from linux_guest import LinuxGuest, virtio_port

AGENT, ECHO, WEBDAV = "com.redhat.spice.0", "org.saffron.echo.0", "org.spice-space.webdav.0"
PAUSE = 0x146  # behind e0, as spice-gtk numbers keys


class Demo:
    """`saffron demo`, whose log tells what its guest heard."""

    def __init__(self, test, *arguments):
        self.saffron = test.daemon("demo", "--still", "--port", "0", *arguments)
        self.password = None

    def pause(self, client):
        client.inputs.key_press(PAUSE)
        client.inputs.key_release(PAUSE)
        client.run_until(lambda: self.saffron.status()["vms"][0]["state"] == "paused", 10, "the pause")

    def go_on(self, client):
        client.inputs.key_press(PAUSE)
        client.inputs.key_release(PAUSE)
        client.run_until(lambda: self.saffron.status()["vms"][0]["state"] == "running", 10, "the end of the pause")

    def heard_copy(self, data, kind="text"):
        return bool(self.saffron.lines(f"demo: {len(data)} bytes of {kind} are in the clipboard"))

    def heard_file(self, name, size, digest):
        return bool(self.saffron.lines(f"received {re.escape(name)}, {size} bytes, SHA-256 {digest}"))

    def drops(self, name="endless.bin", status=agent_link.CANCELLED):
        return len(self.saffron.lines(f"did not receive {re.escape(name)}: status {status}"))


class Machine:
    """A Linux guest in a QEMU, and `saffron serve` in front of it."""

    def __init__(self, test, *arguments, ports=(AGENT,), more="", name="desk"):
        self.test, self.name, self.arguments, self.ports = test, name, arguments, ports
        self.qmp_path, self.own_qmp_path = test.path(f"{name}.qmp"), test.path(f"{name}-test.qmp")
        self.password = "t"
        self.guest = self.qmp = None
        self.start()
        self.saffron = test.daemon("serve", "--config", test.write(
            f"{name}.toml", f'listen = ["127.0.0.1:0"]\n[[vm]]\nname = "{name}"\nqmp = "{self.qmp_path}"\n'
                            f'ticket = "{self.password}"\n{more}'))
        self.saffron.wait_for_line(f"vm {name} is running")

    def start(self):
        chardevs = []
        for number, port in enumerate(self.ports):
            chardevs += ["-chardev", f"dbus,id=port{number},name={port}", *virtio_port(f"port{number}", port)]
        self.guest = LinuxGuest(
            self.test, "-vga", "std", "-display", "dbus,p2p=yes", *chardevs, *self.arguments,
            "-qmp", f"unix:{self.qmp_path},server=on,wait=off", "-qmp", f"unix:{self.own_qmp_path},server=on,wait=off",
            ports=self.ports, name=self.name)
        self.qmp = qemu.Qmp(self.own_qmp_path, self.name)
        self.test.addCleanup(self.qmp.close)

    def kill(self):
        self.qmp.close()
        self.guest.kill()

    def pause(self, client):
        self.qmp.command("stop")
        client.run_until(lambda: self.saffron.status()["vms"][0]["state"] == "paused", 10, "the pause")

    def go_on(self, client):
        self.qmp.command("cont")
        client.run_until(lambda: self.saffron.status()["vms"][0]["state"] == "running", 10, "the end of the pause")

    def heard_copy(self, data, kind="text"):
        number = {"text": 1, "a picture": 2}[kind]
        return bool(self.guest.find("copied", type=number, size=len(data), sha256=agent_link.sha256(data)))

    def heard_file(self, name, size, digest):
        return bool(self.guest.find("file", name=name, size=size, sha256=digest))

    def drops(self, name="endless.bin", status=agent_link.CANCELLED):
        return len(self.guest.find("file_dropped", name=name, status=status))


class DeviceTest(system.SystemTest):
    def client(self, vm, *, agent=True, **keywords):
        client = DeviceClient(self, port=vm.saffron.port(), password=vm.password, **keywords)
        if agent:
            client.wait_for_agent()
        return client
