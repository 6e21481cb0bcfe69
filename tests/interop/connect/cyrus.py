"""`glasspost connect` against a real Cyrus: IMAP, POP3 and LMTP, in clear, with STARTTLS and with TLS from the first byte."""
import unittest

import cyrus_server
from servers import USER, ConnectTest, main

IMAP_SCRIPT = """\
b1 CAPABILITY
< * CAPABILITY
b2 NAMESPACE
b3 LIST "" "*"
< OK
b4 LIST "" "*" RETURN (CHILDREN SPECIAL-USE STATUS (MESSAGES UNSEEN))
< OK
b5 STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY UNSEEN RECENT HIGHESTMODSEQ)
< OK
b6 ENABLE CONDSTORE QRESYNC
b7 EXAMINE INBOX (CONDSTORE)
< OK [READ-ONLY]
b8 FETCH 1 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE MODSEQ)
< OK
b9 FETCH 1 BODY.PEEK[]
b10 UID FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT FROM)])
b11 UID SEARCH RETURN (MIN MAX COUNT ALL) ALL
b12 SORT (REVERSE DATE) UTF-8 ALL
b13 THREAD REFERENCES UTF-8 ALL
b14 GETQUOTAROOT INBOX
b15 GETACL INBOX
b16 ID NIL
b17 NOSUCH
< BAD
b18 IDLE
DONE
< OK
b19 UNSELECT
b20 LOGOUT
< * BYE
< OK
"""
POP3_SCRIPT = "CAPA\n< +OK\nSTAT\n< +OK\nLIST\nUIDL\nTOP 1 0\nRETR 1\n< +OK\nNOOP\nRETR 99\n< -ERR\nQUIT\n< +OK\n"
LMTP_LETTER = ("LHLO me\n< 250-\nMAIL FROM:<bob@example.org>\n< 250\nRCPT TO:<ann>\n< 250\nRCPT TO:<nobody-here>\n< 5\nDATA\n< 354\n"
               "From: Bob <bob@example.org>\nSubject: by LMTP\n\nText\n.\n< 250\nQUIT\n< 221\n")


@unittest.skipUnless(cyrus_server.is_there(), "Cyrus is neither installed nor unpacked here, or this is not root")
class CyrusTest(ConnectTest):
    @classmethod
    def start(cls):
        cls.cyrus = cyrus_server.Cyrus(cls.place)
        cls.addClassCleanup(cls.cyrus.stop)

    def url(self, scheme, user=USER, host="localhost"):
        return f"{scheme}://{user + '@' if user else ''}{host}:{self.cyrus.ports[scheme]}"


class Sessions(CyrusTest):
    def test_imaps(self):
        said = self.connect(self.url("imaps"), "--json", script=IMAP_SCRIPT)
        self.assert_well(said)
        self.assert_explained(said)
        self.assertEqual(said.events("tls")[0]["verdict"], "trusted")
        self.assertTrue(all(line["sealed"] for line in said.events("line")))

    def test_imap_with_starttls(self):
        said = self.connect(self.url("imap"), "--json", script=IMAP_SCRIPT)
        self.assert_well(said)
        self.assert_explained(said)
        login = [line for line in said.events("line") if "AUTHENTICATE" in line["text"] and line["from"] == "client"]
        self.assertTrue(login[0]["sealed"])
        self.assertIn("••••", login[0]["text"])

    def test_pop3s(self):
        said = self.connect(self.url("pop3s"), "--json", script=POP3_SCRIPT)
        self.assert_well(said)
        self.assert_explained(said)

    def test_pop3_with_stls(self):
        said = self.connect(self.url("pop3"), "--json", script=POP3_SCRIPT)
        self.assert_well(said)
        self.assert_explained(said)

    def test_in_clear_nothing_secret_is_asked_for(self):
        said = self.connect(self.url("imap", user=""), "--json", script="a CAPABILITY\n< * CAPABILITY\nb LOGIN ann x\n< NO\nc LOGOUT\n< * BYE\n< OK\n")
        self.assert_well(said)
        self.assert_explained(said)
        said = self.connect(self.url("pop3", user=""), "--json", script="CAPA\n< +OK\nUSER ann\n< -ERR\nQUIT\n< +OK\n")
        self.assert_well(said)
        self.assert_explained(said)

    def test_lmtp(self):
        self.assert_failed(self.connect(self.url("lmtp", user=""), script=LMTP_LETTER), "it was held back")
        said = self.connect(self.url("lmtp", user=""), "--json", "--read-write", script=LMTP_LETTER)
        self.assert_well(said)
        self.assert_explained(said)
        said = self.connect(self.url("imaps"), "--json", script='a EXAMINE INBOX\n< OK\nb SEARCH SUBJECT "by LMTP"\n< * SEARCH 2\n< OK\nc LOGOUT\n')
        self.assert_well(said)

    def test_changes_are_held(self):
        self.assert_failed(self.connect(self.url("imaps"), said="a SELECT INBOX\n"), "held back")
        self.assert_failed(self.connect(self.url("pop3s"), said="DELE 1\n"), "held back")


class Failures(CyrusTest):
    def test_a_wrong_password(self):
        for scheme in ("imaps", "imap", "pop3s", "pop3"):
            self.assert_failed(self.connect(self.url(scheme), password="not-the-w0rd"), "Login: the server refused it: ")

    def test_wrong_name_and_unknown_authority(self):
        for scheme in ("imaps", "imap", "pop3s", "pop3"):
            self.assert_failed(self.connect(self.url(scheme, host="127.0.0.1")), "TLS: the certificate is for localhost, not for 127.0.0.1.")
            self.assert_failed(self.connect(self.url(scheme), cafile=False), "an authority that is not known here")

    def test_no_password_in_clear(self):
        """Without TLS it offers challenges alone: what answers them does not give the password away."""
        for scheme in ("imap", "pop3"):
            said = self.connect(self.url(scheme), "--starttls", "never", "--json")
            self.assertNotIn("PLAIN ", "".join(line["text"] for line in said.events("line") if line["from"] == "client"))
            self.assertFalse([line for line in said.events("line") if line["text"].startswith(("PASS ", "a1 LOGIN"))])

    def test_tls_where_it_begins_in_clear(self):
        said = self.connect(f"imaps://{USER}@localhost:{self.cyrus.ports['imap']}")
        self.assert_failed(said, "TLS: the server spoke in clear where TLS was due.")
        said = self.connect(f"imap://{USER}@localhost:{self.cyrus.ports['imaps']}", timeout=3)
        self.assert_failed(said, "Greeting: the server said nothing within 3 s.")


main()
