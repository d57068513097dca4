"""Nodes that say what they are told to, each on a port of its own.

    turns.py NAME...

Prints "NAME PORT SEED" a line, SEED being that of its key, and then "ready".
Lines of standard input are obeyed, each answered with a line: "NAME LETTERS"
is what it says to the next ones that ask, the last letter to all others: g
well, u not signed, d degraded, f 503, w signed with another key, r nothing;
"NAME" prints the paths that were asked for since the last time; "NAME of
LETTER" is what it says of others: o up, x down, t that it has not looked for
an hour, w as o, signed with another key, n for another nonce, a about another
node, e 404, r nothing, l more than one may.  The end of input ends it.
"""
import base64
import hashlib
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey)


def seed_of(name):
    return hashlib.sha256(name.encode()).digest()


def key_of(name):
    return Ed25519PrivateKey.from_private_bytes(seed_of(name))


def id_of(key):
    return hashlib.sha256(key.public_key().public_bytes(
        form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    ).hexdigest()


class Says(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_GET(self):
        server = self.server
        url = urlsplit(self.path)
        with server.lock:
            letter = server.letters[0]
            if len(server.letters) > 1:
                server.letters = server.letters[1:]
            server.paths.append(url.path)
        self.close_connection = True
        nonce = parse_qs(url.query).get("nonce", [""])[0]
        if url.path.startswith("/api/health/of/"):
            letter, status = server.of, 404 if server.of == "e" else 200
            body = self.seen(letter, url.path.split("/")[-1], nonce)
        else:
            status = 503 if letter == "f" else 200
            body = self.health(letter, nonce)
        if letter == "r":
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def health(self, letter, nonce):
        key = key_of(self.server.name)
        says = {"status": "degraded" if letter == "d" else "ok",
                "node_id": id_of(key), "name": self.server.name,
                "version": "1.0", "uptime_s": 5, "components": {}}
        if letter != "u":
            says["nonce"] = nonce
            self.sign(says, b"bzn-health-v1", letter == "w")
        return json.dumps(says).encode()

    def sign(self, says, domain, wrongly):
        key = key_of("another" if wrongly else self.server.name)
        text = json.dumps(says, sort_keys=True, separators=(",", ":"))
        says["signature"] = base64.b64encode(
            key.sign(domain + b"\n" + text.encode())).decode()

    def seen(self, letter, node, nonce):
        """A minute ago, by a clock of its own."""
        hour = "2026-01-01T07" if letter == "t" else "2026-01-01T08"
        failed = letter == "x"
        says = {"v": 1, "observer": id_of(key_of(self.server.name)),
                "node_id": node[::-1] if letter == "a" else node,
                "nonce": nonce[::-1] if letter == "n" else nonce,
                "at": "2026-01-01T08:01:00.000Z", "samples": [{
                    "v": 1, "node_id": node, "url": "http://node.example",
                    "family": "any", "started_at": hour + ":00:00.000Z",
                    "mono_ms": 5, "ok": not failed, "slow": False,
                    "class": "timeout" if failed else None, "http": None,
                    "signed": True, "confirm": False, "sweep_id": "s"}]}
        if letter == "l":
            says["more"] = "x" * 20000
        self.sign(says, b"bzn-witness-v1", letter == "w")
        return json.dumps(says).encode()


NODES = {}
for name in sys.argv[1:]:
    node = ThreadingHTTPServer(("127.0.0.1", 0), Says)
    node.daemon_threads = True
    node.name, node.letters, node.paths, node.of = name, "g", [], "e"
    node.lock = threading.Lock()
    NODES[name] = node
    threading.Thread(target=node.serve_forever, daemon=True).start()
    print(name, node.server_address[1], seed_of(name).hex())
print("ready", flush=True)
for line in sys.stdin:
    words = line.split()
    node = NODES[words[0]]
    with node.lock:
        if len(words) > 2:
            node.of = words[2]
        elif len(words) > 1:
            node.letters = words[1]
        print(" ".join(node.paths), flush=True)
        node.paths.clear()
