"""A real `glasspost serve` for one test: started on ports of the kernel's choice, spoken to, stopped. Standard library only."""
import imaplib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
GLASSPOST = os.path.abspath(os.environ.get("GLASSPOST", os.path.join(ROOT, "build/dev/glasspost")))
PATIENCE = 30  # seconds: for what takes none


def crlf(*lines):
    return b"".join(line + b"\r\n" for line in lines)


HEADER = crlf(b"From: Alice <alice@example.test>", b"To: bob@example.test", b"Subject: A letter with corners",
              b"Message-ID: <corners@example.test>", b"Date: Tue, 24 Nov 2026 09:00:00 +0000", b"MIME-Version: 1.0",
              b"Content-Type: text/plain; charset=utf-8", b"Content-Transfer-Encoding: 8bit", b"")
# What mail software has always broken: dots at the beginning of lines, lines as long as RFC 5322 lets them be, octets
# beyond ASCII, spaces at the end, empty lines at the end.
CORNERS = HEADER + crlf(b".", b"..", b".a dot in front", b"From here on", b"a" * 998, b"\xc3\xa1rbol \xe2\x82\xac \xf0\x9f\x93\xae",
                        b"trailing space ", b"\ttab", b".", b"", b"")
SEVEN_BITS = HEADER.replace(b"8bit", b"7bit") + crlf(b".", b"..two", b"b" * 70, b"last line")


class Office:
    def __init__(self, *options, users=("bob:secret", "alice:wonder"), ports=None):
        self.home = tempfile.mkdtemp(prefix="glasspost-test-")
        self.ca = self.path("ca.pem")
        self.options = [*options]
        for user in users:
            self.options += ["--user", user]
        self.wanted = ports or ["smtp", "submission", "submissions", "imap", "imaps", "pop3", "pop3s", "lmtp"]
        self.start()

    def start(self):
        ready = self.path("ready")
        if os.path.exists(ready):
            os.unlink(ready)
        command = [GLASSPOST, "serve", "--ca-out", self.ca, "--ready-file", ready, *self.options]
        for name in self.wanted:
            command += ["--" + name, "0"]
        self.errors = open(self.path("stderr"), "ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.errors)
        line = self.process.stdout.readline().decode()
        if not line.startswith("READY "):
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.errors.close()
            raise RuntimeError("serve did not get ready: " + self.said())
        self.ready = json.loads(line[6:])
        self.ports = self.ready["ports"]
        with open(ready) as file:
            assert json.load(file) == self.ready
        return self

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            status = self.process.wait(2)
        finally:
            self.process.kill()
            self.process.stdout.close()
            self.errors.close()
        return status

    def remove(self):
        if self.process.poll() is None:
            status = self.stop()
            assert status == 0, f"serve ended with {status}: " + self.said()
        shutil.rmtree(self.home, ignore_errors=True)

    def said(self):
        with open(self.path("stderr")) as file:
            return file.read()

    def path(self, *names):
        return os.path.join(self.home, *names)

    def write(self, name, octets, mode=0o600):
        if isinstance(octets, str):
            octets = octets.encode()
        with open(self.path(name), "wb") as file:
            file.write(octets)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def memory(self):
        """Megabytes that the process holds now."""
        with open(f"/proc/{self.process.pid}/status") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1]) / 1024

    def dial(self, service):
        return socket.create_connection(("127.0.0.1", self.ports[service]), PATIENCE)

    def tls(self):
        return ssl.create_default_context(cafile=self.ca)

    def imap(self, user="bob", password="secret"):
        connection = imaplib.IMAP4_SSL("localhost", self.ports["imaps"], ssl_context=self.tls(), timeout=PATIENCE)
        connection.login(user, password)
        return connection

    def letters(self, user="bob", password="secret", mailbox="INBOX"):
        """The mailbox's messages, octet by octet, by IMAP."""
        connection = self.imap(user, password)
        kind, _ = connection.select('"' + mailbox + '"', readonly=True)
        assert kind == "OK", mailbox
        kind, data = connection.fetch("1:*", "(BODY.PEEK[])") if int(connection.untagged_responses["EXISTS"][-1]) else ("OK", [])
        connection.logout()
        return [item[1] for item in data if isinstance(item, tuple)]

    def run(self, *command, input=None, check=True, env=None, patience=PATIENCE):
        """A mail program, with a home of its own."""
        if not shutil.which(command[0]):
            raise AssertionError(f"{command[0]} is not installed: its package is in cmake/packages.sh")
        environment = {"HOME": self.home, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm", "USER": "bob",
                       "LOGNAME": "bob", **(env or {})}
        done = subprocess.run(command, input=input, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=patience,
                              env=environment, cwd=self.home)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)}: status {done.returncode}\n" + done.stdout.decode(errors="replace"))
        return done.stdout


def without_trace(letter):
    """The letter behind what the server has put in front: Return-Path and Received."""
    assert letter.startswith(b"Return-Path: "), letter[:200]
    at = letter.index(b"\r\n") + 2
    assert letter[at:].startswith(b"Received: "), letter[:400]
    while True:
        at = letter.index(b"\r\n", at) + 2
        if letter[at:at + 1] not in (b" ", b"\t"):
            return letter[at:]


def body(letter):
    return letter.split(b"\r\n\r\n", 1)[1]


class OfficeTest(unittest.TestCase):
    maxDiff = 2000
    options = ()

    def setUp(self):
        self.office = Office(*self.options)
        self.addCleanup(self.office.remove)

    def deliver(self, letter=CORNERS, to="bob@example.test"):
        """By the plainest of clients, so that a test of reading depends on nothing else."""
        with self.office.dial("lmtp") as wire:
            replies = wire.makefile("rb")
            stuffed = letter.replace(b"\r\n.", b"\r\n..")
            replies.readline()
            for said, lines in ((b"LHLO test.example\r\n", None), (b"MAIL FROM:<alice@example.test>\r\n", 1),
                                (b"RCPT TO:<" + to.encode() + b">\r\n", 1), (b"DATA\r\n", 1),
                                (stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n", 1)):
                wire.sendall(said)
                while True:
                    reply = replies.readline()
                    if reply[3:4] == b" ":
                        break
                self.assertIn(reply[:1], b"23", reply)

    def assert_letters(self, *expected, user="bob", password="secret", mailbox="INBOX"):
        there = self.office.letters(user, password, mailbox)
        self.assertEqual([without_trace(letter) for letter in there], list(expected))


def main():
    unittest.main(verbosity=2, module="__main__", argv=sys.argv)
