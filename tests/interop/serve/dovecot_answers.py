"""The same messages in `glasspost serve` and in Dovecot, the same commands to both: the answers say the same. Where they may
differ, the difference stands here with its reason."""
import os
import re
import shutil
import socket
import sys
import unittest
import zlib

from office import Office, PATIENCE, crlf, main

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../connect"))
from servers import PASSWORD, USER, Dovecot, Place  # noqa: E402


def letter(subject, sender="Alice <alice@example.test>", to="bob@example.test", date="Tue, 24 Nov 2026 09:00:00 +0000", more=(), body=(b"Hello",)):
    head = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Date: {date}", f"Message-ID: <{zlib.crc32((subject + date).encode())}@x>"]
    return crlf(*(line.encode() for line in head), *more, b"", *body)


PARTS = crlf(b"From: a@x", b"Subject: parts", b"Message-ID: <parts@x>", b"Date: Tue, 24 Nov 2026 11:00:00 +0000", b"MIME-Version: 1.0",
             b"Content-Type: multipart/mixed; boundary=b", b"", b"--b", b"Content-Type: text/plain; charset=utf-8",
             b"Content-Transfer-Encoding: quoted-printable", b"", b"=C3=B1and=C3=BA and so=", b" on", b"--b",
             b"Content-Type: application/octet-stream", b"Content-Transfer-Encoding: base64", b"", b"AAECAwQF", b"--b--")
LETTERS = [
    (letter("Lunch", more=(b"X-Id: 1",)), "", "01-Nov-2026 09:00:00 +0000"),
    (letter("Re: Lunch", "Zoe <zoe@example.test>", date="Tue, 24 Nov 2026 09:30:00 +0000", more=(b"References: <root@x>",)), "\\Seen", "02-Nov-2026 09:00:00 +0000"),
    (letter("[list] Answers", "bob@example.test", "Ann <a@x>", "Tue, 24 Nov 2026 10:00:00 -0100"), "\\Flagged $Work", "03-Nov-2026 09:00:00 +0000"),
    (letter("Re: Lunch", "Carl <carl@example.test>", date="Tue, 24 Nov 2026 12:00:00 +0000", more=(b"References: <root@x>",), body=(b"needle",)), "", "04-Nov-2026 09:00:00 +0000"),
    (PARTS, "\\Answered", "05-Nov-2026 09:00:00 +0000"),
    (letter("Fwd: tea", date="hopeless", body=(b"x" * 500,)), "\\Deleted", "06-Nov-2026 09:00:00 +0000"),
]
FOLDERS = ["Fruit", "Fruit/Apple", "Fruit/Banana", "Tofu", "Vegetable", "Vegetable/Corn"]
SUBSCRIBED = ["Fruit/Banana", "Vegetable"]


class Line:
    """One IMAP connection, spoken to in raw lines."""

    def __init__(self, port, user, password):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.file = self.socket.makefile("rb")
        self.number = 0
        self.file.readline()
        self.ask(f"LOGIN {user} {password}")

    def ask(self, command, literal=None):
        """The untagged responses, and the tagged one without its tag and words for people."""
        self.number += 1
        tag = f"a{self.number}"
        self.socket.sendall(f"{tag} {command}\r\n".encode() + (literal + b"\r\n" if literal is not None else b""))
        untagged = []
        while True:
            line = self.response()
            if line.startswith(tag.encode() + b" "):
                return untagged, line[len(tag) + 1:].replace(tag.encode(), b"TAG")
            untagged.append(line.replace(tag.encode(), b"TAG"))

    def response(self):
        line = self.file.readline()
        while (size := re.search(rb"\{(\d+)\}\r\n$", line)):
            line += self.file.read(int(size.group(1))) + self.file.readline()
        return line.rstrip(b"\r\n")

    def close(self):
        self.file.close()
        self.socket.close()


def items(response):
    """A FETCH response's items in any order, LIST's attributes likewise; strings all as literals."""
    text = re.sub(rb'~?\{(\d+)\}\r\n', b"", response)
    text = re.sub(rb'"((?:[^"\\]|\\.)*)"', lambda m: m.group(1).replace(b"\\\"", b'"'), text)
    return sorted(re.split(rb"[ ()]+", text))


@unittest.skipUnless(shutil.which("dovecot"), "Dovecot is not installed")
class SameAnswers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = Place()
        cls.addClassCleanup(cls.place.remove)
        cls.dovecot = Dovecot(cls.place, plaintext=True)
        cls.addClassCleanup(cls.dovecot.stop)
        cls.office = Office("--allow-plaintext-auth", users=("ann:secret",), ports=["imap"])
        cls.addClassCleanup(cls.office.remove)
        cls.lines = [Line(cls.office.ports["imap"], "ann", "secret"), Line(cls.dovecot.ports["imap"], USER, PASSWORD)]
        for line in cls.lines:
            cls.addClassCleanup(line.close)
            cls.fill(line)

    @classmethod
    def fill(cls, line):
        line.ask("SELECT INBOX")
        line.ask("STORE 1:* +FLAGS.SILENT (\\Deleted)")
        line.ask("CLOSE")
        separator = re.search(rb'"(.)"', line.ask('LIST "" ""')[0][0]).group(1).decode()
        line.separator = separator
        for name in FOLDERS:
            line.ask("CREATE " + name.replace("/", separator))
        for name in SUBSCRIBED:
            line.ask("SUBSCRIBE " + name.replace("/", separator))
        for text, flags, date in LETTERS:
            said = line.ask(f'APPEND INBOX ({flags}) "{date}" {{{len(text)}+}}', text)[1]
            assert said.startswith(b"OK"), said
        line.ask("SELECT INBOX")

    def same(self, command, key=lambda response: response, status=True):
        answers = []
        for line in self.lines:
            untagged, tagged = line.ask(command)
            # Dovecot ends "* THREAD" and the like with a space where nothing follows.
            told = [key(response.rstrip(b" ")) for response in untagged if not response.startswith(b"* OK")]
            answers.append((told, tagged[:2] if status else b""))
        self.assertEqual(answers[0], answers[1], command)
        return answers[0][0]

    def test_search_returns(self):
        for returns in ("(MIN)", "(MAX)", "(COUNT)", "(ALL)", "()", "(MIN MAX ALL COUNT)"):
            for keys in ("ALL", "UNSEEN", "SUBJECT lunch", "TEXT needle", "SUBJECT nothing", "OR FLAGGED DELETED", "NOT SEEN"):
                self.same(f"SEARCH RETURN {returns} {keys}", key=lambda r: sorted(r.split()))
        self.same("SEARCH RETURN (LATER) ALL")

    def test_what_a_search_saved(self):
        self.same("SEARCH RETURN (SAVE) SUBJECT lunch")
        self.same("FETCH $ FLAGS", key=items)
        self.same("SEARCH $")
        self.same("SEARCH RETURN (SAVE MIN) SUBJECT lunch", key=lambda r: sorted(r.split()))
        self.same("SEARCH $")
        self.same("SEARCH RETURN (SAVE) SUBJECT nothing")
        self.same("FETCH $ FLAGS")
        self.same("SEARCH NOT $")

    def test_ages(self):
        for seconds in (1, 86400, 4294967295):
            self.same(f"SEARCH YOUNGER {seconds}")
            self.same(f"SEARCH OLDER {seconds}")
        self.same("SEARCH OLDER 0", status=True)

    def test_sort(self):
        for keys in ("ARRIVAL", "REVERSE ARRIVAL", "SUBJECT", "REVERSE SUBJECT", "FROM", "TO", "CC", "SIZE", "REVERSE SIZE", "SUBJECT REVERSE DATE",
                     "DISPLAYFROM", "DISPLAYTO", "DATE"):
            self.same(f"SORT ({keys}) UTF-8 ALL")
        self.same("SORT (SUBJECT) UTF-8 SUBJECT nothing")
        self.same("SORT (LATER) UTF-8 ALL")

    def test_thread(self):
        for keys in ("ALL", "SUBJECT lunch", "SUBJECT nothing"):
            self.same(f"THREAD ORDEREDSUBJECT UTF-8 {keys}")
            self.same(f"THREAD REFERENCES UTF-8 {keys}")

    def test_binary(self):
        self.same("FETCH 5 (BINARY.PEEK[1] BINARY.SIZE[1] BINARY.SIZE[2])", key=items)
        self.same("FETCH 5 BINARY.PEEK[2]", key=items)
        self.same("FETCH 5 BINARY.PEEK[1]<2.3>", key=items)

    def test_list(self):
        for command in ('LIST "" *', 'LIST "" % RETURN (CHILDREN)', 'LIST (SUBSCRIBED) "" *', 'LIST (SUBSCRIBED RECURSIVEMATCH) "" %',
                        'LIST "" (Tofu Fruit/%)', 'LIST "" % RETURN (SUBSCRIBED)', 'LIST "" INBOX RETURN (STATUS (MESSAGES UNSEEN))',
                        'LIST (RECURSIVEMATCH) "" *', 'LIST (LATER) "" *'):
            # Dovecot tells of children where nobody asked, or not, as the RFC lets it; the order of names is free.
            answers = []
            for line in self.lines:
                untagged, tagged = line.ask(command.replace("/", line.separator))
                told = sorted(re.sub(rb" ?\\Has(No)?Children", b"", r.replace(line.separator.encode(), b"/")).replace(b"( ", b"(") for r in untagged)
                answers.append(([items(t) for t in told], tagged[:2]))
            self.assertEqual(answers[0], answers[1], command)

    def test_status_size(self):
        self.same("STATUS INBOX (MESSAGES SIZE)")


if __name__ == "__main__":
    main()
