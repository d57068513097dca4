"""Notes, keys, checkpoints, policies, proofs: bzn-ledger(5)."""
import base64
import binascii
import hashlib
import re
import unicodedata

import stranger_ed25519 as ed25519


class Bad(Exception):
    """What is read is not in its form, or is not true; code says how."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def H(data):
    return hashlib.sha256(data).digest()


def node(left, right):
    return H(b"\1" + left + right)


def unbase64(text):
    """RFC 4648 with padding, in its one canonical form; else None."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def decoded(text, length):
    """The bytes of a string in base64, if there are so many; else None."""
    raw = unbase64(text) if isinstance(text, str) else None
    return raw if raw is not None and len(raw) == length else None


def good_name(name):
    return name != "" and "+" not in name and not any(
        c.isspace() or unicodedata.category(c) in ("Zs", "Zl", "Zp")
        for c in name)


def good_origin(name):
    return re.fullmatch(r'[!#-*,-\[\]-~]{1,200}', name) is not None


class Key:
    """A verifier key: NAME+KEYID+BASE64."""

    def __init__(self, vkey):
        parts = vkey.split("+", 2)
        raw = unbase64(parts[2]) if len(parts) == 3 else None
        if raw is None or len(raw) != 33 or raw[0] not in (1, 4) \
                or not good_name(parts[0]):
            raise Bad("bad_vkey", "not a verifier key: " + vkey)
        self.vkey, self.name = vkey, parts[0]
        self.type, self.public = raw[0], raw[1:]
        self.id = H(self.name.encode() + b"\n" + raw)[:4]
        if parts[1] != self.id.hex():
            raise Bad("bad_vkey", "the key id is not that of the key: " + vkey)
        if not ed25519.good_key(self.public):
            raise Bad("bad_vkey", "the key is of small order: " + vkey)

    def signed(self, text, signature):
        """Does what follows the key id on a line hold for this text?"""
        if self.type == 1:
            return ed25519.verify(self.public, text, signature)
        if len(signature) != 72:
            return False
        moment = int.from_bytes(signature[:8], "big")
        head = b"cosignature/v1\ntime %d\n" % moment
        return ed25519.verify(self.public, head + text, signature[8:])


def signature_line(line):
    """(name, key id, signature) of a line, without its LF."""
    m = re.fullmatch("\u2014 ([^ ]+) ([^ ]+)", line)
    raw = unbase64(m[2]) if m else None
    if raw is None or len(raw) < 5 or not good_name(m[1]):
        raise Bad("bad_note", "not a line of a signature")
    return m[1], raw[:4], raw[4:]


class Note:
    def __init__(self, raw):
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            raise Bad("bad_note", "not UTF-8")
        if len(raw) > 65536 or re.search("[\0-\x09\x0b-\x1f]", text):
            raise Bad("bad_note", "too long, or a byte below 0x20")
        cut = text.rfind("\n\n")
        lines = text[cut + 2:]
        if cut < 1 or not lines.endswith("\n"):
            raise Bad("bad_note", "no text, or no signatures")
        self.text = text[:cut + 1].encode()
        self.lines = [signature_line(x) for x in lines[:-1].split("\n")]
        if len(self.lines) > 64:
            raise Bad("bad_note", "more than 64 signatures")

    def signers(self, keys):
        """Those of the keys that have signed."""
        found = []
        for name, key_id, signature in self.lines:
            for key in keys:
                if (key.name, key.id) != (name, key_id):
                    continue
                if not key.signed(self.text, signature):
                    raise Bad("bad_signature",
                              "the signature of %s does not hold" % name)
                found.append(key)
        return found


class Checkpoint(Note):
    def __init__(self, raw):
        super().__init__(raw)
        lines = self.text.decode()[:-1].split("\n")
        root = unbase64(lines[2]) if len(lines) > 2 else None
        if root is None or len(root) != 32 or "" in lines \
                or not good_origin(lines[0]) \
                or not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]):
            raise Bad("bad_note", "the text is not that of a checkpoint")
        self.origin, self.size, self.root = lines[0], int(lines[1]), root


class Policy:
    def __init__(self, text):
        self.logs, self.witnesses, self.groups = [], {}, {}
        self.quorum, used = None, set()
        for line in text.split("\n"):
            words = re.sub("#.*", "", line).split()
            if words:
                self.line(words, used)
        if self.quorum is None:
            raise Bad("bad_policy", "no quorum")

    def line(self, words, used):
        word, n = words[0], len(words)
        known = {**self.witnesses, **self.groups}
        if word == "log" and n in (2, 3):
            self.logs.append(Key(words[1]))
        elif word == "witness" and n in (3, 4) and words[1] not in known:
            self.witnesses[words[1]] = Key(words[2])
        elif word == "group" and n > 3 and words[1] not in known:
            self.group(words[1], words[2], words[3:], known, used)
        elif word == "quorum" and n == 2 and self.quorum is None \
                and (words[1] == "none" or words[1] in known):
            self.quorum = words[1]
        else:
            raise Bad("bad_policy", "not a line of a policy: " + word)

    def group(self, name, how, members, known, used):
        need = {"any": "1", "all": str(len(members))}.get(how, how)
        if not re.fullmatch("[1-9][0-9]{0,3}", need) \
                or int(need) > len(members):
            raise Bad("bad_policy", "group %s: %s" % (name, how))
        for m in members:
            if m not in known or m in used:
                raise Bad("bad_policy", "group %s: member %s" % (name, m))
            used.add(m)
        self.groups[name] = (int(need), members)

    def keys(self):
        return self.logs + list(self.witnesses.values())

    def met(self, signers, name=None):
        name = name or self.quorum
        if name == "none":
            return True
        if name in self.witnesses:
            return self.witnesses[name] in signers
        need, members = self.groups[name]
        return sum(self.met(signers, m) for m in members) >= need


def leads(leaf_hash, index, size, proof, root):
    """Is the leaf at this index in the tree of this size and root?"""
    if not 0 <= index < size:
        return False
    inner = (index ^ (size - 1)).bit_length()
    border = bin(index >> inner).count("1")
    if len(proof) != inner + border:
        return False
    h = leaf_hash
    for k, p in enumerate(proof):
        left = k < inner and not index >> k & 1
        h = node(h, p) if left else node(p, h)
    return h == root


def certificate_text(origin, vkey):
    return b"bzn-log-key-v1\n%s\n%s\n" % (origin.encode(), vkey.encode())


def node_id(public):
    der = bytes.fromhex("302a300506032b6570032100") + public
    return H(b"-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(der)
             + b"\n-----END PUBLIC KEY-----\n").hex()


def certified(origin, vkey, public, signature):
    """Has this key signed for that key of the log?"""
    raw = decoded(signature, 64)
    return raw is not None and ed25519.verify(
        public, certificate_text(origin, vkey), raw)
