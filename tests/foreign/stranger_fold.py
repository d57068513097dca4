"""What the leaves add up to: accounts, limits, escrows, assertions."""
import bisect
import operator

import stranger_leaf as form
from stranger_flow import class_of, members
from stranger_leaf import is_int, match

BIG = 2**63


class Account:
    def __init__(self, number, name, unit):
        self.id, self.name, self.unit = number, name, unit
        self.lo, self.hi, self.closed = None if name == "MINT" else 0, None, 0
        self.cr = self.dr = self.legs = 0
        self.rows = []      # (seq, amount, balance)

    @property
    def balance(self):
        return self.cr - self.dr

    def after(self, seq):
        """The balance after that leaf."""
        k = bisect.bisect_right(self.rows, (seq, BIG, BIG))
        return self.rows[k - 1][2] if k else 0

    def within(self):
        return (self.lo is None or self.balance >= self.lo) \
            and (self.hi is None or self.balance <= self.hi) \
            and max(self.cr, self.dr, abs(self.balance)) < BIG


class Fold:
    def __init__(self, log, find):
        self.log, self.find = log, find
        self.accounts = {}
        self.deals, self.early, self.owed = {}, set(), None

    def account(self, name, unit):
        key = (name, unit)
        if key not in self.accounts:
            self.accounts[key] = Account(len(self.accounts) + 1, name, unit)
        return self.accounts[key]

    def leaf(self, leaf, good):
        """good: is an event of the log as it has to be?"""
        touched = [self.account(*x[:2]) for x in leaf.legs]
        for account, (_, _, n) in zip(touched, leaf.legs):
            if account.closed:
                self.find(9, "closed_account", leaf.seq, account.name)
            account.cr += max(n, 0)
            account.dr += max(-n, 0)
            account.legs += 1
            account.rows.append((leaf.seq, n, account.balance))
        for account in touched:
            if not account.within():
                self.find(9, "limit_broken", leaf.seq, account.name)
        if good and leaf.type == "ledger.account":
            self.limits(leaf)
        elif good and leaf.type == "ledger.assert":
            self.judge(leaf)
        self.escrows(leaf)

    def limits(self, leaf):
        data, account = leaf.data, self.account(leaf.data["account"],
                                                leaf.data["unit"])
        if account.closed:
            self.find(9, "closed_account", leaf.seq, account.name)
        for k in set(data) & {"lo", "hi"}:
            scale = self.log.units[data["unit"]]
            setattr(account, k, None if data[k] == "none"
                    else form.amount(data[k], scale))
        if not account.within():
            self.find(9, "limit_broken", leaf.seq, account.name)
        if "closed" in data:
            account.closed = 1
            if account.balance:
                self.find(9, "closed_account", leaf.seq, "it is not empty")

    def judge(self, leaf):
        data = leaf.data
        name, unit, seq = data["account"], data["unit"], data["at_seq"]
        held = sum(a.after(seq) for a in self.accounts.values()
                   if a.unit == unit and (a.name == name or data["subtree"]
                                          and a.name.startswith(name + ":")))
        said = form.amount(data["amount"], self.log.units[unit])
        if not getattr(operator, data["op"])(held, said):
            self.find(11, "assertion_false", leaf.seq,
                      "%s had %d" % (name, held))

    # Escrows and bounties

    def escrows(self, leaf):
        due, self.owed = self.owed, None
        if due and (leaf.type, leaf.ref) != ("PROTOCOL_TAX", due.id):
            self.find(9, "tax_broken", leaf.seq, "here the tax was due")
        step = STEPS.get((leaf.kind, leaf.type))
        if step is None or leaf.ref is None:
            return
        key = (is_bounty(leaf), leaf.ref)
        deal = self.deals.get(key)
        if deal and deal.broken:
            return      # one word about an escrow is enough
        wrong = step(self, leaf, deal, due)
        if wrong:
            code = "tax_broken" if wrong.startswith("tax") \
                else "escrow_broken"
            self.find(9, code, leaf.seq, wrong)
            if key in self.deals:
                self.deals[key].broken = True

    def lock(self, leaf, deal, due):
        if deal:
            return "a second lock"
        deal = self.deals[is_bounty(leaf), leaf.ref] = Deal(leaf)
        if leaf.ref in self.early:
            return "something was before the lock"
        return deal.wrong_data(leaf)

    def claimed(self, leaf, deal, due):
        wrong = self.event(leaf, deal, ":claimed", "PENDING", "refund_ms")
        if not wrong and deal:
            deal.claimed_ms = leaf.at
        return wrong

    def completed(self, leaf, deal, due):
        wrong = self.event(leaf, deal, ":completed", "PENDING", "refund_ms")
        if not wrong and deal:
            data = leaf.data
            if not members(data, "auto_settle_ms output_sha256", "verdict") \
                    or not is_int(data["auto_settle_ms"], 0):
                return "the data of completed"
            deal.state = "AWAITING_SETTLEMENT"
            deal.settle_ms = data["auto_settle_ms"]
            deal.verdict = data.get("verdict")
            deal.output, deal.completed_ms = data["output_sha256"], leaf.at
        return wrong

    def disputed(self, leaf, deal, due):
        wrong = self.event(leaf, deal, ":disputed", "AWAITING_SETTLEMENT",
                           "settle_ms")
        if not wrong and deal:
            data = leaf.data
            if not members(data, "reason", "text_sha256") \
                    or data["reason"] != "BUYER_DISPUTE":
                return "the data of disputed"
            deal.state, deal.disputed_ms = "DISPUTED", leaf.at
        return wrong

    def event(self, leaf, deal, end, state, before):
        if deal is None:
            self.early.add(leaf.ref)
            return None
        if leaf.id != leaf.ref + end:
            return "the id of the event"
        if deal.state != state:
            return "%s when it was %s" % (leaf.type, deal.state)
        if leaf.type in deal.seen:
            return leaf.type + " twice"
        deal.seen.add(leaf.type)
        if leaf.at >= getattr(deal, before):
            return leaf.type + " too late"
        return None

    def close(self, leaf, deal, due):
        if deal is None:
            self.early.add(leaf.ref)
            return "there is no lock"
        wrong = deal.wrong_time(leaf)
        refund = leaf.type.endswith("REFUND")
        deal.state = "REFUNDED" if refund else "SETTLED"
        deal.closed_ms = leaf.at
        if wrong:
            return wrong
        if refund:
            return deal.wrong_refund(leaf)
        if deal.tax:
            self.owed = deal
        return deal.wrong_payout(leaf)

    def tax(self, leaf, deal, due):
        if deal is None:
            self.early.add(leaf.ref)
            return "there is no lock"
        if deal is not due:
            return "tax that is not behind its close"
        paid = max(x[2] for x in leaf.legs)
        if paid != deal.tax or leaf.legs[0][1] != deal.unit:
            return "tax of %d where %d is due" % (paid, deal.tax)
        return None

    def end(self, now, grace):
        if self.owed:
            self.find(9, "tax_broken", None, "the last tax is missing")
        for deal in self.deals.values():
            limit = deal.deadline()
            if not deal.broken and limit is not None and now > limit + grace:
                self.find(11, "clearing_overdue", deal.seq, deal.id)


def is_bounty(leaf):
    return leaf.type.startswith("BOUNTY") or leaf.type == "PROTOCOL_TAX" \
        and class_of(next(x[0] for x in leaf.legs if x[2] < 0)) == "BOUNTY"


REASONS = ("TIMEOUT", "PROOF_MISSING", "SCHEMA_MISMATCH", "VALIDATOR_FAILED",
           "DISPUTE_RESOLVED", "MANUAL")


class Deal:
    """An escrow, or a bounty."""

    def __init__(self, leaf):
        self.id, self.seq, self.made_ms = leaf.ref, leaf.seq, leaf.at
        self.bounty = leaf.type == "BOUNTY_HOLD"
        (self.account, self.unit, self.amount), = \
            [x for x in leaf.legs if x[2] > 0]
        self.buyer = next(x[0] for x in leaf.legs if x[2] < 0)
        data = leaf.data
        self.seller, self.split = data.get("seller"), data.get("split")
        self.tax_bp = data.get("tax_bp")
        self.refund_ms = data.get("deadline_ms" if self.bounty
                                  else "auto_refund_ms")
        self.state, self.seen, self.broken = "PENDING", set(), False
        self.verdict = self.settle_ms = None
        self.disputed_ms = self.closed_ms = None
        self.tax = 0
        self.task, self.skill = data.get("task"), data.get("skill")
        self.claimed_ms = self.completed_ms = self.output = None

    def task_state(self):
        if self.state == "PENDING":
            return "IN_PROGRESS" if self.claimed_ms else "OPEN"
        return self.state if self.state in ("DISPUTED", "REFUNDED") \
            else "COMPLETED"

    def wrong_data(self, leaf):
        data = leaf.data
        may = "input_sha256 skill split"
        good = members(data, "deadline_ms tax_bp") if self.bounty else any(
            members(data, "auto_refund_ms seller tax_bp " + x, may)
            for x in ("task", "order"))
        if not good or not is_int(self.refund_ms, 0) \
                or not is_int(self.tax_bp, 0) or self.tax_bp > 2500:
            self.tax_bp = self.tax_bp if is_int(self.tax_bp, 0) else 0
            self.refund_ms = self.refund_ms if is_int(self.refund_ms) else 0
            return "the data of the lock"
        self.tax = (self.tax_bp * self.amount + 5000) // 10000
        if not self.bounty and not isinstance(self.seller, str):
            return "the seller"
        if self.seller == self.buyer:
            return "the seller is the buyer"
        return self.wrong_split()

    def wrong_split(self):
        parts = self.split
        if parts is None:
            return None
        if not isinstance(parts, list) or not 1 <= len(parts) <= 16 \
                or not all(isinstance(p, dict) and members(p, "account share")
                           and match(form.ACCOUNT, p["account"])
                           and is_int(p["share"], 0) for p in parts):
            self.split = None
            return "the form of split"
        if len({p["account"] for p in parts}) < len(parts) \
                or sum(p["share"] for p in parts) != 10000 or self.tax_bp:
            return "the parts of split"
        return None

    def parts(self):
        """What each account of split gets."""
        even = [divmod(self.amount * p["share"], 10000) for p in self.split]
        got = [x[0] for x in even]
        order = sorted(range(len(even)), key=lambda k: -even[k][1])
        for k in order[:self.amount - sum(got)]:
            got[k] += 1
        return {p["account"]: n for p, n in zip(self.split, got) if n}

    def wrong_time(self, leaf):
        states = {"ESCROW_SETTLE": ("AWAITING_SETTLEMENT",),
                  "ESCROW_REFUND": ("PENDING", "AWAITING_SETTLEMENT"),
                  "DISPUTE_RELEASE": ("DISPUTED",),
                  "DISPUTE_REFUND": ("DISPUTED",)}
        if self.state not in states.get(leaf.type, ("PENDING",)):
            return "%s when it was %s" % (leaf.type, self.state)
        if leaf.type == "ESCROW_SETTLE" and leaf.at < self.settle_ms:
            return "settled too early"
        if leaf.type == "ESCROW_SETTLE" and isinstance(self.verdict, str):
            return "settled against the verdict"
        return None if self.bounty else self.wrong_reason(leaf)

    def wrong_reason(self, leaf):
        why = leaf.data.get("reason") if leaf.data else None
        if why == "TIMEOUT" \
                and (self.state != "PENDING" or leaf.at < self.refund_ms):
            return "no TIMEOUT yet"
        if why == "DISPUTE_RESOLVED" and self.state != "DISPUTED":
            return "DISPUTE_RESOLVED of no dispute"
        if why in REASONS[1:4] \
                and (why != self.verdict or leaf.at < self.settle_ms):
            return "a rule that did not fail, or not yet"
        return None

    def wrong_refund(self, leaf):
        data = leaf.data
        if not self.bounty and (not members(data, "reason")
                                or data["reason"] not in REASONS):
            return "the reason of the refund"
        if leaf.group:
            return "a refund in a group"
        if sorted(leaf.legs) != sorted(
                [(self.account, self.unit, -self.amount),
                 (self.buyer, self.unit, self.amount)]):
            return "the refund is not the whole amount to the buyer"
        return None

    def wrong_payout(self, leaf):
        if leaf.group != ({"i": 0, "n": 2} if self.tax else None):
            return "tax: the close is not in its group"
        paid = {x[:2]: x[2] for x in leaf.legs if x[2] > 0}
        seller = self.seller
        if self.bounty:
            seller = leaf.legs[-1][0] if leaf.legs[0][2] < 0 \
                else leaf.legs[0][0]
            if seller == self.buyer:
                return "the bounty is released to who put it up"
        due = {seller: self.amount - self.tax}
        if self.split and leaf.type == "ESCROW_SETTLE":
            due = self.parts()
        if {x[0] for x in paid} != set(due):
            return "it is paid to somebody else"
        if self.split and paid != {(x, self.unit): n for x, n in due.items()}:
            return "the parts are not those of the lock"
        if paid != {(x, self.unit): n for x, n in due.items()}:
            return "tax: another payout than that of the lock"
        return None

    def deadline(self):
        return {"PENDING": self.refund_ms,
                "AWAITING_SETTLEMENT": self.settle_ms}.get(self.state)


STEPS = {("event", "task.claimed"): Fold.claimed,
         ("event", "task.completed"): Fold.completed,
         ("event", "escrow.disputed"): Fold.disputed,
         ("transfer", "PROTOCOL_TAX"): Fold.tax}
for word in ("ESCROW_LOCK", "BOUNTY_HOLD"):
    STEPS["transfer", word] = Fold.lock
for word in ("ESCROW_SETTLE", "ESCROW_REFUND", "DISPUTE_RELEASE",
             "DISPUTE_REFUND", "BOUNTY_RELEASE", "BOUNTY_REFUND"):
    STEPS["transfer", word] = Fold.close
