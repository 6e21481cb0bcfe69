"""`glasspost serve --broken`: the same words to a server that is right and to one that is broken on purpose, by Python's own clients, by
mpop and over a bare socket; and what each program makes of it."""
import imaplib
import poplib
import smtplib
import unittest

from office import CORNERS, PATIENCE, SEVEN_BITS, Office, crlf, main

TO, FROM = "bob@example.test", "alice@example.test"


class Broken(unittest.TestCase):
    def both(self, *names):
        """First the one that is right, then the one that is broken."""
        for broken in (False, True):
            options = [word for name in names for word in ("--broken", name)] if broken else []
            office = Office("--allow-plaintext-auth", *options)
            try:
                with self.subTest(broken=broken):
                    yield office, broken
            finally:
                office.remove()

    def deliver(self, office, letter=CORNERS):
        with smtplib.SMTP("127.0.0.1", office.ports["smtp"], timeout=PATIENCE) as client:
            client.sendmail(FROM, TO, letter)

    def maildrop(self, office, password="secret"):
        client = poplib.POP3("127.0.0.1", office.ports["pop3"], timeout=PATIENCE)
        client.user("bob")
        client.pass_(password)
        return client

    def said(self, office, service, *octets):
        """Over a bare socket: what comes after each of these, up to a whole line."""
        out = []
        with office.dial(service) as wire:
            replies = wire.makefile("rb")
            replies.readline()
            for one in octets:
                wire.sendall(one)
                out.append(replies.readline())
        return out

    def test_it_says_so(self):
        for office, broken in self.both("early-354", "dele-at-once"):
            self.assertEqual(office.said().count("Broken on purpose: "), 2 if broken else 0)

    def test_dele_at_once(self):
        for office, broken in self.both("dele-at-once"):
            self.deliver(office)
            client = self.maildrop(office)
            client.dele(1)
            client.rset()
            self.assertEqual(client.stat()[0], 0 if broken else 1)
            client.quit()
            self.assertEqual(len(office.letters()), 0 if broken else 1)

    def test_lost_line_deletes(self):
        for office, broken in self.both("lost-line-deletes"):
            self.deliver(office)
            client = self.maildrop(office)
            client.dele(1)
            client.close()
            client = self.maildrop(office)
            self.assertEqual(client.stat()[0], 0 if broken else 1)
            client.quit()

    def test_no_dot_stuffing(self):
        for office, broken in self.both("no-dot-stuffing"):
            self.deliver(office)
            client = self.maildrop(office)
            lines = client.retr(1)[1]
            self.assertEqual(b"From here on" in lines, not broken)
            client.close()

    def test_any_password(self):
        for office, broken in self.both("any-password"):
            if broken:
                self.maildrop(office, "made up").quit()
            else:
                with self.assertRaises(poplib.error_proto):
                    self.maildrop(office, "made up")

    def test_new_uidl_by_mpop(self):
        """It leaves letters on the server, and knows them again by their unique-ids."""
        for office, broken in self.both("new-uidl"):
            self.deliver(office)
            box = office.path("box")
            rc = office.write("mpoprc", f"account default\nhost 127.0.0.1\nport {office.ports['pop3']}\nuser bob\npassword secret\nauth user\ntls off\n"
                              f"delivery mbox {box}\nkeep on\nuidls_file {office.path('uidls')}\n")
            for _ in range(3):
                office.run("mpop", "-C", rc)
            with open(box, "rb") as file:
                self.assertEqual(file.read().count(b"Subject: A letter with corners"), 3 if broken else 1)

    def test_bare_lf_ends(self):
        """One letter with a dot between an LF and a CRLF in it, and another behind that."""
        two = b"Subject: one\r\n\r\nHello\n.\r\nMAIL FROM:<boss@example.test>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\nSubject: two\r\n\r\nPay!\r\n.\r\n"
        for office, broken in self.both("bare-lf-ends"):
            replies = self.said(office, "smtp", b"HELO test.example\r\n", b"MAIL FROM:<alice@example.test>\r\n", b"RCPT TO:<bob@example.test>\r\n", b"DATA\r\n", two)
            self.assertEqual(replies[-1][:3], b"250" if broken else b"554")
            subjects = [line for letter in office.letters() for line in letter.split(b"\r\n") if line.startswith((b"Subject", b"Return-Path"))]
            self.assertEqual(subjects, [b"Return-Path: <alice@example.test>", b"Subject: one", b"Return-Path: <boss@example.test>", b"Subject: two"] if broken else [])

    def test_bare_lf_passes(self):
        for office, broken in self.both("bare-lf-passes"):
            replies = self.said(office, "smtp", b"HELO test.example\r\n", b"MAIL FROM:<alice@example.test>\r\n", b"RCPT TO:<bob@example.test>\r\n", b"DATA\r\n",
                                b"Subject: one\r\n\r\nHello\n.\nthere\r\n.\r\n")
            self.assertEqual(replies[-1][:3], b"250" if broken else b"554")
            self.assertEqual([letter.endswith(b"\r\n\r\nHello\n.\nthere\r\n") for letter in office.letters()], [True] if broken else [])

    def test_early_354(self):
        for office, broken in self.both("early-354"):
            replies = self.said(office, "smtp", b"HELO test.example\r\n", b"MAIL FROM:<alice@example.test>\r\n", b"RCPT TO:<bod@example.test>\r\n", b"DATA\r\n")
            self.assertEqual([reply[:3] for reply in replies[2:]], [b"550", b"354" if broken else b"503"])

    def test_starttls_injection(self):
        """A command said in clear behind STARTTLS, and answered inside TLS; or never."""
        for office, broken in self.both("starttls-injection"):
            with office.dial("smtp") as wire:
                wire.recv(1000)
                wire.sendall(b"HELO test.example\r\n")
                wire.recv(1000)
                wire.sendall(b"STARTTLS\r\nVRFY somebody\r\n")
                self.assertEqual(wire.recv(1000), b"220 2.0.0 Ready to start TLS\r\n")
                with office.tls().wrap_socket(wire, server_hostname="localhost") as inside:
                    inside.sendall(b"NOOP\r\n")
                    answers = inside.recv(1000)
                    while answers.count(b"\r\n") < (2 if broken else 1):
                        answers += inside.recv(1000)
                    self.assertEqual([line[:3] for line in answers.split(b"\r\n")[:-1]], [b"252", b"250"] if broken else [b"250"])

    def test_peek_sets_seen(self):
        for office, broken in self.both("peek-sets-seen"):
            self.deliver(office, SEVEN_BITS)
            imap = office.imap()
            imap.select(readonly=True)
            imap.fetch("1", "(BODY.PEEK[HEADER])")
            self.assertEqual(b"\\Seen" in imaplib.ParseFlags(imap.fetch("1", "(FLAGS)")[1][0]), broken)
            imap.logout()

    def test_shared_numbers(self):
        for office, broken in self.both("shared-numbers"):
            for name in (b"one", b"two", b"three"):
                self.deliver(office, crlf(b"From: alice@example.test", b"Subject: " + name, b"", b"."))
            one, other = office.imap(), office.imap()
            one.select()
            other.select()
            other.store("1", "+FLAGS", "(\\Deleted)")
            other.expunge()
            one.store("2", "+FLAGS.SILENT", "(\\Flagged)")
            found = other.uid("SEARCH", "FLAGGED")[1][0]
            self.assertEqual(found, b"3" if broken else b"2", "their UIDs are the numbers that they began with")
            one.logout()
            other.logout()


if __name__ == "__main__":
    main()
