#!/usr/bin/env python3
"""Send the rows of a table of raw requests, and compare what is answered.

    table.py TABLE SOCKET [MODE]...

MODE: whole, bytes (one at a time), splits (at each offset), behind (a good
request).  Mode real is for bzn-serve: only rows that no server takes, whose
errors are to be JSON.  Mode corpus writes them into a folder, for a fuzzer.  SOCKET is that of a toy which listens at a Unix socket: those tell
how many bytes the other side has not read yet, so that a split is one.
"""
import array
import fcntl
import json
import re
import socket
import sys

SIOCOUTQ = 0x5411
LONG = 400          # from here on not every offset is tried
GOOD = b"GET /good HTTP/1.1\r\nHost: a\r\n\r\n"


def unescape(text):
    text = text.replace("$", "HTTP/1.1\\r\\nHost: a\\r\\n")
    raw = text.encode("latin-1").decode("unicode_escape").encode("latin-1")
    return re.sub(rb"\{(\d+)\*([^}]*)\}",
                  lambda m: m.group(2) * int(m.group(1)), raw)


def rows(path):
    for line in open(path, encoding="latin-1"):
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            continue
        name, statuses, end, raw, *text = line.split("\t")
        want = [s for s in statuses.split(",") if s]
        yield name, want, end, unescape(raw), text[0] if text else None


class Reader:
    """Replies from a socket."""

    def __init__(self, sock):
        self.sock, self.have = sock, b""

    def more(self):
        try:
            got = self.sock.recv(65536)
        except ConnectionResetError:
            raise AssertionError("reset")
        self.have += got
        return len(got) > 0

    def need(self, n):
        while len(self.have) < n:
            assert self.more(), "ends within a body"
        got, self.have = self.have[:n], self.have[n:]
        return got

    def line(self):
        while b"\r\n" not in self.have:
            assert self.more(), "ends within a line"
        got, self.have = self.have.split(b"\r\n", 1)
        return got

    def chunks(self):
        out = b""
        while True:
            n = int(self.line(), 16)
            out += self.need(n)
            assert self.line() == b""
            if not n:
                return out

    def reply(self, bodiless=False):
        """Status, fields, body; None at the end."""
        if not self.have and not self.more():
            return None
        version, status, _ = self.line().split(b" ", 2)
        assert version == b"HTTP/1.1", version
        fields = {}
        while True:
            line = self.line()
            if not line:
                break
            name, value = line.split(b": ", 1)
            assert name.lower() not in fields, name
            fields[name.lower()] = value
        if status == b"100":
            return 100, fields, b""
        assert b"date" in fields
        if bodiless:
            return int(status), fields, b""
        if fields.get(b"transfer-encoding") == b"chunked":
            return int(status), fields, self.chunks()
        return int(status), fields, self.need(int(fields[b"content-length"]))


def connect(path):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(10)
    s.connect(path)
    return s


def unread(s):
    left = array.array("i", [0])
    fcntl.ioctl(s, SIOCOUTQ, left)
    return left[0]


def send(s, part):
    """Send it, and let it be read.  False: nobody does any more."""
    try:
        s.sendall(part)
        for _ in range(200000):
            if not unread(s):
                return True
    except OSError:
        pass
    return False


def check(path, pieces, want, end, text, before=0):
    with connect(path) as s:
        for part in pieces[:-1]:
            if not send(s, part):
                break
        else:
            try:
                s.sendall(pieces[-1])
            except OSError:
                pass
        r = Reader(s)
        for _ in range(before):
            got = r.reply()
            assert got and got[0] == 200, "the good one: %r" % (got,)
        last = None
        for w in want:
            got = r.reply(w.endswith("h"))
            assert got, "no reply, but end"
            assert got[0] == int(w.rstrip("h")), "status %d" % got[0]
            last = got
        closes = last and last[1].get(b"connection") == b"close"
        if text is not None:
            assert last[2].decode("latin-1").strip() == text, last[2]
        if last and last[0] == 415:
            assert last[1][b"accept-encoding"] == b"identity"
        if end == "close":
            assert not last or closes, "does not say close"
            got = r.reply()
            assert got is None, "still answers: %r" % (got,)
        else:
            assert not closes, "says close"
            s.sendall(GOOD)
            got = r.reply()
            assert got and got[0] == 200, "no more answers: %r" % (got,)


def errors(path, want, raw):
    """A refusal by bzn-serve itself."""
    check(path, [raw], want, "close", None)
    with connect(path) as s:
        try:
            s.sendall(raw)
        except OSError:
            pass
        status, fields, body = Reader(s).reply(want[0].endswith("h"))
        assert fields[b"x-request-id"] and fields[b"vmp-version"], fields
        assert fields[b"content-type"] == b"application/json"
        if not want[0].endswith("h"):
            error = json.loads(body)
            assert error["detail"] and error["code"], error
            assert error["request_id"].encode() == fields[b"x-request-id"]


def real(table, path):
    ran = bad = 0
    for name, want, end, raw, _ in rows(table):
        if len(want) > 1 or end != "close" or b" /tiny" in raw or \
                b" /deny" in raw or want[0].rstrip("h") in ("200", "415"):
            continue
        ran += 1
        raw = raw.replace(b"POST / ", b"POST /v1/node/register ")
        try:
            errors(path, want, raw)
        except (AssertionError, KeyError, ValueError, OSError) as why:
            bad += 1
            print("%s: %r" % (name, why))
    print("%d sent, %d wrong" % (ran, bad))
    return 1 if bad or not ran else 0


def offsets(raw):
    n = len(raw)
    if n <= LONG:
        return range(1, n)
    return sorted(set(range(1, 100)) | set(range(n - 100, n)) |
                  set(range(100, n, n // 50)))


def cases(raw, modes):
    """Pieces to be sent, and good requests before them."""
    if "whole" in modes:
        yield "whole", [raw], 0
    if "bytes" in modes:
        yield "bytes", [raw[i:i + 1] for i in range(min(len(raw), 17000))] + \
            [raw[17000:]], 0
    if "splits" in modes:
        for i in offsets(raw):
            yield "split at %d" % i, [raw[:i], raw[i:]], 0
    if "behind" in modes:
        yield "behind", [GOOD + raw], 1


def write(table, folder):
    """The rows as files, each behind the byte that says how to cut it."""
    for i, (name, _, _, raw, _) in enumerate(rows(table)):
        with open("%s/%s" % (folder, name), "wb") as f:
            f.write(bytes([i % 256]) + raw)
    return 0


def main(table, path, *modes):
    if modes == ("corpus",):
        return write(table, path)
    if modes == ("real",):
        return real(table, path)
    modes = modes or ("whole", "bytes", "splits", "behind")
    ran = bad = 0
    for name, want, end, raw, text in rows(table):
        for mode, pieces, before in cases(raw, modes):
            ran += 1
            try:
                check(path, pieces, want, end, text, before)
            except (AssertionError, OSError) as why:
                bad += 1
                print("%s, %s: %s" % (name, mode, why))
                break
    print("%d sent, %d wrong" % (ran, bad))
    return 1 if bad or not ran else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
