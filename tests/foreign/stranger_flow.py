"""Types of transfers, and the events of the log: bzn-ledger(5)."""
import re

import stranger_leaf as form
from stranger_leaf import is_int, match
from stranger_note import Bad, Checkpoint, H, Key, good_origin, unbase64

# type: debited, credited, most legs, id, ref
FLOWS = {
    "REGISTRATION_CREDIT": ("MINT", "node", 2, "reg:HASH", "node"),
    "GENESIS_BONUS": ("MINT", "node", 2, "genesis:HASH", "node"),
    "VERIFIER_PIONEER_BONUS": ("VAULT", "node", 2, "pioneer:HASH", "given"),
    "LISTING_FEE": ("node", "VAULT", 2, "REF:listing", "given"),
    "ESCROW_LOCK": ("node", "ESCROW", 2, "REF:lock", "given"),
    "ESCROW_SETTLE": ("ESCROW", "node", 1024, "REF:close", "given"),
    "ESCROW_REFUND": ("ESCROW", "node", 2, "REF:close", "given"),
    "DISPUTE_RELEASE": ("ESCROW", "node", 2, "REF:close", "given"),
    "DISPUTE_REFUND": ("ESCROW", "node", 2, "REF:close", "given"),
    "BOUNTY_HOLD": ("node", "BOUNTY", 2, "REF:hold", "given"),
    "BOUNTY_RELEASE": ("BOUNTY", "node", 2, "REF:close", "given"),
    "BOUNTY_REFUND": ("BOUNTY", "node", 2, "REF:close", "given"),
    "PROTOCOL_TAX": ("ESCROW BOUNTY", "VAULT", 2, "REF:tax", "given"),
    "CONFISCATION": ("node", "VAULT", 2, "any", "node"),
    "FIAT_PURCHASE": ("MINT", "node", 2, "REF:paid", "given"),
    "CHARGEBACK_CLAWBACK": ("node", "VAULT", 2, "REF:chargeback", "given"),
    "REFUND_CLAWBACK": ("node", "VAULT", 2, "REF:refund", "given"),
    "CREDIT_ISSUE": ("MINT", "node", 2, "any", "free"),
    "CREDIT_DEDUCT": ("node", "VAULT", 2, "any", "free"),
    "CHAIN_DEPOSIT": ("MINT", "node", 2, "chain:HEX32", "given"),
    "CHAIN_PAYOUT": ("node", "MINT", 2, "any", "given"),
    "REWARD": ("MINT VAULT", "node", 1024, "reward:REF:NUMBER", "given"),
    "OPENING": ("MINT", "node VAULT", 2, "open:OPEN", "given"),
    "SANDBOX_EXPIRY": ("node", "MINT", 2, "expiry:HASH", "node"),
    "TRANSFER": ("node", "node", 1024, "any", "free"),
}


def class_of(name):
    if name in ("MINT", "VAULT"):
        return name
    if name.startswith("ESCROW:BOUNTY:"):
        return "BOUNTY" if name[14:] else None
    if name.startswith("ESCROW:"):
        return "ESCROW" if name[7:] else None
    return None if name.startswith("ESCROW") else "node"


def held_by(name):
    """What an account of an escrow or a bounty ends in."""
    return name[14 if class_of(name) == "BOUNTY" else 7:]


def check_flow(leaf, succeeded):
    """What is wrong with a transfer, as a text; or None."""
    debit, credit, most, id_form, ref_form = FLOWS[leaf.type]
    for name, _, n in leaf.legs:
        kind = class_of(name)
        if kind not in (debit if n < 0 else credit).split():
            return "%s is not for %s" % (leaf.type, name)
        if kind in ("ESCROW", "BOUNTY") and held_by(name) != leaf.ref:
            return "the account is not that of the ref"
    if len(leaf.legs) > most:
        return "too many legs"
    if leaf.type == "SANDBOX_EXPIRY" and leaf.legs[0][1] != "SBX":
        return "not in SBX"
    if leaf.type == "OPENING" and not succeeded:
        return "an opening of a log that goes on from no other"
    if ref_form != "free" and leaf.ref is None:
        return "no ref"
    nodes = [x for x in leaf.legs if class_of(x[0]) == "node"]
    if ref_form == "node" and leaf.ref != nodes[0][0]:
        return "the ref is not the node"
    return check_id(leaf, id_form)


def check_id(leaf, id_form):
    if id_form == "any":
        return None
    if id_form.startswith("REF") and len(leaf.ref) > 40:
        return "the ref is too long"
    nodes = [x for x in leaf.legs if class_of(x[0]) == "node"]
    name, unit = next(x[:2] for x in leaf.legs if x[2] > 0)
    parts = {
        "REF": re.escape(leaf.ref or ""),
        "HASH": H(nodes[0][0].encode()).hex()[:32] if nodes else "",
        "OPEN": H((name + "\n" + unit).encode()).hex()[:32],
        "HEX32": "[0-9a-f]{32}", "NUMBER": "[0-9]+"}
    pattern = ":".join(parts.get(x, x) for x in id_form.split(":"))
    return None if match(pattern, leaf.id) else "the id is not the type's"


def members(data, must, may=""):
    """Are the members of data exactly those?"""
    must, may = set(must.split()), set(may.split())
    return must <= set(data) <= must | may


def log_key(text):
    """A verifier key that can be that of a log, or None."""
    try:
        key = Key(text) if isinstance(text, str) else None
    except Bad:
        return None
    return key if key and key.type == 1 and good_origin(key.name) else None


def genesis(leaf, log):
    data, units = leaf.data, leaf.data.get("units")
    if leaf.seq != 0 or leaf.id != "genesis":
        return "it is not leaf 0, or has another id"
    if not members(data, "log_key origin units") and not members(
            data, "log_key origin units node_id node_key node_sig"):
        return "the members of data"
    return check_units(units, log)


def check_units(units, log):
    if not isinstance(units, list):
        return "units"
    for u in units:
        if not isinstance(u, dict) or not members(u, "code scale") \
                or not match(form.CODE, u["code"]) \
                or not is_int(u["scale"], 0) or u["scale"] > 18:
            return "a unit"
    codes = [u["code"] for u in units]
    known = {u["code"]: u["scale"] for u in units}
    if codes != sorted(set(codes)) or not form.FOUR.items() <= known.items():
        return "the order of the units, or one of the four"
    log.units.update(known)
    return None


def succession(leaf, log):
    data = leaf.data
    if leaf.seq != 1:
        return "it is not leaf 1"
    if not members(data, "prior_note prior_origin prior_size"):
        return "the members of data"
    raw = unbase64(data["prior_note"]) \
        if isinstance(data["prior_note"], str) else None
    try:
        note = Checkpoint(raw or b"")
    except Bad as e:
        return str(e)
    if (note.origin, note.size) != (data["prior_origin"],
                                    data["prior_size"]):
        return "the note is not that of the log and the size"
    return None


def new_unit(leaf, log):
    data = leaf.data
    wrong = None if members(data, "code scale") else "the members of data"
    if wrong or not match(form.CODE, data["code"]) \
            or not is_int(data["scale"], 0) or data["scale"] > 18:
        return wrong or "a unit"
    if data["code"] in log.units:
        return "the unit is declared already"
    log.units[data["code"]] = data["scale"]
    return None


def limits(leaf, log):
    data = leaf.data
    if not members(data, "account unit", "lo hi closed"):
        return "the members of data"
    if not match(form.ACCOUNT, data["account"]) \
            or class_of(data["account"]) != "node":
        return "not the account of a node"
    if data["unit"] not in log.units:
        return "unit: it is not declared"
    scale = log.units[data["unit"]]
    for k in ("lo", "hi"):
        if k in data and data[k] != "none" \
                and form.amount(data[k], scale) is None:
            return k
    if data.get("closed", True) is not True:
        return "closed"
    lo = data.get("lo", "0")
    if data["unit"] in form.FOUR and (lo == "none" or lo[0] == "-"):
        return "lo in a unit of the four"
    return None


def assertion(leaf, log):
    data = leaf.data
    if not members(data, "account unit op amount subtree at_seq"):
        return "the members of data"
    if data["unit"] not in log.units:
        return "unit: it is not declared"
    if not match(form.ACCOUNT, data["account"]) \
            or form.amount(data["amount"], log.units[data["unit"]]) is None:
        return "account or amount"
    if data["op"] not in ("eq", "le", "lt", "ge", "gt") \
            or not isinstance(data["subtree"], bool):
        return "op or subtree"
    if not is_int(data["at_seq"], 0) or data["at_seq"] >= leaf.seq:
        return "at_seq"
    return None


def erased(leaf, log):
    if not members(leaf.data, "target_seq") \
            or not is_int(leaf.data["target_seq"], 0) \
            or leaf.data["target_seq"] >= leaf.seq:
        return "target_seq"
    log.erased.add(leaf.data["target_seq"])
    return None


EVENTS = {"log.genesis": genesis, "log.succession": succession,
          "ledger.unit": new_unit,
          "ledger.account": limits, "ledger.assert": assertion,
          "memo.erased": erased}
