"""What `glasspost connect` must get through with any server of IMAP and POP3; each server's own file has what is particular about it."""
from servers import USER, ConnectTest


class MailboxServerTest(ConnectTest):
    """`server`: one for all tests of the class, with the ports of its services by their schemes."""
    server = None

    @classmethod
    def serve(cls, server):
        cls.server = server
        cls.addClassCleanup(server.stop)

    def url(self, scheme, user=USER, host="localhost"):
        return f"{scheme}://{user + '@' if user else ''}{host}:{self.server.ports[scheme]}"


class AnySessions:
    """Beside a MailboxServerTest; `imap_script` and `pop3_script`: what is said, with what must be answered."""
    imap_script = pop3_script = ""

    def test_imaps(self):
        said = self.connect(self.url("imaps"), "--json", script=self.imap_script)
        self.assert_well(said)
        self.assert_explained(said)
        self.assertEqual(said.events("tls")[0]["verdict"], "trusted")
        self.assertTrue(all(line["sealed"] for line in said.events("line")))

    def test_imap_with_starttls(self):
        said = self.connect(self.url("imap"), "--json", script=self.imap_script)
        self.assert_well(said)
        self.assert_explained(said)
        login = [line for line in said.events("line") if "AUTHENTICATE" in line["text"] and line["from"] == "client"]
        self.assertTrue(login[0]["sealed"])
        self.assertIn("••••", login[0]["text"])

    def test_pop3s(self):
        said = self.connect(self.url("pop3s"), "--json", script=self.pop3_script)
        self.assert_well(said)
        self.assert_explained(said)

    def test_pop3_with_stls(self):
        said = self.connect(self.url("pop3"), "--json", script=self.pop3_script)
        self.assert_well(said)
        self.assert_explained(said)


class AnyFailures:
    """Beside a MailboxServerTest."""

    def test_a_wrong_password(self):
        for scheme in ("imaps", "imap", "pop3s", "pop3"):
            self.assert_failed(self.connect(self.url(scheme), password="not-the-w0rd"), "Login: the server refused it: ")

    def test_wrong_name(self):
        for scheme in ("imaps", "imap", "pop3s", "pop3"):
            said = self.connect(self.url(scheme, host="127.0.0.1"), "--json")
            self.assert_failed(said, "TLS: the certificate is for localhost, not for 127.0.0.1.")
            self.assertIn("connect to it by that name", said.err)
            self.assertEqual(said.events("failed")[0]["step"], "tls")

    def test_unknown_authority(self):
        for scheme in ("imaps", "imap", "pop3s", "pop3"):
            said = self.connect(self.url(scheme), cafile=False)
            self.assert_failed(said, "TLS: the certificate is signed by Interop Root, an authority that is not known here.")
            self.assertIn("--cafile", said.err)

    def test_tls_where_it_begins_in_clear(self):
        said = self.connect(f"imaps://{USER}@localhost:{self.server.ports['imap']}")
        self.assert_failed(said, "TLS: the server spoke in clear where TLS was due.")
        said = self.connect(f"imap://{USER}@localhost:{self.server.ports['imaps']}", timeout=3)
        self.assert_failed(said, "Greeting: the server said nothing within 3 s.")
