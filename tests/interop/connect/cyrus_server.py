"""A Cyrus of its own: IMAP, POP3 and LMTP on 127.0.0.1, from where Debian installs it, or from packages that were only unpacked
(build/cyrus, or what GLASSPOST_CYRUS names): Debian's cyrus-imapd can't be installed beside dovecot-imapd, see unpack_packages in
cmake/packages.sh. Needs root, as its master does."""
import grp
import imaplib
import os
import pwd
import signal
import ssl
import subprocess

from servers import LETTER, PASSWORD, PATIENCE, USER, free_port, wait_for

UNPACKED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../build/cyrus")
ROOT = next((place for place in (os.environ.get("GLASSPOST_CYRUS"), "/", UNPACKED)
             if place and os.path.exists(os.path.join(place, "usr/lib/cyrus/bin/master"))), "/")
PROGRAMS = os.path.join(ROOT, "usr/lib/cyrus/bin")
LIBRARIES = ":".join(os.path.join(ROOT, place) for place in ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib"))
SASLPASSWD = os.path.join(ROOT, "usr/sbin/saslpasswd2")


def is_there():
    return os.getuid() == 0 and all(os.path.exists(os.path.join(PROGRAMS, name)) for name in ("master", "imapd", "pop3d", "lmtpd")) \
        and os.path.exists(SASLPASSWD)


class Cyrus:
    def __init__(self, place):
        self.place = place
        self.ports = {name: free_port() for name in ("imap", "imaps", "pop3", "pop3s", "lmtp")}
        self.user = pwd.getpwnam("nobody")
        base = self.base = place.file("cyrus")
        for folder in ("", "lib", "lib/db", "lib/socket", "lib/proc", "lib/log", "lib/msg", "lib/ptclient", "spool"):
            os.makedirs(os.path.join(base, folder), exist_ok=True)
        config = place.file("imapd.conf", f"""
configdirectory: {base}/lib
defaultpartition: default
partition-default: {base}/spool
cyrus_user: nobody
cyrus_group: {grp.getgrgid(self.user.pw_gid).gr_name}
admins: cyrus
autocreate_users: anyone
autocreate_quota: 0
autocreate_post: no
allowplaintext: no
unixhierarchysep: yes
altnamespace: no
virtdomains: off
defaultdomain: example.com
servername: localhost
sasl_mech_list: PLAIN SCRAM-SHA-256 CRAM-MD5
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {base}/sasldb2
tls_server_cert: {place.file('good.pem')}
tls_server_key: {place.file('good.key')}
tls_client_ca_file: {place.ca}
lmtp_downcase_rcpt: yes
lmtpsocket: {base}/lib/socket/lmtp
idlesocket: {base}/lib/socket/idle
notifysocket: {base}/lib/socket/notify
proc_path: {base}/lib/proc
mboxname_lockpath: {base}/lib/lock
chatty: no
sieveusehomedir: false
""")
        self.config = config
        services = "\n".join(f'  {name} cmd="{PROGRAMS}/{program} -C {config}" listen="127.0.0.1:{self.ports[name]}" prefork=0'
                             for name, program in (("imap", "imapd"), ("imaps", "imapd -s"), ("pop3", "pop3d"), ("pop3s", "pop3d -s"), ("lmtp", "lmtpd -a")))
        master = place.file("cyrus.conf", f"START {{\n  recover cmd=\"{PROGRAMS}/ctl_cyrusdb -C {config} -r\"\n}}\nSERVICES {{\n{services}\n}}\nEVENTS {{\n}}\n")
        self.environment = {**os.environ, "LD_LIBRARY_PATH": LIBRARIES if ROOT != "/" else ""}
        subprocess.run([SASLPASSWD, "-p", "-c", "-f", f"{base}/sasldb2", "-u", "localhost", USER], input=PASSWORD.encode(), check=True,
                       env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        # The master gives up being root, and needs what root has made here.
        for path, folders, files in os.walk(base):
            for one in [path, *(os.path.join(path, name) for name in files)]:
                os.chown(one, self.user.pw_uid, self.user.pw_gid)
        for name in ("good.key", "good.pem", "ca.pem"):
            os.chmod(place.file(name), 0o644)
        log = open(place.file("cyrus.log"), "wb")
        self.process = subprocess.Popen([os.path.join(PROGRAMS, "master"), "-C", config, "-M", master, "-p", f"{base}/pid"],
                                        stdout=log, stderr=log, env=self.environment, start_new_session=True)
        log.close()
        try:
            for port in self.ports.values():
                wait_for(port)
            self.deliver()
        except BaseException:
            self.stop()
            raise

    def deliver(self):
        """The first login makes the mailbox, a letter fills it."""
        box = imaplib.IMAP4_SSL("localhost", self.ports["imaps"], ssl_context=ssl.create_default_context(cafile=self.place.ca))
        box.authenticate("PLAIN", lambda _: f"\0{USER}\0{PASSWORD}".encode())
        status, said = box.append("INBOX", "", None, LETTER)
        assert status == "OK", said
        box.logout()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
