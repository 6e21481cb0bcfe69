"""`glasspost connect` against a real Postfix, whose logins a real Dovecot checks."""
import os
import shutil
import unittest

from servers import USER, ConnectTest, Dovecot, Postfix, main


@unittest.skipUnless(os.path.exists("/usr/sbin/postfix") and shutil.which("dovecot"), "Postfix and Dovecot are not installed")
@unittest.skipUnless(os.getuid() == 0, "Postfix can only be started by root")
class PostfixTest(ConnectTest):
    @classmethod
    def start(cls):
        cls.dovecot = Dovecot(cls.place)
        cls.addClassCleanup(cls.dovecot.stop)
        cls.postfix = Postfix(cls.place, cls.dovecot)
        cls.addClassCleanup(cls.postfix.stop)

    def url(self, scheme, user="", host="localhost"):
        port = self.postfix.ports[{"submission": "submission", "smtp": "smtp"}.get(scheme, "smtps")]
        return f"{scheme}://{user + '@' if user else ''}{host}:{port}"


class Sessions(PostfixTest):
    def test_plaintext(self):
        said = self.connect(self.url("smtp"), "--json", script="EHLO me.example\n< 250-\n< 250 \nNOOP\n< 250\nVRFY ann\nHELP\nNOSUCH\n< 5\nRSET\nQUIT\n< 221\n")
        self.assert_well(said)
        self.assert_explained(said)

    def test_starttls_and_login(self):
        said = self.connect(self.url("submission", USER), "--json", script="NOOP\n< 250\nQUIT\n< 221\n")
        self.assert_well(said)
        self.assert_explained(said)
        auth = [line for line in said.events("line") if line["text"].startswith("AUTH ")]
        self.assertTrue(auth and all(line["sealed"] for line in auth))

    def test_implicit_tls_and_login(self):
        said = self.connect(self.url("submissions", USER), "--json", script="QUIT\n< 221\n")
        self.assert_well(said)
        self.assert_explained(said)

    def test_starttls_by_hand(self):
        said = self.connect(self.url("smtp"), "--json", script="EHLO me\nSTARTTLS\n< 220\nEHLO me\n< 250-AUTH PLAIN\nQUIT\n")
        self.assert_well(said)
        self.assert_explained(said)

    def test_a_login_typed_by_hand_is_masked(self):
        from base64 import b64encode
        from servers import PASSWORD
        answers = b64encode(USER.encode()).decode() + "\n" + b64encode(PASSWORD.encode()).decode()
        said = self.connect(self.url("smtps"), "--json", script=f"EHLO me\nAUTH LOGIN\n< 334\n{answers}\n< 235\nQUIT\n")
        self.assert_well(said)
        self.assert_explained(said)

    def test_mail_is_held(self):
        said = self.connect(self.url("submission", USER), said="MAIL FROM:<ann@example.com>\n")
        self.assert_failed(said, "it was held back")
        self.assertIn("this session is read-only", said.out)
        self.assertNotIn("→ MAIL", said.out)

    def test_a_letter_with_changes_allowed(self):
        said = self.connect(self.url("submission", USER), "--read-write", "--json",
                            script="MAIL FROM:<ann@example.com>\n< 250\nRCPT TO:<bob@example.com>\n< 250\nDATA\n< 354\nSubject: x\n\nText\n\\\\n\n..\n.\n< 250\nQUIT\n")
        self.assert_well(said)
        self.assert_explained(said)
        content = [line["text"] for line in said.events("line") if line["kind"] == "content"]
        self.assertEqual(content, ["Subject: x\r\n\r\nText\r\n\\n\r\n..\r\n.\r\n"])


class Failures(PostfixTest):
    def test_certificates(self):
        for scheme in ("submission", "submissions"):
            self.assert_failed(self.connect(self.url(scheme, USER, "127.0.0.1")), "TLS: the certificate is for localhost, not for 127.0.0.1.")
            self.assert_failed(self.connect(self.url(scheme, USER), cafile=False), "an authority that is not known here")

    def test_a_wrong_password(self):
        for scheme in ("submission", "submissions"):
            self.assert_failed(self.connect(self.url(scheme, USER), password="not-the-w0rd"), "Login: the server refused it: 535 5.7.8")

    def test_no_login_in_clear(self):
        said = self.connect(self.url("smtp", USER), "--starttls", "never")
        self.assert_failed(said, "Login: the server offers no login here.")
        self.assertNotIn("AUTH", said.out)

    def test_an_expectation_that_fails(self):
        said = self.connect(self.url("smtp"), script="EHLO me\n< 550\nQUIT\n")
        self.assert_failed(said, "Script, line 2: expected 550, and the server said: 250 ")


main()
