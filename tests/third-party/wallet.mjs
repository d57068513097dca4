// wallet.mjs FILE PASSWORD TEXT SIGNATURE: does ethers open the wallet, and
// find its address in the signature?  Prints both addresses.
import { readFileSync } from 'node:fs'
import { Wallet, verifyMessage } from 'ethers'

const [file, password, text, signature] = process.argv.slice(2)
const wallet = await Wallet.fromEncryptedJson(readFileSync(file, 'utf8'),
	readFileSync(password, 'utf8').trimEnd())
console.log(wallet.address)
console.log(verifyMessage(readFileSync(text), signature))
console.log(await wallet.signMessage(readFileSync(text)))
