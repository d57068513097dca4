#!/usr/bin/env python3
"""Make a market for serve.sh: nodes and skills, over HTTP.

    serve.py URL KEYS SKILLS NODES

KEYS gets the API keys of half of the nodes, who buy; SKILLS the ids of what
the others sell.
"""
import http.client
import json
import sys


def main():
    url, keys, skills, n = sys.argv[1:]
    conn = http.client.HTTPConnection(*url[7:].rsplit(":", 1))

    def post(path, body, key=None):
        fields = {"Content-Type": "application/json"}
        if key:
            fields["X-API-KEY"] = key
        conn.request("POST", path, json.dumps(body), fields)
        reply = conn.getresponse()
        text = json.loads(reply.read())
        assert reply.status == 200, text
        return text

    with open(keys, "w") as buyers, open(skills, "w") as sold:
        for i in range(int(n)):
            node = "node-%03d" % i
            asked = post("/v1/node/register", {"node_id": node})
            payload = asked["verification_challenge"]["payload"]
            primes = sum(x for x in payload if x > 1 and
                         all(x % d for d in range(2, x)))
            key = post("/v1/node/verify", {
                "node_id": node, "solution": primes / 2})["api_key"]
            if i % 2 == 0:
                print(key, file=buyers)
                continue
            skill = post("/v1/marketplace/publish", {
                "type": "SKILL_OFFER", "label": "work-%03d" % i,
                "price_tck": 1, "metadata": {"description": "d" * 20}}, key)
            print(skill["skill_id"], file=sold)


if __name__ == "__main__":
    main()
