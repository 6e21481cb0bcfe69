"""Programs that keep a mailbox here and a mailbox there alike: mbsync with many letters, offlineimap. What was changed on either
side must be on both afterwards: letters octet by octet, flags, folders."""
import glob
import os
import re

from office import OfficeTest, crlf, main

MANY = int(os.environ.get("GLASSPOST_MANY", "10000"))


def letter(number):
    return crlf(b"From: Alice <alice@example.test>", b"To: bob@example.test", b"Subject: Letter %d" % number, b"Message-ID: <%d@example.test>" % number,
                b"Date: Tue, 24 Nov 2026 09:00:00 +0000", b"", b"Number %d." % number, b"." * (number % 70), b"From here on \xc3\xa1", b"")


def key(octets):
    found = re.search(rb"^Message-ID: <(\d+)@", octets, re.M | re.I)
    return int(found[1])


def body(octets):
    return octets.replace(b"\r\n", b"\n").split(b"\n\n", 1)[1]


class Synchroniser(OfficeTest):
    mailbox = "INBOX"

    def put(self, numbers, flags=b"()"):
        """Appends them over one connection, several under way at a time."""
        connection = self.office.imap()
        for first in range(0, len(numbers), 50):
            some = numbers[first:first + 50]
            for number in some:
                connection.send(b"x%d APPEND %s %s {%d+}\r\n%s\r\n" % (number, self.mailbox.encode(), flags, len(letter(number)), letter(number)))
            for number in some:
                while not (line := connection.readline()).startswith(b"x%d " % number):
                    pass
                self.assertTrue(line.startswith(b"x%d OK" % number), line)
        connection.logout()

    def there(self):
        """{number: (body, flags)} as the server has them."""
        connection = self.office.imap()
        connection.select(self.mailbox, readonly=True)
        _, data = connection.fetch("1:*", "(FLAGS BODY.PEEK[])")
        connection.logout()
        found = {}
        for item in data:
            if isinstance(item, tuple):
                flags = set(re.search(rb"FLAGS \(([^)]*)\)", item[0])[1].split()) - {b"\\Recent"}
                found[key(item[1])] = (body(item[1]), flags)
        return found

    def here(self, folder):
        """The same of a Maildir."""
        letters = {"S": b"\\Seen", "F": b"\\Flagged", "R": b"\\Answered", "T": b"\\Deleted", "D": b"\\Draft"}
        found = {}
        for path in self.files(folder).values():
            with open(path, "rb") as file:
                octets = file.read()
            flags = path.rsplit(":2,", 1)[1] if ":2," in path else ""
            found[key(octets)] = (body(octets), {letters[flag] for flag in flags if flag in letters})
        return found

    def files(self, folder):
        found = {}
        for path in glob.glob(os.path.join(folder, "cur", "*")) + glob.glob(os.path.join(folder, "new", "*")):
            with open(path, "rb") as file:
                found[key(file.read(2000))] = path
        return found

    def assert_alike(self, folder, numbers):
        there, here = self.there(), self.here(folder)
        self.assertEqual(set(there), set(numbers))
        self.assertEqual(set(here), set(numbers))
        for number in numbers:
            self.assertEqual(there[number][0], body(letter(number)))
            self.assertEqual(here[number], there[number], number)

    def both_ways(self, folder, run, many):
        """`run` brings both sides together; `folder` is the Maildir on this side."""
        numbers = set(range(1, many + 1))
        self.put(sorted(numbers))
        run()
        self.assert_alike(folder, numbers)
        # On this side: a flag on every tenth, every hundredth away, some new ones. On the other: read, deleted, new.
        files = self.files(folder)
        for number in range(10, many + 1, 10):
            directory, name = os.path.split(files[number])
            flagged = os.path.join(os.path.dirname(directory), "cur", name.split(":2,")[0] + ":2,FS")
            os.rename(files[number], flagged)
            files[number] = flagged
        for number in range(100, many + 1, 100):
            os.unlink(files[number])
        new_here = range(many + 1, many + 51)
        for number in new_here:
            with open(os.path.join(folder, "cur", f"{number}.1.test:2,F"), "wb") as file:
                file.write(letter(number).replace(b"\r\n", b"\n"))
        connection = self.office.imap()
        connection.select(self.mailbox)
        connection.uid("STORE", "3:7", "+FLAGS", "(\\Answered)")
        connection.uid("STORE", "11:19", "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.logout()
        new_there = range(many + 51, many + 101)
        self.put(list(new_there), b"(\\Seen)")
        run()
        numbers -= set(range(100, many + 1, 100)) | set(range(11, 20))
        numbers |= set(new_here) | set(new_there)
        self.assert_alike(folder, numbers)
        flags = {number: what[1] for number, what in self.there().items()}
        self.assertEqual(flags[20], {b"\\Flagged", b"\\Seen"})
        self.assertEqual(flags[5], {b"\\Answered"})
        self.assertEqual(flags[many + 1], {b"\\Flagged"})
        self.assertEqual(flags[many + 60], {b"\\Seen"})
        run()  # and nothing is left to do
        self.assert_alike(folder, numbers)


class Mbsync(Synchroniser):
    def synchronise(self, many, *account):
        folder = self.office.path("mail", "INBOX")
        os.makedirs(os.path.dirname(folder))
        rc = self.office.write("mbsyncrc", "\n".join(["FSync no", "", "IMAPAccount office", "Host localhost", "User bob", "Pass secret", *account, "", "IMAPStore far",
                                                      "Account office", "", "MaildirStore near", f"Path {os.path.dirname(folder)}/", f"Inbox {folder}", "",
                                                      "Channel mail", "Far :far:", "Near :near:", "Create Both", "Expunge Both", "Sync All", ""]))
        self.both_ways(folder, lambda: self.office.run("mbsync", "-q", "-c", rc, "-a", patience=240), many)

    def test_many_letters_over_tls(self):
        self.synchronise(MANY, f"Port {self.office.ports['imaps']}", "SSLType IMAPS", f"CertificateFile {self.office.ca}")

    def test_in_plain(self):
        self.office.stop()
        self.office.options.append("--allow-plaintext-auth")
        self.office.start()
        self.synchronise(MANY // 5, f"Port {self.office.ports['imap']}", "SSLType None", "AuthMechs LOGIN")


class Offlineimap(Synchroniser):
    def test_both_ways(self):
        folder = self.office.path("mail")
        rc = self.office.write("offlineimaprc", f"""[general]
accounts = office
ui = quiet
metadata = {self.office.path('offlineimap')}

[Account office]
localrepository = near
remoterepository = far

[Repository near]
type = Maildir
localfolders = {folder}

[Repository far]
type = IMAP
remotehost = localhost
remoteport = {self.office.ports['imaps']}
remoteuser = bob
remotepass = secret
ssl = yes
sslcacertfile = {self.office.ca}
""")
        self.both_ways(os.path.join(folder, "INBOX"), lambda: self.office.run("offlineimap", "-c", rc, "-o", "-1", patience=240), MANY // 20)


if __name__ == "__main__":
    main()
