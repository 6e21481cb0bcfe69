"""Killed in the middle of work, again and again: what was acknowledged is there afterwards, and nothing twice."""
import imaplib
import mailbox
import os
import random
import signal
import smtplib
import threading
import time

from office import CORNERS, HEADER, PATIENCE, Office, OfficeTest, main, without_trace

TIMES = int(os.environ.get("GLASSPOST_KILLS", "30"))
SENDERS = 4


class Sender(threading.Thread):
    """Delivers numbered letters and remembers which were acknowledged."""

    def __init__(self, port, name, first):
        super().__init__()
        self.port, self.label, self.number = port, name, first
        self.acknowledged, self.unanswered = [], []

    def run(self):
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=PATIENCE) as smtp:
                while True:
                    self.number += 1
                    tag = f"{self.label}-{self.number}"
                    self.unanswered = [tag]
                    smtp.sendmail("a@example.test", "bob@example.test", HEADER + tag.encode() + b"\r\n" + b"x" * random.randrange(5000) + b"\r\n")
                    self.acknowledged.append(tag)
                    self.unanswered = []
        except (OSError, smtplib.SMTPException):
            pass


class KilledTest(OfficeTest):
    def setUp(self):
        self.office = Office("--allow-plaintext-auth", ports=["smtp", "imap", "imaps", "lmtp"])
        self.addCleanup(self.office.remove)
        self.office.stop()
        self.office.options += ["--maildir", self.office.path("maildir")]
        self.office.start()

    def again(self, how=signal.SIGKILL):
        self.office.stop(how)
        self.office.start()


class Killed(KilledTest):
    def test_what_was_acknowledged_is_there(self):
        chance = random.Random(2)
        acknowledged, maybe, number = set(), set(), 0
        uids, validity, deleted = {}, None, set()
        for _ in range(TIMES):
            senders = [Sender(self.office.ports["smtp"], f"s{i}", number) for i in range(SENDERS)]
            for sender in senders:
                sender.start()
            # Meanwhile a reader deletes and marks.
            connection = imaplib.IMAP4("127.0.0.1", self.office.ports["imap"], timeout=PATIENCE)
            connection.login("bob", "secret")
            connection.select()
            until = time.monotonic() + chance.uniform(0.05, 0.4)
            while time.monotonic() < until:
                connection.noop()
                if len(uids) > 3 and chance.random() < 0.3:
                    uid = chance.choice(list(uids))
                    connection.uid("STORE", str(uid), "+FLAGS", "(\\Deleted)")
                    deleted.add(uids[uid])  # from here on it may be gone
                    if connection.expunge()[0] == "OK":
                        acknowledged.discard(uids.pop(uid))
                time.sleep(0.01)
            self.office.process.send_signal(signal.SIGKILL)
            connection.shutdown()
            for sender in senders:
                sender.join()
                acknowledged.update(sender.acknowledged)
                maybe.update(sender.acknowledged, sender.unanswered)
                number = max(number, sender.number)
            self.office.stop(signal.SIGKILL)
            self.office.start()

            there = {}
            connection = imaplib.IMAP4("127.0.0.1", self.office.ports["imap"], timeout=PATIENCE)
            connection.login("bob", "secret")
            connection.select(readonly=True)
            now = connection.response("UIDVALIDITY")[1][0]
            validity = validity or now
            self.assertEqual(now, validity)
            _, data = connection.uid("FETCH", "1:*", "(BODY.PEEK[TEXT])")
            for item in data:
                if isinstance(item, tuple):
                    uid = int(item[0].split(b"UID ")[1].split()[0])
                    there[uid] = item[1].split(b"\r\n")[0].decode()
            connection.logout()
            self.assertEqual(len(set(there.values())), len(there), "a letter came twice")
            self.assertEqual(acknowledged - set(there.values()) - deleted, set())
            self.assertEqual(set(there.values()) - maybe, set())
            for uid, tag in uids.items():  # UIDs stay
                self.assertIn(there.get(uid), (tag, None))
                self.assertTrue(uid in there or tag in deleted)
            uids = there
        self.assertGreater(len(maybe), TIMES)


class Restarted(KilledTest):
    def snapshot(self):
        connection = imaplib.IMAP4("127.0.0.1", self.office.ports["imap"], timeout=PATIENCE)
        connection.login("bob", "secret")
        seen = {"folders": sorted(connection.list()[1]), "subscribed": sorted(connection.lsub()[1])}
        for line in seen["folders"]:
            name = line.split(b' "/" ')[1].decode()
            connection.select(name, readonly=True)
            seen[name] = {key: connection.response(key)[1] for key in ("UIDVALIDITY", "UIDNEXT", "EXISTS")}
            seen[name]["flags"] = sorted(connection.response("FLAGS")[1][0].strip(b"()").split())
            if seen[name]["EXISTS"] != [b"0"]:
                data = connection.uid("FETCH", "1:*", "(FLAGS INTERNALDATE BODY.PEEK[])")[1]
                # \Recent belongs to sessions, not to letters.
                seen[name]["letters"] = [(item[0].replace(b" \\Recent", b"").replace(b"\\Recent", b""), item[1])
                                         for item in data if isinstance(item, tuple)]
        connection.logout()
        return seen

    def test_everything_is_as_it_was(self):
        bare = HEADER + b"a bare LF\nand a bare CR\r and CR CR LF\r\r\n no end"
        with imaplib.IMAP4("127.0.0.1", self.office.ports["imap"], timeout=PATIENCE) as connection:
            connection.login("bob", "secret")
            for name in ("Work", "Work/2026", "Work/2026/Nov", "a.b", "back\\\\slash", "Entw&APw-rfe", "~tilde", "gone"):
                self.assertEqual(connection.create(f'"{name}"')[0], "OK", name)
            connection.subscribe("Work/2026")
            connection.subscribe('"a.b"')
            connection.append("INBOX", "", None, CORNERS)
            connection.append("INBOX", "(\\Seen \\Answered $Forwarded)", '" 1-Jan-2020 10:20:30 +0000"', bare)
            connection.append("INBOX", "(\\Draft \\Flagged \\Deleted NonJunk)", None, HEADER)
            connection.append('"a.b"', "(\\Seen)", None, CORNERS)
            for i in range(30):  # more keywords than there are letters
                connection.append("Work", f"(key{i})", None, HEADER)
            connection.select("INBOX")
            connection.copy("1:2", "Work/2026/Nov")
            connection.append("INBOX", "", None, HEADER)
            connection.store("4", "+FLAGS", "\\Deleted")
            connection.expunge()  # the greatest UIDs go, and must not come again
            connection.rename("Work/2026", "Play")
            connection.delete("gone")
        self.deliver()
        before = self.snapshot()
        for how in (signal.SIGKILL, signal.SIGTERM):
            self.again(how)
            self.assertEqual(self.snapshot(), before)

    def test_two_cannot_share_a_directory(self):
        with self.assertRaisesRegex(RuntimeError, "in use by another glasspost"):
            Office("--maildir", self.office.path("maildir"))

    def test_other_programs_letters_are_taken_in(self):
        self.deliver()
        self.office.stop()
        box = mailbox.Maildir(self.office.path("maildir", "bob"), create=False)
        box.add(b"Subject: from elsewhere\n\nbody\n")
        seen = mailbox.MaildirMessage(b"Subject: seen elsewhere\n\nbody\n")
        seen.set_subdir("cur")
        seen.set_flags("SR")
        box.add(seen)
        self.office.start()
        letters = self.office.letters()
        self.assertEqual(len(letters), 3)
        self.assertEqual(without_trace(letters[0]), CORNERS)
        self.assertIn(b"Subject: from elsewhere\r\n\r\nbody\r\n", letters)
        connection = self.office.imap()
        connection.select()
        self.assertEqual(len(connection.search(None, "ANSWERED", "SEEN")[1][0].split()), 1)
        connection.logout()

    def test_dovecot_and_s_nail_can_open_it(self):
        self.deliver()
        connection = self.office.imap()
        connection.create("Work/2026")
        connection.append("Work/2026", "(\\Seen $Forwarded)", None, CORNERS)
        connection.subscribe("Work/2026")
        connection.logout()
        self.office.stop()
        home = self.office.path("maildir", "bob")
        uid, gid = os.getuid(), os.getgid()
        if uid == 0:  # Dovecot never opens mail as root
            uid = gid = 65534
            os.chmod(self.office.home, 0o755)
            os.chmod(self.office.path("maildir"), 0o755)
            for path, _, files in os.walk(home):
                for name in (".", *files):
                    os.chown(os.path.join(path, name), uid, gid)
        doveadm = ["doveadm", "-c", self.office.write("dovecot.conf", f"""mail_location = maildir:{home}
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
first_valid_gid = 1
base_dir = {self.office.path("run")}
log_path = /dev/stderr
ssl = no
stats_writer_socket_path =
namespace inbox {{
  inbox = yes
  separator = /
}}
""", 0o644)]
        said = self.office.run(*doveadm, "mailbox", "list", env={"USER": "root"})
        self.assertEqual(set(said.split()), {b"INBOX", b"Work", b"Work/2026"})
        self.assertIn(b"Work/2026", self.office.run(*doveadm, "mailbox", "list", "-s", env={"USER": "root"}))
        said = self.office.run(*doveadm, "-f", "pager", "fetch", "flags text", "mailbox", "Work/2026", env={"USER": "root"})
        self.assertIn(b"$Forwarded", said)
        self.assertIn(CORNERS.replace(b"\r\n", b"\n"), said.replace(b"\r\n", b"\n"))
        copy = self.office.path("copy")
        said = self.office.run("s-nail", "-:/", "-R", "-f", "maildir://" + home, input=f"copy 1 {copy}\nxit\n".encode())
        self.assertTrue(os.path.exists(copy), said)
        # Dovecot has written files of its own; they do not disturb.
        self.office.start()
        self.assert_letters(CORNERS)


if __name__ == "__main__":
    main()
