# shellcheck shell=bash disable=SC2034,SC2154
# evidence.bash - the demo log of spec/ledger.md 2.6, in a home.

GOLD=$BZN_SRC/tests/golden
LOG=ledger.example/demo+7b8488d1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
NEXT=ledger.example/demo+3943ab50+ARdFU7RW3d/GkI7KscEB/mqyHiuqBhd5W31DpjSCmT/V
WITNESS=witness.example/w1+b72bab2e+BCVDuS/xCVURR2rcg2nbbdyTNmWhGXjdoUBO4QZsqVWd
export GOLD LOG NEXT WITNESS

# a_key FIRST FILE: the key whose seed is 32 bytes from this one on.
a_key() {
	local seed

	seed=$(printf '%02x' $(seq "$1" $(($1 + 31))))
	(umask 077 && printf '302e020100300506032b657004220420%s' "$seed" |
	    xxd -r -p | openssl pkey -inform DER -out "$2")
}

# demo SIZE: the demo log, as far as that; the clock stands at its end.
demo() {
	mkdir -p identity
	chmod 700 identity
	a_key 32 identity/node_private.pem
	openssl pkey -in identity/node_private.pem -pubout \
	    -out identity/node_public.pem
	sha256sum identity/node_public.pem | cut -c1-64 >identity/node_id.txt
	a_key 0 identity/log_private.pem
	echo 'test_clock yes' >bzn.conf
	clock=@1795161600000
	at bzn-ledger init --origin ledger.example/demo >made.json
	leaves "$1"
	clock=@1795251601000
}

# leaves SIZE: put those of the demo log into the store, up to there.
leaves() {
	python3 - "$1" "$GOLD/demo.leaves" <<-'END'
	import hashlib, json, sqlite3, sys
	size = int(sys.argv[1])
	def h(b): return hashlib.sha256(b).digest()
	edge, at = [], []
	db = sqlite3.connect('node.db')
	for i, leaf in enumerate(open(sys.argv[2], 'rb').read().splitlines()):
	    if i >= size: break
	    id = json.loads(leaf)['id']
	    at.append(json.loads(leaf)['at_ms'])
	    if i >= db.execute('SELECT size FROM ledger_head').fetchone()[0]:
	        db.execute('INSERT INTO ledger_entry VALUES (?, ?, ?)',
	            (i, id, leaf))
	    edge.append((1, h(b'\0' + leaf)))
	    while len(edge) > 1 and edge[-1][0] == edge[-2][0]:
	        (n, r), (_, l) = edge.pop(), edge.pop()
	        edge.append((2 * n, h(b'\1' + l + r)))
	root = edge[-1][1]
	for _, l in edge[-2::-1]: root = h(b'\1' + l + root)
	db.execute('UPDATE ledger_head SET size = ?, root = ?, edge = ?, '
	    'at_ms = ?, posted = ?', (size, root, b''.join(x for _, x in edge),
	    at[size - 1], size))
	db.commit()
	END
}

# pinned: the size that the pin of the log says.
pinned() {
	sed -n 2p "pins/$(printf %s "${1:-ledger.example/demo}" | sha256sum |
	    cut -c1-64)"
}
