"""The disk under --maildir is full: who sends is told so, nothing that was acknowledged is lost, and it goes on when there is room."""
import imaplib
import os
import signal
import smtplib
import subprocess

from office import HEADER, PATIENCE, Office, OfficeTest, main

SIZE = 100_000


class Full(OfficeTest):
    def setUp(self):
        self.office = Office("--allow-plaintext-auth", ports=["smtp", "imap"])
        self.addCleanup(self.office.remove)
        self.office.stop()
        disk = self.office.path("disk")
        os.mkdir(disk)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", disk], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("a small disk can only be mounted by root")
        self.addCleanup(subprocess.run, ["umount", "-l", disk])
        self.office.options += ["--maildir", os.path.join(disk, "mail")]
        self.office.start()

    def send(self, number, size=SIZE):
        with smtplib.SMTP("127.0.0.1", self.office.ports["smtp"], timeout=PATIENCE) as smtp:
            smtp.sendmail("a@example.test", "bob@example.test", HEADER + b"%d\r\n" % number + (b"y" * 70 + b"\r\n") * (size // 72))

    def there(self):
        with imaplib.IMAP4("127.0.0.1", self.office.ports["imap"], timeout=PATIENCE) as connection:
            connection.login("bob", "secret")
            connection.select(readonly=True)
            data = connection.fetch("1:*", "(BODY.PEEK[TEXT]<0.10>)")[1]
            return [int(item[1].split(b"\r\n")[0]) for item in data if isinstance(item, tuple)]

    def fill(self):
        taken = []
        for number in range(100):
            try:
                self.send(number)
            except smtplib.SMTPDataError as refusal:
                self.assertEqual(refusal.smtp_code, 452)
                self.assertEqual(refusal.smtp_error, b"4.3.1 The disk is full; try again later")
                return taken
            taken.append(number)
        self.fail("2 MB held 10 MB")

    def test_letters_are_refused_for_now_and_none_is_lost(self):
        taken = self.fill()
        self.assertGreater(len(taken), 10)
        self.assertEqual(self.there(), taken)
        with imaplib.IMAP4("127.0.0.1", self.office.ports["imap"], timeout=PATIENCE) as connection:
            connection.login("bob", "secret")
            answer = connection.append("INBOX", "", None, HEADER + b"z" * SIZE)
            self.assertEqual(answer, ("NO", [b"[UNAVAILABLE] The disk is full; nothing was changed"]))
            self.assertEqual(connection.noop()[0], "OK")
        with self.assertRaises(smtplib.SMTPDataError) as large:  # written in portions
            self.send(1000, 3_000_000)
        self.assertEqual(large.exception.smtp_code, 452)
        self.office.stop(signal.SIGKILL)
        self.office.start()
        self.assertEqual(self.there(), taken)
        with imaplib.IMAP4("127.0.0.1", self.office.ports["imap"], timeout=PATIENCE) as connection:
            connection.login("bob", "secret")
            connection.select()
            connection.store("1:5", "+FLAGS", "\\Deleted")
            self.assertEqual(connection.expunge()[0], "OK")
        self.send(2000)
        self.assertEqual(self.there(), taken[5:] + [2000])


if __name__ == "__main__":
    main()
