"""`glasspost connect` and servers that hang, lie, or end in the middle."""
import os
import signal
import socket
import ssl
import subprocess
import threading
import time

from servers import GLASSPOST, USER, ConnectTest, main

CAPABILITIES = b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready\r\n"
EHLO = b"250-mail.example\r\n250 STARTTLS\r\n"


class BadServer:
    """Plays `scene(wire)` for each client; what it was told is in `heard`."""

    def __init__(self, scene):
        self.scene, self.heard, self.stopped = scene, b"", threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while True:
            try:
                wire, _ = self.listener.accept()
            except OSError:
                return
            try:
                with wire:
                    wire.settimeout(60)
                    self.scene(self, wire)
            except OSError:
                pass

    def line(self, wire):
        said = b""
        while not said.endswith(b"\n"):
            octet = wire.recv(1)
            if not octet:
                break
            said += octet
        self.heard += said
        return said

    def stop(self):
        self.stopped.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)


class HostileTest(ConnectTest):
    def server(self, scene):
        server = BadServer(scene)
        self.addCleanup(server.stop)
        return server

    def meet(self, scheme, scene, *words, user=USER, **more):
        server = self.server(scene)
        said = self.connect(f"{scheme}://{user + '@' if user else ''}localhost:{server.port}", *words, timeout=more.pop("timeout", 2), **more)
        return said, server


def after(server, wire, *turns):
    """Says each turn, and hears a line before the next."""
    for number, words in enumerate(turns):
        if number:
            server.line(wire)
        wire.sendall(words)


def silent(server, _):
    server.stopped.wait(30)


class Silence(HostileTest):
    def test_at_the_greeting(self):
        for scheme in ("imap", "smtp", "pop3", "lmtp"):
            said, _ = self.meet(scheme, silent)
            self.assert_failed(said, "Greeting: the server said nothing within 2 s.")

    def test_in_the_handshake(self):
        said, _ = self.meet("imaps", silent)
        self.assert_failed(said, "TLS: the handshake was not finished within 2 s.")
        said, _ = self.meet("smtp", lambda server, wire: (after(server, wire, b"220 x\r\n", EHLO, b"220 go\r\n"), silent(server, wire)))
        self.assert_failed(said, "TLS: the handshake was not finished within 2 s.")

    def test_in_the_middle_of_the_handshake(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.place.file("good.pem"), self.place.file("good.key"))

        def half_a_flight(server, wire):
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            inside = context.wrap_bio(incoming, outgoing, server_side=True)
            incoming.write(wire.recv(65536))
            try:
                inside.do_handshake()
            except ssl.SSLWantReadError:
                pass
            flight = outgoing.read()
            wire.sendall(flight[:len(flight) // 2])
            silent(server, wire)
        said, _ = self.meet("imaps", half_a_flight)
        self.assert_failed(said, "TLS: the handshake was not finished within 2 s.")

    def test_after_the_login(self):
        greeting = b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] x\r\n"
        said, server = self.meet("imap", lambda server, wire: (after(server, wire, greeting, b"+ \r\n"), server.line(wire), silent(server, wire)), "--starttls", "never")
        self.assert_failed(said, "Command: no reply to ")
        said, server = self.meet("imap", lambda server, wire: (after(server, wire, greeting, b"+ \r\n", b"a1 OK in\r\n"), silent(server, wire)), "--starttls", "never",
                                 script="b NOOP\n")
        self.assert_failed(said, "Command: no reply to b NOOP within 2 s.")

    def test_inside_a_literal(self):
        said, _ = self.meet("imap", lambda server, wire: (after(server, wire, b"* OK x\r\n", b"* 1 FETCH (BODY[] {100}\r\nhalf"), silent(server, wire)), user="",
                            script="a FETCH 1 BODY[]\n< OK\n")
        self.assert_failed(said, "Command: no reply to a FETCH within 2 s.")

    def test_before_it_lets_a_literal_in(self):
        said, _ = self.meet("imap", lambda server, wire: (after(server, wire, b"* OK x\r\n"), silent(server, wire)), user="", script="a SEARCH SUBJECT {3}\nabc\n< OK\n")
        self.assert_failed(said, "Command: no reply to ")

    def test_after_a_command(self):
        said, _ = self.meet("smtp", lambda server, wire: (after(server, wire, b"220 x\r\n"), silent(server, wire)), user="", script="NOOP\n")
        self.assert_failed(said, "Command: no reply to NOOP within 2 s.")

    def test_in_the_middle_of_a_reply(self):
        said, _ = self.meet("imap", lambda server, wire: (after(server, wire, b"* OK x\r\n", b"* LIST ("), silent(server, wire)), user="",
                            script="a LIST \"\" *\n")
        self.assert_failed(said, "Command: no reply to a LIST within 2 s.")

    def test_interrupted(self):
        server = self.server(lambda server, wire: (after(server, wire, b"220 x\r\n"), silent(server, wire)))
        run = subprocess.Popen([GLASSPOST, "connect", f"smtp://localhost:{server.port}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
        seen = b""
        while b"220 x" not in seen:
            seen += os.read(run.stdout.fileno(), 4096)
        time.sleep(0.2)
        run.send_signal(signal.SIGINT)
        run.wait(10)
        out, err = run.communicate(timeout=10)
        self.assertEqual(run.returncode, 0, err)
        self.assertIn(b"closed without QUIT", err)
        self.assertEqual(server.heard, b"")


class Endings(HostileTest):
    def test_nobody_listens(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        self.assert_failed(self.connect(f"imap://localhost:{port}"), f"Connect: nobody accepts connections at localhost, port {port}: ")

    def test_no_such_name(self):
        self.assert_failed(self.connect("imap://nowhere.invalid"), "Name: nowhere.invalid was not found: ")

    def test_at_once(self):
        said, _ = self.meet("imap", lambda server, wire: None)
        self.assert_failed(said, "The server closed the connection during this step: waiting for the greeting")

    def test_in_the_handshake(self):
        said, _ = self.meet("imaps", lambda server, wire: wire.recv(100))
        self.assertEqual(said.status, 1)
        self.assertIn("TLS", said.err)

    def test_in_the_middle_of_a_reply(self):
        said, _ = self.meet("smtp", lambda server, wire: after(server, wire, b"220 x\r\n", b"250-half\r\n25"), user="", script="EHLO me\n")
        self.assert_failed(said, "The server closed the connection during this step: EHLO")

    def test_instead_of_the_next_command(self):
        said, _ = self.meet("pop3", lambda server, wire: after(server, wire, b"+OK x\r\n", b"-ERR\r\n"), user="", script="NOOP\nSTAT\n")
        self.assertEqual(said.status, 1)
        self.assertIn("The server closed the connection", said.err)

    def test_while_nothing_is_asked(self):
        said, _ = self.meet("smtp", lambda server, wire: after(server, wire, b"220 x\r\n", b"250 ok\r\n421 4.4.2 idle for too long\r\n"), user="", script="NOOP\n< 250\n< 421\nNOOP\n")
        self.assert_failed(said, "The server closed the connection: 421 4.4.2 idle for too long")

    def test_no_room(self):
        for scheme, words in (("smtp", b"554 5.3.2 no room\r\n"), ("imap", b"* BYE no room\r\n"), ("pop3", b"-ERR no room\r\n")):
            for user in (USER, ""):
                said, _ = self.meet(scheme, lambda server, wire: after(server, wire, words), user=user)
                self.assert_failed(said, "no room")
                self.assertIn("Greeting: ", said.err)

    def test_another_protocol(self):
        for scheme in ("smtp", "imap", "pop3"):
            for user in (USER, ""):
                said, _ = self.meet(scheme, lambda server, wire: (after(server, wire, b"SSH-2.0-x\r\n"), silent(server, wire)), user=user)
                self.assertEqual(said.status, 1, said.out)
                self.assertIn("SSH-2.0", said.out + said.err)


class Upgrades(HostileTest):
    def assert_kept(self, said, server):
        """Nothing that is secret went out."""
        self.assertEqual(said.status, 1, said.out)
        self.assertNotIn(b"AUTH", server.heard)
        self.assertNotIn(b"LOGIN", server.heard)
        self.assertNotIn(b"PASS", server.heard)

    def test_injected_behind_the_consent(self):
        for scheme, turns in (("imap", (CAPABILITIES, b"a1 OK go\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")),
                              ("smtp", (b"220 x\r\n", EHLO, b"220 go\r\n250 AUTH PLAIN\r\n")),
                              ("pop3", (b"+OK x\r\n", b"+OK\r\nSTLS\r\n.\r\n", b"+OK go\r\n+OK more\r\n"))):
            said, server = self.meet(scheme, lambda server, wire: (after(server, wire, *turns), silent(server, wire)))
            self.assert_failed(said, "TLS: words in clear stood behind the server’s consent to TLS.")
            self.assert_kept(said, server)

    def test_injected_behind_a_consent_that_was_typed_for(self):
        for scheme, line, turns in (("imap", "a STARTTLS", (CAPABILITIES, b"a OK go\r\n* BYE x\r\n")),
                                    ("smtp", "STARTTLS", (b"220 x\r\n", b"220 go\r\n250 AUTH PLAIN\r\n")),
                                    ("pop3", "STLS", (b"+OK x\r\n", b"+OK go\r\n+OK more\r\n"))):
            said, _ = self.meet(scheme, lambda server, wire: (after(server, wire, *turns), silent(server, wire)), user="", script=line + "\n")
            self.assert_failed(said, "TLS: words in clear stood behind the server’s consent to TLS.")

    def test_clear_words_instead_of_a_handshake(self):
        def scene(server, wire):
            after(server, wire, b"220 x\r\n", EHLO, b"220 go\r\n")
            wire.recv(100)
            wire.sendall(b"250 AUTH PLAIN\r\n")
            silent(server, wire)
        said, server = self.meet("smtp", scene)
        self.assert_failed(said, "TLS: the server spoke in clear where TLS was due.")
        self.assert_kept(said, server)

    def test_not_offered(self):
        for scheme, turns, command in (("smtp", (b"220 x\r\n", b"250-x\r\n250 AUTH PLAIN\r\n"), "STARTTLS"),
                                       ("imap", (b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] x\r\n",), "STARTTLS"),
                                       ("pop3", (b"+OK x\r\n", b"+OK\r\nUSER\r\nSASL PLAIN\r\n.\r\n"), "STLS")):
            said, server = self.meet(scheme, lambda server, wire: (after(server, wire, *turns), silent(server, wire)))
            self.assert_failed(said, f"TLS: the server does not offer {command}, and this session must not go on in clear.")
            self.assert_kept(said, server)
            said, server = self.meet(scheme, lambda server, wire: (after(server, wire, *turns), silent(server, wire)), "--starttls", "try")
            self.assert_failed(said, "Login: the password was not sent, because this connection is in clear.")
            self.assert_kept(said, server)

    def test_refused(self):
        said, server = self.meet("smtp", lambda server, wire: (after(server, wire, b"220 x\r\n", EHLO, b"454 4.7.0 not now\r\n"), silent(server, wire)))
        self.assert_failed(said, "TLS: the server refused STARTTLS: 454 4.7.0 not now")
        self.assert_kept(said, server)

    def test_preauth(self):
        said, server = self.meet("imap", lambda server, wire: (after(server, wire, b"* PREAUTH [CAPABILITY IMAP4rev1] hi\r\n"), silent(server, wire)))
        self.assert_failed(said, "TLS: the server takes this session as logged in before TLS")
        self.assert_kept(said, server)

    def test_cut_off_inside_tls(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.place.file("good.pem"), self.place.file("good.key"))

        def scene(server, wire):
            with context.wrap_socket(wire, server_side=True) as inside:
                inside.sendall(b"* OK x\r\n")
                self.assertTrue(inside.recv(100))
        said, _ = self.meet("imaps", scene, user="", script="a NOOP\n")
        self.assert_failed(said, "The server closed the connection during this step: a NOOP")


class Endless(HostileTest):
    def pour(self, beginning, octets):
        def scene(server, wire):
            wire.sendall(beginning)
            while not server.stopped.is_set():
                wire.sendall(octets)
        return scene

    def test_a_line_without_an_end(self):
        for scheme, beginning in (("smtp", b"220 "), ("imap", b"* OK "), ("pop3", b"+OK "), ("lmtp", b"220-")):
            for user in (USER, ""):
                said, _ = self.meet(scheme, self.pour(beginning, b"x" * 65536), user=user, timeout=20)
                self.assertEqual(said.status, 1, said.out[:2000])
                self.assertTrue("without an end" in said.err or "too long" in said.err or "does not allow" in said.err, said.err[:500])

    def test_a_reply_without_an_end(self):
        said, _ = self.meet("smtp", self.pour(b"220-x\r\n", b"220-x\r\n" * 8192), user="", timeout=20)
        self.assert_failed(said, "without an end")

    def test_what_is_to_be_said(self):
        greets = lambda server, wire: (after(server, wire, b"220 x\r\n"), silent(server, wire))
        said, server = self.meet("smtp", greets, user="", said="x" * 3_000_000)
        self.assert_failed(said, "line 1 of what is to be said is longer than 1 MB, and was not sent")
        self.assertEqual(server.heard, b"")
        said, _ = self.meet("smtp", greets, user="", script="x" * 3_000_000)
        self.assert_failed(said, "line 1 of what is to be said is longer than 1 MB, and was not sent")

    def test_a_literal_that_cannot_be(self):
        for size in (b"99999999999999999999", b"-1", b"4000000000"):
            said, _ = self.meet("imap", lambda server, wire: (after(server, wire, b"* OK x\r\n", b"* 1 FETCH (BODY[] {" + size + b"}\r\nabc\r\na OK x\r\n"),
                                                              silent(server, wire)), user="", script="a FETCH 1 BODY[]\n< OK\n")
            self.assertNotEqual(said.status, 2)
            self.assertLess(len(said.out), 100_000)


main()
