"""`glasspost connect` against a real Dovecot."""
import shutil
import unittest

from mailbox_server import AnyFailures, AnySessions, MailboxServerTest
from servers import PASSWORD, USER, Dovecot, main, token

IMAP_SCRIPT = """\
b1 CAPABILITY
< * CAPABILITY
b2 NAMESPACE
b3 LIST "" "*"
< OK
b4 LSUB "" "*"
b5 STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY UNSEEN RECENT)
b6 EXAMINE INBOX
< * 1 EXISTS
< OK [READ-ONLY]
b7 FETCH 1 (UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE)
< OK
b8 FETCH 1 BODY.PEEK[]
b9 UID SEARCH ALL
b10 SEARCH SUBJECT {2}
an
b11 NOSUCH
< BAD
b12 ID NIL
b13 IDLE
DONE
< OK
b14 UNSELECT
b15 LOGOUT
< * BYE
< OK
"""
POP3_SCRIPT = "CAPA\n< +OK\nSTAT\n< +OK 1\nLIST\nUIDL\nTOP 1 0\nRETR 1\n< +OK\nNOOP\nRETR 9\n< -ERR\nQUIT\n< +OK\n"


@unittest.skipUnless(shutil.which("dovecot"), "Dovecot is not installed")
class DovecotTest(MailboxServerTest):
    plaintext = False
    tokens = ""

    @classmethod
    def start(cls):
        cls.serve(Dovecot(cls.place, cls.plaintext, cls.tokens))


class Sessions(AnySessions, DovecotTest):
    imap_script, pop3_script = IMAP_SCRIPT, POP3_SCRIPT

    def test_as_people_read_it(self):
        for language, words in (("en", "client opens a mailbox, only to look"), ("es", "solo")):
            said = self.connect(self.url("imaps"), "--lang", language, script="a EXAMINE INBOX\n< OK\na LOGOUT\n")
            self.assert_well(said)
            self.assertIn("→ a EXAMINE INBOX", said.out)
            self.assertIn(words, said.out)

    def test_lines_of_standard_input_go_out_as_they_are(self):
        said = self.connect(self.url("imaps"), "--json", said="R 1\nQ\n< OK\n  \nq LOGOUT\n")
        self.assert_well(said)
        self.assertEqual([line["text"] for line in said.events("line") if line["from"] == "client"][-5:],
                         ["R 1\r\n", "Q\r\n", "< OK\r\n", "  \r\n", "q LOGOUT\r\n"])

    def test_starttls_by_hand(self):
        said = self.connect(self.url("imap", user=""), "--json", script="a CAPABILITY\nb STARTTLS\n< OK\nc CAPABILITY\n< OK\nd LOGOUT\n")
        self.assert_well(said)
        self.assertEqual([line["sealed"] for line in said.events("line") if line["from"] == "client"], [False, False, True, True])

    def test_compressed_by_hand(self):
        """Inside TLS: first compressed, then encrypted. The lines are explained as they were said."""
        said = self.connect(self.url("imaps"), "--json", script="a COMPRESS DEFLATE\n< OK\nb EXAMINE INBOX\n< OK [READ-ONLY]\n"
                                                                "c FETCH 1 (BODY.PEEK[])\n< OK\nd IDLE\nDONE\n< OK\ne COMPRESS DEFLATE\n< NO\nf LOGOUT\n")
        self.assert_well(said)
        self.assert_explained(said)
        lines = [line["text"] for line in said.events("line")]
        self.assertIn("b EXAMINE INBOX\r\n", lines)
        self.assertTrue(any(line.startswith("b OK [READ-ONLY]") for line in lines), lines)

    def test_quota(self):
        said = self.connect(self.url("imaps"), "--json", script="a GETQUOTAROOT INBOX\n< * QUOTAROOT INBOX\n< * QUOTA\n< OK\nb GETQUOTA \"User quota\"\n< OK\n"
                                                                "c STATUS INBOX (MESSAGES)\n< OK\nd LOGOUT\n")
        self.assert_well(said)
        self.assert_explained(said)

    def test_a_login_typed_by_hand_is_masked(self):
        for login in (f"a LOGIN {USER} ve2y-secret-w0rd\n", f"a LOGIN {{{len(USER)}}}\n{USER} {{16}}\nve2y-secret-w0rd\n"):
            said = self.connect(self.url("imaps", user=""), script=login + "< OK\nb LOGOUT\n")
            self.assert_well(said)
            self.assertIn("LOGIN", said.out)

    def test_step_by_step(self):
        said = self.connect(self.url("imaps"), "--step", "--quiet", script="a NOOP\nb NAMESPACE\nc LOGOUT\n", said="\n\ns\n\n")
        self.assertEqual(said.status, 0, said.err)
        self.assertIn("← a OK", said.out)
        self.assertNotIn("← * NAMESPACE", said.out)
        self.assertEqual(said.out.count("→ a NOOP"), 2)  # explained, then sent

    def test_key_log(self):
        log = self.place.file("keys")
        self.assert_well(self.connect(self.url("imaps"), "--key-log", log, script="a LOGOUT\n"))
        with open(log) as keys:
            self.assertIn("CLIENT_TRAFFIC_SECRET_0 ", keys.read())

    def test_password_command(self):
        url = self.url("imaps")
        said = self.connect(url.replace(USER + "@", ""), script="a NOOP\n")
        self.assert_well(said)
        import subprocess
        from servers import GLASSPOST
        run = subprocess.run([GLASSPOST, "connect", url, "--cafile", self.place.ca, "--password-command", f"cat {self.password_file}"],
                             input=b"a LOGOUT\n", stdout=subprocess.PIPE, timeout=60)
        self.assertEqual(run.returncode, 0, run.stdout)
        run = subprocess.run([GLASSPOST, "connect", url, "--cafile", self.place.ca, "--password-command", "exit 3"],
                             input=b"", stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(run.returncode, 1)
        self.assertIn(b"ended with status 3", run.stderr)


class ReadOnly(DovecotTest):
    def test_changes_are_held(self):
        for line, instead in (("a SELECT INBOX", "a EXAMINE INBOX"), ("a STORE 1 +FLAGS (\\Seen)", "a FETCH 1 (FLAGS)"),
                              ("a UID STORE 1 +FLAGS (\\Deleted)", "a UID FETCH 1 (FLAGS)"), ("a EXPUNGE", "a SEARCH DELETED"),
                              ("a APPEND INBOX {3}", None), ("a  delete x", None), ("a NOOP\ra CREATE x", None)):
            said = self.connect(self.url("imaps"), "--json", said=line + "\n")
            self.assert_failed(said, "held back")
            self.assertEqual(said.events("held")[0].get("alternative"), instead)
            self.assertNotIn(line + "\r\n", [one["text"] for one in said.events("line")])

    def test_dele_is_held_and_let_through_when_asked(self):
        self.assert_failed(self.connect(self.url("pop3s"), script="DELE 1\n"), "held back")
        said = self.connect(self.url("pop3s"), "--read-write", script="DELE 1\n< +OK\nRSET\n< +OK\nQUIT\n")
        self.assert_well(said)

    def test_a_word_in_a_literal_is_no_command(self):
        said = self.connect(self.url("imaps"), script="a EXAMINE INBOX\nb SEARCH SUBJECT {8}\nx DELETE\n< OK\nc LOGOUT\n")
        self.assert_well(said)

    def test_with_changes_allowed(self):
        said = self.connect(self.url("imaps"), "--read-write", script="a CREATE Box\n< OK\nb APPEND Box {3+}\nabc\n< OK\nc SELECT Box\n< OK [READ-WRITE]\n"
                                                                     "d STORE 1 +FLAGS (\\Deleted)\n< OK\ne EXPUNGE\n< * 1 EXPUNGE\nf CLOSE\ng DELETE Box\n< OK\nh LOGOUT\n")
        self.assert_well(said)


class Certificates(DovecotTest):
    def test_expired(self):
        for scheme in ("imaps", "pop3"):
            said = self.connect(self.url(scheme, host="127.0.0.2"))
            self.assert_failed(said, "TLS: the certificate expired on 2020-02-01.")
            self.assertIn("nobody vouches for it since", said.err)

    def test_going_on_regardless_takes_the_fingerprint(self):
        for host, scheme in (("127.0.0.1", "imaps"), ("127.0.0.2", "imap"), ("127.0.0.2", "pop3s"), ("127.0.0.3", "pop3")):
            refused = self.connect(self.url(scheme, host=host), "--json")
            self.assertEqual(refused.status, 1)
            fingerprint = refused.events("failed")[0]["fingerprint"]
            self.assertIn("--accept-certificate " + fingerprint, refused.err)
            goodbye = "a LOGOUT\n< OK\n" if scheme.startswith("imap") else "QUIT\n< +OK\n"
            said = self.connect(self.url(scheme, host=host), "--json", "--accept-certificate", fingerprint, script=goodbye)
            self.assert_well(said)
            self.assertIn("for this session only", said.events("tls")[0]["sentence"])
            self.assertNotEqual(said.events("tls")[0]["verdict"], "trusted")
            # Without colons, in small letters; and the next time it is refused again.
            self.assert_well(self.connect(self.url(scheme, host=host), "--accept-certificate", fingerprint.replace(":", "").lower(), script=goodbye))
            self.assertEqual(self.connect(self.url(scheme, host=host)).status, 1)

    def test_another_certificate_than_the_accepted_one(self):
        for scheme in ("imaps", "pop3"):
            said = self.connect(self.url(scheme, host="127.0.0.2"), "--json", "--accept-certificate", "ab" * 32)
            self.assert_failed(said, "TLS: the server showed another certificate than the one that was accepted.")
            self.assertFalse([line for line in said.events("line") if line["sealed"]])
        said = self.connect(self.url("imaps"), "--accept-certificate", "ab" * 32, script="a LOGOUT\n")
        self.assert_well(said)  # it is trusted anyway
        said = self.connect(self.url("imaps"), "--accept-certificate", "not a fingerprint")
        self.assertEqual(said.status, 2)

    def test_unknown_authority_in_spanish(self):
        said = self.connect(self.url("imaps"), "--lang", "es", cafile=False)
        self.assert_failed(said, "autoridad que aquí no se conoce")

    def test_self_signed(self):
        said = self.connect(self.url("imaps", host="127.0.0.3"))
        self.assert_failed(said, "TLS: the certificate vouches for itself")
        said = self.connect(self.url("imaps", host="127.0.0.3"), "--cafile", self.place.file("own.pem"), cafile=False, script="a LOGOUT\n")
        self.assert_well(said)

    def test_nothing_is_said_to_a_server_that_is_not_trusted(self):
        said = self.connect(self.url("imaps", host="127.0.0.1"), "--json", script="a NOOP\n")
        self.assertEqual(said.events("line"), [])


class Failures(AnyFailures, DovecotTest):
    def test_an_expectation_that_fails(self):
        said = self.connect(self.url("imaps"), "--json", script="a NOOP\n< NO\nb LOGOUT\n")
        self.assert_failed(said, "Script, line 2: expected NO, and the server said: a OK")
        self.assertNotIn("b LOGOUT\r\n", [line["text"] for line in said.events("line")])


class Tokens(DovecotTest):
    """OAuth tokens, checked by Dovecot: by either mechanism, and with what is wrong about them."""
    tokens = "oauthbearer xoauth2"
    mechanism = "OAUTHBEARER"

    def test_a_good_token(self):
        for scheme, script in (("imaps", "a EXAMINE INBOX\n< * 1 EXISTS\n< OK\nb LOGOUT\n"), ("imap", "b LOGOUT\n"),
                               ("pop3s", "STAT\n< +OK 1\nQUIT\n"), ("pop3", "QUIT\n")):
            said = self.connect(self.url(scheme), "--json", token=token(), script=script)
            self.assert_well(said)
            self.assert_explained(said)
            login = [line for line in said.events("line") if self.mechanism in line["text"] and line["from"] == "client"]
            self.assertTrue(login and login[0]["sealed"], said.out)

    def test_an_expired_token(self):
        for scheme in ("imaps", "imap", "pop3s", "pop3"):
            said = self.connect(self.url(scheme), "--json", token=token(seconds=-60))
            self.assert_failed(said, "Login: the server refused the token: ")
            self.assertIn("Have the command get a fresh token", said.err)
            self.assertTrue(said.events("failed")[0]["key"].startswith("token"))
            self.assert_explained(said)

    def test_a_forged_token(self):
        said = self.connect(self.url("imaps"), token=token(key=b"somebody else's"))
        self.assert_failed(said, "Login: the server refused the token: ")

    def test_a_token_for_something_else(self):
        said = self.connect(self.url("imaps"), token=token(scope="calendar"))
        self.assertEqual(said.status, 1)
        self.assertIn("token", said.err)

    def test_a_token_of_somebody_else(self):
        said = self.connect(self.url("imaps"), token=token(user="eve"))
        self.assert_failed(said, "Login: the server refused the token: ")

    def test_no_token_in_clear(self):
        said = self.connect(self.url("imap"), "--starttls", "never", token=token())
        self.assert_failed(said, "because this connection is in clear")

    def test_the_command_fails(self):
        import subprocess
        from servers import GLASSPOST
        run = subprocess.run([GLASSPOST, "connect", self.url("imaps"), "--cafile", self.place.ca, "--oauth-token-command", "exit 3"],
                             stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60)
        self.assertEqual(run.returncode, 1)
        self.assertIn(b"ended with status 3", run.stderr)
        said = self.connect(self.url("imaps", user=""), token=token())
        self.assertEqual(said.status, 2, "nobody is to be logged in")


class OldTokens(Tokens):
    """A server that has XOAUTH2 alone, as Google's and Microsoft's had for years."""
    tokens = "xoauth2"
    mechanism = "XOAUTH2"


class Plaintext(DovecotTest):
    plaintext = True

    def test_imap(self):
        said = self.connect(self.url("imap"), "--starttls", "never", "--json", script=IMAP_SCRIPT)
        self.assert_well(said)
        self.assert_explained(said)
        self.assertEqual(len(said.events("in_clear")), 1)

    def test_compressed(self):
        said = self.connect(self.url("imap"), "--starttls", "never", "--json", script="a COMPRESS DEFLATE\n< OK\nb EXAMINE INBOX\n< OK [READ-ONLY]\nc LOGOUT\n")
        self.assert_well(said)
        self.assert_explained(said)
        self.assertEqual({line["sealed"] for line in said.events("line")}, {False})

    def test_pop3(self):
        said = self.connect(self.url("pop3"), "--starttls", "never", "--json", script=POP3_SCRIPT)
        self.assert_well(said)
        self.assert_explained(said)

    def test_a_capture_file_has_all_but_the_secret(self):
        for scheme, goodbye in (("imap", "a LOGOUT\n"), ("pop3", "QUIT\n")):
            capture = self.place.file(scheme + ".pcapng")
            self.assert_well(self.connect(self.url(scheme), "--starttls", "never", "--trace", capture, script=goodbye))
            with open(capture, "rb") as file:
                octets = file.read()
            self.assertIn(goodbye.encode().replace(b"\n", b"\r\n"), octets)
            for secret in self.secrets(PASSWORD):
                self.assertNotIn(secret.encode(), octets)

    def test_nobody_logs_in(self):
        said = self.connect(self.url("pop3", user=""), "--json", script="CAPA\nUSER x\nQUIT\n")
        self.assert_well(said)
        self.assert_explained(said)


main()
