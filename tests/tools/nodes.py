"""Nodes that are well, ill and hostile, each on a port of its own.

    nodes.py [CERTS]

Prints "name port" a line and then "ready"; obeys lines of standard input:
"count NAME" prints how many connections there were, how many at once at most
and how many of their requests were whole; the end of input ends it.  CERTS
is a folder with NAME.pem and NAME.key for those that speak TLS.  Signed
answers are by a key whose seed is 32 times the byte 7.
"""
import base64
import gzip
import hashlib
import json
import os
import socket
import ssl
import struct
import sys
import threading
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey)

OURS = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(bytes([8]) * 32)


def node_id(key):
    pem = key.public_key().public_bytes(
        form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(pem).hexdigest()


def health(n, key=OURS, **more):
    """A signed answer; members that are None are left out."""
    o = {"status": "ok", "node_id": node_id(OURS), "name": "n",
         "version": "1.0", "uptime_s": 5, "components": {"db": "healthy"},
         "nonce": n}
    o.update(more)
    o = {k: v for k, v in o.items() if v is not None}
    text = json.dumps(o, sort_keys=True, separators=(",", ":"))
    if key:
        o["signature"] = base64.b64encode(
            key.sign(b"bzn-health-v1\n" + text.encode())).decode()
    return json.dumps(o).encode()


def reply(body, status="200 OK", *fields):
    if isinstance(body, str):
        body = body.encode()
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}",
            "Content-Type: application/json", "Connection: close", *fields]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def forever_after(first, line):
    def send(s, nonce):
        s.sendall(first)
        while True:
            s.sendall(line)
    return send


def forever(line):
    return forever_after(b"", line)


def reset(s, nonce):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hold(first):
    """Say that much and then nothing, until the other side has enough."""
    def send(s, nonce):
        s.sendall(first)
        s.recv(1)
    return send


class Gather:
    """Answers when so many wait for it, or when there are no more."""

    def __init__(self, least):
        self.gate = threading.Barrier(least)

    def __call__(self, nonce):
        self.gate.wait()
        return reply(health(nonce))


OLD = '{"status":"healthy","timestamp":"2026-01-01T00:00:00",' \
    '"components":{"database":"healthy","qdrant":"unavailable: none"}}'
RAW = {
    "garbage": b"SSH-2.0-OpenSSH_9.2\r\n",
    "ancient": b'{"status":"ok"}',      # as HTTP/0.9 has it
    "short": b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"status":"ok"}',
    "nothing": b"",
}
SAYS = {
    "good": lambda n: reply(health(n)),
    "created": lambda n: reply(health(n), "201 Created"),
    "chunked": lambda n: (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n"
        b"0\r\n\r\n" % (len(health(n)), health(n))),
    "degraded": lambda n: reply(health(n, status="degraded")),
    "down": lambda n: reply(health(n, status="down")),
    "unavailable": lambda n: reply(health(n, status="down"),
                                   "503 Service Unavailable"),
    "missing": lambda n: reply(b"<html>", "404 Not Found"),
    "flood": lambda n: reply(b"x" * 200000, "500 Internal Server Error"),
    "unsigned": lambda n: reply(health(n, key=None, nonce=None)),
    "old": lambda n: reply(OLD),
    "old_degraded": lambda n: reply(OLD.replace("healthy", "degraded", 1)),
    "wrong_key": lambda n: reply(health(n, key=OTHER)),
    "wrong_id": lambda n: reply(health(n, node_id=node_id(OTHER))),
    "wrong_id_unsigned": lambda n: reply(
        health(n, key=None, node_id=node_id(OTHER))),
    "impostor": lambda n: reply(
        health(n, key=OTHER, node_id=node_id(OTHER))),
    "no_nonce": lambda n: reply(health(n, nonce=None)),
    "old_nonce": lambda n: reply(health("0" * 32)),
    "edited": lambda n: reply(health(n).replace(b'"1.0"', b'"9.0"')),
    "array": lambda n: reply("[]"),
    "text": lambda n: reply("all is well"),
    "empty": lambda n: reply(""),
    "no_content": lambda n: b"HTTP/1.1 204 No Content\r\n\r\n",
    "twice": lambda n: reply('{"status":"ok","status":"down"}'),
    "limit": lambda n: reply(health(n).ljust(65536)),
    "pieces": lambda n: (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
        b"".join(b"1\r\n%c\r\n" % c for c in health(n).ljust(65536)) +
        b"0\r\n\r\n"),
    "large": lambda n: reply(health(n).ljust(65537)),
    "gzip": lambda n: reply(gzip.compress(health(n)), "200 OK",
                            "Content-Encoding: gzip"),
    "pair": Gather(2),
    "gather": Gather(8),
}
SENDS = {
    "bomb": forever(b"x" * 65536),
    "fields": forever_after(b"HTTP/1.1 200 OK\r\n", b"X-More: y\r\n" * 100),
    "field": forever_after(b"HTTP/1.1 200 OK\r\nX-More: ", b"y" * 65536),
    "reason": forever_after(b"HTTP/1.1 200 ", b"y" * 65536),
    "endless": forever_after(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1000\r\n" + b" " * 4096 + b"\r\n"),
    "extended": forever_after(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;",
        b"x" * 65536),
    "reset": reset,
    "silent": hold(b""),
    "stuck": hold(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"sta'),
}
TLS = ["tls", "tls_soon", "tls_expired", "tls_other", "tls_self"]


class Node:
    def __init__(self, name, certs=None):
        self.name, self.tls = name, None
        self.count = self.now = self.most = self.whole = 0
        self.lock = threading.Lock()
        self.socket = socket.create_server(("0.0.0.0", 0), backlog=512)
        if name in TLS:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(os.path.join(certs, name + ".pem"),
                                     os.path.join(certs, name + ".key"))
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            s, _ = self.socket.accept()
            with self.lock:
                self.count += 1
                self.now += 1
                self.most = max(self.most, self.now)
            threading.Thread(target=self.serve, args=(s,),
                             daemon=True).start()

    def serve(self, s):
        try:
            if self.tls:
                s = self.tls.wrap_socket(s, server_side=True)
            self.answer(s)
        except (OSError, ValueError, threading.BrokenBarrierError):
            pass
        finally:
            s.close()

    def answer(self, s):
        """Whoever is answered is counted as gone before it can know."""
        head = b""
        while b"\r\n\r\n" not in head:
            some = s.recv(4096)
            if not some:
                raise ValueError("cut")
            head += some
            if not head[:1].isalpha():
                s.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                raise ValueError("no HTTP")
        lines = head.decode().split("\r\n")
        method, target, version = lines[0].split(" ")
        fields = {k.lower(): v for k, v in
                  (line.split(": ", 1) for line in lines[1:] if line)}
        url = urlsplit(target)
        nonce = parse_qs(url.query).get("nonce", [""])[0]
        whole = (method == "GET" and version == "HTTP/1.1" and
                 url.path == "/api/health" and len(nonce) == 32 and
                 "accept-encoding" not in fields and
                 fields.get("accept") == "application/json")
        name = self.name if self.name in SAYS else "good"
        said = None
        if self.name in RAW:
            said = RAW[self.name]
        elif self.name == "redirect":
            said = reply(b"", "302 Found", f"Location: http://127.0.0.1:"
                         f"{NODES['good'].socket.getsockname()[1]}{target}")
        elif self.name not in SENDS:
            said = SAYS[name](nonce)
        with self.lock:
            self.whole += whole
            self.now -= 1
        if said is None:
            SENDS[self.name](s, nonce)
        else:
            s.sendall(said)


NODES = {}


def main():
    certs = sys.argv[1] if len(sys.argv) > 1 else None
    for name in [*RAW, *SAYS, *SENDS, "redirect", *(TLS if certs else [])]:
        NODES[name] = Node(name, certs)
        print(name, NODES[name].socket.getsockname()[1])
    raw = OURS.public_key().public_bytes(form.Encoding.Raw,
                                         form.PublicFormat.Raw)
    print("key", raw.hex())
    print("id", node_id(OURS))
    print("ready", flush=True)
    for line in sys.stdin:
        node = NODES[line.split()[1]]
        with node.lock:
            print(node.count, node.most, node.whole, flush=True)


main()
