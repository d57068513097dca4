# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
load common

@test "nothing is kept before the first sweep" {
	bzn-ledger init --no-node --origin ledger.example/try >made
	is 0 '{"series":0,"samples":0,"rollups":0,"changes":0,"incidents":0,'\
'"sweeps":0,"samples_bytes":0,"rollups_bytes":0,"changes_bytes":0,'\
'"incidents_bytes":0,"sweeps_bytes":0,"bytes":0,"bytes_per_series":0,'\
'"bytes_per_series_year":0}' "" bzn-ping stats
}

@test "without a home there is nothing to tell" {
	is 4 "" "bzn-ping: no directory '$PWD/none': make a home with \
'bzn-ledger init' (no_ledger)" env BZN_HOME="$PWD/none" bzn-ping stats
}
