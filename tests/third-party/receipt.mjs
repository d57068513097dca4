// receipt.mjs VKEY RECEIPT...: does @sigstore/verify accept the checkpoint of
// each and the way of its leaf to the root?  Prints index and size.
//
// The two modules are internal to that package, hence its exact version.
import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const dist = './node_modules/@sigstore/verify/dist/tlog/'
const { verifyCheckpoint } = require(dist + 'checkpoint.js')
const { verifyMerkleInclusion } = require(dist + 'merkle.js')

const [vkey, ...receipts] = process.argv.slice(2)
const [name, id, ...rest] = vkey.split('+')
const key = Buffer.from(rest.join('+'), 'base64')
const log = {
	logID: Buffer.from(id, 'hex'),
	baseURL: 'https://' + name,
	publicKey: createPublicKey({ format: 'der', type: 'spki',
		key: Buffer.concat([Buffer.from('302a300506032b6570032100',
			'hex'), key.subarray(1)]) })
}

for (const file of receipts) {
	const text = readFileSync(file, 'utf8')
	const gap = text.indexOf('\n\n')
	const [head, extra, index, ...hashes] = text.slice(0, gap).split('\n')
	if (head !== 'c2sp.org/tlog-proof@v1' || !extra.startsWith('extra ') ||
		!index.startsWith('index '))
		throw new Error(file + ' is no receipt')
	const entry = {
		canonicalizedBody: Buffer.from(extra.slice(6), 'base64'),
		inclusionProof: {
			logIndex: index.slice(6),
			hashes: hashes.map(h => Buffer.from(h, 'base64')),
			checkpoint: { envelope: text.slice(gap + 2) }
		}
	}
	const checkpoint = verifyCheckpoint(entry, [log])
	verifyMerkleInclusion(entry, checkpoint)
	console.log(index.slice(6), String(checkpoint.logSize))
}
