#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""A viewer in a process of its own that sends one file: its library numbers its transfers from 1, as every viewer's does.
Arguments: port, password, path. A line is awaited before it begins; then it says its task's number and how it ended."""
import sys

from device_client import DeviceClient


class Owner:
    """What a client wants of a test."""

    def __init__(self):
        self.cleanups = []

    def addCleanup(self, function):
        self.cleanups.append(function)


def send(port, password, path):
    owner = Owner()
    client = DeviceClient(owner, port=port, password=password or None)
    client.wait_for_agent()
    print("ready", flush=True)
    sys.stdin.readline()
    client.send_files(path)
    client.run_until(lambda: client.copies, 60, "the end of the transfer")
    print(client.transfers[0].get_property("id"), client.copies[0], flush=True)
    for cleanup in owner.cleanups:
        cleanup()


if __name__ == "__main__":
    send(*sys.argv[1:])
