// token.mjs JWKS TOKEN...: does jose verify the tokens by the keys of the
// set?  Prints the algorithm and subject of each.
import { readFileSync } from 'node:fs'
import { createLocalJWKSet, jwtVerify } from 'jose'

const [jwks, ...tokens] = process.argv.slice(2)
const keys = createLocalJWKSet(JSON.parse(readFileSync(jwks, 'utf8')))
for (const file of tokens) {
	const token = readFileSync(file, 'utf8').trim()
	const { payload, protectedHeader } = await jwtVerify(token, keys)
	console.log(protectedHeader.alg, payload.sub)
}
