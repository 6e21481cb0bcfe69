"""Ways to log in that keep the password off the wire, tokens and certificates; letters in chunks, beyond ASCII, with reports: as
msmtp, mpop, swaks and Python's own library do them against `glasspost serve`."""
import base64
import glob
import hashlib
import hmac
import imaplib
import os
import smtplib
import ssl
import subprocess

from office import CORNERS, HEADER, Office, OfficeTest, body, main

TO, FROM = "bob@example.test", "alice@example.test"


def lf(octets):
    return octets.replace(b"\r\n", b"\n")


def scram(hash_name, user, password, nonce, server_first, header=b"n,,", binding=b""):
    """The client's last message and the server's, as RFC 5802 section 3 computes them: Python's hashlib is the judge."""
    fields = dict(part.split(b"=", 1) for part in server_first.split(b","))
    salted = hashlib.pbkdf2_hmac(hash_name, password, base64.b64decode(fields[b"s"]), int(fields[b"i"]))
    without = b"c=" + base64.b64encode(header + binding) + b",r=" + fields[b"r"]
    message = b"n=" + user + b",r=" + nonce + b"," + server_first + b"," + without
    key = hmac.digest(salted, b"Client Key", hash_name)
    signature = hmac.digest(hashlib.new(hash_name, key).digest(), message, hash_name)
    proof = bytes(a ^ b for a, b in zip(key, signature))
    server = hmac.digest(hmac.digest(salted, b"Server Key", hash_name), message, hash_name)
    return without + b",p=" + base64.b64encode(proof), b"v=" + base64.b64encode(server)


class Scram(OfficeTest):
    def smtp(self):
        client = smtplib.SMTP("localhost", self.office.ports["submission"])
        client.starttls(context=ssl.create_default_context(cafile=self.office.ca))
        client.ehlo()
        return client

    def test_msmtp(self):
        for mechanism in ("scram-sha-1", "scram-sha-256"):
            rc = self.office.write("msmtprc", f"""account default
host localhost
port {self.office.ports["submission"]}
from {FROM}
tls on
tls_trust_file {self.office.ca}
auth {mechanism}
user alice
password wonder
""")
            self.office.run("msmtp", "-C", rc, TO, input=lf(CORNERS))
        self.assert_letters(CORNERS, CORNERS)

    def test_mpop_in_clear(self):
        for mechanism in ("scram-sha-1", "scram-sha-256"):
            self.deliver()
            box = self.office.path("box-" + mechanism)
            rc = self.office.write("mpoprc", f"account default\nhost 127.0.0.1\nport {self.office.ports['pop3']}\nuser bob\npassword secret\n"
                                   f"auth {mechanism}\ntls off\ndelivery mbox {box}\nkeep off\n")
            self.office.run("mpop", "-C", rc)
            with open(box, "rb") as file:
                self.assertIn(b"Subject: A letter with corners", file.read())

    def test_python_computes_the_same(self):
        for name, hash_name in (("SCRAM-SHA-1", "sha1"), ("SCRAM-SHA-256", "sha256")):
            client = self.smtp()
            self.assertIn(name, client.esmtp_features["auth"].split())
            self.assertIn(name + "-PLUS", client.esmtp_features["auth"].split())
            code, answer = client.docmd("AUTH", name + " " + base64.b64encode(b"n,,n=alice,r=fyko+d2lbbFgONRv9qkxdawL").decode())
            self.assertEqual(code, 334)
            final, expected = scram(hash_name, b"alice", b"wonder", b"fyko+d2lbbFgONRv9qkxdawL", base64.b64decode(answer))
            code, answer = client.docmd(base64.b64encode(final).decode())
            self.assertEqual((code, base64.b64decode(answer)), (334, expected))
            self.assertEqual(client.docmd("")[0], 235)
            client.quit()

    def test_plus_is_bound_to_the_connection(self):
        """tls-unique of TLS 1.2, which Python can tell; what is bound to another connection is refused, and so is a downgrade."""
        context = ssl.create_default_context(cafile=self.office.ca)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        for binding, flag, mechanism, end in ((None, b"p=tls-unique", "SCRAM-SHA-256-PLUS", 235), (b"x" * 12, b"p=tls-unique", "SCRAM-SHA-256-PLUS", 535),
                                              (b"", b"y", "SCRAM-SHA-256", 535)):
            client = smtplib.SMTP("localhost", self.office.ports["submission"])
            client.starttls(context=context)
            client.ehlo()
            octets = client.sock.get_channel_binding("tls-unique") if binding is None else binding
            header = flag + b",,"
            code, answer = client.docmd("AUTH", mechanism + " " + base64.b64encode(header + b"n=alice,r=abcdef").decode())
            if code == 334:
                final, _ = scram("sha256", b"alice", b"wonder", b"abcdef", base64.b64decode(answer), header, octets)
                code, answer = client.docmd(base64.b64encode(final).decode())
            if code == 334:
                code, answer = client.docmd("")
            self.assertEqual(code, end, (flag, answer))
            client.close()

    def test_imap(self):
        client = imaplib.IMAP4_SSL("localhost", self.office.ports["imaps"], ssl_context=ssl.create_default_context(cafile=self.office.ca))
        said = []

        def answer(challenge):
            said.append(challenge)
            if len(said) == 1:
                return b"n,,n=bob,r=abcdef"
            if len(said) == 2:
                final, self.expected = scram("sha256", b"bob", b"secret", b"abcdef", challenge)
                return final
            self.assertEqual(challenge, self.expected)
            return b""

        self.assertEqual(client.authenticate("SCRAM-SHA-256", answer)[0], "OK")
        self.assertEqual(client.select()[0], "OK")
        client.logout()


class Tokens(OfficeTest):
    options = ("--token", "alice:ya29.good", "--token", "bob:ya29.bob")

    def msmtp(self, mechanism, token):
        rc = self.office.write("msmtprc", f"""account default
host localhost
port {self.office.ports["submission"]}
from {FROM}
tls on
tls_trust_file {self.office.ca}
auth {mechanism}
user alice@example.test
passwordeval echo {token}
""")
        return self.office.run("msmtp", "-C", rc, TO, input=lf(CORNERS), check=False)

    def test_msmtp(self):
        for mechanism in ("oauthbearer", "xoauth2"):
            self.msmtp(mechanism, "ya29.good")
            self.msmtp(mechanism, "ya29.expired")
            self.msmtp(mechanism, "ya29.bob")  # somebody else's
        self.assert_letters(CORNERS, CORNERS)

    def test_python_imap(self):
        context = ssl.create_default_context(cafile=self.office.ca)
        for token, good in (("ya29.bob", True), ("ya29.expired", False)):
            client = imaplib.IMAP4_SSL("localhost", self.office.ports["imaps"], ssl_context=context)
            self.assertIn("AUTH=XOAUTH2", client.capabilities)
            said = []

            def answer(challenge):
                said.append(challenge)
                return f"user=bob\x01auth=Bearer {token}\x01\x01".encode() if len(said) == 1 else b""

            if good:
                self.assertEqual(client.authenticate("XOAUTH2", answer)[0], "OK")
            else:
                with self.assertRaises(imaplib.IMAP4.error):
                    client.authenticate("XOAUTH2", answer)
                self.assertIn(b'"status":"invalid_token"', said[1])


class Certificates(OfficeTest):
    """An authority and a certificate for bob@example.test by openssl: EXTERNAL."""

    @classmethod
    def made(cls, home):
        def run(*command):
            subprocess.run(command, check=True, capture_output=True, cwd=home)

        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "clients.pem",
            "-subj", "/CN=Clients", "-days", "30")
        for name in ("alice", "stranger"):
            run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", name + ".key", "-out", name + ".csr", "-subj",
                "/CN=" + name)
            with open(os.path.join(home, "ext"), "w") as file:
                file.write(f"subjectAltName=email:{name}@example.test\nextendedKeyUsage=clientAuth\n")
            signer = ("-CA", "clients.pem", "-CAkey", "ca.key", "-CAcreateserial") if name == "alice" else ("-signkey", name + ".key")
            run("openssl", "x509", "-req", "-in", name + ".csr", *signer, "-out", name + ".pem", "-days", "30", "-extfile", "ext")

    def setUp(self):
        import tempfile
        self.keys = tempfile.mkdtemp(prefix="glasspost-test-")
        self.made(self.keys)
        self.options = ("--client-ca", os.path.join(self.keys, "clients.pem"))
        super().setUp()

    def tearDown(self):
        super().tearDown()
        import shutil
        shutil.rmtree(self.keys, ignore_errors=True)

    def client(self, name):
        context = ssl.create_default_context(cafile=self.office.ca)
        if name:
            context.load_cert_chain(os.path.join(self.keys, name + ".pem"), os.path.join(self.keys, name + ".key"))
        client = smtplib.SMTP_SSL("localhost", self.office.ports["submissions"], context=context)
        client.ehlo()
        return client

    def test_external(self):
        alice = self.client("alice")
        self.assertIn("EXTERNAL", alice.esmtp_features["auth"])
        self.assertEqual(alice.docmd("AUTH", "EXTERNAL =")[0], 235)
        self.assertEqual(alice.docmd("MAIL", f"FROM:<{FROM}>")[0], 250)
        alice.close()
        other = self.client("alice")
        self.assertEqual(other.docmd("AUTH", "EXTERNAL " + base64.b64encode(b"bob").decode())[0], 535)
        other.close()
        for name in ("stranger", None):
            nobody = self.client(name)
            self.assertNotIn("EXTERNAL", nobody.esmtp_features["auth"])
            self.assertEqual(nobody.docmd("AUTH", "EXTERNAL =")[0], 504)
            nobody.close()

    def test_msmtp(self):
        rc = self.office.write("msmtprc", f"""account default
host localhost
port {self.office.ports["submissions"]}
from {FROM}
tls on
tls_starttls off
tls_trust_file {self.office.ca}
tls_cert_file {self.keys}/alice.pem
tls_key_file {self.keys}/alice.key
auth external
user alice
""")
        self.office.run("msmtp", "-C", rc, TO, input=lf(CORNERS))
        self.assert_letters(CORNERS)


class Extensions(OfficeTest):
    def submit(self):
        client = smtplib.SMTP_SSL("localhost", self.office.ports["submissions"], context=ssl.create_default_context(cafile=self.office.ca))
        client.login("alice", "wonder")
        return client

    def test_what_is_offered(self):
        with smtplib.SMTP("localhost", self.office.ports["smtp"]) as client:
            client.ehlo()
            self.assertTrue({"chunking", "binarymime", "smtputf8", "limits", "8bitmime", "pipelining", "size"} <= set(client.esmtp_features))
            self.assertFalse({"dsn", "requiretls", "futurerelease"} & set(client.esmtp_features))
        with self.submit() as client:
            self.assertTrue({"dsn", "requiretls"} <= set(client.esmtp_features))

    def test_any_octets_in_chunks(self):
        letter = HEADER.replace(b"8bit", b"binary") + bytes(range(256)) * 400
        with smtplib.SMTP("localhost", self.office.ports["smtp"]) as client:
            client.ehlo()
            self.assertEqual(client.docmd("MAIL", f"FROM:<{FROM}> BODY=BINARYMIME")[0], 250)
            self.assertEqual(client.docmd("RCPT", f"TO:<{TO}>")[0], 250)
            first, second = letter[:100000], letter[100000:]
            client.send(b"BDAT %d\r\n" % len(first) + first + b"BDAT %d\r\n" % len(second) + second + b"BDAT 0 LAST\r\n")
            self.assertEqual([client.getreply()[0] for _ in range(3)], [250, 250, 250])
            self.assertEqual(client.docmd("NOOP")[0], 250)
        self.assertTrue(self.office.letters()[0].endswith(letter))

    def test_beyond_ascii(self):
        with self.submit() as client:
            letter = "Subject: ñandú\r\nTo: bob\r\n\r\nhöla\r\n".encode()
            client.sendmail(FROM, [TO], letter, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
        with smtplib.SMTP("localhost", self.office.ports["smtp"]) as client:
            client.ehlo()
            self.assertEqual(client.docmd("MAIL", "FROM:<a@b.test>")[0], 250)
            client.send("RCPT TO:<josé@example.test>\r\n".encode())
            self.assertEqual(client.getreply()[0], 553)
        self.assertIn(b"with UTF8SMTPSA id", self.office.letters()[0])

    def test_a_report_of_success(self):
        rc = self.office.write("msmtprc", f"""account default
host localhost
port {self.office.ports["submission"]}
from {FROM}
tls on
tls_trust_file {self.office.ca}
auth plain
user alice
password wonder
dsn_notify success,failure
dsn_return headers
""")
        self.office.run("msmtp", "-C", rc, TO, input=lf(CORNERS))
        self.assert_letters(CORNERS)
        with imaplib.IMAP4_SSL("localhost", self.office.ports["imaps"], ssl_context=ssl.create_default_context(cafile=self.office.ca)) as box:
            box.login("alice", "wonder")
            box.select()
            report = box.fetch("1", "(BODY.PEEK[])")[1][0][1]
        self.assertIn(b"Action: delivered\r\nStatus: 2.0.0\r\n", report)
        self.assertIn(b"Content-Type: text/rfc822-headers\r\n", report)

    def test_pop3_in_spanish(self):
        import poplib
        box = poplib.POP3_SSL("localhost", self.office.ports["pop3s"], context=ssl.create_default_context(cafile=self.office.ca))
        capabilities = box.capa()
        self.assertIn("LANG", capabilities)
        self.assertIn("UTF8", capabilities)
        self.assertEqual(box._shortcmd("LANG es"), "+OK es Idioma cambiado".encode())
        self.assertEqual(box.utf8(), "+OK UTF8, de acuerdo".encode())
        box.user("bob")
        self.assertTrue(box.pass_("secret").startswith("+OK Sesión iniciada".encode()))
        box.quit()


if __name__ == "__main__":
    main()
