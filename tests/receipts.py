"""receipts.py RECEIPT VKEY JWKS: is every change to a receipt caught?

Writes copies of a receipt that is true, each with one thing changed, has them
checked, and wants the part that is to notice it.  Then those of somebody who
signs what he changed with keys of his own.
"""
import base64
import copy
import hashlib
import json
import subprocess
import sys

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

path, vkey, jwks = sys.argv[1:]
true = json.load(open(path))
cases = []


def jcs(v):
    """There are no fractions in it, and all keys are ASCII."""
    return json.dumps(v, sort_keys=True, separators=(',', ':'),
                      ensure_ascii=False).encode()


def case(name, want, doc):
    cases.append((name, want.split('|'), doc))


def places(v, way=()):
    """Ways to everything in a value that is not a container."""
    if isinstance(v, (dict, list)):
        for k in v if isinstance(v, dict) else range(len(v)):
            yield from places(v[k], way + (k,))
    else:
        yield way


def at(v, way):
    for k in way:
        v = v[k]
    return v


def changed(v):
    """Another value, of the same kind where there is one."""
    if v is None:
        return 'x'
    if isinstance(v, bool):
        return not v
    if isinstance(v, int):
        return v + 1
    return ('y' if v[:1] != 'y' else 'z') + v[1:]


def swap(way, value=None):
    doc = copy.deepcopy(true)
    holder = at(doc, way[:-1])
    holder[way[-1]] = changed(holder[way[-1]]) if value is None else value
    return doc


def flip(text, i):
    return text[:i] + ('A' if text[i] != 'A' else 'B') + text[i + 1:]


def hashed(doc):
    doc['receipt_hash'] = hashlib.sha256(jcs(doc['core'])).hexdigest()
    return doc


# What is signed.
for way in places(true['core']):
    case(('core',) + way, 'receipt_hash', swap(('core',) + way))
    case(('core, hashed',) + way, 'receipt_token',
         hashed(swap(('core',) + way)))
case('hash', 'receipt_hash', swap(('receipt_hash',)))
# What stands beside it.  These are signed by nobody, and say so.
FREE = {'generated_at', 'dispute_reason', 'auto_settle_at', 'auto_refund_at',
        'note', 'balance_after', 'summary', 'proof_match', 'skill_label',
        'has_output', 'details', 'protocol', 'llm_provider', 'evaluated_at'}
for way in places({k: v for k, v in true.items() if k not in
                   ('core', 'signatures', 'evidence', 'receipt_hash')}):
    if not FREE & set(way) and way != ('task', 'status'):
        want = 'receipt_core'
        if way[0] in ('receipt_id', 'final'):
            want = 'receipt_token'      # it names them, too
        case(way, want, swap(way))
for name in ('ledger_entries', 'ledger_movements', 'escrow_lifecycle'):
    case((name, 'cut'), 'receipt_core', swap((name,), true[name][1:]))
    case((name, 'twice'), 'receipt_core', swap((name,), true[name] * 2))
    case((name, 'none'), 'receipt_core', swap((name,), 7))
# Signatures.
token = true['signatures']['rs256']
for i in range(0, len(token), 29):
    case(('rs256', i), 'receipt_token', swap(('signatures', 'rs256'),
                                             flip(token, i)))
for k in ('n', 'e', 'kid', 'alg', 'kty', 'use'):
    case(('rs256_key', k), 'receipt_token',
         swap(('signatures', 'rs256_key', k)))
for k, text in true['signatures']['ed25519'].items():
    for i in range(0, len(text), 7):
        case((k, i), 'receipt_node', swap(('signatures', 'ed25519', k),
                                          flip(text, i)))
# The log.
evidence = true['evidence']
for k in ('origin', 'vkey', 'checkpoint'):
    for i in range(0, len(evidence[k]), 11):
        case((k, i), 'receipt_checkpoint', swap(('evidence', k),
                                                flip(evidence[k], i)))
for where in ('proofs', 'keys'):
    for n, proof in enumerate(evidence[where]):
        text = proof['tlog_proof']
        note = text.index('\n\n') + 2
        for i in range(0, len(text), 37):
            if text[i] != '\u2014':
                case((where, n, i), 'receipt_checkpoint' if i >= note else
                     'receipt_proofs|receipt_checkpoint',
                     swap(('evidence', where, n, 'tlog_proof'),
                          flip(text, i)))
        for k in ('seq', 'id'):
            case((where, n, k), 'receipt_proofs',
                 swap(('evidence', where, n, k)))
        doc = copy.deepcopy(true)
        del doc['evidence'][where][n]
        if where == 'proofs':
            claimed = proof['id'].endswith((':claimed', ':resolved'))
            case((where, n, 'gone'), 'none' if claimed else
                 'receipt_entries', doc)
for name in ('proofs', 'keys'):
    case((name, 'no list'), 'receipt_proofs', swap(('evidence', name), 7))
case('turned round', 'receipt_entries',
     swap(('evidence', 'proofs'), evidence['proofs'][::-1]))
case('twice', 'receipt_entries',
     swap(('evidence', 'proofs'), evidence['proofs'] * 2))
case('the first leaf is none of it', 'receipt_entries',
     swap(('evidence', 'proofs'), evidence['proofs'] + evidence['keys'][:1]))
# Parts that are not there although their signers were named.
bare = swap(('signatures',), {})
case('bare', 'receipt_token', bare)
doc = copy.deepcopy(true)
del doc['evidence']
case('no evidence', 'receipt_checkpoint', doc)

# Who has keys of his own, and the log's true proofs.
ed = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
own = rsa.generate_private_key(65537, 2048)


def number(n):
    text = base64.urlsafe_b64encode(n.to_bytes((n.bit_length() + 7) // 8,
                                               'big'))
    return text.decode().rstrip('=')


def compact(v):
    return base64.urlsafe_b64encode(v).decode().rstrip('=')


def resigned(doc):
    core = jcs(hashed(doc)['core'])
    public = ed.public_key()
    pem = public.public_bytes(serialization.Encoding.PEM,
                              serialization.PublicFormat.SubjectPublicKeyInfo)
    raw = public.public_bytes(serialization.Encoding.Raw,
                              serialization.PublicFormat.Raw)
    n, e = own.public_key().public_numbers().n, 65537
    key = {'kty': 'RSA', 'n': number(n), 'e': number(e)}
    kid = compact(hashlib.sha256(jcs(key)).digest())
    head = jcs({'alg': 'RS256', 'kid': kid, 'typ': 'vmp-receipt+jws'})
    load = jcs({'final': doc['final'], 'iat': 1, 'iss': 'x',
                'receipt_hash': doc['receipt_hash'],
                'receipt_id': doc['receipt_id']})
    text = compact(head) + '.' + compact(load)
    sig = own.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    doc['signatures'] = {
        'rs256': text + '.' + compact(sig), 'rs256_key': {**key, 'kid': kid},
        'ed25519': {
            'node_id': hashlib.sha256(pem).hexdigest(),
            'public_key': base64.b64encode(raw).decode(),
            'sig': base64.b64encode(ed.sign(b'bzn-vmp-receipt-v1\n' + core))
            .decode()}}
    return doc


forged = []
for way in places(true['core']):
    doc = swap(('core',) + way)
    for part in (doc, doc['task'] or {}, doc['escrow'] or {}):
        if way[0] in part and (part is doc or way[0] != 'status'):
            part[way[0]] = doc['core'][way[0]]
    forged.append((way, resigned(doc)))

# And who leaves out what the log says, so that the core says what is left.
UNDONE = {
    'tax': lambda c: c.update(tax='0.00',
                              ledger_entries=c['ledger_entries'][:4]),
    'completed': lambda c: c.update(
        completed_at=None, output_hash=None, escrow_lifecycle=[
            s for s in c['escrow_lifecycle']
            if s['state'] != 'AWAITING_SETTLEMENT']),
    'disputed': lambda c: c.update(escrow_lifecycle=[
        s for s in c['escrow_lifecycle'] if s['state'] != 'DISPUTED']),
}
for word in UNDONE if 'close' in {p['id'].split(':')[1]
                                  for p in evidence['proofs']} else ():
    doc = copy.deepcopy(true)
    proofs = [p for p in evidence['proofs'] if not p['id'].endswith(
        ':' + word)]
    if len(proofs) == len(evidence['proofs']):
        continue
    doc['evidence']['proofs'] = proofs
    UNDONE[word](doc['core'])
    for part in (doc, doc['task'] or {}, doc['escrow'] or {}):
        part.update({k: v for k, v in doc['core'].items() if k in part and
                     k not in ('status', 'dispute_engine',
                               'validator_results')})
    rows = len(doc['core']['ledger_entries'])
    doc['ledger_movements'] = doc['ledger_movements'][:rows]
    forged.append((('entries', 'left out', word), resigned(doc)))


def check(docs, *trust):
    names = []
    for n, doc in enumerate(docs):
        names.append('case.%d' % n)
        with open(names[-1], 'w') as f:
            json.dump(doc, f)
    told = subprocess.run(['bzn-escrow', 'receipt', '--check', *names, *trust],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          encoding='utf-8')
    records = {r['file']: r for r in map(json.loads,
                                         told.stdout.splitlines())}
    return [records.get(name, {'code': 'malformed'}) for name in names]


bad = 0


def want(name, record, codes):
    global bad
    if record.get('code', 'none') not in codes:
        print(name, 'is', record.get('code'), record.get('message'),
              'and not', codes)
        bad += 1


both = ('--vkey', vkey, '--jwks', jwks)
want('true', check([true], *both)[0], ['none'])
for (name, codes, doc), record in zip(cases, check([c[2] for c in cases],
                                                   *both)):
    want(name, record, codes)
for (way, doc), record in zip(forged, check([f[1] for f in forged], *both)):
    want(('forged',) + way, record, ['receipt_token'])
# The log alone knows all but what nobody told it.
CUSTOM = any(r['source'] == 'custom' for r in
             true['core']['validator_results'])
UNTOLD = {'proof_hash', 'dispute_engine', 'validator_results'}
for (way, doc), record in zip(forged, check([f[1] for f in forged],
                                            '--vkey', vkey)):
    want(('by the log',) + way, record,
         ['none', 'receipt_core', 'receipt_entries'] if way[0] in UNTOLD
         and not (CUSTOM and way[0] == 'validator_results') else
         ['receipt_entries'] if way[0] == 'entries' else
         ['receipt_core', 'receipt_entries'])
if bad:
    sys.exit('%d changes were not caught as they must be' % bad)
print('caught', 'all')
print(len(cases) + 2 * len(forged), 'changes')
