# SPDX-License-Identifier: BSD-3-Clause
"""A real QEMU for the system tests: stock, with its D-Bus display and a QMP socket for Saffron and one for the test."""
import json
import os
import signal
import socket
import subprocess
import time

import saffron_system as system


class Qmp:
    """The test's own connection to a QEMU, made once there is one."""

    def __init__(self, path, what):
        self.path = path
        self.stream = system.wait_until(self._connect, 10, f"QMP of {what}")
        self.command("qmp_capabilities")

    def _connect(self):
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(self.path)
        except OSError:
            connection.close()
            return None
        connection.settimeout(10)
        stream = connection.makefile("rw")
        connection.close()
        stream.readline()  # greeting
        return stream

    def command(self, execute, **arguments):
        self.stream.write(json.dumps({"execute": execute, "arguments": arguments}) + "\n")
        self.stream.flush()
        while True:
            reply = json.loads(self.stream.readline())
            if "error" in reply:
                raise AssertionError(f"{execute}: {reply['error']}")
            if "return" in reply:
                return reply["return"]

    def close(self):
        self.stream.close()


class Qemu:
    """Boots no disk: SeaBIOS and iPXE write on the screen, and with `boot` a sector of ours runs."""

    def __init__(self, test, name, *devices, boot=None, start=True):
        self.test, self.name = test, name
        self.qmp_path = test.path(f"{name}.qmp")
        self.own_qmp_path = test.path(f"{name}-test.qmp")
        self.devices = devices or ("-vga", "std")
        self.boot = boot
        self.process = None
        self.qmp = None
        test.addCleanup(self.kill)
        if start:
            self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["qemu-system-x86_64", "-name", self.name, "-machine", "pc,accel=tcg", "-m", "64", "-nodefaults",
             "-display", "dbus,p2p=yes", *self.devices,
             "-qmp", f"unix:{self.qmp_path},server=on,wait=off",
             "-qmp", f"unix:{self.own_qmp_path},server=on,wait=off",
             *(["-drive", f"file={self.boot},format=raw,if=floppy"] if self.boot else [])],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.qmp = Qmp(self.own_qmp_path, self.name)

    def command(self, execute, **arguments):
        return self.qmp.command(execute, **arguments)

    def screendump(self):
        """What QEMU itself says is on the screen."""
        path = self.test.path(f"{self.name}-dump.ppm")
        self.command("screendump", filename=path)
        return system.Picture(path)

    def stable_screenshot(self, take):
        """A screenshot taken while the screen did not change, and QEMU's own dump, the same before and after it. A cursor
        that blinked twice meanwhile looks like one that stood still, so a difference counts when it is there every time."""
        last = None
        for _ in range(40):
            before = self.screendump()
            shot = take()
            if before == self.screendump():
                last = shot, before
                if shot.differing(before) == 0:
                    break
            time.sleep(0.3)
        if last is None:
            raise AssertionError(f"the screen of {self.name} never stood still")
        return last

    def wait_for_quiet_screen(self, seconds=60):
        """Until SeaBIOS has given up booting and its text stands."""
        def quiet():
            first = self.screendump()
            time.sleep(1)
            return len(set(first.pixels)) > 1 and first == self.screendump()
        system.wait_until(quiet, seconds, f"a quiet screen of {self.name}")

    def kill(self):
        if self.qmp:
            self.qmp.close()
            self.qmp = None
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        if self.process:
            self.process.wait(10)
        for path in (self.qmp_path, self.own_qmp_path):
            if os.path.exists(path):
                os.unlink(path)
