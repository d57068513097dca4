// axe.mjs AXE URL...: what axe-core finds wrong with each page for people who
// see little or no colour, or use a keyboard, at three widths, light and dark.
// Prints a line for each fault, and one for each page: how many rules were run,
// and how many stops a walk by Tab made.  The status is 1 if there is a fault.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const [script, ...urls] = process.argv.slice(2)
const axe = readFileSync(script, 'utf8')

// Chromium speaks JSON texts that end with a NUL, over descriptors 3 and 4.
const chromium = spawn('chromium', ['--headless', '--no-sandbox',
    '--disable-gpu', '--remote-debugging-pipe', `--user-data-dir=${process.cwd()}/axe-profile`],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] })
const asked = new Map(), awaited = []
let rest = '', count = 0
chromium.stdio[4].on('data', data => {
	const said = (rest + data).split('\0')
	rest = said.pop()
	for (const text of said) {
		const m = JSON.parse(text)
		if (m.id) {
			const [good, bad] = asked.get(m.id)
			asked.delete(m.id)
			m.error ? bad(new Error(m.error.message)) : good(m.result)
		} else
			awaited.filter(a => a.method === m.method)
			    .forEach(a => a.good(m.params))
	}
})
chromium.on('exit', code => process.exit(code || 1))

let session
const call = (method, params = {}) => new Promise((good, bad) => {
	asked.set(++count, [good, bad])
	chromium.stdio[3].write(JSON.stringify({ id: count, method, params,
	    sessionId: session }) + '\0')
})
const event = method => new Promise(good => awaited.push({ method, good }))
const value = async expression => {
	const { result, exceptionDetails } = await call('Runtime.evaluate',
	    { expression, awaitPromise: true, returnByValue: true })
	if (exceptionDetails)
		throw new Error(exceptionDetails.exception.description)
	return result.value
}

async function load(url) {
	const loaded = event('Page.loadEventFired')
	const { errorText } = await call('Page.navigate', { url })
	if (errorText)
		throw new Error(`${url}: ${errorText}`)
	await loaded
}

// The faults of the page as it is, and how many rules were run.
const look = async () => JSON.parse(await value(`axe.run(document,
    { resultTypes: ['violations'] }).then(r => JSON.stringify({
	rules: r.passes.length + r.violations.length + r.incomplete.length,
	faults: r.violations.map(v => [v.id, v.impact, v.nodes.length,
	    v.nodes[0].html.slice(0, 200), v.nodes[0].failureSummary]) }))`))

// All that can be pressed is reached by Tab, in the page's order, and shows it.
async function walk() {
	const wanted = await value(`[...document.querySelectorAll(
	    'a[href], button, input, select, textarea, summary, [tabindex]')]
	    .filter(e => e.checkVisibility() && e.tabIndex >= 0 && !e.disabled).length`)
	const faults = []
	let stops = 0
	await value('window.seen = new Set(), document.activeElement.blur()')
	for (; stops < wanted; stops++) {
		for (const type of ['rawKeyDown', 'keyUp'])
			await call('Input.dispatchKeyEvent', { type, key: 'Tab',
			    code: 'Tab', windowsVirtualKeyCode: 9 })
		const at = await value(`(e => { const s = getComputedStyle(e)
		    const again = seen.has(e); seen.add(e)
		    return { again, html: e.outerHTML.slice(0, 100),
			shown: s.outlineStyle != 'none' && parseFloat(s.outlineWidth) > 0 ||
			    s.boxShadow != 'none' }})(document.activeElement)`)
		if (at.again)
			break
		if (!at.shown)
			faults.push(`focus is not seen at ${at.html}`)
	}
	if (stops < wanted)
		faults.push(`of ${wanted} stops, Tab reaches ${stops}`)
	return { stops, faults }
}

const { targetId } = await call('Target.createTarget', { url: 'about:blank' })
session = (await call('Target.attachToTarget', { targetId, flatten: true })).sessionId
await call('Page.enable')
let faults = 0
for (const url of urls) {
	const name = new URL(url).pathname
	let rules = 0
	const fault = text => console.log(`${name}: ${text}`, ++faults && '')
	await load(url)
	await value(axe)
	for (const scheme of ['light', 'dark'])
		for (const width of [320, 768, 1440]) {
			await call('Emulation.setEmulatedMedia', { features:
			    [{ name: 'prefers-color-scheme', value: scheme },
			    // what moves has no colour yet
			    { name: 'prefers-reduced-motion', value: 'reduce' }] })
			await call('Emulation.setDeviceMetricsOverride', { width,
			    height: 900, deviceScaleFactor: 1, mobile: false })
			const found = await look()
			rules += found.rules
			found.faults.forEach(f => fault(`${scheme} ${width}: ${f.join(' ')}`))
			const wide = await value('document.documentElement.scrollWidth')
			if (wide > width)
				fault(`${scheme} ${width}: ${wide} wide`)
		}
	const { stops, faults: lost } = await walk()
	lost.forEach(fault)
	console.log(`${name}: ${rules} rules, ${stops} stops`)
}
chromium.removeAllListeners('exit')
await call('Browser.close').catch(() => {})
process.exit(faults ? 1 : 0)
