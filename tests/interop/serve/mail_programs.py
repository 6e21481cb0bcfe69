"""Programs that people use, each doing real work with `glasspost serve`. Octets are compared one by one."""
import email
import glob
import imaplib
import os
import poplib
import pty
import select
import smtplib
import time
import zlib

from office import CORNERS, HEADER, PATIENCE, SEVEN_BITS, Office, OfficeTest, body, main, without_trace

TO, FROM = "bob@example.test", "alice@example.test"


def lf(octets):
    return octets.replace(b"\r\n", b"\n")


class Curl(OfficeTest):
    def curl(self, url, *more):
        return self.office.run("curl", "-sS", "--cacert", self.office.ca, url, *more)

    def url(self, scheme, service, rest=""):
        return f"{scheme}://localhost:{self.office.ports[service]}/{rest}"

    def test_smtp_anonymous(self):
        letter = self.office.write("letter.eml", CORNERS)
        self.curl(self.url("smtp", "smtp"), "--mail-from", FROM, "--mail-rcpt", TO, "-T", letter)
        self.curl(self.url("smtp", "smtp"), "--ssl-reqd", "--mail-from", FROM, "--mail-rcpt", TO, "-T", letter)
        self.assert_letters(CORNERS, CORNERS)

    def test_submission_with_starttls_and_submissions(self):
        letter = self.office.write("letter.eml", CORNERS)
        for scheme, service in (("smtp", "submission"), ("smtps", "submissions")):
            self.curl(self.url(scheme, service), "--ssl-reqd", "-u", "alice:wonder", "--mail-from", FROM, "--mail-rcpt", TO, "-T",
                      letter)
        self.assert_letters(CORNERS, CORNERS)

    def test_nothing_is_relayed(self):
        letter = self.office.write("letter.eml", CORNERS)
        for service, more in (("smtp", ()), ("submission", ("--ssl-reqd", "-u", "alice:wonder"))):
            said = self.office.run("curl", "-sS", "-v", "--cacert", self.office.ca, self.url("smtp", service), *more, "--mail-from",
                                   FROM, "--mail-rcpt", "eve@elsewhere.test", "-T", letter, check=False)
            self.assertIn(b"\n< 550 ", said)

    def test_a_wrong_login_is_535(self):
        said = self.office.run("curl", "-sS", "-v", "--cacert", self.office.ca, self.url("smtps", "submissions"), "-u", "alice:wrong",
                               "--mail-from", FROM, "--mail-rcpt", TO, "-T", self.office.write("l", CORNERS), check=False)
        self.assertIn(b"\n< 535 ", said)

    def test_imap_lists_fetches_and_uploads(self):
        self.deliver()
        for scheme, service in (("imap", "imap"), ("imaps", "imaps")):
            login = ("--ssl-reqd", "-u", "bob@example.test:secret")
            self.assertIn(b"INBOX", self.curl(self.url(scheme, service), *login))
            fetched = self.curl(self.url(scheme, service, "INBOX;UID=1"), *login)
            self.assertEqual(without_trace(fetched), CORNERS)
        ends_without_newline = HEADER + b"no newline at the end"
        self.curl(self.url("imaps", "imaps", "INBOX"), "-u", "bob:secret", "-T", self.office.write("l", ends_without_newline))
        self.assertEqual(self.curl(self.url("imaps", "imaps", "INBOX;UID=2"), "-u", "bob:secret"), ends_without_newline)

    def test_pop3_lists_and_fetches(self):
        self.deliver()
        for scheme, service in (("pop3", "pop3"), ("pop3s", "pop3s")):
            login = ("--ssl-reqd", "-u", "bob:secret")
            self.assertTrue(self.curl(self.url(scheme, service), *login).startswith(b"1 "))
            self.assertEqual(without_trace(self.curl(self.url(scheme, service, "1"), *login)), CORNERS)

    def test_plaintext_logins_are_refused(self):
        said = self.office.run("curl", "-sS", self.url("imap", "imap"), "-u", "bob:secret", "--login-options", "AUTH=PLAIN", check=False)
        self.assertIn(b"curl: (67)", said)
        said = self.office.run("curl", "-sS", self.url("pop3", "pop3"), "-u", "bob:secret", "--login-options", "AUTH=PLAIN", check=False)
        self.assertIn(b"curl: (67)", said)


class Swaks(OfficeTest):
    def swaks(self, service, *more):
        letter = self.office.write("letter.eml", lf(CORNERS))
        return self.office.run("swaks", "--server", "127.0.0.1", "--port", str(self.office.ports[service]), "--from", FROM, "--to", TO,
                               "--data", "@" + letter, "--tls-verify", "--tls-ca-path", self.office.ca, *more)

    def test_every_mechanism_after_starttls(self):
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5"):
            self.swaks("submission", "--tls", "--auth", mechanism, "--auth-user", "alice", "--auth-password", "wonder")
        self.assertEqual({body(x).rstrip() for x in self.office.letters()}, {body(CORNERS).rstrip()})
        self.assertEqual(len(self.office.letters()), 3)

    def test_tls_from_the_first_byte(self):
        self.swaks("submissions", "--tls-on-connect", "--auth", "PLAIN", "--auth-user", FROM, "--auth-password", "wonder")
        self.assertEqual(len(self.office.letters()), 1)

    def test_lmtp(self):
        self.swaks("lmtp", "--protocol", "LMTP")
        self.assertEqual(len(self.office.letters()), 1)

    def test_pipelining(self):
        for service in ("smtp", "lmtp"):
            said = self.swaks(service, "--pipeline", *(("--protocol", "LMTP") if service == "lmtp" else ()))
            sent = said.index(b" -> MAIL FROM"), said.index(b" -> RCPT TO"), said.index(b" -> DATA")
            self.assertLess(max(sent), said.index(b"\n<-  250 2.1.0"), said)
        self.assertEqual(len(self.office.letters()), 2)

    def test_submission_wants_tls_and_login(self):
        said = self.office.run("swaks", "--server", "127.0.0.1", "--port", str(self.office.ports["submission"]), "--from", FROM, "--to",
                               TO, check=False)
        self.assertIn(b"<** 530 ", said)


class Msmtp(OfficeTest):
    def test_every_mechanism(self):
        for service, starttls in (("submission", "on"), ("submissions", "off")):
            for mechanism in ("plain", "login", "cram-md5"):
                rc = self.office.write("msmtprc", f"""account default
host localhost
port {self.office.ports[service]}
from {FROM}
tls on
tls_starttls {starttls}
tls_trust_file {self.office.ca}
auth {mechanism}
user alice
password wonder
""")
                self.office.run("msmtp", "-C", rc, TO, input=lf(CORNERS))
        self.assert_letters(*[CORNERS] * 6)

    def test_lmtp(self):
        rc = self.office.write("msmtprc", f"account default\nprotocol lmtp\nhost 127.0.0.1\nport {self.office.ports['lmtp']}\nfrom {FROM}\n")
        self.office.run("msmtp", "-C", rc, TO, input=lf(CORNERS))
        self.assert_letters(CORNERS)


class Mpop(OfficeTest):
    def test_collects_and_deletes(self):
        for service, starttls in (("pop3", "on"), ("pop3s", "off")):
            self.deliver()
            for part in ("cur", "new", "tmp"):
                os.makedirs(self.office.path(service, part))
            rc = self.office.write("mpoprc", f"""account default
host localhost
port {self.office.ports[service]}
user bob
password secret
tls on
tls_starttls {starttls}
tls_trust_file {self.office.ca}
delivery maildir {self.office.path(service)}
received_header off
keep off
""")
            self.office.run("mpop", "-C", rc)
            files = glob.glob(self.office.path(service, "new", "*"))
            self.assertEqual(len(files), 1)
            with open(files[0], "rb") as file:
                self.assertEqual(without_trace(file.read().replace(b"\n", b"\r\n")), CORNERS)
            self.assertEqual(self.office.letters(), [])

    def test_apop(self):
        rc = self.office.write("mpoprc", f"account default\nhost 127.0.0.1\nport {self.office.ports['pop3']}\nuser bob\npassword secret\n"
                               f"auth apop\ntls off\ndelivery mbox {self.office.path('box')}\n")
        self.deliver()
        self.office.run("mpop", "-C", rc)
        with open(self.office.path("box"), "rb") as file:
            self.assertIn(b"a" * 998, file.read())


class Snail(OfficeTest):
    def snail(self, *arguments, input=b""):
        return self.office.run("s-nail", "-:/", "-Sv15-compat", "-Stls-ca-file=" + self.office.ca, "-Stls-ca-no-defaults",
                               "-Stls-verify=strict", *arguments, input=input)

    def test_sends(self):
        for mta in (f"submission://alice:wonder@localhost:{self.office.ports['submission']}",
                    f"submissions://alice:wonder@localhost:{self.office.ports['submissions']}"):
            self.snail("-Smta=" + mta, "-Ssmtp-use-starttls", "-Smta-aliases", "-Sfrom=" + FROM, "-Ssendwait", "-s", "From s-nail", TO,
                       input=b".dot\nb\xc3\xa1rbol\nlast line\n")
        there = self.office.letters()
        self.assertEqual(len(there), 2)
        for letter in there:
            text = email.message_from_bytes(letter)
            self.assertEqual(text["Subject"], "From s-nail")
            self.assertEqual(text.get_payload(decode=True).replace(b"\r\n", b"\n"), b".dot\nb\xc3\xa1rbol\nlast line\n")

    def test_reads(self):
        self.deliver()
        for url in (f"imaps://bob:secret@localhost:{self.office.ports['imaps']}/INBOX",
                    f"pop3s://bob:secret@localhost:{self.office.ports['pop3s']}"):
            copy = self.office.path("copy." + url[:4])
            said = self.snail("-Simap-delim=/", "-Sfolder-hook=", "-R", "-f", url, input=f"copy 1 {copy}\nxit\n".encode())
            self.assertTrue(os.path.exists(copy), said)
            with open(copy, "rb") as file:
                text = file.read().replace(b">From here", b"From here")
            for line in body(CORNERS).split(b"\r\n")[:8]:
                self.assertIn(line + b"\n", text)


class Fetchmail(OfficeTest):
    def fetch(self, protocol, service, how):
        copy = self.office.path("copy")
        rc = self.office.write("fetchmailrc", f"""set invisible
poll localhost protocol {protocol} port {self.office.ports[service]} no dns
  user bob password secret is bob here
  {how} sslcertck sslcertfile {self.office.ca} no rewrite
  mda "cat > {copy}"
""")
        self.office.run("fetchmail", "-f", rc, "--nodetach", "--nosyslog", "-v", env={"FETCHMAILHOME": self.office.home})
        with open(copy, "rb") as file:
            return file.read()

    def test_collects(self):
        for protocol, service, how in (("POP3", "pop3", "sslproto TLS1.2+"), ("POP3", "pop3s", "ssl"), ("IMAP", "imap", "sslproto TLS1.2+"),
                                       ("IMAP", "imaps", "ssl")):
            self.deliver()
            text = self.fetch(protocol, service, how)
            self.assertEqual(text.split(b"\n\n", 1)[1], lf(body(CORNERS)), service)
            self.assertEqual(self.office.letters(), [], "fetchmail deletes what it has collected")


class Getmail(OfficeTest):
    def test_collects(self):
        for kind, service in (("SimplePOP3SSLRetriever", "pop3s"), ("SimpleIMAPSSLRetriever", "imaps")):
            self.deliver()
            os.makedirs(self.office.path("getmail"), exist_ok=True)
            copy = self.office.path("copy." + service)
            rc = self.office.write("getmail/" + service, f"""[retriever]
type = {kind}
server = localhost
port = {self.office.ports[service]}
username = bob
password = secret
ca_certs = {self.office.ca}
[destination]
type = MDA_external
path = /bin/sh
arguments = ("-c", "cat > {copy}")
allow_root_commands = true
[options]
delete = true
delivered_to = false
received = false
""")
            self.office.run("getmail", "--getmaildir", self.office.path("getmail"), "--rcfile", rc)
            with open(copy, "rb") as file:
                text = file.read()
            self.assertEqual(text.split(b"\n\n", 1)[1], lf(body(CORNERS)))
            self.assertEqual(self.office.letters(), [])


class Mbsync(OfficeTest):
    def test_both_ways(self):
        self.deliver()
        os.makedirs(self.office.path("mail"))
        rc = self.office.write("mbsyncrc", f"""IMAPAccount office
Host localhost
Port {self.office.ports['imaps']}
User bob
Pass secret
SSLType IMAPS
CertificateFile {self.office.ca}

IMAPStore far
Account office

MaildirStore near
Path {self.office.path('mail')}/
Inbox {self.office.path('mail', 'INBOX')}
SubFolders Verbatim

Channel mail
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
Sync All
""")
        connection = self.office.imap()
        connection.create("Work")
        connection.create('"Work/Entw&APw-rfe"')
        connection.append("Work", "(\\Flagged)", None, CORNERS)
        self.office.run("mbsync", "-c", rc, "-a")
        files = glob.glob(self.office.path("mail", "INBOX", "*", "*"))
        letters = [file for file in files if os.path.isfile(file)]
        with open(letters[0], "rb") as file:
            text = file.read().replace(b"\n", b"\r\n")
        self.assertEqual(body(text), body(CORNERS))
        # A letter written here, and a flag set here, come to be there.
        with open(self.office.path("mail", "INBOX", "cur", "1.1.test:2,FS"), "wb") as file:
            file.write(lf(SEVEN_BITS))
        self.office.run("mbsync", "-c", rc, "-a")
        # mbsync puts an X-TUID of its own into the header until it knows the UID.
        self.assertIn(body(SEVEN_BITS), [body(x) for x in self.office.letters()])
        connection.select("INBOX")
        self.assertEqual(connection.search(None, "FLAGGED", "SEEN")[1], [b"2"])
        connection.store("1", "+FLAGS", "\\Deleted")
        connection.expunge()
        connection.logout()
        self.office.run("mbsync", "-c", rc, "-a")
        self.assertFalse(os.path.exists(letters[0]))


class Mutt(OfficeTest):
    program = "mutt"

    def rc(self):
        return self.office.write("muttrc", f"""set ssl_ca_certificates_file={self.office.ca}
set ssl_force_tls=yes send_charset=utf-8 sendmail_wait=0 copy=no crypt_use_gpgme=no
set smtp_url="smtp://alice@localhost:{self.office.ports['submission']}/" smtp_pass=wonder smtp_authenticators=plain
set from={FROM} use_from=yes use_envelope_from=yes realname=Alice
set imap_user=bob imap_pass=secret pop_user=bob pop_pass=secret
set folder={self.office.home} mbox_type=mbox delete=no confirmappend=no confirmcreate=no wait_key=no move=no quit=yes
""")

    def on_a_terminal(self, *command):
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.update(HOME=self.office.home, TERM="xterm", LANG="C.UTF-8")
            os.execvp(command[0], command)
        shown, until = b"", time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if not select.select([terminal], [], [], 1)[0]:
                continue
            try:
                octets = os.read(terminal, 65536)
            except OSError:
                break
            if not octets:
                break
            shown += octets
        else:
            os.kill(pid, 9)
        os.waitpid(pid, 0)
        os.close(terminal)
        return shown

    def test_sends(self):
        self.office.run(self.program, "-F", self.rc(), "-s", "From mutt", TO, input=b".dot\nb\xc3\xa1rbol\nlast line\n")
        there = self.office.letters()
        self.assertEqual(len(there), 1)
        self.assertEqual(email.message_from_bytes(there[0]).get_payload(decode=True).replace(b"\r\n", b"\n"),
                         b".dot\nb\xc3\xa1rbol\nlast line\n")

    def test_reads_by_imap_and_pop3(self):
        self.deliver()
        for url in (f"imaps://localhost:{self.office.ports['imaps']}/INBOX", f"pops://localhost:{self.office.ports['pop3s']}/"):
            copy = self.office.path("copy." + url[:4])
            shown = self.on_a_terminal(self.program, "-F", self.rc(), "-f", url, "-e",
                                       f'push "<copy-message><kill-line>{copy}<enter><exit>"')
            self.assertTrue(os.path.exists(copy), shown[-2000:])
            with open(copy, "rb") as file:
                text = file.read()
            self.assertIn(lf(body(CORNERS)), text.replace(b"\n>From ", b"\nFrom "))

    def test_opens_the_maildir(self):
        self.office.stop()
        self.office.options += ["--maildir", self.office.path("maildir")]
        self.office.start()
        self.deliver()
        self.office.stop()
        copy = self.office.path("copy")
        shown = self.on_a_terminal(self.program, "-F", self.rc(), "-f", self.office.path("maildir", "bob"), "-e",
                                   f'push "<copy-message><kill-line>{copy}<enter><exit>"')
        self.assertTrue(os.path.exists(copy), shown[-2000:])
        with open(copy, "rb") as file:
            self.assertIn(lf(body(CORNERS)), file.read().replace(b"\n>From ", b"\nFrom "))
        self.office.start()
        self.assert_letters(CORNERS)


class Neomutt(Mutt):
    program = "neomutt"


class Openssl(OfficeTest):
    def s_client(self, service, how, said):
        return self.office.run("openssl", "s_client", "-connect", f"localhost:{self.office.ports[service]}", "-CAfile", self.office.ca,
                               "-verify_return_error", "-verify_hostname", "localhost", "-quiet", "-ign_eof", *how, input=said)

    def test_smtp(self):
        for service, how in (("smtp", ("-starttls", "smtp")), ("submission", ("-starttls", "smtp")), ("submissions", ())):
            said = self.s_client(service, how, b"EHLO a.example\r\nQUIT\r\n")
            self.assertIn(b"250-", said)
            self.assertIn(b"221 ", said)
            self.assertNotIn(b"STARTTLS", said)
        said = self.s_client("lmtp", ("-starttls", "lmtp"), b"LHLO a.example\r\nQUIT\r\n")
        self.assertIn(b"221 ", said)

    def test_imap(self):
        self.deliver()
        for service, how in (("imap", ("-starttls", "imap")), ("imaps", ())):
            said = self.s_client(service, how, b"a LOGIN bob secret\r\nb SELECT INBOX\r\nc FETCH 1 BODY.PEEK[TEXT]\r\nd LOGOUT\r\n")
            self.assertIn(body(CORNERS) + b")\r\n", said)
            self.assertIn(b"d OK", said)

    def test_pop3(self):
        self.deliver()
        for service, how in (("pop3", ("-starttls", "pop3")), ("pop3s", ())):
            said = self.s_client(service, how, b"USER bob\r\nPASS secret\r\nRETR 1\r\nQUIT\r\n")
            self.assertIn(b"\r\n" + body(CORNERS).replace(b"\r\n.", b"\r\n..").replace(b".", b"..", 1) + b".\r\n", said)

    def test_tls_versions(self):
        for version in ("-tls1_2", "-tls1_3"):
            said = self.s_client("imaps", (version,), b"a LOGOUT\r\n")
            self.assertIn(b"a OK", said)


class Python(OfficeTest):
    def test_smtplib(self):
        with smtplib.SMTP("localhost", self.office.ports["submission"], timeout=PATIENCE) as smtp:
            smtp.starttls(context=self.office.tls())
            smtp.login("alice", "wonder")
            smtp.sendmail(FROM, [TO, FROM], CORNERS, mail_options=["BODY=8BITMIME"])
            with self.assertRaises(smtplib.SMTPRecipientsRefused):
                smtp.sendmail(FROM, ["eve@elsewhere.test"], CORNERS)
        with smtplib.SMTP_SSL("localhost", self.office.ports["submissions"], context=self.office.tls(), timeout=PATIENCE) as smtp:
            for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5"):
                self.assertIn(mechanism.encode(), smtp.ehlo()[1])
            smtp.login("alice@example.test", "wonder")
            smtp.sendmail(FROM, TO, CORNERS)
        with smtplib.LMTP("localhost", self.office.ports["lmtp"]) as lmtp:
            lmtp.sendmail("", TO, CORNERS)
        self.assert_letters(CORNERS, CORNERS, CORNERS)
        self.assert_letters(CORNERS, user="alice", password="wonder")

    def test_imaplib(self):
        connection = imaplib.IMAP4("localhost", self.office.ports["imap"], timeout=PATIENCE)
        self.assertIn("LOGINDISABLED", connection.capabilities)
        with self.assertRaises(imaplib.IMAP4.error):
            connection.login("bob", "secret")
        connection.starttls(self.office.tls())
        connection.login("bob@example.test", "secret")
        for name in ("Work", '"Work/2026"', '"It\'s {3} \\"quoted\\" \\\\ &AOE-"'):
            self.assertEqual(connection.create(name)[0], "OK", name)
        self.assertEqual(connection.append("Work", "(\\Seen $Forwarded)", None, CORNERS)[0], "OK")
        connection.select("Work")
        self.assertEqual(connection.fetch("1", "(BODY.PEEK[])")[1][0][1], CORNERS)
        self.assertIn(b"$Forwarded", connection.fetch("1", "(FLAGS)")[1][0])
        self.assertEqual(connection.copy("1", '"Work/2026"')[0], "OK")
        self.assertEqual(connection.rename("Work", "Play")[0], "OK")
        self.assertEqual(connection.status('"Play/2026"', "(MESSAGES UNSEEN)")[1], [b'"Play/2026" (MESSAGES 1 UNSEEN 0)'.replace(b'"', b'')])
        self.assertEqual(connection.subscribe("Play")[0], "OK")
        self.assertEqual(len(connection.lsub()[1]), 1)
        connection.logout()

    def test_names_in_utf8(self):
        """imaplib speaks UTF8=ACCEPT (RFC 6855); an older connection sees the same names in modified UTF-7."""
        connection, older = self.office.imap(), self.office.imap()
        self.assertEqual(connection.enable("UTF8=ACCEPT")[0], "OK")
        self.assertEqual(connection.create('"Entwürfe"')[0], "OK")
        self.assertIn('"Entwürfe"'.encode(), b"".join(connection.list()[1]))
        self.assertIn(b"Entw&APw-rfe", b"".join(older.list()[1]))
        refused, why = older.append("Entw&APw-rfe", None, None, "Subject: Ñandú\r\n\r\nx\r\n".encode())
        self.assertEqual(refused, "NO")
        self.assertIn(b"ENABLE UTF8=ACCEPT", why[0])
        self.assertEqual(connection.select('"Entwürfe"')[0], "OK")
        self.assertEqual(connection.search(None, "SUBJECT", '"ñandú"')[1], [b""])
        for one in (connection, older):
            one.logout()

    def test_compressed(self):
        """zlib of Python's against ours, inside TLS: RFC 4978."""
        connection = self.office.imap()
        self.assertEqual(connection.append("INBOX", None, None, CORNERS)[0], "OK")
        self.assertEqual(connection.xatom("COMPRESS", "DEFLATE")[0], "OK")
        out, back = zlib.compressobj(wbits=-15), zlib.decompressobj(wbits=-15)
        connection.sock.sendall(out.compress(b"x1 EXAMINE INBOX\r\nx2 FETCH 1 (BODY.PEEK[])\r\n") + out.flush(zlib.Z_SYNC_FLUSH))
        said = b""
        while b"x2 OK" not in said:
            said += back.decompress(connection.sock.recv(1))
        self.assertIn(CORNERS, said)
        connection.sock.sendall(out.compress(b"x3 LOGOUT\r\n") + out.flush(zlib.Z_SYNC_FLUSH))
        while octet := connection.sock.recv(1):
            said += back.decompress(octet)
        self.assertIn(b"x3 OK", said)
        connection.shutdown()

    def test_poplib(self):
        self.deliver()
        pop = poplib.POP3("localhost", self.office.ports["pop3"], timeout=PATIENCE)
        self.assertIn("STLS", pop.capa())
        with self.assertRaises(poplib.error_proto):
            pop.user("bob")
        pop.stls(self.office.tls())
        pop.user("bob")
        pop.pass_("secret")
        self.assertEqual(pop.stat()[0], 1)
        _, lines, _ = pop.retr(1)
        self.assertEqual(without_trace(b"".join(line + b"\r\n" for line in lines)), CORNERS)
        _, lines, _ = pop.top(1, 2)
        self.assertEqual(lines[-2:], [b".", b".."])
        pop.dele(1)
        pop.quit()
        self.assertEqual(self.office.letters(), [])

    def test_news_reaches_idle(self):
        connection = self.office.imap()
        connection.select("INBOX")
        connection.send(b"x IDLE\r\n")
        self.assertTrue(connection.readline().startswith(b"+"))
        self.deliver()
        self.assertEqual(connection.readline(), b"* 1 EXISTS\r\n")
        connection.send(b"DONE\r\n")
        while not connection.readline().startswith(b"x OK"):
            pass
        connection.logout()


class Quota(OfficeTest):
    """imaplib's GETQUOTA and its like, with --quota: RFC 9208."""

    def setUp(self):
        self.office = Office("--quota", "2048")
        self.addCleanup(self.office.remove)

    def test_what_does_not_fit_is_refused(self):
        letter = b"Subject: x\r\n\r\n" + b"y" * 1500 + b"\r\n"
        connection = self.office.imap()
        self.assertEqual(connection.getquotaroot("INBOX")[1], [[b'INBOX ""'], [b'"" (STORAGE 0 2)']])
        self.assertEqual(connection.append("INBOX", None, None, letter)[0], "OK")
        refused, why = connection.append("INBOX", None, None, letter)
        self.assertEqual(refused, "NO")
        self.assertIn(b"[OVERQUOTA]", why[0])
        self.assertEqual(connection.getquota('""')[1], [b'"" (STORAGE 2 2)'])
        self.assertEqual(connection.setquota('""', "(STORAGE 100)")[0], "NO")
        with smtplib.LMTP("localhost", self.office.ports["lmtp"]) as lmtp, self.assertRaises(smtplib.SMTPDataError) as full:
            lmtp.sendmail("", TO, letter)
        self.assertEqual(full.exception.smtp_code, 452)
        connection.logout()


class Any(OfficeTest):
    def setUp(self):
        self.office = Office("--any-user-password", "open", "--allow-plaintext-auth", users=())
        self.addCleanup(self.office.remove)

    def test_a_mailbox_is_made_at_first_use(self):
        self.deliver(to="nobody.yet@example.test")
        imap = imaplib.IMAP4("127.0.0.1", self.office.ports["imap"], timeout=PATIENCE)
        imap.login("nobody.yet", "open")
        self.assertEqual(imap.select()[1], [b"1"])
        with smtplib.SMTP("127.0.0.1", self.office.ports["submission"], timeout=PATIENCE) as smtp:
            smtp.login("someone", "open")
            smtp.sendmail("someone@example.test", "nobody.yet@example.test", SEVEN_BITS)
        self.assertEqual(imap.noop()[0], "OK")
        self.assertEqual(imap.response("EXISTS")[1][-1:], [b"2"])
        imap.logout()


if __name__ == "__main__":
    main()
