"""pty.py COMMAND... - run it on a terminal, and do what standard input says.

Its standard streams are /dev/null and the files "out" and "err"; only
/dev/tty is the terminal, and what appears there goes to the file "screen".
Steps are lines:

    wait TEXT       until it is on the screen, after what was waited for last
    type TEXT       and a line feed
    key HEX         one byte
    echo on|off     is what the terminal does
    stopped         until the command is stopped
    continue        it, in the foreground
    kill NAME       send it a signal
    words           type those that were offered

$TYPED is on its way before the command starts.

At the end of the steps the command has to end by itself.  Its status is that
of this program, 128 and the signal if it dies of one; 99 if a step fails.
"""
import fcntl
import os
import select
import signal
import struct
import sys
import termios

LIMIT_S = 10


def fail(text):
    print(text, file=sys.stderr)
    os._exit(99)


def command(tty, argv):
    os.setpgid(0, 0)
    os.tcsetpgrp(tty, os.getpgrp())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    new = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.dup2(os.open("out", new), 1)
    os.dup2(os.open("err", new), 2)
    os.execvp(argv[0], argv)


def leader(tty, argv, tell, hear):
    """The shell: starts the command, says when it stops, goes on when told."""
    os.setsid()
    fcntl.ioctl(tty, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    pid = os.fork()
    if not pid:
        command(tty, argv)
    os.write(tell, struct.pack("ci", b"p", pid))
    while True:
        status = os.waitpid(pid, os.WUNTRACED)[1]
        if not os.WIFSTOPPED(status):
            break
        os.tcsetpgrp(tty, os.getpgrp())
        os.write(tell, struct.pack("ci", b"s", 0))
        os.read(hear, 1)
        os.tcsetpgrp(tty, pid)
        os.killpg(pid, signal.SIGCONT)
    code = os.waitstatus_to_exitcode(status)
    os.write(tell, struct.pack("ci", b"e", code if code >= 0 else 128 - code))
    os._exit(0)


class Terminal:
    def __init__(self, argv):
        self.master, self.slave = os.openpty()
        self.hear, tell = os.pipe()
        hear, self.tell = os.pipe()
        self.screen, self.seen, self.notes = b"", 0, b""
        os.write(self.master, os.environ.get("TYPED", "").encode())
        if not os.fork():
            os.close(self.master)       # so that its end is a hangup
            leader(self.slave, argv, tell, hear)
        self.pid = self.note(b"p")

    def more(self):
        ready = select.select([self.master, self.hear], [], [], LIMIT_S)[0]
        if not ready:
            fail(f"nothing happens; the screen is {self.screen!r}")
        if self.master in ready:
            self.screen += os.read(self.master, 4096)
        if self.hear in ready:
            self.notes += os.read(self.hear, 8)

    def note(self, kind):
        while len(self.notes) < 8:
            self.more()
        got, value = struct.unpack("ci", self.notes[:8])
        self.notes = self.notes[8:]
        if got != kind:
            fail(f"{got!r} {value} and not {kind!r}: {self.screen!r}")
        return value

    def wait(self, text):
        while (at := self.screen.find(text.encode(), self.seen)) < 0:
            if self.notes:
                fail(f"no '{text}' in {self.screen!r}")
            self.more()
        self.seen = at + len(text)

    def echo(self, want):
        on = bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)
        if on != (want == "on"):
            fail(f"echo is not {want}: {self.screen!r}")

    def step(self, word, text):
        if word == "wait":
            self.wait(text)
        elif word == "type":
            os.write(self.master, text.encode() + b"\n")
        elif word == "key":
            os.write(self.master, bytes.fromhex(text))
        elif word == "echo":
            self.echo(text)
        elif word == "stopped":
            self.note(b"s")
        elif word == "continue":
            os.write(self.tell, b"c")
        elif word == "kill":
            os.kill(self.pid, signal.Signals["SIG" + text])
        elif word == "words":       # those that were offered, as they are
            line = self.screen.split(b"    ")[-1].split(b"\r")[0]
            os.write(self.master, line + b"\n")
        else:
            fail(f"no step '{word}'")


def main():
    t = Terminal(sys.argv[1:])
    for line in sys.stdin:
        word, _, text = line.rstrip("\n").partition(" ")
        t.step(word, text)
    status = t.note(b"e")
    t.echo("on")
    while select.select([t.master], [], [], 0)[0]:
        t.screen += os.read(t.master, 4096)
    with open("screen", "wb") as f:
        f.write(t.screen)
    sys.exit(status)


main()
