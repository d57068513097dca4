# shellcheck shell=bats disable=SC2154
# What becomes of connections: spec/http.md 3, 4, 8, 9 and 11, with a toy
# server (tests/tools/toy.c) on a clock of its own.
load common

life() {
	python3 "$BZN_SRC/tests/http/life.py" "$@"
}

@test "deadlines are absolute: heads, bodies, idleness, stalled readers" {
	life slow_head slow_body idle slow_reader patient_handler lingering
}

@test "limits on connections, addresses, descriptors" {
	life connections addresses descriptors flood
}

@test "pipelines are answered in order, and read ahead within bounds" {
	life many_requests read_ahead
}

@test "100 goes out when the body is wanted and none of it is there" {
	life expect
}

@test "clients that have shut their side, and such that have gone" {
	life half_closed gone
}

@test "streams: many readers, slow ones, stalled ones" {
	life streams slow_stream stalled_stream
}

@test "a stop drains what runs and what waits, and cuts what is stuck" {
	life drain drain_queued drain_cut second_signal drain_load
}

@test "sockets that are inherited outlive servers" {
	life activation
}

@test "only who is trusted speaks for others" {
	life forwarded
}

@test "300 slow connections hold nobody up, and all end" {
	life slow_crowd
}

@test "idle connections keep no buffers" {
	life leaves_memory
}
