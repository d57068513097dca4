#!/usr/bin/env python3
"""The life of connections: deadlines, limits, streams, the end of a server.

    life.py CASE...

Each case starts a toy of its own (tests/tools/toy.c) in this directory.  Time
stands still where deadlines are looked at, and is moved by commands.
"""
import os
import resource
import selectors
import signal
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from table import Reader, unread  # noqa: E402

HOST = b" HTTP/1.1\r\nHost: a\r\n"


def get(path, fields=b""):
    return b"GET " + path + HOST + fields + b"\r\n"


class Client:
    def __init__(self, toy, data=b"", keep_small=False):
        if toy.url.startswith("unix:"):
            self.sock = socket.socket(socket.AF_UNIX)
            at = toy.url[5:]
        else:
            host, port = toy.url[7:].rsplit(":", 1)
            self.sock, at = socket.socket(), (host, int(port))
        if keep_small:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.sock.settimeout(20)
        self.sock.connect(at)
        self.reader = Reader(self.sock)
        if data:
            self.send(data)

    def send(self, data):
        self.sock.sendall(data)

    def read(self):
        """Wait until the server has read all that was sent (Unix only)."""
        while unread(self.sock):
            pass

    def reply(self, want=200, bodiless=False):
        got = self.reader.reply(bodiless)
        assert got, "the end, and no reply"
        assert got[0] == want, got
        return got

    def over(self):
        got = self.reader.reply()
        assert got is None, got

    def quiet(self):
        """Nothing has come, and the connection lives."""
        self.sock.setblocking(False)
        try:
            got = self.sock.recv(1)
        except BlockingIOError:
            self.sock.settimeout(20)
            return
        raise AssertionError("it got %r" % got)

    def close(self):
        self.sock.close()


class Toy:
    def __init__(self, *args, at="unix:s", files=None, fds=()):
        def narrow():
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
        args = list(args) + ([at] if at else [])
        self.run = subprocess.Popen(
            ["toy"] + args, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            pass_fds=fds, preexec_fn=narrow if files else None, text=True,
            bufsize=1)
        self.url = self.run.stdout.readline().strip()
        assert self.url, "it does not start"

    def order(self, words):
        self.run.stdin.write(words + "\n")
        return self.run.stdout.readline().strip()

    def move(self, ms):
        assert self.order("move %d" % ms) == "ok"

    def stats(self):
        return {n: int(v) for n, v in
                (w.split("=") for w in self.order("stats").split())}

    def until(self, **want):
        """Wait until these counts are so."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            got = self.stats()
            if all(got[n] == v for n, v in want.items()):
                return got
            time.sleep(0)
        raise AssertionError("%r, not %r" % (got, want))

    def end(self, status=0):
        out, _ = self.run.communicate(timeout=30)
        assert self.run.returncode == status, self.run.returncode
        return {n: int(v) for n, v in (w.split("=") for w in out.split())
                if n} if "=" in out else {}

    def client(self, data=b"", **how):
        return Client(self, data, **how)

    def __enter__(self):
        return self

    def __exit__(self, *why):
        if self.run.poll() is None:
            self.run.kill()
        self.run.wait()
        self.run.stdin.close()
        self.run.stdout.close()


def still(*args, **how):
    return Toy("clock=1", *args, **how)


def slow_head():
    with still() as t:
        a, new = t.client(b"GET / HT"), t.client()
        a.read()
        t.until(open=2)
        t.move(9999)
        a.send(b"TP")               # does not move its deadline
        a.read()
        a.quiet()
        new.quiet()
        t.move(1)
        assert a.reply(408)[1][b"connection"] == b"close"
        a.over()
        new.over()                  # without a word: it sent none
        a.close()
        t.until(head=2, open=0)


def slow_body():
    with still() as t:
        a = t.client(b"POST /" + HOST + b"Content-Length: 4\r\n\r\na")
        b = t.client(b"POST /" + HOST +
                     b"Transfer-Encoding: chunked\r\n\r\n1\r\na")
        a.read()
        b.read()
        t.move(29999)
        a.send(b"b")
        a.read()
        a.quiet()
        t.move(1)
        a.reply(408)
        a.over()
        b.reply(408)
        t.until(body=2)


def idle():
    with still() as t:
        a = t.client(get(b"/"))
        a.reply()
        t.move(74999)
        a.quiet()
        a.send(get(b"/"))
        a.reply()
        t.move(74999)
        a.quiet()
        t.move(1)
        a.over()
        t.until(idle=1)


def slow_reader():
    with still(at="127.0.0.1:0") as t:
        a = t.client(get(b"/bytes/30000000"), keep_small=True)
        t.until(requests=1)
        t.move(29999)
        got = 0
        while got < 8 << 20:        # it takes some: a new span begins
            got += len(a.sock.recv(65536))
        t.move(29999)
        assert t.stats()["write"] == 0
        t.move(30000)
        t.until(write=1, open=0, done=1)


def patient_handler():
    with still() as t:
        a = t.client(get(b"/wait"))
        a.read()
        t.until(busy=1)
        t.move(10 ** 7)
        a.quiet()
        t.order("go")
        a.reply()


def lingering():
    with still() as t:
        a = t.client(b"POST /deny" + HOST + b"Content-Length: 100000\r\n\r\n")
        a.reply(404)
        a.over()
        a.send(b"x" * 1000)         # read and dropped
        a.read()
        t.move(1999)
        assert t.stats()["open"] == 1
        t.move(1)
        t.until(open=0)
    with still() as t:
        a = t.client(b"POST /deny" + HOST + b"Content-Length: 100000\r\n\r\n")
        a.reply(404)
        try:
            while True:             # not for ever
                a.send(b"x" * 4096)
        except (BrokenPipeError, ConnectionResetError):
            pass
        t.until(open=0)


def connections():
    with Toy("connections=3", "loops=2", at="127.0.0.1:0") as t:
        have = [t.client(get(b"/")) for _ in range(3)]
        for c in have:
            c.reply()
        more = t.client()
        assert more.reply(503)[1][b"retry-after"] == b"1"
        more.over()
        have.pop().close()
        t.until(open=2, connections=1)
        t.client(get(b"/")).reply()


def addresses():
    with Toy("per_address=2", at="127.0.0.1:0") as t:
        have = [t.client(get(b"/")) for _ in range(2)]
        for c in have:
            c.reply()
        t.client().reply(503)
        have.pop().close()
        t.until(open=1, address=1)
        t.client(get(b"/")).reply()
    with Toy("per_address=2", "trusted=127.0.0.0/8", at="127.0.0.1:0") as t:
        have = [t.client(get(b"/")) for _ in range(5)]
        for c in have:
            c.reply()


def descriptors():
    with Toy("loops=1", files=40, at="127.0.0.1:0") as t:
        have, refused = [], 0
        for _ in range(60):
            c = t.client(get(b"/"))
            got = c.reader.reply()
            if got[0] == 503:
                assert got[1][b"retry-after"] == b"1"
                refused += 1
            else:
                have.append(c)
        assert refused > 20 and len(have) > 15, (refused, len(have))
        for c in have:              # they are not disturbed
            c.send(get(b"/"))
            c.reply()
        have.pop().close()
        t.until(open=len(have), descriptors=refused)
        t.client(get(b"/")).reply()


def flood(n=2000, files=64):
    with Toy("loops=2", "per_address=100000", files=files,
             at="127.0.0.1:0") as t:
        host, port = t.url[7:].rsplit(":", 1)
        for i in range(n):
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                         b"\1\0\0\0\0\0\0\0")
            s.connect((host, int(port)))
            if i % 2:
                s.send(b"GET / HT")
            s.close()
        began = time.monotonic()
        while True:
            got = t.client(get(b"/")).reader.reply()
            if got and got[0] == 200:
                break
            assert time.monotonic() < began + 5, got
        t.until(open=0)


def many_requests():
    with Toy() as t:
        a = t.client(b"".join(get(b"/%d" % i) for i in range(500)))
        for i in range(500):
            assert a.reply()[2].startswith(b"GET /%d " % i)


def read_ahead():
    with Toy() as t:
        a = t.client(get(b"/wait"))
        t.until(busy=1)
        one = get(b"/" + b"x" * 500)
        a.sock.setblocking(False)
        sent, more = 0, one * 4000
        try:
            while sent < len(more):
                sent += a.sock.send(more[sent:sent + 65536])
        except BlockingIOError:
            pass
        assert sent < len(more), "all is taken"
        a.sock.settimeout(20)
        t.order("go")
        a.reply()
        for _ in range(sent // len(one)):
            a.reply()
        a.send(more[sent:sent - sent % len(one) + len(one)])
        a.reply()


def expect():
    with Toy() as t:
        a = t.client(b"POST /" + HOST +
                     b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
        a.reply(100)
        a.send(b"abc")
        assert a.reply()[2].endswith(b"3:abc\n")
        a.send(b"POST /" + HOST +
               b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc")
        a.reply()
        a.send(b"POST /" + HOST + b"Expect: 100-continue\r\n"
               b"Transfer-Encoding: chunked\r\n\r\n")
        a.reply(100)
        a.send(b"0\r\n\r\n")
        a.reply()


def half_closed():
    with Toy() as t:
        a = t.client(get(b"/1") + get(b"/2"))
        a.sock.shutdown(socket.SHUT_WR)
        a.reply()
        a.reply()
        a.over()
        b = t.client(get(b"/wait"))
        b.sock.shutdown(socket.SHUT_WR)
        t.until(busy=1)
        t.order("go")
        b.reply()
        b.over()
        c = t.client(get(b"/")[:-1])    # part of a head
        c.sock.shutdown(socket.SHUT_WR)
        c.over()
        t.until(open=0, busy=0)


def gone():
    with Toy("loops=1", at="127.0.0.1:0") as t:
        for data in (get(b"/wait"), b"POST /" + HOST +
                     b"Content-Length: 9\r\n\r\nabc", b"GET /"):
            a = t.client(data)
            t.until(open=1)
            if data[:4] != b"GET " or len(data) > 6:
                while t.stats()["busy"] == 0:
                    pass
            a.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                              b"\1\0\0\0\0\0\0\0")
            a.close()
            t.until(open=0)
        t.order("go")
        t.until(busy=0, done=2)
        t.client(get(b"/")).reply()


def event(client, want):
    n = int(client.reader.line(), 16)
    got = client.reader.need(n)
    assert got == want, got
    client.reader.line()


def begin(toy, minor=1, method=b"GET"):
    c = toy.client(method + b" /sse HTTP/1.%d\r\nHost: a\r\n\r\n" % minor)
    r = c.reader
    assert r.line().startswith(b"HTTP/1.1 200"), "no stream"
    while r.line():
        pass
    return c


def streams():
    with Toy("streams=4", "loops=2", at="127.0.0.1:0") as t:
        many = [begin(t) for _ in range(3)]
        old = begin(t, 0)
        t.client(get(b"/sse")).reply(503)
        t.until(streams=4)
        for text in ("one", "two" * 1000):
            t.order("send " + text)
            for c in many:
                event(c, text.encode())
            assert old.reader.need(len(text)) == text.encode()
        many.pop().close()
        t.until(streams=3, gone=1)
        more = begin(t)
        t.order("send three")
        event(more, b"three")
        t.order("stop")
        for c in many:
            event(c, b"three")
        for c in many + [more]:
            event(c, b"event: bye\n\n")
            assert c.reader.line() == b"0"
            assert c.reader.line() == b""
            c.over()
        assert old.reader.need(17) == b"threeevent: bye\n\n"
        old.over()
        assert t.end()["open"] == 0


def slow_stream():
    with Toy("loops=1", "stream_pending=65536", at="127.0.0.1:0") as t:
        slow, fast = begin(t), begin(t)
        text = "x" * 30000
        for _ in range(1000):
            assert t.order("send " + text) == "ok"
            event(fast, text.encode())
            if t.stats()["dropped"]:
                break
        else:
            raise AssertionError("never dropped")
        t.until(streams=1, gone=1, dropped=1)
        t.order("send last")
        event(fast, b"last")
        slow.close()


def stalled_stream():
    with still("loops=1", "stream_pending=100000000", at="127.0.0.1:0") as t:
        slow = begin(t)
        for _ in range(200):
            t.order("send " + "x" * 100000)
        t.move(29999)
        assert t.stats()["streams"] == 1
        for _ in range(10):         # the kernel may take some more
            if t.stats()["streams"]:
                t.move(30000)
        t.until(streams=0, gone=1, write=1)
        slow.close()


def drain():
    with Toy("loops=2", at="127.0.0.1:0") as t:
        idle = t.client(get(b"/"))
        idle.reply()
        part = t.client(get(b"/")[:-2])
        busy = [t.client(get(b"/wait")) for _ in range(20)]
        t.until(busy=21)
        t.run.send_signal(signal.SIGTERM)
        idle.over()
        t.order("go")
        for c in busy:
            assert c.reply()[1][b"connection"] == b"close"
            c.over()
        part.send(b"\r\n")
        assert part.reply()[1][b"connection"] == b"close"
        part.over()
        assert t.end()["open"] == 0


def drain_queued():
    """What the kernel has accepted for us is answered."""
    with Toy("loops=1") as t:
        t.run.send_signal(signal.SIGSTOP)
        waiting = [t.client(get(b"/")) for _ in range(50)]
        t.run.send_signal(signal.SIGTERM)
        t.run.send_signal(signal.SIGCONT)
        if t.url.startswith("unix"):
            for c in waiting:
                c.reply()
        t.end()
    with Toy("loops=1", at="127.0.0.1:0") as t:
        t.run.send_signal(signal.SIGSTOP)
        waiting = [t.client(get(b"/")) for _ in range(50)]
        t.run.send_signal(signal.SIGTERM)
        t.run.send_signal(signal.SIGCONT)
        for c in waiting:
            c.reply()
        t.end()


def drain_cut():
    with Toy("drain_ms=200", at="127.0.0.1:0") as t:
        stuck, part = t.client(get(b"/wait")), t.client(b"GET /")
        t.until(open=2, busy=2)
        t.run.send_signal(signal.SIGINT)
        stuck.reply(503)
        stuck.over()
        part.over()
        t.end()


def second_signal():
    with Toy(at="127.0.0.1:0") as t:
        stuck = t.client(get(b"/wait"))
        idle = t.client(get(b"/"))
        idle.reply()
        t.until(busy=1)
        t.run.send_signal(signal.SIGTERM)
        idle.over()                 # the first was obeyed
        t.run.send_signal(signal.SIGTERM)
        t.end(-signal.SIGTERM)
        stuck.close()


def drain_load():
    """Stopped under load: every request that was answered was whole, and no
    connection was reset before its reply."""
    with Toy("loops=2", at="127.0.0.1:0") as t:
        clients = [t.client() for _ in range(40)]
        for turn in range(30):
            if turn == 20:
                t.run.send_signal(signal.SIGTERM)
            for c in clients:
                try:
                    c.send(get(b"/"))
                except OSError:
                    pass
            for c in list(clients):
                got = c.reader.reply()
                if got is None or got[1].get(b"connection") == b"close":
                    clients.remove(c)
                    c.close()
        assert not clients
        t.end()


def activation():
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    s.listen(128)
    at, first = s.getsockname(), None
    for turn in range(3):
        with Toy("inherit=%d" % s.fileno(), "loops=2", at=None,
                 fds=(s.fileno(),)) as t:
            assert t.url == "http://127.0.0.1:%d" % at[1], t.url
            if first:
                first.reply()       # it came between two servers
            t.client(get(b"/")).reply()
            t.run.send_signal(signal.SIGTERM)
            t.end()
            first = t.client(get(b"/"))
    first.close()
    s.close()


def forwarded():
    for trusted, ip in (("10.0.0.0/8", b"127.0.0.1"),
                        ("127.0.0.1", b"192.0.2.7")):
        with Toy("trusted=" + trusted, at="127.0.0.1:0") as t:
            a = t.client(get(b"/", b"X-Forwarded-For: 192.0.2.7\r\n"))
            assert b" ip=" + ip + b" " in a.reply()[2]
            a.send(get(b"/", b"Forwarded: for=_me\r\n"))
            a.reply(200 if ip == b"127.0.0.1" else 400)


def slow_crowd(n=300, turns=20):
    """Many that dribble: others do not notice, and each of them ends."""
    with still("loops=2", "per_address=100000", at="127.0.0.1:0") as t:
        slow = []
        for i in range(n):
            slow.append(t.client((b"GET /", b"POST /" + HOST +
                                  b"Content-Length: 99\r\n\r\na",
                                  get(b"/bytes/9000000"))[i % 3],
                                 keep_small=i % 3 == 2))
        good = t.client()
        for turn in range(turns):
            for _ in range(20):
                good.send(get(b"/"))
                good.reply()
            for i, c in enumerate(slow):
                if i % 3 < 2 and turn < 7:
                    c.send(b"x")
            if turn == 10:
                t.until(open=n + 1, busy=n)
                t.move(10000)
            if turn == 15:
                t.until(head=(n + 2) // 3)
                t.move(20000)
        for c in slow[::3] + slow[1::3]:
            c.reply(408)
            c.close()
        t.until(body=(n + 1) // 3)
        for _ in range(10):         # the kernel may take some more
            if t.stats()["open"] > 1:
                t.move(30000)
        t.until(write=n // 3, open=1)


def flood_large():
    flood(50000)


def slow_crowd_large():
    slow_crowd(2000)


def good(url, end):
    """Ask until then; print how often, and how long the longest took."""
    class At:
        pass
    at = At()
    at.url = url
    c, n, longest = Client(at), 0, 0
    while time.monotonic() < float(end):
        began = time.monotonic()
        c.send(get(b"/"))
        c.reply()
        n += 1
        longest = max(longest, time.monotonic() - began)
    print(n, longest)


def slow_in_time(n=2000):
    """By the real clock: each ends when it must, and no good one is late."""
    late = {}
    with Toy("loops=2", "per_address=100000", "head_ms=4000", "body_ms=5000",
             "linger_ms=1", at="127.0.0.1:0") as t:
        poll, sent, began = selectors.DefaultSelector(), {}, time.monotonic()
        for i in range(n):
            c = t.client((b"GET /", b"POST /" + HOST +
                          b"Content-Length: 999\r\n\r\na")[i % 2])
            c.sock.setblocking(False)
            poll.register(c.sock, selectors.EVENT_READ, c)
            sent[c] = (time.monotonic(), (4, 5)[i % 2])
        others = subprocess.Popen(
            [sys.executable, __file__, "good", t.url,
             str(time.monotonic() + 6)], stdout=subprocess.PIPE, text=True)
        while sent and time.monotonic() < began + 20:
            for key, _ in poll.select(0.05):
                since, limit = sent.pop(key.data)
                late[key.data] = time.monotonic() - since - limit
                assert key.data.sock.recv(100).startswith(b"HTTP/1.1 408")
                poll.unregister(key.fileobj)
            for c in list(sent)[::50]:
                try:
                    c.send(b"x")
                except OSError:
                    pass
        assert not sent, "%d never end" % len(sent)
        worst = max(abs(v) for v in late.values())
        count, longest = others.communicate()[0].split()
        print("# %d slow ones end within %.2f s of their time; %s requests "
              "beside them, %.3f s the longest" %
              (n, worst, count, float(longest)))
        assert worst < 0.5, worst
        assert int(count) > 6000, count


def leaves_memory():
    """Idle connections hold no buffers: spec/http.md 1."""
    def rss():
        with open("/proc/%d/statm" % t.run.pid) as f:
            return int(f.read().split()[1]) * 4096
    with Toy("loops=1", "per_address=100000", at="127.0.0.1:0") as t:
        t.client(get(b"/")).reply()
        before = rss()
        have = []
        for _ in range(800):
            have.append(t.client(get(b"/")))
            have[-1].reply()
        grown = rss() - before
        if not os.environ.get("BZN_SAN"):
            assert grown < 800 * 2048, "%d a connection" % (grown // 800)


if __name__ == "__main__":
    if sys.argv[1:2] == ["good"]:
        good(*sys.argv[2:])
        sys.exit()
    for case in sys.argv[1:]:
        globals()[case]()
