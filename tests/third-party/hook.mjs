// hook.mjs SECRET FILE: does standardwebhooks take the delivery that tools/
// post.py has kept?  Prints its type.
import { readFileSync } from 'node:fs'
import { Webhook } from 'standardwebhooks'

const [secret, file] = process.argv.slice(2)
const { text, headers } = JSON.parse(readFileSync(file, 'utf8'))
console.log(new Webhook(secret).verify(text, headers).type)
