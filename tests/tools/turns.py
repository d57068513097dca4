"""Nodes that say what they are told to, each on a port of its own.

    turns.py NAME...

Prints "NAME PORT SEED" a line, SEED being that of its key, and then "ready".
Lines of standard input are obeyed, each answered with a line: "NAME LETTERS"
is what it says to the next ones that ask, the last letter to all others: g
well, u not signed, d degraded, f 503, w signed with another key, r nothing;
"NAME" prints the paths that were asked for since the last time.  The end of
input ends it.
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
        if letter == "r":
            return
        body = self.health(letter, parse_qs(url.query).get("nonce", [""])[0])
        self.send_response(503 if letter == "f" else 200)
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
            text = json.dumps(says, sort_keys=True, separators=(",", ":"))
            if letter == "w":
                key = key_of("another")
            says["signature"] = base64.b64encode(
                key.sign(b"bzn-health-v1\n" + text.encode())).decode()
        return json.dumps(says).encode()


NODES = {}
for name in sys.argv[1:]:
    node = ThreadingHTTPServer(("127.0.0.1", 0), Says)
    node.daemon_threads = True
    node.name, node.letters, node.paths = name, "g", []
    node.lock = threading.Lock()
    NODES[name] = node
    threading.Thread(target=node.serve_forever, daemon=True).start()
    print(name, node.server_address[1], seed_of(name).hex())
print("ready", flush=True)
for line in sys.stdin:
    words = line.split()
    node = NODES[words[0]]
    with node.lock:
        if len(words) > 1:
            node.letters = words[1]
        print(" ".join(node.paths), flush=True)
        node.paths.clear()
