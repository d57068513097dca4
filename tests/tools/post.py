#!/usr/bin/env python3
"""A mail server, or a receiver of webhooks, for tests.

post.py smtp READY BOX [tls|smtps CERT KEY]	a mail becomes BOX/N.eml
post.py hook READY BOX CERT KEY SECRET PUBLIC	an event becomes BOX/N.json

The port is written to READY, a pipe, once it listens.  With tls the mail
server offers STARTTLS, with smtps it speaks TLS at once; it is aiosmtpd, and
takes "name" with "word".  Before a mail stands a line X-Envelope: from, to,
tls or bare.  BOX/log has what was said to it.  SECRET and PUBLIC, a PEM file,
are what events are signed with, or "".  What is answered is in BOX/answer: a
status, 250 or 200 if there is none; of mail also 0, which breaks off.  A GET
becomes BOX/N.moved.  A signature that is not good is answered with 401.
"""
import asyncio
import base64
import hashlib
import hmac
import http.server
import json
import logging
import os
import ssl
import sys

what, ready, box = sys.argv[1:4]


def answer(usual):
    try:
        with open(box + "/answer") as f:
            return int(f.read())
    except FileNotFoundError:
        return usual


def keep(data, suffix):
    n = 1
    while os.path.exists(f"{box}/{n}.{suffix}"):
        n += 1
    with open(f"{box}/{n}.{suffix}", "wb") as f:
        f.write(data)


def listens(port):
    with open(ready, "w") as f:
        f.write(f"{port}\n")


def context(cert, key):
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(cert, key)
    return c


def is_signed(headers, body):
    secret, public = sys.argv[6:8]
    at, name = headers["webhook-timestamp"], headers["webhook-id"]
    text = f"{name}.{at}.".encode() + body
    marks = dict(m.split(",", 1) for m in headers["webhook-signature"].split())
    want = {*(["v1"] if secret else []), *(["v1a"] if public else [])}
    if set(marks) != want or at != headers["X-BotNode-Timestamp"]:
        return False
    if secret:
        mac = hmac.new(base64.b64decode(secret[len("whsec_"):]), text,
                       hashlib.sha256).digest()
        own = hmac.new(secret.encode(), f"{at}.".encode() + body,
                       hashlib.sha256).hexdigest()
        if (base64.b64decode(marks["v1"]) != mac
                or headers["X-BotNode-Signature"] != own):
            return False
    elif "X-BotNode-Signature" in headers:
        return False
    if public:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.serialization import (
            load_pem_public_key)
        with open(public, "rb") as f:
            key = load_pem_public_key(f.read())
        try:
            key.verify(base64.b64decode(marks["v1a"]), text)
        except InvalidSignature:
            return False
    return True


class Hook(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        keep(b"{}", "moved")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        event = json.loads(body)
        good = (is_signed(self.headers, body)
                and event["id"] == self.headers["webhook-id"]
                and event["type"] == self.headers["X-BotNode-Event"])
        keep(json.dumps({"good": good, "path": self.path, "body": event,
                         "text": body.decode(),
                         "headers": dict(self.headers)}).encode(), "json")
        self.send_response(answer(200) if good else 401)
        self.send_header("Location", "/moved")
        self.send_header("Content-Length", "0")
        self.end_headers()


def hook():
    s = http.server.HTTPServer(("127.0.0.1", 0), Hook)
    s.socket = context(*sys.argv[4:6]).wrap_socket(
        s.socket, server_side=True, do_handshake_on_connect=False)
    listens(s.server_address[1])
    s.serve_forever()


def smtp():
    from aiosmtpd.smtp import SMTP, AuthResult

    class Mail:
        async def handle_DATA(self, server, session, envelope):
            keep(f"X-Envelope: {envelope.mail_from} "
                 f"{','.join(envelope.rcpt_tos)} "
                 f"{'tls' if server.transport.get_extra_info('ssl_object') else 'bare'}\r\n".encode()
                 + envelope.original_content, "eml")
            got = answer(250)
            if not got:
                server.transport.abort()
            return "250 kept" if got == 250 else f"{got} not now"

    logging.basicConfig(filename=box + "/log", level=logging.DEBUG)

    def known(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password)
                          == (b"name", b"word"))

    how = sys.argv[4] if len(sys.argv) > 4 else ""
    tls = context(*sys.argv[5:7]) if how else None

    async def main():
        loop = asyncio.get_running_loop()
        s = await loop.create_server(
            lambda: SMTP(Mail(), hostname="mail.test",
                         tls_context=tls if how == "tls" else None,
                         require_starttls=how == "tls",
                         authenticator=known, auth_require_tls=False),
            "127.0.0.1", 0, ssl=tls if how == "smtps" else None)
        listens(s.sockets[0].getsockname()[1])
        await s.serve_forever()

    asyncio.run(main())


hook() if what == "hook" else smtp()
