#!/usr/bin/env python3
"""bzn-serve under a supervisor, as systemd would be one.

    supervise.py COMMAND...

Hands over a socket that listens as descriptor 3, listens to what is said at
$NOTIFY_SOCKET, reloads it, stops it, and starts it again at the same socket.
"""
import os
import signal
import socket
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from table import Reader  # noqa: E402


class Server:
    def __init__(self, command, sock, name):
        self.said = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.said.bind("\0" + name[1:] if name[0] == "@" else name)
        self.said.settimeout(30)
        env = dict(os.environ, NOTIFY_SOCKET=name, LISTEN_FDS="1",
                   LISTEN_FDNAMES="http", WATCHDOG_USEC="20000000")

        def give():
            os.dup2(sock.fileno(), 3)
        self.run = subprocess.Popen(
            ["sh", "-c", 'LISTEN_PID=$$ exec "$@"', "sh"] + command, env=env,
            preexec_fn=give, close_fds=False)

    def hear(self, want):
        while True:
            got = self.said.recv(1000).decode()
            if got != "WATCHDOG=1" or want == got:
                break
        assert got.startswith(want), "%r, not %r" % (got, want)

    def stop(self):
        self.run.send_signal(signal.SIGTERM)
        self.hear("STOPPING=1")
        assert self.run.wait(30) == 0, self.run.returncode
        self.said.close()


def ask(at):
    s = socket.socket()
    s.settimeout(30)
    s.connect(at)
    s.sendall(b"GET /health HTTP/1.1\r\nHost: grid.example\r\n\r\n")
    return Reader(s), s


def main(command):
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    sock.listen(100)
    at = sock.getsockname()
    early, waiting = ask(at), None
    for name in os.path.abspath("notify"), "@bzn-test-%d" % os.getpid():
        s = Server(command, sock, name)
        s.hear("READY=1")
        for r in early, waiting, ask(at):   # nobody was refused meanwhile
            if r:
                got = r[0].reply()
                assert got and got[0] == 200, got
        s.hear("WATCHDOG=1")
        s.run.send_signal(signal.SIGHUP)
        s.hear("RELOADING=1\nMONOTONIC_USEC=")
        s.hear("READY=1")
        s.stop()
        early, waiting = ask(at), ask(at)


if __name__ == "__main__":
    main(sys.argv[1:])
