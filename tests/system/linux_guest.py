# SPDX-License-Identifier: BSD-3-Clause
"""A real Linux in a real QEMU whose only process is ours (guest/guest_agent.cpp): an agent on the agent's port, an echo on
every other one. It tells what clients do and does what the test says."""
import json
import os
import subprocess
import threading
import time

import saffron_system as system

# In the order of their dependencies.
MODULES = ("virtio_ring", "virtio", "virtio_pci_modern_dev", "virtio_pci_legacy_dev", "virtio_pci", "virtio_console")
TEXT, PNG, BMP, TIFF, JPG = 1, 2, 3, 4, 5


def pattern(size):
    """What the guest offers and sends: clipboard_content::pattern."""
    lines = b"".join(bytes(97 + (line + column) % 26 for column in range(63)) + b"\n" for line in range(26))
    return (lines * (size // len(lines) + 1))[:size]


def cpio_entry(name, data=b"", mode=0o100755, device=(0, 0)):
    """One file of a "newc" archive (the kernel's Documentation, initramfs buffer format)."""
    path = name.encode() + b"\0"
    numbers = (0, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(path), 0)
    entry = b"070701" + b"".join(b"%08x" % number for number in numbers) + path
    entry += b"\0" * (-len(entry) % 4) + data
    return entry + b"\0" * (-len(entry) % 4)


def read_file(path):
    with open(path, "rb") as f:
        return f.read()


def make_initramfs(program, kernel):
    """/init, the modules in order, and a console for the kernel."""
    entries = [cpio_entry("dev", mode=0o40755), cpio_entry("dev/console", mode=0o20600, device=(5, 1)),
               cpio_entry("modules", mode=0o40755), cpio_entry("init", read_file(program))]
    for number, module in enumerate(MODULES):
        entries.append(cpio_entry(f"modules/{number}.ko", read_file(f"{kernel}/{module}.ko"), 0o100644))
    return b"".join(entries) + cpio_entry("TRAILER!!!")


def virtio_port(chardev, name):
    """QEMU's arguments for a port; LinuxGuest adds the controller."""
    return "-device", f"virtserialport,chardev={chardev},name={name}"


class LinuxGuest:
    """Starts at once and waits until the guest serves the ports. Further arguments are those of QEMU."""

    def __init__(self, test, *arguments, ports=(), name="linux", seconds=60):
        self.test = test
        self.events = []
        self.noise = []
        self.changed = threading.Condition(threading.RLock())
        if not system.GUEST or not os.path.exists(f"{system.GUEST_KERNEL}/vmlinuz"):
            raise AssertionError(f"no program or kernel for the guest ({system.GUEST}, {system.GUEST_KERNEL}/vmlinuz): "
                                 "`./dev guest_kernel` fetches the kernel")
        initramfs = test.path(f"{name}.cpio")
        with open(initramfs, "wb") as f:
            f.write(make_initramfs(system.GUEST, system.GUEST_KERNEL))
        self.complaints = open(test.path(f"{name}.stderr"), "w+")
        test.addCleanup(self.complaints.close)
        self.process = subprocess.Popen(
            ["qemu-system-x86_64", "-name", name, "-nodefaults", "-no-user-config", "-machine", "pc,accel=tcg",
             "-cpu", "max", "-m", "192", "-display", "none", "-no-reboot", "-serial", "stdio",
             "-kernel", f"{system.GUEST_KERNEL}/vmlinuz", "-initrd", initramfs,
             "-append", "console=ttyS0 quiet panic=-1 no_timer_check", "-device", "virtio-serial-pci", *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.complaints)
        test.addCleanup(self.kill)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        start = time.monotonic()
        self.wait_for("ready", seconds=seconds)
        if self.find("error"):
            raise AssertionError(self._report("the guest could not load its modules"))
        for port in ports:
            self.wait_for("port", port=port, seconds=seconds)
        self.boot_seconds = time.monotonic() - start

    def _read(self):
        for line in self.process.stdout:
            line = line.decode(errors="replace").strip()
            with self.changed:
                if line.startswith('{"event":'):
                    self.events.append(json.loads(line))
                elif line:
                    self.noise.append(line)
                self.changed.notify_all()

    def tell(self, *words):
        """A command of guest/commands.hpp."""
        self.process.stdin.write(" ".join(map(str, words)).encode() + b"\n")
        self.process.stdin.flush()

    def find(self, event, since=0, **fields):
        with self.changed:
            return [e for e in self.events[since:] if e["event"] == event and
                    all(e.get(key) == value for key, value in fields.items())]

    def mark(self):
        """For `since`: only events that come from now on."""
        with self.changed:
            return len(self.events)

    def wait_for(self, event, *, seconds=20, since=0, **fields):
        """The first such event, of those that have come already too."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while True:
                found = self.find(event, since, **fields)
                if found:
                    return found[0]
                left = deadline - time.monotonic()
                if left <= 0 or (self.process.poll() is not None and not self.reader.is_alive()):
                    raise AssertionError(self._report(f"no event {event} {fields} of the guest"))
                self.changed.wait(min(left, 0.2))

    def _report(self, what):
        self.complaints.seek(0)
        return "\n".join([what, *map(str, self.events[-20:]), *self.noise[-20:], self.complaints.read()])

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        self.reader.join(5)
        self.process.stdin.close()
        self.process.stdout.close()
