"""`glasspost connect` against a real Cyrus: IMAP, POP3 and LMTP, in clear, with STARTTLS and with TLS from the first byte."""
import unittest

import cyrus_server
from mailbox_server import AnyFailures, AnySessions, MailboxServerTest
from servers import main

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
class CyrusTest(MailboxServerTest):
    @classmethod
    def start(cls):
        cls.serve(cyrus_server.Cyrus(cls.place))


class Sessions(AnySessions, CyrusTest):
    imap_script, pop3_script = IMAP_SCRIPT, POP3_SCRIPT

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


class Failures(AnyFailures, CyrusTest):
    def test_no_password_in_clear(self):
        """Without TLS it offers challenges alone: what answers them does not give the password away."""
        for scheme in ("imap", "pop3"):
            said = self.connect(self.url(scheme), "--starttls", "never", "--json")
            self.assertNotIn("PLAIN ", "".join(line["text"] for line in said.events("line") if line["from"] == "client"))
            self.assertFalse([line for line in said.events("line") if line["text"].startswith(("PASS ", "a1 LOGIN"))])


main()
