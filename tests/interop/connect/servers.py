"""Real servers with configurations of their own, in a directory of their own, on ports of 127.0.0.x; and `glasspost connect`,
run as a program. Whatever is started here is ended here."""
import base64
import hashlib
import hmac
import json
import os
import pwd
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

GLASSPOST = os.environ.get("GLASSPOST", "build/dev/glasspost")
PASSWORD = "ve2y-secret-w0rd"
USER = "ann"
PATIENCE = 30
LETTER = (b"From: Bob <bob@example.org>\r\nTo: Ann <ann@example.com>\r\nSubject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n"
          b"Date: Mon, 2 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
          b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n.A dot\r\n"
          b"--b\r\nContent-Type: application/octet-stream; name=\"a.bin\"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n--b--\r\n")


claims = []


def free_port(address="127.0.0.1"):
    """One that nobody takes before the server does: below those that the system gives to whoever connects, and claimed against
    the other tests that run now, by a name that goes with this process."""
    for _ in range(1000):
        port = random.randrange(20000, 32000)
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(f"\0glasspost-port-{port}")
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError:
            claim.close()
            continue
        claims.append(claim)
        return port
    raise AssertionError(f"no port from 20000 to 32000 of {address} is free")


def wait_for(port, address="127.0.0.1"):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            socket.create_connection((address, port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nobody listens on {address}:{port}")


class Place:
    """A directory in which servers that run as other users can work, and certificates."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="glasspost-connect-")
        os.chmod(self.path, 0o755)
        self.ca = self.file("ca.pem")
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.file("ca.key"), "-out", self.ca, "-days", "30",
                     "-subj", "/CN=Interop Root")
        self.certificate("good", "DNS:localhost")
        self.certificate("expired", "IP:127.0.0.2", ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z"])
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.file("own.key"), "-out", self.file("own.pem"),
                     "-days", "30", "-subj", "/CN=127.0.0.3", "-addext", "subjectAltName=IP:127.0.0.3")

    def file(self, name, text=None):
        path = os.path.join(self.path, name)
        if text is not None:
            with open(path, "w") as out:
                out.write(text)
        return path

    def openssl(self, *words):
        subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def certificate(self, name, subject_name, dates=("-days", "20")):
        os.makedirs(self.file("issued"), exist_ok=True)
        self.file("index.txt", "")
        config = self.file("ca.cnf", f"[ca]\ndefault_ca=d\n[d]\ndatabase={self.file('index.txt')}\nnew_certs_dir={self.file('issued')}\n"
                                     f"rand_serial=yes\ndefault_md=sha256\npolicy=p\nx509_extensions=e\nunique_subject=no\n"
                                     f"[p]\ncommonName=supplied\n[e]\nsubjectAltName={subject_name}\n")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", self.file(name + ".key"), "-out", self.file(name + ".csr"),
                     "-subj", "/CN=" + subject_name.split(":")[1])
        self.openssl("ca", "-batch", "-notext", "-config", config, "-cert", self.ca, "-keyfile", self.file("ca.key"), *dates,
                     "-in", self.file(name + ".csr"), "-out", self.file(name + ".pem"))

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


def mail_user():
    """Whose mailbox it is: Dovecot takes no mail of root's."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


TOKEN_KEY = b"a key that only Dovecot and these tests know"


def token(user=USER, seconds=3600, key=TOKEN_KEY, **claims):
    """A JSON Web Token (RFC 7519), signed with HS256, as a provider would issue it."""
    def part(octets):
        return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
    now = int(time.time())
    head = part(json.dumps({"typ": "JWT", "alg": "HS256", "kid": "k1"}).encode())
    body = part(json.dumps({"sub": user, "iat": now - 7200, "nbf": now - 7200, "exp": now + seconds, "scope": "mail", **claims}).encode())
    return f"{head}.{body}." + part(hmac.new(key, f"{head}.{body}".encode(), hashlib.sha256).digest())


class Dovecot:
    """IMAP and POP3 on 127.0.0.1 (a good certificate for localhost), 127.0.0.2 (expired) and 127.0.0.3 (its own). `tokens`: the
    mechanisms that take an OAuth token, which Dovecot itself checks (RFC 7519), with a key that lies in a file."""

    def __init__(self, place, plaintext=False, tokens=""):
        self.place = place
        self.ports = {name: free_port() for name in ("imap", "imaps", "pop3", "pop3s", "auth")}
        base = place.file("dovecot")
        user = mail_user()
        home = os.path.join(base, "home", USER)
        inbox = os.path.join(home, "Maildir", "cur")
        for folder in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(home, "Maildir", folder))
        with open(os.path.join(inbox, "1.1.localhost:2,"), "wb") as letter:
            letter.write(LETTER)
        if os.getuid() == 0:
            subprocess.run(["chown", "-R", f"{user.pw_uid}:{user.pw_gid}", os.path.join(base, "home")], check=True)
        who = "" if os.getuid() == 0 else f"default_internal_user={user.pw_name}\ndefault_login_user={user.pw_name}\n"
        apart = "" if os.getuid() == 0 else " chroot =\n"
        place.file("passwd", f"{USER}:{{PLAIN}}{PASSWORD}\n")
        os.chmod(place.file("passwd"), 0o644)
        oauth = ""
        if tokens:
            keys = os.path.join(base, "keys", "default", "HS256")
            os.makedirs(keys)
            with open(os.path.join(keys, "k1"), "wb") as key:
                key.write(base64.b64encode(TOKEN_KEY))
            checks = place.file("oauth2.conf", f"introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={base}/keys/\n"
                                               "username_attribute = sub\nscope = mail\n")
            os.chmod(checks, 0o644)
            oauth = f"passdb {{\n  driver = oauth2\n  mechanisms = oauthbearer xoauth2\n  args = {checks}\n}}\n"
        self.config = place.file("dovecot.conf", f"""
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = imap pop3
mail_plugins = quota
protocol imap {{
  mail_plugins = quota imap_quota imap_zlib
}}
plugin {{
  quota = maildir:User quota
  quota_rule = *:storage=100M
}}
listen = 127.0.0.1, 127.0.0.2, 127.0.0.3
{who}first_valid_uid = 1
auth_mechanisms = plain login cram-md5 {'apop' if plaintext else ''} {tokens}
disable_plaintext_auth = {'no' if plaintext else 'yes'}
mail_location = maildir:~/Maildir
auth_failure_delay = 0
ssl = yes
ssl_cert = <{place.file('good.pem')}
ssl_key = <{place.file('good.key')}
local 127.0.0.2 {{
  ssl_cert = <{place.file('expired.pem')}
  ssl_key = <{place.file('expired.key')}
}}
local 127.0.0.3 {{
  ssl_cert = <{place.file('own.pem')}
  ssl_key = <{place.file('own.key')}
}}
{oauth}passdb {{
  driver = passwd-file
  args = {place.file('passwd')}
}}
userdb {{
  driver = static
  args = uid={user.pw_uid} gid={user.pw_gid} home={base}/home/%n
}}
service imap-login {{
{apart}  inet_listener imap {{
    port = {self.ports['imap']}
  }}
  inet_listener imaps {{
    port = {self.ports['imaps']}
    ssl = yes
  }}
}}
service pop3-login {{
{apart}  inet_listener pop3 {{
    port = {self.ports['pop3']}
  }}
  inet_listener pop3s {{
    port = {self.ports['pop3s']}
    ssl = yes
  }}
}}
service anvil {{
{apart}  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {self.ports['auth']}
  }}
}}
""")
        os.makedirs(os.path.join(base, "run"))
        os.makedirs(os.path.join(base, "state"))
        self.process = subprocess.Popen(["dovecot", "-F", "-c", self.config], stderr=subprocess.PIPE)
        try:
            for name in ("imap", "imaps", "pop3", "pop3s", "auth"):
                wait_for(self.ports[name])
        except AssertionError:
            self.process.terminate()
            raise AssertionError(self.process.stderr.read().decode() + open(base + "/log").read())

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stderr.close()


class Postfix:
    """smtpd alone, on one port of 127.0.0.1, which asks a Dovecot about logins. Needs root, as Postfix's master does."""

    def __init__(self, place, dovecot):
        self.place = place
        self.ports = {"smtp": free_port(), "submission": free_port(), "smtps": free_port()}
        etc, queue, data = (place.file("postfix-" + name) for name in ("etc", "queue", "data"))
        for folder in (etc, queue, data):
            os.makedirs(folder)
        shutil.chown(data, "postfix")
        main = {
            "compatibility_level": "3.6", "queue_directory": queue, "data_directory": data, "mail_owner": "postfix", "setgid_group": "postdrop",
            "command_directory": "/usr/sbin", "daemon_directory": "/usr/lib/postfix/sbin", "inet_interfaces": "127.0.0.1",
            "myhostname": "localhost", "mydestination": "localhost, example.com", "mynetworks": "", "maillog_file": place.file("postfix.log"),
            "maillog_file_prefixes": place.path, "local_recipient_maps": "", "local_transport": "discard:", "smtpd_tls_security_level": "may",
            "smtpd_tls_cert_file": place.file("good.pem"), "smtpd_tls_key_file": place.file("good.key"), "smtpd_sasl_auth_enable": "yes",
            "smtpd_sasl_type": "dovecot", "smtpd_sasl_path": f"inet:127.0.0.1:{dovecot.ports['auth']}", "smtpd_tls_auth_only": "yes",
            "smtpd_relay_restrictions": "permit_sasl_authenticated, reject_unauth_destination", "alias_maps": "", "alias_database": "",
        }
        with open(os.path.join(etc, "main.cf"), "w") as out:
            out.writelines(f"{key} = {value}\n" for key, value in main.items())
        services = [f"127.0.0.1:{self.ports['smtp']} inet n - n - - smtpd",
                    f"127.0.0.1:{self.ports['submission']} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt",
                    f"127.0.0.1:{self.ports['smtps']} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes",
                    "postlog unix-dgram n - n - 1 postlogd", "cleanup unix n - n - 0 cleanup", "rewrite unix - - n - - trivial-rewrite",
                    "qmgr unix n - n 300 1 qmgr", "tlsmgr unix - - n 1000? 1 tlsmgr", "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce",
                    "trace unix - - n - 0 bounce", "error unix - - n - - error", "retry unix - - n - - error", "discard unix - - n - - discard",
                    "anvil unix - - n - 1 anvil", "proxymap unix - - n - - proxymap"]
        with open(os.path.join(etc, "master.cf"), "w") as out:
            out.writelines(line + "\n" for line in services)
        self.config = etc
        started = subprocess.run(["postfix", "-c", etc, "start"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE)
        try:
            for port in self.ports.values():
                wait_for(port)
        except AssertionError:
            log = place.file("postfix.log")
            raise AssertionError(started.stdout.decode() + (open(log).read() if os.path.exists(log) else ""))

    def stop(self):
        subprocess.run(["postfix", "-c", self.config, "stop"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PATIENCE)


class Said:
    """What one run of `glasspost connect` left behind."""

    def __init__(self, run):
        self.status, self.out, self.err = run.returncode, run.stdout.decode(), run.stderr.decode()

    def events(self, kind=None):
        events = [json.loads(line) for line in self.out.splitlines()]
        return [one for one in events if kind is None or one["event"] == kind]


class ConnectTest(unittest.TestCase):
    """One place and its servers for the tests of a class."""
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.place = Place()
        cls.addClassCleanup(cls.place.remove)
        cls.password_file = cls.place.file("password", PASSWORD + "\n")
        cls.start()

    @classmethod
    def start(cls):
        """The servers of this class."""

    def connect(self, url, *words, script=None, said=None, cafile=True, password=None, token=None, timeout=20):
        """Runs it; no output may hold a password, in clear or in base64, whatever happens."""
        words = list(words)
        if script is not None:
            words += ["--script", self.place.file("script", script)]
        if cafile:
            words += ["--cafile", self.place.ca]
        if token:
            words += ["--oauth-token-command", "cat " + self.place.file("token", token + "\n")]
        elif "@" in url:
            words += ["--password-file", self.place.file("wrong", password + "\n") if password else self.password_file]
        command = [GLASSPOST, "connect", url, "--timeout", str(timeout), *words]
        run = subprocess.run(command, input=(said or "").encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=90,
                             env={**os.environ, "LC_ALL": "C.UTF-8"})
        said = Said(run)
        for secret in self.token_secrets(token) if token else self.secrets(password or PASSWORD):
            self.assertNotIn(secret, said.out + said.err)
        return said

    @staticmethod
    def token_secrets(token):
        """The token itself, and what stands in base64 of it in either mechanism, wherever its quantum begins."""
        plain = token.encode()
        return [token, token.split(".")[2], *(base64.b64encode(b"x" * shift + plain).decode()[8:-8] for shift in range(3))]

    @staticmethod
    def secrets(password):
        plain = base64.b64encode(f"\0{USER}\0{password}".encode()).decode()
        return password, plain, plain[4:-4], base64.b64encode(password.encode()).decode()

    def assert_well(self, said):
        self.assertEqual((said.status, said.err), (0, ""), said.out)

    def assert_failed(self, said, sentence):
        self.assertEqual(said.status, 1, said.out)
        self.assertIn(sentence, said.err)

    def assert_explained(self, said):
        """No line of the server's, and no word in it, is without an explanation."""
        lines = [one for one in said.events("line") if one["from"] == "server"]
        self.assertTrue(lines)
        for line in lines:
            self.assertTrue(line.get("headline"), line)
            self.assertNotIn("problem", line)
            for token in line["tokens"]:
                if token["role"] not in ("space", "crlf"):
                    self.assertTrue(token.get("what"), (line["text"], token))


NOTHING_WAS_TESTED = 77  # what ctest calls skipped


def main():
    result = unittest.main(verbosity=2, module="__main__", argv=sys.argv, exit=False).result
    nothing = result.wasSuccessful() and len(result.skipped) >= result.testsRun
    sys.exit(NOTHING_WAS_TESTED if nothing else not result.wasSuccessful())
