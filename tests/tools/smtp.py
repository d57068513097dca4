"""A small SMTP server: smtp.py DIR [auth]

It writes its port into DIR/ready, a pipe, once it listens, what it is given
into DIR/got.N, and who it is from and for, a line each, into DIR/envelope.
auth: it takes "name" with "word".
"""
import base64
import os
import socketserver
import sys
import threading

where, how = sys.argv[1], (sys.argv + [""])[2]
lock = threading.Lock()


class Mail(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def note(self, line):
        with open(os.path.join(where, "envelope"), "a") as f:
            f.write(line + "\n")

    def take(self):
        text = b""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            text += line[1:] if line[:1] == b"." else line
        with lock:
            n = 1
            while os.path.exists(os.path.join(where, "got.%d" % n)):
                n += 1
            with open(os.path.join(where, "got.%d" % n), "wb") as f:
                f.write(text)
        self.say("250 taken")

    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline().decode().rstrip("\r\n"):
            word = line.split(" ")[0].split(":")[0].upper()
            if word == "EHLO":
                if how == "auth":
                    self.say("250-AUTH PLAIN")
                self.say("250 SIZE 1000000")
            elif word == "AUTH":
                self.say("334 ")
                said = base64.b64decode(self.rfile.readline())
                good = said == b"\0name\0word"
                self.note("AUTH good" if good else "AUTH bad")
                self.say("235 yes" if good else "535 no")
            elif word in ("MAIL", "RCPT"):
                self.note(line)
                self.say("250 good")
            elif word == "DATA":
                self.say("354 go on")
                self.take()
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 good")


with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail) as server:
    server.daemon_threads = True
    with open(os.path.join(where, "ready"), "w") as f:
        f.write("%d\n" % server.server_address[1])
    server.serve_forever()
