"""How long one client's large letter holds up another who says NOOP: the longest answer, in milliseconds.

  tests/bench/hold.py [BINARY] [MEGABYTES]

By the wall clock, so on a machine that does nothing else. The first line is what NOOP takes when nobody else is there.
"""
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import time

BINARY = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/bench/glasspost")
OCTETS = int(sys.argv[2] if len(sys.argv) > 2 else "100") * 1_000_000
LINE = b"All work and no play makes Jack a dull boy, says the proverb.\r\n"
LETTER = b"Subject: large\r\n\r\n" + LINE * (OCTETS // len(LINE))


class Wire:
    def __init__(self, port, greeting=b"\r\n"):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.heard = b""
        self.until(greeting)

    def until(self, mark):
        while mark not in self.heard:
            got = self.socket.recv(65536)
            if not got:
                raise SystemExit(f"the server has gone: {self.heard[-200:]}")
            self.heard = self.heard[-200:] + got
        said, self.heard = self.heard, b""
        return said

    def say(self, octets, mark):
        self.socket.sendall(octets)
        return self.until(mark)


def noops(port, stop, longest):
    wire = Wire(port)
    while not stop.is_set():
        before = time.monotonic()
        wire.say(b"NOOP\r\n", b"250 ")
        longest.value = max(longest.value, time.monotonic() - before)


def letters(port, stop, longest):
    wire = Wire(port)
    wire.say(b"HELO x\r\n", b"250 ")
    while not stop.is_set():
        before = time.monotonic()
        wire.say(b"MAIL FROM:<>\r\n", b"250 ")
        wire.say(b"RCPT TO:<eve@example.test>\r\n", b"250 ")
        wire.say(b"DATA\r\n", b"354 ")
        wire.say(b"Subject: small\r\n\r\nx\r\n.\r\n", b"250 ")
        longest.value = max(longest.value, time.monotonic() - before)


def while_others(what, ports, do):
    stop, waits = multiprocessing.Event(), [multiprocessing.Value("d", 0.0), multiprocessing.Value("d", 0.0)]
    others = [multiprocessing.Process(target=who, args=(ports["smtp"], stop, wait)) for who, wait in zip((noops, letters), waits)]
    for other in others:
        other.start()
    time.sleep(0.5)
    for wait in waits:
        wait.value = 0
    before = time.monotonic()
    do()
    took = time.monotonic() - before
    stop.set()
    for other in others:
        other.join()
    print(f"{what:48}{waits[0].value * 1000:10.1f}{waits[1].value * 1000:10.1f}{took * 1000:12.0f}", flush=True)


def main():
    with tempfile.TemporaryDirectory(prefix="glasspost-hold-") as home:
        server = subprocess.Popen([BINARY, "serve", "--smtp", "0", "--imap", "0", "--user", "bob:secret", "--user", "eve:secret",
                                   "--allow-plaintext-auth", "--max-message-size", str(2 * OCTETS), "--maildir", home + "/m"], stdout=subprocess.PIPE)
        try:
            ports = json.loads(server.stdout.readline().decode().removeprefix("READY "))["ports"]
            smtp, imap = Wire(ports["smtp"]), Wire(ports["imap"])
            smtp.say(b"HELO x\r\n", b"250 ")
            imap.say(b"a LOGIN bob secret\r\n", b"a OK")

            def deliver():
                smtp.say(b"MAIL FROM:<>\r\n", b"250 ")
                smtp.say(b"RCPT TO:<bob@example.test>\r\n", b"250 ")
                smtp.say(b"DATA\r\n", b"354 ")
                smtp.say(LETTER + b".\r\n", b"250 ")

            print(f"{'longest wait of others, ms':48}{'NOOP':>10}{'letter':>10}{'took':>12}")
            while_others("nobody else", ports, lambda: time.sleep(2))
            while_others(f"a letter of {OCTETS // 1_000_000} MB comes by SMTP", ports, deliver)
            while_others("another comes by APPEND", ports, lambda: imap.say(b"b APPEND INBOX {%d+}\r\n" % len(LETTER) + LETTER + b"\r\n", b"b OK"))
            imap.say(b"c SELECT INBOX\r\n", b"c OK")
            while_others("it is copied", ports, lambda: imap.say(b"d COPY 2 INBOX\r\n", b"d OK"))
            while_others("SEARCH TEXT through one", ports, lambda: imap.say(b"e SEARCH 1 TEXT nowhere\r\n", b"e OK"))
            while_others("BODYSTRUCTURE of another", ports, lambda: imap.say(b"f FETCH 2 BODYSTRUCTURE\r\n", b"f OK"))
            while_others("it is fetched", ports, lambda: imap.say(b"g FETCH 2 BODY.PEEK[]\r\n", b"g OK"))
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
