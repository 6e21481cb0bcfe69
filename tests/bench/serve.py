"""glasspost serve beside Postfix and Dovecot on this machine: letters and commands a second over loopback.

  tests/bench/serve.py [BUILD_DIRECTORY] [SECONDS]

Needs root (Postfix and Dovecot drop to users of their own), their packages, and the preset `bench` built. Each runs
with a configuration of its own in a temporary directory, on 127.0.0.1 alone. What they do is not the same, so it is said:
Postfix writes every letter to its queue on the disk before it says 250 and delivers it to a Maildir afterwards; glasspost
keeps mail in memory, or with --maildir on the disk before it says 250. Dovecot has its mailbox in a Maildir, with its index.
"""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

BUILD = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/bench")
SECONDS = sys.argv[2] if len(sys.argv) > 2 else "5"
NOBODY = 65534


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
    return path


def processor_seconds(root):
    """Of a process and everything below it, the ended ones included."""
    parents, used = {}, {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents[int(name)] = int(fields[1])
            used[int(name)] = sum(map(int, fields[11:15]))
    below = {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in below} - below
        if not more:
            return sum(used.get(pid, 0) for pid in below) / os.sysconf("SC_CLK_TCK")
        below |= more


def load(*words):
    return int(subprocess.run([os.path.join(BUILD, "tests/bench/serve_load"), *map(str, words)], check=True, stdout=subprocess.PIPE).stdout)


class Glasspost:
    def __init__(self, home, *options):
        ready = os.path.join(home, "ready")
        self.process = subprocess.Popen([os.path.join(BUILD, "glasspost"), "serve", "--smtp", "0", "--imap", "0", "--user", "bob:secret",
                                         "--allow-plaintext-auth", "--ready-file", ready, *options], stdout=subprocess.PIPE)
        self.pid = self.process.pid
        line = self.process.stdout.readline().decode()
        self.ports = json.loads(line.removeprefix("READY "))["ports"]

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Dovecot:
    def __init__(self, home):
        self.port = free_port()
        mail = os.path.join(home, "mail")
        os.mkdir(mail)
        os.chown(mail, NOBODY, NOBODY)
        conf = write(os.path.join(home, "dovecot.conf"), f"""protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{mail}/%u
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 1000
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={NOBODY} gid={NOBODY} home={mail}/%u
}}
service imap-login {{
  service_count = 0
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
""")
        self.process = subprocess.Popen(["dovecot", "-F", "-c", conf])
        wait_for(self.port)
        self.pid = self.process.pid

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Postfix:
    def __init__(self, home):
        self.port = free_port()
        self.conf = os.path.join(home, "conf")
        for name in ("conf", "queue", "data", "mail"):
            os.mkdir(os.path.join(home, name))
        shutil.chown(os.path.join(home, "data"), "postfix")
        os.chown(os.path.join(home, "mail"), NOBODY, NOBODY)
        write(os.path.join(self.conf, "main.cf"), f"""compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
virtual_mailbox_domains = example.test
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = static:bob/
virtual_uid_maps = static:{NOBODY}
virtual_gid_maps = static:{NOBODY}
maillog_file = /var/log/glasspost-bench-{os.getpid()}
smtpd_client_connection_count_limit = 0
""")
        self.log = f"/var/log/glasspost-bench-{os.getpid()}"
        services = [f"127.0.0.1:{self.port} inet n - n - - smtpd", "pickup unix n - n 60 1 pickup", "cleanup unix n - n - 0 cleanup",
                    "qmgr unix n - n 300 1 qmgr", "tlsmgr unix - - n 1000? 1 tlsmgr", "rewrite unix - - n - - trivial-rewrite",
                    "bounce unix - - n - 0 bounce", "defer unix - - n - 0 bounce", "trace unix - - n - 0 bounce",
                    "proxymap unix - - n - - proxymap", "error unix - - n - - error", "retry unix - - n - - error",
                    "virtual unix - n n - - virtual", "anvil unix - - n - 1 anvil", "scache unix - - n - 1 scache",
                    "postlog unix-dgram n - n - 1 postlogd"]
        write(os.path.join(self.conf, "master.cf"), "\n".join(services) + "\n")
        subprocess.run(["postfix", "-c", self.conf, "start"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port)
        with open(os.path.join(home, "queue/pid/master.pid")) as file:
            self.pid = int(file.read())

    def stop(self):
        subprocess.run(["postfix", "-c", self.conf, "stop"], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if os.path.exists(self.log):
            os.unlink(self.log)


def measured(name, make, run):
    home = tempfile.mkdtemp(prefix="glasspost-bench-")
    os.chmod(home, 0o755)
    server = make(home)
    try:
        figures = []
        for connections in (1, 10, 50):
            before = processor_seconds(server.pid)
            figures.append(run(server, connections))
            # The driver's half second of warming up counts here, too.
            times = figures[-1] * (int(SECONDS) + 0.5)
            cost = (processor_seconds(server.pid) - before) / times * 1e6
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
    print(f"{name:44}" + "".join(f"{figure:10,}" for figure in figures) + f"{cost:14.0f}", flush=True)


def main():
    print(f"{'connections':44}" + "".join(f"{n:10}" for n in (1, 10, 50)) + "   CPU us each (50)")
    smtp = lambda port: lambda server, n: load("smtp", port(server), n, SECONDS, "bob@example.test")
    imap = lambda port: lambda server, n: load("imap", port(server), n, SECONDS, "bob", "secret")
    own = lambda name: lambda server: server.ports[name]
    measured("SMTP letters/s: glasspost, trace on", Glasspost, smtp(own("smtp")))
    measured("SMTP letters/s: glasspost --maildir, trace on", lambda home: Glasspost(home, "--maildir", home + "/m"), smtp(own("smtp")))
    measured("SMTP letters/s: Postfix", Postfix, smtp(lambda server: server.port))
    measured("IMAP commands/s: glasspost, trace on", Glasspost, imap(own("imap")))
    measured("IMAP commands/s: glasspost --maildir, trace on", lambda home: Glasspost(home, "--maildir", home + "/m"), imap(own("imap")))
    measured("IMAP commands/s: Dovecot", Dovecot, imap(lambda server: server.port))


if __name__ == "__main__":
    main()
