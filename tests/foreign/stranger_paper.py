"""Check the receipt of a trade, with nothing but bzn-json(5) to go by.

stranger_paper.py RECEIPT JWKS: its hash and both signatures, by PyJWT and
cryptography.  Its proofs are for stranger.py: they are written to files
proof.N, and their names printed.
"""
import base64
import hashlib
import json
import sys

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

paper = json.load(open(sys.argv[1]))
keys = {k["kid"]: k for k in json.load(open(sys.argv[2]))["keys"]}

# No fractions, all keys ASCII: this is RFC 8785.
core = json.dumps(paper["core"], sort_keys=True, separators=(",", ":"),
                  ensure_ascii=False).encode()
assert hashlib.sha256(core).hexdigest() == paper["receipt_hash"], "hash"

token = paper["signatures"]["rs256"]
head = jwt.get_unverified_header(token)
assert head["typ"] == "vmp-receipt+jws" and head["alg"] == "RS256", head
claims = jwt.decode(token, jwt.PyJWK(keys[head["kid"]]).key, ["RS256"],
                    options={"verify_iat": False})
assert claims["receipt_hash"] == paper["receipt_hash"], claims
assert claims["receipt_id"] == paper["core"]["receipt_id"], claims
assert claims["final"] is paper["final"], claims

said = paper["signatures"]["ed25519"]
raw = base64.b64decode(said["public_key"], validate=True)
key = ed25519.Ed25519PublicKey.from_public_bytes(raw)
pem = key.public_bytes(serialization.Encoding.PEM,
                       serialization.PublicFormat.SubjectPublicKeyInfo)
assert hashlib.sha256(pem).hexdigest() == said["node_id"], "node_id"
assert keys[said["node_id"]]["x"] == \
    base64.urlsafe_b64encode(raw).decode().rstrip("="), "jwks"
key.verify(base64.b64decode(said["sig"], validate=True),
           b"bzn-vmp-receipt-v1\n" + core)

for n, proof in enumerate(paper["evidence"]["proofs"] +
                          paper["evidence"]["keys"]):
    with open("proof.%d" % n, "w") as f:
        f.write(proof["tlog_proof"])
    print("proof.%d" % n)
