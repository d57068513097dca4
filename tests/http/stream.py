#!/usr/bin/env python3
"""Streams of events, as their clients see them: spec/http.md 8.

    stream.py CASE URL HOME [ARGUMENT]...
"""
import json
import os
import select
import socket
import subprocess
import sys
import time
import urllib.parse

case, url, home = sys.argv[1:4]
host, port = urllib.parse.urlparse(url).netloc.rsplit(":", 1)
PATIENCE = 30
LOG = "/v1/admin/ledger/events"
MINE = "/v1/node/events"


def secret(name):
    with open(os.path.join(home, name)) as f:
        return f.read().strip()


def admin():
    return {"Authorization": "Bearer " + secret("identity/admin_key")}


def node(name):
    return {"X-API-KEY": secret("keys/" + name)}


class Stream:
    """One connection; events as (id, event, data), data "" of an id alone."""

    def __init__(self, path, fields, small=0, address="127.0.0.1", read=True,
                 version="1.1"):
        self.sock = socket.socket()
        if small:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, small)
        self.sock.bind((address, 0))
        self.sock.settimeout(PATIENCE)
        self.sock.connect((host, int(port)))
        head = "GET %s HTTP/%s\r\nHost: localhost\r\n" % (path, version)
        for name, value in fields.items():
            head += "%s: %s\r\n" % (name, value)
        self.sock.sendall(head.encode() + b"\r\n")
        self.raw, self.text, self.chunked = b"", b"", version == "1.1"
        self.over = self.reset = False
        self.last, self.comments = None, 0
        if read:
            self.head()

    def more(self):
        try:
            got = self.sock.recv(65536)
        except ConnectionResetError:
            got, self.reset = b"", True
        self.raw += got
        return bool(got)

    def head(self):
        while b"\r\n\r\n" not in self.raw:
            assert self.more(), "no head"
        head, self.raw = self.raw.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        self.fields = {k.lower(): v for k, v in
                       (line.split(": ", 1) for line in lines[1:])}

    def unwrap(self):
        if not self.chunked:
            self.text, self.raw = self.text + self.raw, b""
        while self.chunked and b"\r\n" in self.raw:
            line, rest = self.raw.split(b"\r\n", 1)
            n = int(line, 16)
            if len(rest) < n + 2:
                break
            assert rest[n:n + 2] == b"\r\n"
            self.text += rest[:n]
            self.raw = rest[n + 2:]
            self.over = self.over or not n

    def event(self, patience=PATIENCE):
        """The next block; None at the end, and if the time is over."""
        end = time.monotonic() + patience
        while True:
            self.unwrap()
            if b"\n\n" in self.text:
                block, self.text = self.text.split(b"\n\n", 1)
                return self.parse(block.decode())
            left = end - time.monotonic()
            if self.over or left <= 0:
                return None
            self.sock.settimeout(max(left, 0.01))
            try:
                if not self.more():
                    self.over = True
            except socket.timeout:
                return None

    def parse(self, block):
        got = {}
        for line in block.split("\n"):
            if line.startswith(":"):
                self.comments += 1
                continue
            name, value = line.split(": ", 1)
            assert name in ("id", "event", "data", "retry"), line
            assert name not in got, block
            got[name] = value
        if "id" in got:
            self.last = int(got["id"])
        self.retry = got.get("retry")
        return (self.last if "id" in got else None, got.get("event"),
                got.get("data", ""))

    def until(self, last):
        """All with data, up to and with this id."""
        out = []
        while self.last is None or self.last < last:
            got = self.event()
            assert got, "nothing behind %s, wanted %s" % (self.last, last)
            if got[2]:
                out.append(got)
        return out

    def bye(self):
        while True:
            got = self.event()
            assert got, "the end, and no bye"
            if got[1] == "bye":
                break
        assert self.event() is None and self.over and not self.reset
        return json.loads(got[2])["reason"]

    def close(self):
        self.sock.close()


def call(method, path, fields, body=None):
    s = socket.socket()
    s.settimeout(PATIENCE)
    s.connect((host, int(port)))
    body = (body or "").encode()
    head = "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" \
        "Content-Length: %d\r\n" % (method, path, len(body))
    for name, value in fields.items():
        head += "%s: %s\r\n" % (name, value)
    s.sendall(head.encode() + b"\r\n" + body)
    got = b""
    while True:
        some = s.recv(65536)
        if not some:
            break
        got += some
    head, body = got.split(b"\r\n\r\n", 1)
    return int(head.split(b" ")[1]), head.decode(), body.decode()


def metric(name):
    status, _, text = call("GET", "/metrics", admin())
    assert status == 200, text
    for line in text.split("\n"):
        if line.startswith(name + " "):
            return int(line.rsplit(" ", 1)[1])
    raise AssertionError(name)


def clock():
    return secret("clock")


def move(seconds):
    at = "@%d" % (int(clock()[1:]) + seconds * 1000)
    with open(home + "/clock", "r+") as f:
        f.write(at + "\n")


def ledger(*words, data=None):
    return subprocess.run(("bzn-ledger", "--now", clock(), "--home", home) +
                          words, input=data, stdout=subprocess.PIPE,
                          check=True, text=True).stdout


def size():
    return len(ledger("export", "leaves").splitlines())


def grow(n, to="alice", memo=""):
    """n leaves by a program beside the server, in one transaction."""
    line = '{"type":"CREDIT_ISSUE","id":"%s-%d","legs":[{"account":"MINT",' \
        '"amount":"-0.01","unit":"TCK"},{"account":"%s","amount":"0.01",' \
        '"unit":"TCK"}],"data":{"words":"%s"}}\n'
    stem = "g%d" % time.monotonic_ns()
    ledger("import", "--all-or-nothing", data="".join(
        line % (stem, i, to, memo) for i in range(n)))


def soon(true):
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "not in %d s" % PATIENCE
        time.sleep(0.02)


# What the cases are called by.

def log():
    """All of the log, from its first leaf on, then what comes."""
    s = Stream(LOG + "?after=-1", admin())
    assert s.status == 200
    for name, value in (("content-type", "text/event-stream"),
                        ("cache-control", "no-store"),
                        ("x-accel-buffering", "no"),
                        ("transfer-encoding", "chunked")):
        assert s.fields[name] == value, s.fields
    assert "x-response-time-ms" not in s.fields
    assert "server-timing" not in s.fields
    assert s.event() == (None, None, "") and s.retry == "3000"
    now = Stream(LOG, admin())
    assert now.event() == (size() - 1, None, "")
    old = Stream(LOG + "?after=-1", admin(), version="1.0")
    assert "transfer-encoding" not in old.fields
    grow(3)
    leaves = ledger("export", "leaves").splitlines()
    got = s.until(len(leaves) - 1)
    assert [g[2] for g in got] == leaves
    assert [g[0] for g in got] == list(range(len(leaves)))
    assert [g[1] for g in got] == [json.loads(x)["type"] for x in leaves]
    assert old.until(len(leaves) - 1) == got
    assert now.until(len(leaves) - 1) == got[-3:]


def own():
    """A node hears what is its own, and of no other's money."""
    streams = {who: Stream(MINE + "?after=-1", node(who))
               for who in ("alice", "bob", "carol")}
    ledger("post", data='{"type":"TRANSFER","id":"own-1","legs":['
           '{"account":"alice","amount":"-3.00","unit":"TCK"},'
           '{"account":"bob","amount":"1.00","unit":"TCK"},'
           '{"account":"carol","amount":"2.00","unit":"TCK"}]}')
    leaves = [json.loads(x) for x in
              ledger("export", "leaves").splitlines()]
    for who, s in streams.items():
        again = Stream(MINE + "?after=-1", node(who))
        got = s.until(len(leaves) - 1)
        assert again.until(len(leaves) - 1) == got
        got = [json.loads(e[2]) for e in got]
        words = {"alice", "bob", "carol", "MINT", "VAULT", "ESCROW:"} - {who}
        for e in got:
            assert set(e) <= {"seq", "at", "id", "type", "ref", "legs"}, e
            leaf = leaves[e["seq"]]
            assert (e["id"], e["type"]) == (leaf["id"], leaf["type"])
            assert [(x["unit"], x["amount"]) for x in e["legs"]] == [
                (x["unit"], x["amount"]) for x in leaf.get("legs", [])
                if x["account"] == who], e
            assert not [w for w in words if '"%s' % w in json.dumps(e)], e
        types = [e["type"] for e in got]
        mine = [x["type"] for x in leaves
                if any(g["account"] == who for g in x.get("legs", []))]
        assert [t for t, e in zip(types, got) if e["legs"]] == mine
        assert "admin.act" not in types and "log.genesis" not in types
        trade = {"ESCROW_LOCK", "task.completed", "ESCROW_SETTLE",
                 "PROTOCOL_TAX"}
        assert trade <= set(types) if who != "carol" else \
            not trade & set(types), types
        assert ("skill.published" in types) == (who == "bob")
        assert types.count("node.registered") == 1


def ids():
    """Ids that no event has had."""
    n = size()
    for field, want in (("garbage", 422), ("-1", 422), ("0x1", 422),
                        ("1 2", 422), ("1.0", 422), ("+1", 422),
                        (str(n), 422), ("9" * 16, 422), ("9" * 40, 422),
                        ("1" * 8000, 422), ("\u00e9", 400),
                        ("18446744073709551616", 422)):
        fields = dict(admin())
        fields["Last-Event-ID"] = field
        status, _, body = call("GET", LOG, fields)
        assert status == want, (field, body)
        if want == 422:
            assert json.loads(body)["detail"][0]["field"] == \
                "Last-Event-ID", body
    for query, want in (("-2", 422), ("x", 422), (str(n), 422), ("", 422),
                        ("1e400", 422), (str(2 ** 63), 422), ("1.5", 422)):
        status, _, body = call("GET", MINE + "?after=" + query,
                               node("alice"))
        assert status == want, (query, body)
    for field, query, first in (("", "", n - 1), (str(n - 1), "", n - 1),
                                ("0", "?after=3", 0), ("", "?after=3", 3),
                                ("00000", "", 0)):
        fields = dict(admin())
        fields["Last-Event-ID"] = field
        s = Stream(LOG + query, fields)
        assert s.status == 200 and s.event()[0] == first
        assert [e[0] for e in s.until(n - 1)] == list(range(first + 1, n))


def methods():
    s = Stream(LOG, admin())
    for method in ("POST", "PUT", "DELETE"):
        status, head, _ = call(method, LOG, admin(), "{}")
        assert status == 405 and "Allow: GET, HEAD, OPTIONS" in head, head
    status, head, body = call("HEAD", LOG, admin())
    assert status == 200 and not body
    assert "Content-Type: text/event-stream" in head
    for fields in ({}, node("alice")):
        assert call("GET", LOG, fields)[0] == 401
    for fields in ({}, admin()):
        assert call("GET", MINE, fields)[0] == 401
    soon(lambda: metric("bzn_sse_clients") == 1)
    s.close()
    soon(lambda: metric("bzn_sse_clients") == 0)


def before():
    """Read some, and keep what was heard for after()."""
    s = Stream(LOG + "?after=-1", admin())
    grow(450)
    got = s.until(211)
    with open("heard", "w") as f:
        json.dump(got, f)


def after():
    with open("heard") as f:
        heard = json.load(f)
    fields = dict(admin())
    fields["Last-Event-ID"] = str(heard[-1][0])
    s = Stream(LOG, fields)
    leaves = ledger("export", "leaves").splitlines()
    heard += s.until(len(leaves) - 1)
    assert [h[2] for h in heard] == leaves
    grow(1)
    assert s.until(len(leaves))[0][0] == len(leaves)


def slow():
    """Who does not read is dropped, and comes to what he has missed."""
    dropped = 'bzn_sse_dropped_total{reason="slow"}'
    was = metric(dropped)
    n = size()
    bad = Stream(LOG, admin(), small=4096)
    good = Stream(LOG, admin())
    bad.event()
    good.event()
    while metric(dropped) == was:
        before = n
        grow(1000, memo="x" * 1000)
        n += 1000
        got = good.until(n - 1)
        assert [e[0] for e in got] == list(range(before, n))
    soon(lambda: metric("bzn_sse_clients") == 1)
    heard = []
    while True:                 # what was under way, and no event by half
        got = bad.event()
        if not got:
            break
        heard.append(got[0])
    assert heard == list(range(heard[0], heard[0] + len(heard)))
    assert len(heard) < n
    # The rest takes longer than 64 KiB, from one who reads slowly.
    was = metric(dropped)
    fields = dict(admin())
    fields["Last-Event-ID"] = str(bad.last)
    again = Stream(LOG, fields, small=4096)
    rest = again.until(n - 1)
    assert [e[0] for e in rest] == list(range(bad.last + 1, n))
    assert metric(dropped) == was


def many():
    """All see one order, whoever they are and whenever they began."""
    count = int(sys.argv[4])
    first = size()
    streams = [Stream(LOG, admin(), address="127.0.0.%d" % (2 + i % 8))
               for i in range(count)]
    soon(lambda: metric("bzn_sse_clients") == count)
    n = first
    for i in range(5):
        grow(60)
        n += 60
        for _ in range(20):
            status, _, body = call("POST", "/v1/node/register", {
                "Content-Type": "application/json"},
                '{"node_id":"many-%d"}' % i)
            assert status == 200, body
    late = Stream(LOG + "?after=%d" % (first - 1), admin())
    want = late.until(n - 1)
    assert [e[0] for e in want] == list(range(first, n))
    for s in streams:
        assert s.until(n - 1) == want
    assert metric('bzn_sse_dropped_total{reason="slow"}') >= 0


def full():
    """More than there may be."""
    most = int(sys.argv[4])
    streams = [Stream(LOG, admin(), address="127.0.0.%d" % (2 + i % 8))
               for i in range(most)]
    status, head, body = call("GET", LOG, admin())
    assert status == 503 and "\r\nRetry-After: 1" in head, head
    assert json.loads(body)["code"] == "overloaded"
    streams[0].close()
    soon(lambda: metric("bzn_sse_clients") == most - 1)
    assert Stream(LOG, admin()).status == 200


def beats():
    """Every 15 s a comment, with the id for those who hear nothing."""
    s, quiet = Stream(LOG, admin()), Stream(MINE, node("carol"))
    s.event()
    quiet.event()
    grow(2)
    s.until(size() - 1)
    move(14)
    assert s.event(1.5) is None
    move(1)
    for x in (s, quiet):
        got = x.event()
        assert got == (size() - 1, None, "") and x.comments == 1, got


def denied():
    """Who may not call any more is told so within a minute."""
    was = metric('bzn_sse_dropped_total{reason="denied"}')
    status, _, body = call("POST", "/v1/node/token", node("alice"))
    token = json.loads(body)["access_token"]
    by = {
        "token_expired": Stream(MINE, {"Authorization": "Bearer " + token}),
        "node_unknown_or_banned": Stream(MINE, node("dan")),
        "auth_failed": Stream(MINE, node("erin")),
    }
    stays = [Stream(MINE, node("alice")), Stream(LOG, admin())]
    for s in list(by.values()) + stays:
        assert s.status == 200
        s.event()
    subprocess.run(["bzn-node", "--now", clock(), "--home", home, "strike",
                    "dan", "--reason", "x"], check=True,
                   stdout=subprocess.DEVNULL)
    status, _, body = call("POST", "/v1/node/key/rotate", node("erin"))
    assert status == 200, body
    for why in ("node_unknown_or_banned", "auth_failed"):
        move(60)
        assert by[why].bye() == why
    move(900)
    assert by["token_expired"].bye() == "token_expired"
    assert metric('bzn_sse_dropped_total{reason="denied"}') == was + 3
    n = size()
    grow(1)
    for s in stays:
        assert s.until(n)[-1][0] == n


def drain():
    """A stop says goodbye; the server must end by itself, and well."""
    streams = [Stream(LOG, admin()), Stream(MINE, node("alice")),
               Stream(LOG + "?after=-1", admin(), version="1.0")]
    for s in streams:
        s.event()
    os.kill(int(sys.argv[4]), 15)
    for s in streams:
        assert s.bye() == "draining"


globals()[case]()
