"""forms.py SEED COUNT: are the forms of outputs those that clients make?

Documents of JSON, random but for the first, are given to "form", and what it
prints is held against json.dumps() and unicodedata of this Python.  The forms
of ECMAScript are compared where they can be had from Python: its doubles,
too, are the shortest that read back.
"""
import json
import random
import re
import struct
import subprocess
import sys
import unicodedata

seed, count = int(sys.argv[1]), int(sys.argv[2])
pick = random.Random(seed)


def known(c):
    """Assigned long ago: the library's Unicode need not be Python's."""
    return unicodedata.ucd_3_2_0.category(c) not in ('Cn', 'Cs')



CORNERS = '''0 -0 0.0 -0.0 1 -1 1.0 1e0 1E2 1e+2 100e-2 1.10 0.1 0.2 0.3
1e15 1e16 1e17 1e20 1e21 1e22 1e23 123456789012345678 9007199254740991
9007199254740992 9007199254740993 9007199254740993.0 999999999999999999999
1e-3 1e-4 1e-5 1e-6 1e-7 0.00001 0.0001 0.00012345 0.0000012345 5e-324 2e-324
2.2250738585072014e-308 2.2250738585072011e-308 1.7976931348623157e308
4.35 2.675 1e-400 18446744073709551616 -9223372036854775809 0.5e-0 1e00000001
123456789012345678901234567890123456789012345678901234567890123
1e16 9999999999999998.0 9999999999999999.0 99999999999999990.0
0.1000000000000000055511151231257827021181583404541015625
144115188075855870 4503599627370496.5 2.5e-308 8.41e21 9.5367431640625e-07
'''.split()
STRINGS = ['', '"', '\\', '/', '\b\f\n\r\t', '\x01\x1f\x7f', '\u2028\u2029',
           'e\u0301', '\u00e9', '\u1100\u1161\u11a8', '\uac01', 'a\u0323\u0301',
           'a\u0301\u0323', '\u212b', '\ufb01', '\U0001f600', '\ue000',
           '\U00010000', '\uffff', '\u0958', '\u0344', '\U0001d15e', '</script>',
           '\u0301x', '10', '9', '__proto__']


def number():
    way = pick.randrange(6)
    if way == 0:
        return pick.choice(CORNERS)
    if way == 1:
        return str(pick.randrange(-10 ** pick.randrange(1, 60),
                                  10 ** pick.randrange(1, 60)))
    if way == 2:
        return '%d.%d' % (pick.randrange(1000), pick.randrange(10 ** 6))
    if way == 3:
        return '%de%d' % (pick.randrange(10 ** 17), pick.randrange(-330, 292))
    while True:
        bits = struct.unpack('<d', pick.randbytes(8))[0]
        if bits == bits and abs(bits) != float('inf'):
            return repr(bits) if way == 4 else '%.16e' % bits


def string():
    s = pick.choice(STRINGS)
    while pick.randrange(3):
        code = pick.randrange(1, pick.choice((0x80, 0x800, 0x10000, 0x110000)))
        s += chr(code) if known(chr(code)) else pick.choice(STRINGS)
    return s


def value(depth):
    way = pick.randrange(8 if depth else 5)
    if way == 0:
        return pick.choice(('null', 'true', 'false'))
    if way <= 2:
        return number()
    if way <= 4:
        return json.dumps(string(), ensure_ascii=bool(pick.randrange(2)))
    items = [value(depth - 1) for _ in range(pick.randrange(5))]
    if way == 5:
        return '[' + ' , '.join(items) + ']'
    keys = list({string(): 1 for _ in items})
    return '{' + ','.join('%s: %s' % (json.dumps(k), v)
                          for k, v in zip(keys, items)) + '}'


def ecmascript(v):
    """As JSON.stringify() writes it, keys in the order of UTF-16."""
    if isinstance(v, dict):
        keys = sorted(v, key=lambda k: k.encode('utf-16-be'))
        return '{' + ','.join(ecmascript(k) + ':' + ecmascript(v[k])
                              for k in keys) + '}'
    if isinstance(v, list):
        return '[' + ','.join(map(ecmascript, v)) + ']'
    if not isinstance(v, (int, float)) or isinstance(v, bool):
        return json.dumps(v, ensure_ascii=False)
    v = float(v)
    if v == 0:
        return '0'
    sign, whole, part, power = re.fullmatch(
        r'(-?)(\d+)(?:\.(\d+))?(?:e([-+]\d+))?', repr(v)).groups()
    digits = (whole + (part or '')).lstrip('0')
    n = len(whole + (part or '')) - len(part or '') + int(power or 0)
    n -= len(whole + (part or '')) - len(digits)
    digits = digits.rstrip('0')
    k = len(digits)
    if k <= n <= 21:
        return sign + digits + '0' * (n - k)
    if 0 < n <= 21:
        return sign + digits[:n] + '.' + digits[n:]
    if -6 < n <= 0:
        return sign + '0.' + '0' * -n + digits
    return '%s%s%se%+d' % (sign, digits[0],
                           '.' + digits[1:] if k > 1 else '', n - 1)


def forms(text):
    v = json.loads(text)
    tight = json.dumps(v, sort_keys=True, separators=(',', ':'),
                       ensure_ascii=False)
    jcs = ecmascript(v)
    return {'python': unicodedata.normalize('NFC', tight),
            'js': unicodedata.normalize('NFC', jcs), 'jcs': jcs,
            'legacy': json.dumps(v, sort_keys=True)}


def characters():
    """All that have a form of their own, one after the other and in pairs."""
    every = [c for c in map(chr, range(0xa0, 0x110000)) if known(c)]
    yield from (every[i:i + 4000] for i in range(0, len(every), 4000))
    marks = [c for c in every if unicodedata.combining(c)]
    yield from ([pick.choice(every) + pick.choice(marks) + pick.choice(marks)
                 for _ in range(4000)] for _ in range(5))


documents = ['[' + ','.join(CORNERS) + ']', json.dumps(STRINGS)]
documents += [json.dumps(dict.fromkeys(STRINGS, 1))]
documents += [json.dumps(block, ensure_ascii=False) for block in characters()]
documents += [value(5) for _ in range(count)]
told = subprocess.run(['form'], input='\n'.join(documents) + '\n',
                      encoding='utf-8', stdout=subprocess.PIPE, check=True)
told = told.stdout.split('\n')
assert len(told) == len(documents) + 1
for text, line in zip(documents, told):
    want, got = forms(text), json.loads(line)
    if want != got:
        for word, form in want.items():
            if got[word] != form:
                print(text[:400], word, form[:400], got[word], sep='\n')
        sys.exit('seed %d: a form is not what it was to be' % seed)
print(len(documents), 'documents')
