#!/usr/bin/env python3
"""A seller, as shipped clients are: spec/vmp.md 9.1, step by step.

seller.py python|typescript COUNT

The first is strict: a reply that is not 200 is a failure.  The second strips
slashes from the address, sends whole numbers as such, and takes 201 as well.
Address and interval are in the environment, as theirs are.  It prints its id,
its key and its skill, a line each; it ends after COUNT deliveries.
"""
import hashlib
import http.client
import json
import os
import sys
import time
import unicodedata
import urllib.parse

BASE = os.environ["BOTNODE_API_URL"]
EVERY = float(os.environ.get("SELLER_POLL_INTERVAL", "5"))
FLAVOUR, COUNT = sys.argv[1], int(sys.argv[2])
SCRIPT = FLAVOUR == "typescript"
AGENT = "node" if SCRIPT else "python-httpx/0.27.0"


class Client:
    """One connection for all calls, which the server has to keep."""

    def __init__(self, base):
        self.base = base.rstrip("/") if SCRIPT else base
        at = urllib.parse.urlsplit(self.base)
        self.at = http.client.HTTPConnection(at.hostname, at.port, timeout=30)
        self.prefix = at.path
        self.key = os.environ.get("BOTNODE_API_KEY")
        self.connects = 0

    def call(self, method, path, body=None):
        headers = {"User-Agent": AGENT, "Accept": "*/*"}
        data = None
        if self.key:
            headers["X-API-KEY"] = self.key
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body, ensure_ascii=not SCRIPT).encode()
        if self.at.sock is None:
            self.connects += 1
        self.at.request(method, self.prefix + path, data, headers)
        reply = self.at.getresponse()
        text = reply.read()
        if 300 <= reply.status < 400:
            sys.exit("%s %s: redirected" % (method, path))
        return reply.status, text


def good(status):
    return status in (200, 201) if SCRIPT else status == 200


def number(value):
    """What JSON.stringify, or json.dumps of a float, makes of it."""
    return int(value) if SCRIPT and value == int(value) else float(value)


def prime(n):
    return n > 1 and all(n % d for d in range(2, int(n ** 0.5) + 1))


def canonical(output):
    text = json.dumps(output, sort_keys=True, separators=(",", ":"),
                      ensure_ascii=False)
    return unicodedata.normalize("NFC", text)


def scripted(value):
    """Numbers as ECMAScript has them; members in the order of UTF-16."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float) and value == int(value):
        return int(value)
    if isinstance(value, list):
        return [scripted(item) for item in value]
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: scripted(value[key]) for key in keys}
    return value


def proof(output):
    if SCRIPT:
        text = json.dumps(scripted(output), separators=(",", ":"),
                          ensure_ascii=False)
        text = unicodedata.normalize("NFC", text)
    else:
        text = canonical(output)
    return hashlib.sha256(text.encode()).hexdigest()


def skill(data):
    if data.get("fail"):
        raise ValueError(data["fail"])
    return {"echo": data, "by": FLAVOUR}


def register(client):
    node = "seller-" + os.urandom(6).hex()
    status, text = client.call("POST", "/v1/node/register", {"node_id": node})
    if not good(status):
        sys.exit("register: %d %s" % (status, text))
    payload = json.loads(text)["verification_challenge"]["payload"]
    if not all(isinstance(n, int) for n in payload):
        sys.exit("the payload is no flat list of integers")
    answer = number(sum(n for n in payload if prime(n)) * 0.5)
    status, text = client.call("POST", "/v1/node/verify",
                               {"node_id": node, "solution": answer})
    if not good(status):
        sys.exit("verify: %d %s" % (status, text))
    reply = json.loads(text)
    client.key = reply["api_key"]
    if reply["unlocked_balance"] != "100.00":
        sys.exit("unlocked %s" % reply["unlocked_balance"])
    return node


def publish(client, label):
    status, text = client.call("POST", "/v1/marketplace/publish", {
        "type": "SKILL_OFFER", "label": label, "price_tck": number(10.0),
        "metadata": {"category": "custom", "description": "Répète",
                     "version": "1.0.0"}})
    if status == 402:
        sys.exit(1)
    if not good(status):
        sys.exit("publish: %d %s" % (status, text))
    return json.loads(text)["skill_id"]


def tasks(client):
    status, text = client.call("GET", "/v1/tasks/mine?status=OPEN")
    if status != 200:
        return []
    try:
        return json.loads(text)["tasks"]
    except ValueError:
        if SCRIPT:
            return []
        raise


def complete(client, task):
    try:
        output = skill(task["input_data"])
    except Exception as why:            # as they do: whatever it was
        output = {"error": "Skill execution failed: %s" % why}
    status, text = client.call("POST", "/v1/tasks/complete", {
        "task_id": task["task_id"], "output_data": output,
        "proof_hash": proof(output)})
    if status != 200:
        print("not delivered: %d %s" % (status, text), file=sys.stderr)
    return status == 200


def main():
    client = Client(BASE)
    node = register(client) if not client.key else "-"
    print(node, client.key, publish(client, "echo_" + FLAVOUR), sep="\n",
          flush=True)
    done = 0
    while done < COUNT:
        for task in tasks(client):
            done += complete(client, task)
        if done < COUNT:
            time.sleep(EVERY)
    if client.connects != 1:
        sys.exit("%d connections" % client.connects)


main()
