#!/usr/bin/env python3
"""The same bytes to a toy alone, and to nginx which passes them on to it.

    differ.py TABLE SECONDS [SEED]

For what both accept, the number of requests, their methods, targets and
bodies must agree: else one of them could be made to see what the other does
not.  Rows of TABLE, and mutations of them.
"""
import os
import random
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from life import Toy  # noqa: E402
from table import GOOD, Reader, rows  # noqa: E402

CONF = """
daemon off; master_process off; pid %(dir)s/pid; error_log %(dir)s/error.log;
events { worker_connections 512; }
http {
    access_log off; client_body_temp_path %(dir)s; proxy_temp_path %(dir)s;
    fastcgi_temp_path %(dir)s; uwsgi_temp_path %(dir)s;
    scgi_temp_path %(dir)s; keepalive_requests 1000000;
    proxy_ignore_client_abort on;
    large_client_header_buffers 4 32k; client_max_body_size 2m;
    upstream toy { server %(toy)s; keepalive 8; }
    server {
        listen unix:%(dir)s/nginx;
        location / {
            proxy_pass http://toy; proxy_http_version 1.1;
            proxy_set_header Connection ""; proxy_request_buffering off;
            proxy_set_header Host a;
        }
    }
}
"""
WORDS = [b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b"0", b"Host: b\r\n",
         b"Content-Length: 3\r\n", b"Content-Length: 0\r\n",
         b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n",
         b"\x00", b"\x80", b"%2f", b"/../", b"//", b"?", b"#", b";x",
         b"\r\n0\r\n\r\n", b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n", b",",
         b"HTTP/1.0", b"+", b"0x", b"chunked", b"\x0b", b"Expect: x\r\n"]


def mutate(rng, raw, others):
    raw = bytearray(raw)
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(raw) + 1)
        kind = rng.randrange(6)
        if kind == 0:
            raw[at:at] = rng.choice(WORDS)
        elif kind == 1:
            del raw[at:at + rng.choice((1, 1, 2, 5))]
        elif kind == 2 and at < len(raw):
            raw[at] = rng.randrange(256)
        elif kind == 3:
            raw[at:at + rng.choice((1, 2))] = rng.choice(WORDS)
        elif kind == 4:
            raw += rng.choice(others)
        elif at < len(raw):
            raw[at] ^= 32
    return bytes(raw)


def ask(path, raw):
    """What the toy says of the requests that were accepted, in order, and
    whether they ended with the bytes: not by a refusal, nor by choice."""
    out, closed = [], False
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(5)
        s.connect(path)
        try:
            s.sendall(raw + GOOD)
            s.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        r = Reader(s)
        try:
            while True:
                got = r.reply()
                if got is None:
                    return out, not closed
                if got[0] == 100:
                    continue
                if got[0] != 200:
                    return out, False
                closed = got[1].get(b"connection") == b"close"
                said = got[2].decode("latin-1")
                head, body = said.split(" body=", 1)
                target = head.split(" host=")[0]
                # nginx drops the "?" of an empty query
                out.append((target.removesuffix("?"), body))
        except (AssertionError, ValueError, OSError):
            return out, False


def explained(raw):
    """HEAD: no body says what was seen."""
    return b"HEAD" in raw.upper()


def main(table, seconds, seed=None):
    rng = random.Random(seed or time.time_ns())
    here = os.getcwd()
    with Toy("loops=1", "trusted=127.0.0.0/8", at="unix:%s/toy" % here) as t:
        at = "unix:%s/toy" % here
        with open("nginx.conf", "w") as f:
            f.write(CONF % {"dir": here, "toy": at})
        nginx = subprocess.Popen(["/usr/sbin/nginx", "-p", here, "-c",
                                  here + "/nginx.conf"])
        try:
            while not os.path.exists("nginx"):
                assert nginx.poll() is None, "nginx does not start"
            return compare(rng, table, float(seconds), here)
        finally:
            nginx.kill()
            nginx.wait()
            t.order("stop")


def compare(rng, table, seconds, here):
    seeds = [r[3] for r in rows(table) if len(r[3]) < 2000 and
             b"/bytes" not in r[3]]
    end, ran, both, bad = time.monotonic() + seconds, 0, 0, 0
    queue = list(seeds)
    while time.monotonic() < end and bad < 20:
        raw = queue.pop() if queue else mutate(rng, rng.choice(seeds), seeds)
        if explained(raw):
            continue
        ran += 1
        alone, whole = ask(here + "/toy", raw)
        through, all_of_it = ask(here + "/nginx", raw)
        n = min(len(alone), len(through))
        both += n
        if alone[:n] != through[:n] or \
                (whole and all_of_it and len(alone) != len(through)):
            bad += 1
            print("%r\n  alone   %r\n  through %r" % (raw, alone, through))
    print("# %d sent, %d requests that both took, %d differ" %
          (ran, both, bad))
    return 1 if bad or not both else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
