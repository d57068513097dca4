#!/usr/bin/env python3
"""One who works while others take all connections that there are.

    crowd.py URL KEY TASK

A seller connects; then 300 others do, who say nothing.  The seller reads what
is read aside, delivers TASK, which is judged aside, and publishes a skill, on
the one connection.  Prints the statuses.
"""
import http.client
import socket
import sys

host, port = sys.argv[1][7:].rsplit(":", 1)
conn = http.client.HTTPConnection(host, int(port), timeout=20)


def call(method, path, body=None):
    conn.request(method, path, body, {
        "X-API-KEY": sys.argv[2], "Content-Type": "application/json"})
    reply = conn.getresponse()
    reply.read()
    return reply.status


conn.connect()
call("GET", "/health")
crowd = []
for _ in range(300):
    s = socket.create_connection((host, int(port)))
    s.settimeout(0.2)
    crowd.append(s)
for s in crowd[-20:]:       # by now some are refused
    try:
        s.recv(1)
    except OSError:
        pass
print(call("GET", "/v1/bounties"), call("GET", "/v1/tasks/mine"),
      call("POST", "/v1/tasks/complete",
           '{"task_id":"%s","output_data":{},"proof_hash":"p"}' %
           sys.argv[3]),
      call("POST", "/v1/marketplace/publish",
           '{"type":"SKILL_OFFER","label":"t","price_tck":1}'))
