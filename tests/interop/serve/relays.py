"""Transfer agents that bring their letters to `glasspost serve`: Postfix's load generator over ten sessions at once, Postfix itself and
Exim, by SMTP inside TLS, by submission and by LMTP. Postfix's master and Exim need root."""
import os
import shutil
import smtplib
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../connect"))
import servers  # noqa: E402
from office import CORNERS, PATIENCE, ROOT, SEVEN_BITS, OfficeTest  # noqa: E402

TO, FROM = "bob@example.test", "alice@example.test"
LETTERS = int(os.environ.get("GLASSPOST_LETTERS", "1000"))  # that smtp-source sends; 20000 when somebody has the time
EXIM = os.path.join(ROOT, "build/exim")


def as_sent(letter):
    """Without the Return-Path and the Received that were put in front on the way."""
    while letter.startswith((b"Return-Path:", b"Received:")):
        at = letter.index(b"\r\n") + 2
        while letter[at:at + 1] in (b" ", b"\t"):
            at = letter.index(b"\r\n", at) + 2
        letter = letter[at:]
    return letter


class Relays(OfficeTest):
    def wait_for(self, count):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            letters = self.office.letters()
            if len(letters) >= count:
                return letters
            time.sleep(0.1)
        return self.office.letters()

    def assert_came(self, *letters, by):
        there = self.wait_for(len(letters))
        self.assertEqual(sorted(as_sent(one) for one in there), sorted(letters))  # several connections: in any order
        for one in there:
            self.assertEqual(one.count(b"\r\nReceived: from "), by, one[:600])


class SmtpSource(OfficeTest):
    """Ten sessions that go on and on; every letter that was acknowledged is there, once."""

    def source(self, service, *more):
        program = shutil.which("smtp-source") or "/usr/sbin/smtp-source"
        self.office.run(program, "-s", "10", "-m", str(LETTERS), "-l", "2000", "-f", FROM, "-t", TO, *more, f"127.0.0.1:{self.office.ports[service]}",
                        patience=PATIENCE + LETTERS)

    def count(self):
        imap = self.office.imap()
        kind, data = imap.select(readonly=True)
        self.assertEqual(kind, "OK")
        kind, numbers = imap.uid("SEARCH", "HEADER", "Return-Path", "<" + FROM + ">")
        imap.logout()
        uids = numbers[0].split()
        self.assertEqual(len(set(uids)), len(uids))
        return int(data[0]), len(uids)

    def test_smtp(self):
        """-d: a session goes on with its connection."""
        self.source("smtp", "-d")
        self.assertEqual(self.count(), (LETTERS, LETTERS))

    def test_lmtp(self):
        self.source("lmtp", "-L", "-d")
        self.assertEqual(self.count(), (LETTERS, LETTERS))

    def test_a_connection_for_each_letter(self):
        self.source("smtp")
        self.assertEqual(self.count(), (LETTERS, LETTERS))


@servers.unittest.skipUnless(os.getuid() == 0, "Postfix's master needs root")
class Postfix(Relays):
    """Its queue and its client: letters come in by its smtpd and go on to serve."""

    def start(self, transport, **more):
        base = self.office.path("postfix")
        os.chmod(self.office.home, 0o755)
        self.port = servers.free_port()
        for name in ("etc", "queue", "data"):
            os.makedirs(os.path.join(base, name))
        shutil.chown(os.path.join(base, "data"), "postfix")
        main_cf = {
            "compatibility_level": "3.6", "queue_directory": f"{base}/queue", "data_directory": f"{base}/data", "mail_owner": "postfix",
            "setgid_group": "postdrop", "command_directory": "/usr/sbin", "daemon_directory": "/usr/lib/postfix/sbin", "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4", "myhostname": "relay.example.com", "mydestination": "", "mynetworks": "127.0.0.0/8", "alias_maps": "",
            "alias_database": "", "local_recipient_maps": "", "maillog_file": f"{base}/log", "maillog_file_prefixes": base, "default_transport": transport,
            "smtp_host_lookup": "native", "smtp_tls_CAfile": self.office.ca, "disable_dns_lookups": "yes", "smtp_line_length_limit": "0", **more}
        with open(f"{base}/etc/main.cf", "w") as out:
            out.writelines(f"{key} = {value}\n" for key, value in main_cf.items())
        services = [f"127.0.0.1:{self.port} inet n - n - - smtpd", "postlog unix-dgram n - n - 1 postlogd", "cleanup unix n - n - 0 cleanup",
                    "rewrite unix - - n - - trivial-rewrite", "qmgr unix n - n 300 1 qmgr", "tlsmgr unix - - n 1000? 1 tlsmgr", "smtp unix - - n - - smtp",
                    "lmtp unix - - n - - lmtp", "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce", "trace unix - - n - 0 bounce",
                    "error unix - - n - - error", "retry unix - - n - - error", "scache unix - - n - 1 scache", "anvil unix - - n - 1 anvil",
                    "proxymap unix - - n - - proxymap"]
        with open(f"{base}/etc/master.cf", "w") as out:
            out.writelines(line + "\n" for line in services)
        self.log = f"{base}/log"
        started = subprocess.run(["postfix", "-c", f"{base}/etc", "start"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE)
        self.addCleanup(lambda: subprocess.run(["postfix", "-c", f"{base}/etc", "stop"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                               timeout=PATIENCE))
        try:
            servers.wait_for(self.port)
        except AssertionError:
            raise AssertionError(started.stdout.decode() + self.said())

    def said(self):
        with open(self.log) as file:
            return file.read()

    def post(self, *letters):
        with smtplib.SMTP("127.0.0.1", self.port, timeout=PATIENCE) as client:
            for letter in letters:
                client.sendmail(FROM, TO, letter, mail_options=["BODY=8BITMIME"])

    def brings(self, transport, **more):
        self.start(transport, **more)
        self.post(CORNERS, SEVEN_BITS)
        try:
            self.assert_came(CORNERS, SEVEN_BITS, by=2)
        except AssertionError as wrong:
            raise AssertionError(f"{wrong}\n{self.said()}")

    def test_smtp_inside_tls(self):
        self.brings(f"smtp:[localhost]:{self.office.ports['smtp']}", smtp_tls_security_level="secure")
        self.assertIn(b" with ESMTPS id ", self.office.letters()[0])

    def test_submission_with_a_login(self):
        to = f"[localhost]:{self.office.ports['submission']}"
        passwords = self.office.write("passwords", f"{to} alice:wonder\n", 0o644)
        self.brings(f"smtp:{to}", smtp_tls_security_level="secure", smtp_sasl_auth_enable="yes", smtp_sasl_password_maps=f"texthash:{passwords}",
                    smtp_sasl_security_options="noanonymous", smtp_sasl_tls_security_options="noanonymous")
        self.assertIn(b" with ESMTPSA id ", self.office.letters()[0])

    def test_lmtp(self):
        self.brings(f"lmtp:inet:localhost:{self.office.ports['lmtp']}", lmtp_host_lookup="native")
        self.assertIn(b" with LMTP", self.office.letters()[0])

    def test_who_is_not_here_comes_back(self):
        """A 550 at RCPT, and Postfix tells the sender, who lives here too."""
        self.start(f"smtp:[localhost]:{self.office.ports['smtp']}")
        with smtplib.SMTP("127.0.0.1", self.port, timeout=PATIENCE) as client:
            client.sendmail("bob@example.test", "nobody.here@example.test", SEVEN_BITS)
        bounce, = self.wait_for(1)
        self.assertIn(b"Content-Type: message/delivery-status", bounce)
        self.assertIn(b"550 5.1.1", bounce)


@servers.unittest.skipUnless(os.getuid() == 0 and os.path.exists(EXIM + "/complete"), "Exim is unpacked by ./test, for root")
class Exim(Relays):
    """From packages that were only unpacked: Exim conflicts with Postfix. Its user is none of this machine's, so a wrapper around the
    list of users tells it of one."""

    def start(self, transport):
        base = self.base = self.office.path("exim")
        os.chmod(self.office.home, 0o755)
        for folder in ("spool", "log"):
            os.makedirs(os.path.join(base, folder))
        nobody = servers.mail_user()
        for folder in (base, f"{base}/spool", f"{base}/log"):
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        users = self.office.write("exim/passwd", f"root:x:0:0::/root:/bin/sh\nDebian-exim:x:{nobody.pw_uid}:{nobody.pw_gid}::{base}:/bin/false\n", 0o644)
        groups = self.office.write("exim/group", f"root:x:0:\nDebian-exim:x:{nobody.pw_gid}:\n", 0o644)
        self.environment = {"NSS_WRAPPER_PASSWD": users, "NSS_WRAPPER_GROUP": groups,
                            "LD_PRELOAD": next(os.path.join(where, name) for where, _, names in os.walk(EXIM) for name in names
                                               if name.startswith("libnss_wrapper.so"))}
        self.config = self.office.write("exim/conf", f"""exim_path = {EXIM}/usr/sbin/exim4
exim_user = Debian-exim
exim_group = Debian-exim
primary_hostname = relay.example.com
qualify_domain = example.com
spool_directory = {base}/spool
log_file_path = {base}/log/%slog
process_log_path = {base}/spool/process
never_users =
tls_advertise_hosts =
disable_ipv6
keep_environment = *
accept_8bitmime = true
begin routers
onward:
  driver = manualroute
  transport = onward
  route_list = * localhost byname
  self = send
begin transports
onward:
  driver = smtp
{transport}begin retry
* * F,1h,10m
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  client_send = ^alice^wonder
""", 0o644)

    def exim(self, *words, input=None):
        return self.office.run(f"{EXIM}/usr/sbin/exim4", "-C", self.config, *words, input=input, env=self.environment)

    def brings(self, transport):
        self.start(transport)
        # Into the queue, and out again by a run of its own: a process that Exim starts itself has lost the wrapper.
        for letter in (CORNERS, SEVEN_BITS):
            self.exim("-odq", "-oi", "-f", FROM, TO, input=letter.replace(b"\r\n", b"\n"))
            numbers = [line.split()[2] for line in self.exim("-bpr").decode().splitlines() if " <" in line]
            self.exim("-M", *numbers)
        with open(f"{self.base}/log/mainlog") as log:
            said = log.read()
        self.assertEqual(said.count("Completed"), 2, said)
        self.assert_came(CORNERS, SEVEN_BITS, by=2)

    def test_smtp_inside_tls(self):
        self.brings(f"""  port = {self.office.ports["smtp"]}
  tls_verify_certificates = {self.office.ca}
  hosts_require_tls = *
  tls_verify_hosts = *
""")
        self.assertIn(b" with ESMTPS id ", self.office.letters()[0])

    def test_submission_with_a_login(self):
        self.brings(f"""  port = {self.office.ports["submission"]}
  tls_verify_certificates = {self.office.ca}
  hosts_require_tls = *
  tls_verify_hosts = *
  hosts_require_auth = *
""")
        self.assertIn(b" with ESMTPSA id ", self.office.letters()[0])

    def test_lmtp(self):
        self.brings(f"""  port = {self.office.ports["lmtp"]}
  protocol = lmtp
  hosts_avoid_tls = *
""")
        self.assertIn(b" with LMTP id ", self.office.letters()[0])


if __name__ == "__main__":
    servers.main()
