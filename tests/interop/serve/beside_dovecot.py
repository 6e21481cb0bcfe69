"""What `glasspost serve` says of letters.py beside what Dovecot says of them: envelopes, structures, sections, searches. Whoever
reads mail with both must see the same. Where they differ on purpose, DIFFERENCES says why; a difference that is not there
any more is a failure, too."""
import os
import re
import shutil
import socket
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../connect"))

import servers  # noqa: E402
from letters import LETTERS  # noqa: E402
from office import Office  # noqa: E402

ITEMS = ["RFC822.SIZE", "ENVELOPE", "BODY", "BODYSTRUCTURE", "BODY.PEEK[]", "BODY.PEEK[HEADER]", "BODY.PEEK[TEXT]", "BODY.PEEK[1]",
         "BODY.PEEK[1.MIME]", "BODY.PEEK[1.HEADER]", "BODY.PEEK[1.TEXT]", "BODY.PEEK[2]", "BODY.PEEK[2.MIME]", "BODY.PEEK[2.HEADER]", "BODY.PEEK[2.TEXT]",
         "BODY.PEEK[1.1]", "BODY.PEEK[2.1]", "BODY.PEEK[2.2]", "BODY.PEEK[1.2.2.MIME]", "BODY.PEEK[3]", "BODY.PEEK[HEADER.FIELDS (SUBJECT to X-NONE)]",
         "BODY.PEEK[HEADER.FIELDS.NOT (Subject From)]", "BODY.PEEK[]<10.20>", "BODY.PEEK[TEXT]<0.5>", "BODY.PEEK[TEXT]<100000.5>"]
SEARCHES = ["SUBJECT letter", "FROM ann", "FROM \"Ann <\"", "TO carol", "CC example", "BCC d@", "TEXT hola", "BODY hello", "BODY boundary", "BODY zebra", "BODY zoe@", "TEXT zebra", "BODY b.png", "TEXT b.png", "BODY picture", "TEXT pic@", "TEXT from",
            "HEADER X-None \"\"", "HEADER Subject \"\"", "HEADER Message-ID m@", "SENTSINCE 1-Jan-2026", "SENTBEFORE 1-Jan-2026", "SENTON 24-Nov-2026",
            "SMALLER 200", "LARGER 1000", "CHARSET UTF-8 SUBJECT {}Grüße", "CHARSET UTF-8 SUBJECT {}GRÜSSE", "CHARSET UTF-8 FROM {}bärbel", "CHARSET UTF-8 BODY {}árbol",
            "CHARSET UTF-8 TEXT {}ÁRBOL", "CHARSET UTF-8 SUBJECT {}ярмарка", "CHARSET UTF-8 FROM {}иван", "CHARSET UTF-8 BODY {}МИР", "CHARSET UTF-8 TEXT {}αύριο",
            "CHARSET UTF-8 SUBJECT {}ΣΟΦΌΣ", "CHARSET UTF-8 SUBJECT {}mañana", "CHARSET UTF-8 FROM {}ÁNGEL", "SUBJECT manana", "FROM angel", "SUBJECT man", "SUBJECT ABC", "SUBJECT abc",
            "CHARSET UTF-8 SUBJECT {}ａｂｃ", "CHARSET UTF-8 SUBJECT {}ǆ", "CHARSET UTF-8 SUBJECT {}å", "CHARSET UTF-8 SUBJECT {}각", "CHARSET UTF-8 SUBJECT {}가", "CHARSET UTF-8 SUBJECT {}中",
            "CHARSET UTF-8 SUBJECT {}GRÜßE", "SUBJECT STRASSE", "NOT SUBJECT letter", "OR FROM ann TO carol"]

ORDERS = ["SORT (SUBJECT)", "SORT (REVERSE SUBJECT)", "SORT (FROM)", "SORT (DISPLAYFROM)", "THREAD REFERENCES", "THREAD ORDEREDSUBJECT"]

FIELDS = "BODY.PEEK[HEADER.FIELDS (SUBJECT to X-NONE)]"
NO_EMPTY_LINE = "RFC 3501 section 6.4.5: every subset ends with the empty line, except where the message has none"
NO_SUCH_PART = "a text has no part 1: RFC 3501 section 6.4.5 gives that number to a message alone, and Dovecot to each part"
DEFAULT_TYPE = "RFC 2045 section 5.2: a type that cannot be read, or a multipart without its boundary, is text/plain"
OWN_LINE_END = "RFC 2046 section 5.1.1: the CRLF in front of a boundary is the boundary's, behind an inner multipart, too"
# (letter, item) or item: why the two differ.
DIFFERENCES = {
    "BODY.PEEK[1.1]": NO_SUCH_PART,
    "BODY.PEEK[2.1]": NO_SUCH_PART,
    ("no body", FIELDS): NO_EMPTY_LINE,
    ("no empty line", FIELDS): NO_EMPTY_LINE,
    ("folded", "ENVELOPE"): "RFC 5322 section 2.2.3: unfolding takes the CRLF away; Dovecot makes the tab behind it a space",
    ("spaces around", "ENVELOPE"): "two spaces are two spaces",
    ("no domain", "ENVELOPE"): "what is not there is empty; Dovecot writes MISSING_DOMAIN",
    ("semicolon list", "ENVELOPE"): "not an address list; the second address is of more use than its absence",
    ("brackets left open", "ENVELOPE"): "not addresses; Dovecot writes SYNTAX_ERROR",
    ("type only", "BODY"): DEFAULT_TYPE,
    ("type only", "BODYSTRUCTURE"): DEFAULT_TYPE,
    ("type that is no type", "BODY"): DEFAULT_TYPE,
    ("type that is no type", "BODYSTRUCTURE"): DEFAULT_TYPE,
    ("no boundary parameter", "BODY"): DEFAULT_TYPE,
    ("no boundary parameter", "BODYSTRUCTURE"): DEFAULT_TYPE,
    ("no boundary parameter", "BODY.PEEK[1]"): DEFAULT_TYPE,
    ("no boundary parameter", "BODY.PEEK[1.MIME]"): DEFAULT_TYPE,
    ("parameter in pieces and a charset", "BODYSTRUCTURE"): "RFC 2231 section 7: in an extended value an apostrophe or a space is encoded",
    ("related in alternative in mixed", "BODY.PEEK[1]"): OWN_LINE_END,
    ("boundary that begins another", "BODY.PEEK[1]"): OWN_LINE_END,
    ("the same boundary inside", "BODY.PEEK[1]"): OWN_LINE_END,
    ("nested twenty deep", "BODY.PEEK[1]"): OWN_LINE_END,
    ("forwarded multipart", "BODY"): OWN_LINE_END,
    ("forwarded multipart", "BODYSTRUCTURE"): OWN_LINE_END,
    ("forwarded multipart", "BODY.PEEK[2]"): OWN_LINE_END,
    ("forwarded multipart", "BODY.PEEK[2.TEXT]"): OWN_LINE_END,
    ("forwarded from another", "BODY"): OWN_LINE_END,
    ("forwarded from another", "BODYSTRUCTURE"): OWN_LINE_END,
    ("forwarded from another", "BODY.PEEK[2]"): OWN_LINE_END,
    ("forwarded from another", "BODY.PEEK[2.TEXT]"): OWN_LINE_END,
    'FROM "Ann <"': "RFC 5322 section 2.2.3: behind \"Ann\" in the folded field there is a tab",
    "SENTBEFORE 1-Jan-2026": "a letter without a date was sent at no day that we know; Dovecot takes it for 1970",
}


class Imap:
    def __init__(self, port, user, password):
        self.socket = socket.create_connection(("127.0.0.1", port), 30)
        self.reader = self.socket.makefile("rb")
        self.reader.readline()
        self.say(f"LOGIN {user} {password}")

    def say(self, words, *literals):
        """The answer, without the tagged line if that is OK; else that alone."""
        self.socket.sendall(b"a " + (words if isinstance(words, bytes) else words.encode()) + b"\r\n")
        for literal in literals:
            line = self.reader.readline()
            assert line.startswith(b"+"), line
            self.socket.sendall(literal + b"\r\n")
        answer = b""
        while True:
            line = self.reader.readline()
            assert line, "the server has gone"
            if line.startswith(b"a "):
                return answer if line.startswith(b"a OK") else line
            answer += line
            counted = re.search(rb"\{(\d+)\}\r\n$", line)
            if counted:
                answer += self.reader.read(int(counted[1]))

    def search(self, criteria):
        if "{}" not in criteria:
            answer = self.say("SEARCH " + criteria)
        else:
            before, text = criteria.split("{}")
            answer = self.say(f"SEARCH {before}{{{len(text.encode())}}}", text.encode())
        return sorted(map(int, re.findall(rb"\d+", answer.split(b"\r\n")[0])))

    def close(self):
        self.say("LOGOUT")
        self.reader.close()
        self.socket.close()


def values(octets):
    """An answer as nested lists of words, strings (as bytes) and None."""
    at = 0

    def one():
        nonlocal at
        while octets[at:at + 1] == b" ":
            at += 1
        if octets[at:at + 1] == b"(":
            at += 1
            found = []
            while True:
                while octets[at:at + 1] == b" ":
                    at += 1
                if octets[at:at + 1] == b")":
                    at += 1
                    return found
                found.append(one())
        if octets[at:at + 1] == b'"':
            quoted = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.S).match(octets, at)
            at = quoted.end()
            return re.sub(rb"\\(.)", rb"\1", quoted[1])
        counted = re.compile(rb"\{(\d+)\}\r\n").match(octets, at)
        if counted:
            at = counted.end() + int(counted[1])
            return octets[counted.end():at]
        word = re.compile(rb"BODY\[[^\]]*\](?:<\d+>)?|[^ ()\r\n]+").match(octets, at)
        assert word, (octets, at)
        at = word.end()
        return None if word[0].upper() == b"NIL" else word[0].decode().upper()

    return one()


def fetched(answer):
    """The values of the one item that was asked for, with its name; or the refusal's first word."""
    start = re.match(rb"\* \d+ FETCH ", answer)
    if not start:
        return answer.split(b" ")[1] if answer.startswith(b"a ") else answer
    return values(answer[start.end():])


def without_case(value):
    """Names of types, encodings and parameters may be written either way, and are where they are not taken from the letter."""
    if isinstance(value, list):
        return [without_case(one) for one in value]
    return value.lower() if isinstance(value, bytes) else value


def comparable(item, value):
    if item in ("BODY", "BODYSTRUCTURE"):
        return without_case(value)
    # A section that is not there is NIL with us and empty with Dovecot: RFC 3501 has both, an nstring.
    return [value[0], value[1] or b""] if "[" in item and isinstance(value, list) else value


@unittest.skipUnless(shutil.which("dovecot"), "Dovecot is not installed")
class Letters(unittest.TestCase):
    maxDiff = None
    excused = set()

    @classmethod
    def setUpClass(cls):
        cls.place = servers.Place()
        cls.addClassCleanup(cls.place.remove)
        cls.dovecot = servers.Dovecot(cls.place, plaintext=True)
        cls.addClassCleanup(cls.dovecot.stop)
        cls.office = Office("--allow-plaintext-auth")
        cls.addClassCleanup(cls.office.remove)
        cls.both = [Imap(cls.office.ports["imap"], "bob", "secret"), Imap(cls.dovecot.ports["imap"], servers.USER, servers.PASSWORD)]
        for server in cls.both:
            cls.addClassCleanup(server.close)
            server.say("CREATE letters")
        uploads = [Imap(cls.office.ports["imap"], "bob", "secret"), Imap(cls.dovecot.ports["imap"], servers.USER, servers.PASSWORD)]
        uploads[0].say("ENABLE UTF8=ACCEPT")  # RFC 6855 section 4: who brings headers beyond ASCII says so
        for upload, server in zip(uploads, cls.both):
            for name, octets in LETTERS.items():
                answer = upload.say(f"APPEND letters \"24-Nov-2026 09:00:00 +0000\" {{{len(octets)}}}", octets)
                assert not answer.startswith(b"a "), (name, answer)
            upload.close()
            server.say("SELECT letters")

    def compare(self, letter, item, ours, theirs):
        key = next((key for key in ((letter, item), item) if key in DIFFERENCES), None)
        if ours != theirs and key:
            self.excused.add(key)
            return
        with self.subTest(letter=letter, item=item):
            self.assertEqual(ours, theirs)

    @classmethod
    def tearDownClass(cls):
        assert cls.excused == set(DIFFERENCES), f"no difference any more: {set(DIFFERENCES) - cls.excused}"

    def test_fetch(self):
        for number, name in enumerate(LETTERS, 1):
            for item in ITEMS:
                ours, theirs = (comparable(item, fetched(server.say(f"FETCH {number} ({item})"))) for server in self.both)
                self.compare(name, item, ours, theirs)

    def test_search(self):
        names = list(LETTERS)
        for criteria in SEARCHES:
            ours, theirs = ([names[n - 1] for n in server.search(criteria)] for server in self.both)
            self.compare(None, criteria, ours, theirs)

    def test_order(self):
        """By the comparison that I18NLEVEL=1 promises, which both do."""
        for server in self.both:
            self.assertIn(b"I18NLEVEL=1", server.say("CAPABILITY"))
        for order in ORDERS:
            ours, theirs = (server.say(order + " UTF-8 HEADER X-Order \"\"") for server in self.both)
            self.compare(None, order, ours, theirs)


if __name__ == "__main__":
    unittest.main()
