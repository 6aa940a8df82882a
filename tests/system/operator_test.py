#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""What an operator relies on: an ordered end, reload without restart, clear words for what is wrong, secure defaults."""
import os
import re
import signal
import socket
import ssl
import stat
import subprocess
import time
import unittest

import saffron_system as system

DEMO = '[[vm]]\nname = "one"\ndemo = true\nstill = true\n'


class Operator(system.SystemTest):
    def serve(self, config, **keywords):
        return self.daemon("serve", "--config", self.write("saffron.toml", config), **keywords)

    def refused(self, config, *expected):
        """`saffron serve` ends with 1 and says each of these."""
        run = self.run_saffron("serve", "--config", self.write("saffron.toml", config), "--control", self.path("c.sock"))
        self.assertEqual(run.returncode, 1, run.stderr)
        for text in expected:
            self.assertIn(text, run.stderr)
        return run.stderr

    # -- the end --

    def test_sigterm_ends_in_order_within_five_seconds(self):
        saffron = self.serve('listen = ["127.0.0.1:0"]\n' + DEMO + 'ticket = "t"\n')
        clients = [system.raw_link(saffron.port(), "t") for _ in range(3)]
        for connection, _ in clients:  # what it says at first, with the bandwidth test's 256,000 bytes
            system.receive(connection, 256000)
        silent = [socket.create_connection(("127.0.0.1", saffron.port())) for _ in range(20)]
        started = time.monotonic()
        self.assertEqual(saffron.end(), 0)
        self.assertLess(time.monotonic() - started, 5)
        for connection, error in clients:
            self.assertEqual(error, 0)
            said = b""
            while more := connection.recv(65536):
                said += more
            self.assertIn(b"\x06\x00\x0c\x00\x00\x00", said)  # DISCONNECTING, 12 bytes
            connection.close()
        for connection in silent:
            connection.close()
        self.assertFalse(os.path.exists(saffron.control))

    # -- reload --

    def test_sighup_changes_tickets_and_leaves_clients_alone(self):
        text = 'listen = ["127.0.0.1:0"]\n' + DEMO
        saffron = self.serve(text + 'ticket = "before"\n')
        connection, error = system.raw_link(saffron.port(), "before")
        self.assertEqual(error, 0)
        self.write("saffron.toml", text + 'ticket = "after"\n')
        saffron.process.send_signal(signal.SIGHUP)
        saffron.wait_for_line("reloaded")
        for password, expected in (("before", 7), ("after", 0)):
            other, error = system.raw_link(saffron.port(), password)
            other.close()
            self.assertEqual(error, expected, password)
        self.assertGreaterEqual(len(saffron.status()["vms"][0]["clients"]), 1)
        connection.close()
        self.assertEqual(saffron.lines("waits for a restart"), [])
        self.write("saffron.toml", text + 'ticket = "after"\nclients = "refuse"\n')
        saffron.process.send_signal(signal.SIGHUP)
        saffron.wait_for_line("what else has changed waits for a restart")

    def test_sighup_changes_the_certificate_and_a_bad_one_is_not_taken(self):
        files = system.make_certificates(self)
        saffron = self.serve(f'listen = []\ntls-listen = ["127.0.0.1:0"]\ntls-cert = "{files["cert"]}"\n'
                             f'tls-key = "{files["key"]}"\n' + DEMO + 'ticket = "t"\n')

        def served():
            context = ssl.create_default_context(cafile=self.path("trusted.pem"))
            context.check_hostname = False
            with socket.create_connection(("127.0.0.1", saffron.port())) as plain:
                with context.wrap_socket(plain) as secured:
                    return secured.getpeercert(binary_form=True)

        def trust(*authorities):
            with open(self.path("trusted.pem"), "wb") as f:
                for a in authorities:
                    f.write(open(a, "rb").read())

        trust(files["ca"])
        first = served()
        other = system.make_certificates(self, name="other")
        trust(files["ca"], other["ca"])
        os.replace(other["cert"], files["cert"])
        saffron.process.send_signal(signal.SIGHUP)
        saffron.wait_for_line("does not belong to certificate")
        self.assertEqual(served(), first)
        os.replace(other["key"], files["key"])
        saffron.process.send_signal(signal.SIGHUP)
        saffron.wait_for_line("reloaded")
        self.assertNotEqual(served(), first)

    # -- what is wrong --

    def test_a_port_in_use_is_named(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            self.refused(f'listen = ["127.0.0.1:{port}"]\n' + DEMO + 'ticket = "t"\n',
                         f"127.0.0.1:{port}", "in use")

    def test_a_key_of_another_certificate_an_expired_one_and_a_missing_one_are_named(self):
        good, other = system.make_certificates(self), system.make_certificates(self, name="other")
        expired = system.make_certificates(self, days=-1, name="expired")
        text = 'listen = []\ntls-listen = ["127.0.0.1:0"]\ntls-cert = "{}"\ntls-key = "{}"\n' + DEMO + 'ticket = "t"\n'
        self.refused(text.format(good["cert"], other["key"]), other["key"], "does not belong to certificate")
        self.refused(text.format(expired["cert"], expired["key"]), expired["cert"], "has expired")
        self.refused(text.format(self.path("none.pem"), good["key"]), "none.pem")

    def test_a_bad_config_names_file_line_key_and_what_was_expected(self):
        path = self.write("bad.toml", 'loops = "many"\nlog-levle = "info"\n[[vm]]\nname = "a"\nclients = "some"\n')
        run = self.run_saffron("check", "--config", path)
        self.assertEqual(run.returncode, 1)
        lines = run.stdout.strip().splitlines()
        for expected in (r"bad\.toml:1: loops: expected a whole number", r"bad\.toml:5: vm\.clients: expected shared",
                         r"bad\.toml:2: log-levle: unknown, did you mean log-level\?"):
            self.assertEqual(len([line for line in lines if re.search(expected, line)]), 1, (expected, lines))

    def test_check_says_ok_of_a_good_config(self):
        run = self.run_saffron("check", "--config", self.write("good.toml", DEMO + 'ticket = "t"\n'))
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertIn("ok: 1 VM", run.stdout)

    # -- secure by default --

    def test_a_plain_listener_beyond_loopback_is_refused_unless_meant(self):
        text = 'listen = ["0.0.0.0:0"]\n' + DEMO + 'ticket = "t"\n'
        self.refused(text, "0.0.0.0", "insecure")

    def test_a_vm_without_a_ticket_on_a_shared_listener_is_refused(self):
        self.refused('listen = ["127.0.0.1:0"]\n' + DEMO + "disable-ticketing = true\n", "one", "listener of its own")

    def test_the_control_socket_is_for_its_owner_alone(self):
        saffron = self.serve('listen = ["127.0.0.1:0"]\n' + DEMO + 'ticket = "t"\n')
        mode = os.stat(saffron.control).st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(stat.S_IMODE(mode), 0o600)

    def test_a_ticket_given_on_the_command_line_is_not_in_the_process_list(self):
        saffron = self.daemon("serve", "--listen", "127.0.0.1:0", "--vm", "name=one,demo,still,ticket=hush-hush")
        with open(f"/proc/{saffron.process.pid}/cmdline", "rb") as f:
            self.assertNotIn(b"hush-hush", f.read())
        connection, error = system.raw_link(saffron.port(), "hush-hush")
        connection.close()
        self.assertEqual(error, 0)

    def test_descriptors_are_not_inherited(self):
        saffron = self.serve('listen = ["127.0.0.1:0"]\n' + DEMO + 'ticket = "t"\n')
        connection, error = system.raw_link(saffron.port(), "t")
        self.assertEqual(error, 0)
        leaked = []
        for entry in os.listdir(f"/proc/{saffron.process.pid}/fdinfo"):
            if int(entry) > 2:
                with open(f"/proc/{saffron.process.pid}/fdinfo/{entry}") as f:
                    flags = next(int(line.split()[1], 8) for line in f if line.startswith("flags"))
                if not flags & os.O_CLOEXEC:
                    leaked.append(os.readlink(f"/proc/{saffron.process.pid}/fd/{entry}"))
        connection.close()
        self.assertEqual(leaked, [])

    # -- faults --

    def test_a_missing_qmp_socket_is_named_once_and_the_other_vms_are_unaffected(self):
        qmp = self.path("nowhere.qmp")
        saffron = self.serve(f'listen = ["127.0.0.1:0"]\n{DEMO}ticket = "t"\n[[vm]]\nname = "two"\n'
                             f'qmp = "{qmp}"\nticket = "u"\n')
        line = saffron.wait_for_line("nowhere.qmp")
        self.assertIn("-qmp unix:", line)
        time.sleep(3)
        self.assertEqual(len(saffron.lines(r"warn .*nowhere\.qmp")), 1)
        self.assertEqual(system.screenshot(self, port=saffron.port(), password="t").size, (1024, 768))
        states = {vm["name"]: vm["state"] for vm in saffron.status()["vms"]}
        self.assertIn("nowhere.qmp", states["two"])

    def test_a_socket_that_is_not_qmp_and_a_qemu_without_dbus_display_are_told_apart(self):
        path = self.path("not.qmp")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(path)
            server.listen()
            saffron = self.serve(f'listen = ["127.0.0.1:0"]\n[[vm]]\nname = "two"\nqmp = "{path}"\nticket = "u"\n')
            connection, _ = server.accept()
            connection.sendall(b"220 mail.example ESMTP\r\n")
            saffron.wait_for_line(r"warn .*not\.qmp: it is not a QMP socket")
            connection.close()

        plain = self.path("plain.qmp")
        process = subprocess.Popen(["qemu-system-x86_64", "-machine", "none", "-display", "none", "-qmp",
                                    f"unix:{plain},server=on,wait=off"], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            system.wait_until(lambda: os.path.exists(plain), 10, "QEMU's socket")
            other = self.daemon("serve", "--listen", "127.0.0.1:0", "--vm", f"name=two,qmp={plain},ticket=u")
            self.assertIn("-display dbus,p2p=yes", other.wait_for_line(r"plain\.qmp"))
        finally:
            process.terminate()
            process.wait(10)


if __name__ == "__main__":
    system.main()
