"""The tree, notes, checkpoints and receipts of bzn-ledger(5)."""
import base64
import hashlib
import re

import ed25519

DASH = "\u2014 "


def H(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(leaf):
    return H(b"\0", leaf)


def perfect(hashes):
    while len(hashes) > 1:
        hashes = [H(b"\1", hashes[i], hashes[i + 1])
                  for i in range(0, len(hashes), 2)]
    return hashes[0]


def edge(hashes):
    out, at = [], 0
    for bit in reversed(range(len(hashes).bit_length())):
        if len(hashes) >> bit & 1:
            out.append(perfect(hashes[at:at + (1 << bit)]))
            at += 1 << bit
    return out


def root(hashes):
    parts = edge(hashes)
    if not parts:
        return H()
    out = parts.pop()
    while parts:
        out = H(b"\1", parts.pop(), out)
    return out


def tiles(hashes):
    """(position, root, hashes) of every full one."""
    level = 0
    while len(hashes) >= 256:
        above = []
        for i in range(len(hashes) // 256):
            part = hashes[256 * i:256 * i + 256]
            above.append(perfect(part))
            yield level << 56 | i, above[-1], b"".join(part)
        hashes, level = above, level + 1


def included(h, index, size, proof, want):
    if not 0 <= index < size:
        return False
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + bin(index >> inner).count("1"):
        return False
    for k, p in enumerate(proof):
        if k < inner and not index >> k & 1:
            h = H(b"\1", h, p)
        else:
            h = H(b"\1", p, h)
    return h == want


def unbase64(text):
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def decimal(text):
    return int(text) if re.fullmatch("0|[1-9][0-9]{0,19}", text) else None


def read_vkey(text):
    """(name, id, type, key) or None."""
    name, key_id, rest = (text.split("+", 2) + ["", ""])[:3]
    raw = unbase64(rest) or b""
    if not name or len(raw) != 33 or raw[0] not in (1, 4) or \
            H(name.encode(), b"\n", raw)[:4].hex() != key_id:
        return None
    return name, bytes.fromhex(key_id), raw[0], raw[1:]


def parse(raw):
    """(text, [(name, id, signature)]) or None."""
    try:
        note = raw.decode()
    except UnicodeDecodeError:
        return None
    text, gap, rest = note.rpartition("\n\n")
    lines = rest.split("\n")
    if len(raw) > 65536 or not gap or lines.pop() or \
            not 1 <= len(lines) <= 64 or re.search("[\0-\x09\x0b-\x1f]", note):
        return None
    out = []
    for line in lines:
        m = re.fullmatch(DASH + r"([^\s+]+) (\S+)", line)
        raw = unbase64(m.group(2)) if m else None
        if not raw or len(raw) < 5:
            return None
        out.append((m.group(1), raw[:4], raw[4:]))
    return text + "\n", out


def signature_holds(key, text, signature):
    name, key_id, kind, public = key
    if kind == 1:
        return ed25519.holds(public, text.encode(), signature)
    seconds = int.from_bytes(signature[:8], "big")
    said = "cosignature/v1\ntime %d\n" % seconds + text
    return ed25519.holds(public, said.encode(), signature[8:])


def signers(note, keys):
    """The keys that have signed; None if a signature of one is wrong."""
    out = []
    for name, key_id, signature in note[1]:
        for key in keys:
            if key[:2] == (name, key_id):
                if not signature_holds(key, note[0], signature):
                    return None
                out.append(key)
    return out


def checkpoint(text):
    """(origin, size, root) or None."""
    lines = text.split("\n")[:-1]
    if len(lines) < 3 or "" in lines:
        return None
    size, head = decimal(lines[1]), unbase64(lines[2])
    if size is None or head is None or len(head) != 32:
        return None
    return lines[0], size, head


def receipt(raw):
    """(leaf, index, proof, note) or None."""
    head, gap, note = raw.partition(b"\n\n")
    lines = head.decode("latin-1").split("\n")
    if not gap or len(lines) < 3 or lines[0] != "c2sp.org/tlog-proof@v1" or \
            not lines[1].startswith("extra ") or \
            not lines[2].startswith("index "):
        return None
    leaf, index = unbase64(lines[1][6:]), decimal(lines[2][6:])
    proof = [unbase64(line) for line in lines[3:]]
    if leaf is None or index is None or \
            any(p is None or len(p) != 32 for p in proof):
        return None
    return leaf, index, proof, note


def receipt_holds(raw, keys):
    parts = receipt(raw)
    note = parse(parts[3]) if parts else None
    said = checkpoint(note[0]) if note else None
    good = signers(note, keys) if said else None
    if not good or not any(key[0] == said[0] and key[2] == 1 for key in good):
        return False
    return included(leaf_hash(parts[0]), parts[1], said[1], parts[2], said[2])
