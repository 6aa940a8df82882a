# SPDX-License-Identifier: BSD-3-Clause
"""What the system tests share: the daemon under test, real clients, pictures, certificates.

Every process is ended by the test that started it; everything listens on 127.0.0.1 or on unix sockets below a
directory of the test's own.
"""
import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

SAFFRON = None
LOAD = None
GUEST = None
GUEST_KERNEL = None


def main():
    """Reads --saffron, --load and, for a Linux guest, --guest and --guest-kernel, then runs the tests of the file that
    calls it."""
    global SAFFRON, LOAD, GUEST, GUEST_KERNEL
    parser = argparse.ArgumentParser()
    parser.add_argument("--saffron", required=True)
    parser.add_argument("--load")
    parser.add_argument("--guest")
    parser.add_argument("--guest-kernel")
    known, rest = parser.parse_known_args()
    SAFFRON, LOAD = os.path.abspath(known.saffron), known.load and os.path.abspath(known.load)
    GUEST, GUEST_KERNEL = (path and os.path.abspath(path) for path in (known.guest, known.guest_kernel))
    unittest.main(argv=[sys.argv[0], "-v"] + rest)


def wait_until(condition, seconds, what):
    """The first true value of condition(); fails with `what` when there is none in time."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


class SystemTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="saffron-test-")
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, text, mode=0o600):
        with open(os.open(self.path(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as f:
            f.write(text)
        return self.path(name)

    def daemon(self, *arguments, **keywords):
        started = Daemon(self, *arguments, **keywords)
        self.addCleanup(started.end)
        return started

    def run_saffron(self, *arguments, seconds=20):
        return subprocess.run([SAFFRON, *arguments], capture_output=True, text=True, timeout=seconds)

    def load(self, *arguments, seconds=60):
        """A run of the load generator: its JSON."""
        run = subprocess.run([LOAD, "--json", *arguments], capture_output=True, text=True, timeout=seconds)
        self.assertIn(run.returncode, (0, 1), run.stderr)
        return json.loads(run.stdout)


class Daemon:
    """A saffron process, its log and its ports."""

    def __init__(self, test, *arguments, listeners=1, environment=None, program=None):
        self.test = test
        self.control = test.path(f"control-{id(self)}.sock")
        self.log = []
        self.changed = threading.Condition()
        self.process = subprocess.Popen(
            [program or SAFFRON, *arguments, "--control", self.control, "--log-level", "debug"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        self.reader = threading.Thread(target=self._read_log, daemon=True)
        self.reader.start()
        self.out = []
        self.out_reader = threading.Thread(target=lambda: self.out.extend(self.process.stdout), daemon=True)
        self.out_reader.start()
        lines = self.wait_for_lines(r"listening on (\S+)", listeners, seconds=30)
        self.addresses = [re.search(r"listening on (\S+)", line).group(1) for line in lines]

    def _read_log(self):
        for line in self.process.stderr:
            with self.changed:
                self.log.append(line.rstrip("\n"))
                self.changed.notify_all()

    def lines(self, pattern):
        with self.changed:
            return [line for line in self.log if re.search(pattern, line)]

    def wait_for_lines(self, pattern, count=1, seconds=10):
        deadline = time.monotonic() + seconds
        with self.changed:
            while True:
                found = [line for line in self.log if re.search(pattern, line)]
                if len(found) >= count:
                    return found
                left = deadline - time.monotonic()
                if left <= 0 or (self.process.poll() is not None and not self.reader.is_alive()):
                    raise AssertionError(f"no log line matches {pattern!r}; the log:\n" + "\n".join(self.log[-40:]))
                self.changed.wait(min(left, 0.2))

    def wait_for_line(self, pattern, seconds=10):
        return self.wait_for_lines(pattern, 1, seconds)[0]

    def port(self, number=0):
        return int(self.addresses[number].rsplit(":", 1)[1])

    def status(self):
        run = subprocess.run([SAFFRON, "status", "--json", "--control", self.control],
                             capture_output=True, text=True, timeout=20)
        if run.returncode != 0:
            raise AssertionError(run.stderr)
        return json.loads(run.stdout)

    def ask(self, request):
        """What the control socket answers, without a process between: for looks that must not take long."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.control)
            connection.sendall(request.encode() + b"\n")
            answer = b""
            while more := connection.recv(65536):
                answer += more
        return json.loads(answer)

    def counter(self, name):
        return self.status()["counters"][name]

    def memory(self):
        """Resident bytes."""
        with open(f"/proc/{self.process.pid}/statm") as f:
            return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def end(self):
        """Ends in order; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError("saffron did not end within 10 s of SIGTERM:\n" + "\n".join(self.log[-40:]))
        self.reader.join(5)
        self.process.stdout.close()
        self.process.stderr.close()
        sanitizer = [line for line in self.log if "Sanitizer" in line or "runtime error" in line]
        if sanitizer:
            raise AssertionError("\n".join(self.log))
        return self.process.returncode


# A sanitized server is ten times slower: what takes a fast machine is left out there.
SANITIZED = any(name in os.environ for name in ("ASAN_OPTIONS", "TSAN_OPTIONS"))

# -- pictures ---------------------------------------------------------------------------------------------------------

class Picture:
    """A P6 PPM file: width, height and RGB bytes."""

    def __init__(self, path):
        with open(path, "rb") as f:
            data = f.read()
        fields, at = [], 0
        while len(fields) < 4:
            while data[at:at + 1].isspace():
                at += 1
            if data[at:at + 1] == b"#":
                at = data.index(b"\n", at)
                continue
            end = at
            while end < len(data) and not data[end:end + 1].isspace():
                end += 1
            if end == len(data):
                raise AssertionError(f"{path} is cut short")
            fields.append(data[at:end])
            at = end
        if fields[0] != b"P6" or fields[3] != b"255":
            raise AssertionError(f"{path} is no 8 bit PPM")
        self.width, self.height = int(fields[1]), int(fields[2])
        self.pixels = data[at + 1:at + 1 + self.width * self.height * 3]

    @property
    def size(self):
        return self.width, self.height

    def __eq__(self, other):
        return self.size == other.size and self.pixels == other.pixels

    def differing(self, other):
        """How many pixels are different; all of them when the sizes are."""
        if self.size != other.size:
            return max(self.width * self.height, other.width * other.height)
        return sum(self.pixels[i:i + 3] != other.pixels[i:i + 3] for i in range(0, len(self.pixels), 3))


def screenshot(test, name="shot.ppm", *, uri=None, port=None, password=None, authority=None, seconds=30):
    """What spicy-screenshot, of spice-gtk, sees."""
    out = test.path(name)
    command = ["spicy-screenshot", "-o", out]
    command += ["--uri", uri] if uri else ["-h", "127.0.0.1", "-p", str(port)]
    if password:
        command += ["-w", password]
    environment = dict(os.environ, HOME=test.directory, G_MESSAGES_DEBUG="")
    if authority:
        environment["SSL_CERT_FILE"] = authority  # where OpenSSL in the client looks for whom to trust
    run = subprocess.run(command, capture_output=True, text=True, timeout=seconds, env=environment)
    if not os.path.exists(out):
        raise AssertionError(f"no picture: {run.stdout} {run.stderr}")
    return Picture(out)


# -- certificates -----------------------------------------------------------------------------------------------------

def make_certificates(test, days=30, name="server"):
    """An authority and a server certificate for 127.0.0.1: {"ca", "cert", "key"}. Negative days: expired."""
    files = {key: test.path(f"{name}-{key}.pem") for key in ("ca", "ca_key", "cert", "key", "request")}

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=saffron test authority",
            "-keyout", files["ca_key"], "-out", files["ca"])
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=127.0.0.1", "-keyout", files["key"],
            "-out", files["request"])
    extensions = test.write(f"{name}.ext", "subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    openssl("x509", "-req", "-in", files["request"], "-CA", files["ca"], "-CAkey", files["ca_key"], "-CAcreateserial",
            "-days", str(days), "-extfile", extensions, "-out", files["cert"])
    return files


# -- raw links --------------------------------------------------------------------------------------------------------

def link_message(channel=1, channel_id=0, connection=0, common=(0b1011,), caps=()):
    """A client's first bytes."""
    import struct
    body = struct.pack("<IBBIII", connection, channel, channel_id, len(common), len(caps), 18)
    body += struct.pack(f"<{len(common) + len(caps)}I", *common, *caps)
    return struct.pack("<4sIII", b"REDQ", 2, 2, len(body)) + body


def receive(connection, count, seconds=10):
    connection.settimeout(seconds)
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            break
        data += more
    return data


def raw_link(port, password="", host="127.0.0.1", **message):
    """A link up to its result: (socket, error of the reply or of the ticket)."""
    import struct
    connection = socket.create_connection((host, port), timeout=10)
    connection.sendall(link_message(**message))
    head = receive(connection, 16)
    if len(head) < 16:
        return connection, None
    reply = receive(connection, struct.unpack("<4I", head)[3])
    error = struct.unpack_from("<I", reply)[0]
    if error:
        return connection, error
    connection.sendall(struct.pack("<I", 1) + encrypt_ticket(reply[4:166], password))
    result = receive(connection, 4)
    return connection, struct.unpack("<I", result)[0] if len(result) == 4 else None


def encrypt_ticket(public_key, password):
    with tempfile.TemporaryDirectory() as directory:
        key = os.path.join(directory, "key.der")
        with open(key, "wb") as f:
            f.write(public_key)
        return subprocess.run(
            ["openssl", "pkeyutl", "-encrypt", "-pubin", "-keyform", "DER", "-inkey", key, "-pkeyopt",
             "rsa_padding_mode:oaep"], input=password.encode() + b"\0", capture_output=True, check=True).stdout


def slides_of(shots, count, size):
    """The pictures that `saffron demo --slideshow --picture SHOTS` writes, as soon as all of them are there in full."""
    files = [shots.replace(".ppm", f"-{n}.ppm") for n in range(count)]
    for file in files:
        wait_until(lambda file=file: os.path.exists(file) and os.path.getsize(file) > size[0] * size[1] * 3, 10, file)
    return [Picture(file) for file in files]
