#!/usr/bin/python3
# openapi.py DOCUMENT - is it one, as OpenAPI 3.1.0 has it?  Prints what is
# not as it must be, by JSON pointers, and nothing else.
import json
import re
import sys

document = json.load(open(sys.argv[1]))
# Objects by name: the members they must have, and those they may.
objects = {
    "document": ("openapi info paths", "servers components tags security "
                 "jsonSchemaDialect webhooks externalDocs"),
    "info": ("title version", "summary description termsOfService contact "
             "license"),
    "license": ("name", "identifier url"),
    "tag": ("name", "description externalDocs"),
    "server": ("url", "description variables"),
    "operation": ("responses", "tags summary description operationId "
                  "parameters requestBody security deprecated servers "
                  "callbacks externalDocs"),
    "parameter": ("name in schema", "description required deprecated "
                  "example examples style explode"),
    "header": ("schema", "description required deprecated example"),
    "body": ("content", "description required"),
    "media": ("", "schema example examples encoding"),
    "response": ("description", "headers content links"),
    "components": ("", "schemas responses parameters examples requestBodies "
                   "headers securitySchemes links callbacks pathItems"),
    "scheme": ("type", "description name in scheme bearerFormat"),
}
words = set("""type properties required items enum const format pattern
    minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength
    minItems maxItems uniqueItems minProperties maxProperties
    additionalProperties allOf anyOf oneOf not description title default
    examples deprecated $ref""".split())
types = set("string number integer boolean object array null".split())


def say(at, what):
    print(f"{at}: {what}")


def is_object(at, value, kind):
    """Has it the members of its kind?  Those that begin with x- are free."""
    if not isinstance(value, dict):
        say(at, f"is no {kind}")
        return False
    must, may = (set(s.split()) for s in objects[kind])
    for name in must - set(value):
        say(at, f"has no '{name}'")
    for name in set(value) - must - may:
        if not name.startswith("x-"):
            say(at, f"a {kind} has no '{name}'")
    return True


def follow(at, value):
    """What a reference leads to, or the value itself."""
    if not isinstance(value, dict) or "$ref" not in value:
        return value
    to = document
    for step in value["$ref"].split("/")[1:]:
        to = to.get(step) if isinstance(to, dict) else None
    if to is None or not value["$ref"].startswith("#/"):
        say(at, f"{value['$ref']} leads nowhere")
        return {}
    return to


def schema(at, s):
    if not isinstance(s, dict):
        say(at, "is no schema")
        return
    for name in s:
        if name not in words and not name.startswith("x-"):
            say(at, f"no word of schemas: '{name}'")
    follow(at, s)
    kinds = s.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if not set(kinds) <= types or len(kinds) != len(set(kinds)):
        say(at, f"no types: {kinds}")
    if "array" in kinds and "items" not in s:
        say(at, "no items")
    for name in set(s.get("required", [])) - set(s.get("properties", {})):
        say(at, f"requires '{name}', which it does not describe")
    if "pattern" in s:
        re.compile(s["pattern"])
    for value in s.get("enum", []):
        kind = {str: "string", type(None): "null", bool: "boolean",
                int: "integer"}.get(type(value))
        if kinds and kind not in kinds:
            say(at, f"of another type: {value!r}")
    for name, one in s.get("properties", {}).items():
        schema(f"{at}/properties/{name}", one)
    for name in ("items", "additionalProperties", "not"):
        if isinstance(s.get(name), dict):
            schema(f"{at}/{name}", s[name])
    for name in ("allOf", "anyOf", "oneOf"):
        for i, one in enumerate(s.get(name, [])):
            schema(f"{at}/{name}/{i}", one)


def content(at, value):
    for media, one in value.items():
        if not re.fullmatch(r"[a-z*]+/[a-z0-9.+*-]+", media):
            say(at, f"no media type: '{media}'")
        if is_object(f"{at}/{media}", one, "media"):
            schema(f"{at}/{media}/schema", one.get("schema"))


def parameters(at, path, values):
    seen = set()
    for i, value in enumerate(values):
        p = follow(f"{at}/{i}", value)
        if not is_object(f"{at}/{i}", p, "parameter"):
            continue
        place = (p.get("in"), p.get("name"))
        if place in seen:
            say(f"{at}/{i}", f"twice: {place}")
        seen.add(place)
        if p.get("in") not in ("path", "query", "header", "cookie"):
            say(f"{at}/{i}", "is nowhere")
        if p.get("in") == "path" and p.get("required") is not True:
            say(f"{at}/{i}", "is not required")
        schema(f"{at}/{i}/schema", p.get("schema"))
    named = {n for where, n in seen if where == "path"}
    if named != set(re.findall(r"\{([^}]*)\}", path)):
        say(at, f"names {sorted(named)}")


def operation(at, path, o):
    if not is_object(at, o, "operation"):
        return
    parameters(f"{at}/parameters", path, o.get("parameters", []))
    if "requestBody" in o and is_object(f"{at}/requestBody",
                                        o["requestBody"], "body"):
        content(f"{at}/requestBody/content", o["requestBody"]["content"])
    for status, r in o["responses"].items():
        here = f"{at}/responses/{status}"
        if not re.fullmatch("[1-5][0-9][0-9]|default", status):
            say(here, "is no status")
        if not is_object(here, r, "response"):
            continue
        for name, h in r.get("headers", {}).items():
            is_object(f"{here}/headers/{name}", follow(here, h), "header")
        content(f"{here}/content", r.get("content", {}))
    if not any(s.startswith("2") for s in o["responses"]):
        say(at, "never succeeds")
    for one in o.get("security", []):
        for name in one:
            if name not in document["components"]["securitySchemes"]:
                say(at, f"no security scheme '{name}'")
    for tag in o.get("tags", []):
        if tag not in [t["name"] for t in document["tags"]]:
            say(at, f"no tag '{tag}'")


is_object("", document, "document")
if not re.fullmatch(r"3\.1\.[0-9]+", document["openapi"]):
    say("/openapi", "is not 3.1")
is_object("/info", document["info"], "info")
is_object("/info/license", document["info"]["license"], "license")
is_object("/components", document["components"], "components")
for i, tag in enumerate(document["tags"]):
    is_object(f"/tags/{i}", tag, "tag")
for i, server in enumerate(document["servers"]):
    is_object(f"/servers/{i}", server, "server")
for name, scheme in document["components"]["securitySchemes"].items():
    is_object(f"/components/securitySchemes/{name}", scheme, "scheme")
for name, one in document["components"]["schemas"].items():
    if not re.fullmatch("[a-zA-Z0-9._-]+", name):
        say("/components/schemas", f"no name: '{name}'")
    schema(f"/components/schemas/{name}", one)
ids, shapes = set(), set()
for path, item in document["paths"].items():
    if not path.startswith("/"):
        say("/paths", f"no path: '{path}'")
    shape = re.sub(r"\{[^}]*\}", "{}", path)
    if shape in shapes:
        say(f"/paths/{path}", "is the path of others")
    shapes.add(shape)
    for method, o in item.items():
        if method not in ("get", "put", "post", "delete", "patch"):
            say(f"/paths/{path}", f"no method: '{method}'")
            continue
        operation(f"/paths/{path}/{method}", path, o)
        if o.get("operationId") in ids:
            say(f"/paths/{path}/{method}", "its operationId is of another")
        ids.add(o.get("operationId"))
