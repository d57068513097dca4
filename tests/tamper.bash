# shellcheck shell=bash disable=SC2154
# tamper.bash - a small log that has everything, and what can be done to it.
#
# tamper_base makes a home by the programs; tamper.py puts mutants of its
# database into a directory, each with what has to be found: tamper.tsv.

# tamper_base: make the home $BZN_HOME, in the current directory.
tamper_base() {
	local skill task

	home 'settle_batch 1000'
	seq -f '{"node_id":"node-%g"}' 1 128 | at bzn-node challenge |
	    answers | at bzn-node register >/dev/null
	member alice bob
	skill=$(offer bob 10)
	task=$(buy alice "$skill")
	deliver "$task"
	task=$(buy alice "$skill")
	deliver "$task"
	at bzn-escrow dispute "$task" --as alice --reason no >/dev/null
	buy alice "$skill" >late
	pass 86400
	at bzn-settle >/dev/null
	pass 259200
	at bzn-settle >/dev/null
	buy alice "$skill" >open
	at bzn-ledger transfer alice bob 1 TCK --id t1 >/dev/null
	at bzn-ledger transfer bob alice 0.5 TCK --id t2 --ref r >/dev/null
	at bzn-ledger checkpoint >c.ckpt
}
