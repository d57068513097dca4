#!/usr/bin/python3
# table.py WHAT URL HOME ROUTES [N SEED] - calls made from the table of routes
# (bzn-serve --routes); prints what is not as it must be, and nothing else.
import http.client
import json
import random
import sys
import urllib.parse

what, url, home, table = sys.argv[1:5]
host = urllib.parse.urlparse(url).netloc
routes = [json.loads(line) for line in open(table)]
secrets = {
    "node": open(home + "/keys/alice").read().strip(),
    "admin": open(home + "/identity/admin_key").read().strip(),
    "sync": open(home + "/identity/sync_token").read().strip(),
    "internal": open(home + "/identity/internal_key").read().strip(),
}
wrong = {
    "string": [7, True, [], {}, "x" * 70000],
    "integer": ["seven", True, [], {}, 1.5, 10 ** 30],
    "number": ["seven", True, [], {}],
    "boolean": ["true", 1, [], {}],
    "object": ["text", 7, True, []],
    "array": ["text", 7, True, {}],
    "null": [],
    "money": ["seven", True, [], {}, 0.001, "1.234", -1, 1e300, "-1"],
}
connection = None


def call(method, path, body=None, headers=None):
    """One request; a connection that ends is made again."""
    global connection
    headers = dict(headers or {})
    if body is not None:
        headers["Content-Type"] = "application/json"
        if not isinstance(body, (str, bytes)):
            body = json.dumps(body)
    for _ in range(2):
        try:
            if connection is None:
                connection = http.client.HTTPConnection(host, timeout=20)
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            if reply.getheader("Content-Type") == "text/event-stream":
                connection.close()      # it has no end
                connection = None
                return reply.status, b"", reply.headers
            text = reply.read()
            if reply.getheader("Connection") == "close":
                connection = None
            return reply.status, text, reply.headers
        except (http.client.HTTPException, ConnectionError):
            connection = None
    raise SystemExit(f"{method} {path}: no answer")


def credentials(route):
    for who in route["auth"]:
        if who == "node":
            return {"X-API-KEY": secrets["node"]}
        if who in ("admin", "sync"):
            return {"Authorization": "Bearer " + secrets[who]}
        if who == "internal":
            return {"X-INTERNAL-API-KEY": secrets[who]}
    return {}


def path_of(route, value="no-such-thing"):
    path = route["path"]
    if path.endswith("/*"):
        path = path[:-1] + value
    return "/".join(value if p.startswith("{") else p
                    for p in path.split("/"))


def kinds(schema):
    if schema.get("format") == "money":
        return ["money"]
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else kind


def fitting(schema, rnd, depth=0):
    """A value that the schema takes, as far as it is understood here."""
    if "enum" in schema:
        return rnd.choice(schema["enum"])
    if "const" in schema:
        return schema["const"]
    kind = (kinds(schema) or ["string"])[0]
    if kind == "money":
        return schema.get("x-least", "1.00")
    if kind == "string":
        n = max(schema.get("minLength", 1), 1)
        return "a" * min(n, schema.get("maxLength", n))
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    if kind == "boolean":
        return rnd.choice([True, False])
    if kind == "array":
        return [fitting(schema.get("items", {}), rnd, depth + 1)
                for _ in range(schema.get("minItems", 1))]
    return {k: fitting(v, rnd, depth + 1)
            for k, v in schema.get("properties", {}).items()
            if depth < 5}


def sample(schema, rnd):
    required = schema.get("required", [])
    return {k: fitting(v, rnd) for k, v in schema["properties"].items()
            if k in required or rnd.random() < 0.3}


def say(route, why, status, text):
    print(f"{route['method']} {route['path']}: {why}: {status} "
          f"{text[:300]!r}")


def is_fault(text, member):
    detail = json.loads(text)
    if isinstance(detail.get("error"), dict):
        detail = {"detail": detail["error"].get("fields")}
    detail = detail["detail"]
    return isinstance(detail, list) and any(
        member in [f["field"]] + f["path"] for f in detail)


def types():
    rnd = random.Random(1)
    for route in routes:
        schema = route["body"]
        if not schema or "peer" in route["auth"]:
            continue
        headers = credentials(route)
        for name, member in schema["properties"].items():
            for value in wrong_for(member):
                body = sample(schema, rnd)
                body[name] = value
                status, text, _ = call(route["method"], path_of(route), body,
                                       headers)
                if name == "idempotency_key" and status == 400:
                    continue
                if status == 413 and isinstance(value, str):
                    continue
                if status != 422 or not is_fault(text, name):
                    say(route, f"{name}={value!r:.40}", status, text)
        for body in ("[]", "7", '"x"', "{", "", '{"a":1,"a":2}', "nan"):
            if not body and not schema.get("required"):
                continue
            status, text, _ = call(route["method"], path_of(route), body,
                                   headers)
            if status != 422:
                say(route, f"body {body!r}", status, text)


def fits(value, kind):
    """Is it of that kind, whatever else is asked of it?"""
    if isinstance(value, bool):
        return kind == "boolean"
    if isinstance(value, (int, float)):
        return kind == "number" or (kind == "integer" and
                                    value == int(value) and
                                    abs(value) < 2 ** 63)
    return {"string": str, "object": dict, "array": list}.get(
        kind) == type(value) and not (isinstance(value, str) and
                                      len(value) > 60000)


def wrong_for(member):
    """Values of none of its kinds."""
    return [value for kind in kinds(member) for value in wrong[kind]
            if not any(fits(value, k) for k in kinds(member))]


def wrong_query(member):
    """Texts that are no value of a member of a query."""
    texts = []
    if member.get("format") == "money":
        return ["seven", "0.001", "-1", "1e300"]
    if not {"string"} & set(kinds(member)):
        texts += ["seven", "[]", "{}"]
    if "integer" in kinds(member):
        texts += ["1.5", "9" * 30]
    for key, by in (("minimum", -1), ("maximum", 1)):
        if key in member:
            texts.append(str(member[key] + by))
    if "enum" in member or "pattern" in member:
        texts.append("no such word!")
    if "maxLength" in member:
        texts.append("x" * (member["maxLength"] + 1))
    return texts


def queries():
    rnd = random.Random(3)
    for route in routes:
        schema = route["query"]
        if not schema or route["auth"] == ["peer"]:
            continue
        body = sample(route["body"], rnd) if route["body"] else None
        needs = {k: str(fitting(schema["properties"][k], rnd))
                 for k in schema.get("required", [])}
        tries = [(name, dict(needs, **{name: text}))
                 for name, member in schema["properties"].items()
                 for text in wrong_query(member)]
        tries += [(name, {k: v for k, v in needs.items() if k != name})
                  for name in needs]
        for name, query in tries:
            path = path_of(route) + "?" + urllib.parse.urlencode(query)
            status, text, _ = call(route["method"], path, body,
                                   credentials(route))
            if status == 414:
                continue
            if status != 422 or not is_fault(text, name):
                say(route, f"{name}={query.get(name)!r:.40}", status, text)


def nobody():
    for route in routes:
        if not route["auth"]:
            continue
        want = (401, 403)
        if "/metrics" == route["path"]:
            continue
        for headers in ({}, {"X-API-KEY": "bn_nobody_" + "0" * 32},
                        {"Authorization": "Bearer " + "0" * 64},
                        {"X-INTERNAL-API-KEY": "0" * 64}):
            status, text, got = call(route["method"], path_of(route),
                                     "{}", headers)
            if status not in want:
                say(route, "without credentials", status, text)
            if status == 401 and not got.get("WWW-Authenticate"):
                say(route, "no WWW-Authenticate", status, text)


def unconfigured(status, text):
    """What a part says that the operator has not set up."""
    return status == 503 and b"_unconfigured" in text


def unknown():
    rnd = random.Random(2)
    for route in routes:
        if "{" not in route["path"] or route["auth"] == ["peer"]:
            continue
        body = sample(route["body"], rnd) if route["body"] else None
        query = ""
        if route["query"]:
            query = "?" + urllib.parse.urlencode(
                {k: fitting(v, rnd) for k, v in
                 route["query"]["properties"].items()
                 if k in route["query"].get("required", [])})
        for value in ("no-such-thing", "0191fd2e-0000-7000-8000-000000000000",
                      "%C3%A9", "a%2Fb", "'%20OR%201=1", "x" * 300):
            status, text, _ = call(route["method"],
                                   path_of(route, value) + query, body,
                                   credentials(route))
            if status != 404 and not unconfigured(status, text) and \
                    not (status in (400, 422) and
                         len(route["path"].split("{")) > 1 and
                         route["tag"] == "admin"):
                say(route, f"id {value:.20}", status, text)


def document():
    status, text, _ = call("GET", "/openapi.json")
    doc = json.loads(text)
    in_doc = {(m.upper(), p) for p, ops in doc["paths"].items()
              for m in ops}
    listed = {(r["method"], r["path"][:-1] + "{path}"
               if r["path"].endswith("/*") else r["path"]) for r in routes}
    for missing in listed ^ in_doc:
        print("in one list only:", missing)
    ids = [op["operationId"] for ops in doc["paths"].values()
           for op in ops.values()]
    if len(ids) != len(set(ids)):
        print("an operationId twice")
    for path in {r["path"] for r in routes}:
        has = {r["method"] for r in routes if r["path"] == path}
        real = path_of({"path": path}, "x")
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            status, text, got = call(method, real, "{}")
            others = {r["method"] for r in routes
                      if path_of(r, "x") == real}
            if method in has | others:
                if status in (405, 501):
                    print(method, path, "does not answer")
            elif status != 405 or not has <= set(
                    got["Allow"].split(", ")):
                print(method, path, status, "instead of 405")


def hostile(rnd, depth=0):
    kind = rnd.randrange(12)
    if kind == 0:
        return rnd.choice([0, -1, 1, 2 ** 63, -2 ** 63, 2 ** 64, 1e308,
                           5e-324, 0.1, 1e2])
    if kind == 1:
        return rnd.choice([True, False, None])
    if kind < 6 or depth > 4:
        return rnd.choice([
            "", " ", "a" * rnd.choice([1, 3, 100, 101, 5000]), "\u202e",
            "\ud7ff", "\U0001f4a9" * 50, "'; DROP TABLE node_node; --",
            "../../etc/passwd", "%00", "\x7f", "\\", '"', "<script>",
            "alice", "VAULT", "MINT", "1e2", "0.01", "-0.00", "1" * 40,
            "2026-11-20T08:00:00Z", "https://169.254.169.254/",
            "(a+)+$", "bn_alice_0", "null"])
    if kind < 9:
        return [hostile(rnd, depth + 1) for _ in range(rnd.randrange(4))]
    return {hostile(rnd, 9) or "k": hostile(rnd, depth + 1)
            for _ in range(rnd.randrange(4))}


def fuzz():
    n, seed = int(sys.argv[5]), int(sys.argv[6])
    rnd = random.Random(seed)
    for i in range(n):
        route = rnd.choice(routes)
        body = None
        if route["body"]:
            body = sample(route["body"], rnd)
            for _ in range(rnd.randrange(3)):
                name = rnd.choice(list(route["body"]["properties"]) + ["x"])
                body[name] = hostile(rnd)
            if rnd.random() < 0.05:
                body = hostile(rnd)
        query = {}
        if route["query"]:
            for name, member in route["query"]["properties"].items():
                if rnd.random() < 0.5:
                    query[name] = fitting(member, rnd)
                elif rnd.random() < 0.5:
                    query[name] = str(hostile(rnd))
        value = urllib.parse.quote(
            str(hostile(rnd, 9))[:200] or "x", safe="")
        if value in (".", "..") or "%00" in value:
            value = "x"
        path = path_of(route, value)
        if query:
            path += "?" + urllib.parse.urlencode(query)
        headers = credentials(route) if rnd.random() < 0.9 else {}
        if rnd.random() < 0.3:
            headers["Idempotency-Key"] = str(rnd.randrange(20))
        if isinstance(body, str):
            body = json.dumps(body)
        status, text, got = call(route["method"], path[:8000], body, headers)
        if status >= 500 and not unconfigured(status, text):
            say(route, f"{seed}:{i} {path} {json.dumps(body)[:200]}",
                status, text)
        if not got.get("X-Request-ID"):
            say(route, "no X-Request-ID", status, text)
        if status >= 400 and got.get_content_type() == "application/json" \
                and "request_id" not in json.loads(text):
            say(route, "no request_id", status, text)


{"types": types, "queries": queries, "nobody": nobody, "unknown": unknown,
 "document": document, "fuzz": fuzz}[what]()
