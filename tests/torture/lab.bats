# shellcheck shell=bats disable=SC2154
# What the laboratory is quoted for, with seeds that no one knows yet.
load ../common

@test "what the page says of attacks holds for any seed" {
	local seed end

	seed=$(date +%s)
	for ((end = seed + 20; seed < end; seed++)); do
		bzn-cri simulate --seed "$seed" --target 70 >out
		is 0 true "" jq -s 'all(.books and .counters) and
		    (map(select(.role == "honest").score) | unique == [75.8]) and
		    (map(select(.scenario == "ring" and .role == "attacker"))[0]
			| .done_gap >= 15 and (.eigentrust.trust | tonumber) == 0)
		    and (map(select(.node_id == "slow-0"))[0] | .facts.banned)
		    and (map(select(.biznode))[0].biznode |
			.endorsements == 2000 and (.moved | fabs) < 1)' out ||
		    fail "seed $seed"
	done
}

@test "the longest play there is" {
	bzn-cri simulate --days 366 --nodes 500 --keys 2000 >out
	is 0 true "" jq -s 'all(.books and .counters)' out
}
