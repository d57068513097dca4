# shellcheck shell=bats disable=SC2016,SC2030,SC2031,SC2154
# /openapi.json, and the page of it; that each route is in it and answers is
# in http-table.bats.
load common
load http

setup_file() {
	grid
	serve
	(cd "$BATS_FILE_TMPDIR" && join alice &&
	    bzn-serve --openapi >openapi.json && bzn-serve --routes >routes)
}

document() {
	jq -r "$@" "$BATS_FILE_TMPDIR/openapi.json"
}

@test "the document of the server is that of --openapi, byte for byte" {
	curl -sS "$url/openapi.json" | cmp - "$BATS_FILE_TMPDIR/openapi.json"
	want 200 get /openapi.json
	[[ $(field content-type) == application/json* ]]
	want 304 get /openapi.json -H "If-None-Match: $(field etag)"
}

@test "the paths of the document are those of the table" {
	document '.paths | to_entries[] | .key as $p | .value | keys[] |
	    [ascii_upcase, $p] | @tsv' | sort >paths
	jq -r '[.method, (.path | sub("/\\*$"; "/{path}"))] | @tsv' \
	    "$BATS_FILE_TMPDIR/routes" | sort >listed
	diff paths listed
}

@test "each error word of a route exists, and is in the document" {
	cut -sd '(' -f 2 <"$BZN_SRC/lib/base/err.def" | cut -d , -f 1 |
	    sort -u >known
	grep -qx node_missing known
	jq -r '.codes | splits(" +") | select(. != "")' \
	    "$BATS_FILE_TMPDIR/routes" | sort -u >words
	(($(wc -l <words) > 50))
	is 0 "" "" comm -23 words known
	is 0 "" "" bash -c 'jq -r -s ".[0] as \$d | .[1:][] |
	    [\$d.paths[.path | sub(\"/\\\\*$\"; \"/{path}\")][.method |
	    ascii_downcase].responses | to_entries[] |
	    select(.key != \"200\") | .value.description |
	    splits(\", \")] as \$has |
	    .path + \" \" + (.codes | splits(\" +\") | select(. != \"\") |
	    select(. as \$w | \$has | index([\$w]) | not))" \
	    "$BATS_FILE_TMPDIR/openapi.json" "$BATS_FILE_TMPDIR/routes"'
}

@test "what the document names is there, and once" {
	is 0 "" "" document '[.paths[][].operationId] | group_by(.)[] |
	    select(length > 1)[0]'
	is 0 "" "" document '. as $d | [.. | objects | .["$ref"] // empty] |
	    unique[] | select(. as $r | $d |
	    getpath($r | ltrimstr("#/") | split("/")) == null)'
	is 0 "" "" document '(.components.securitySchemes | keys) as $has |
	    .paths[][].security[] | keys[] | select(. as $k | $has |
	    index([$k]) | not)'
	is 0 "" "" document '[.tags[].name] as $has | .paths[][].tags[] |
	    select(. as $t | $has | index([$t]) | not)'
	is 0 "" "" document '.. | objects | select(.type == "array" and
	    (has("items") | not))'
}

@test "tags are words, and what is no JSON says what it is" {
	is 0 "" "" document '.tags[].name | select(test("^[a-z0-9]+$") | not)'
	document '.paths | to_entries[] | .key as $p | .value.get // empty |
	    .responses["200"].content | keys[] |
	    select(. != "application/json") | $p + " " + .' | sort >media
	is 0 "/ text/html
/api/identity/card image/png
/api/identity/card text/plain
/docs text/html
/docs/{path} text/html
/favicon.ico image/*
/genesis text/html
/join text/html
/legal/{path} text/html
/metrics application/openmetrics-text
/metrics text/plain
/mission.pdf application/pdf
/nodes/{node_id} text/html
/sandbox/trade/{share_id} text/html
/skills/{skill_id} text/html
/static/{path} */*
/v1/admin/dashboard text/html
/v1/admin/export/{table}/csv text/csv
/v1/admin/ledger/events text/event-stream
/v1/node/events text/event-stream
/v1/node/{node_id}/badge.svg image/svg+xml" "" grep -v well-known media
	# What is said to be JSON is.
	for path in / /health /health/extended /mission.json /v1/levels; do
		get "$path"
		[[ $(field content-type) == application/json* ]]
	done
	get /favicon.ico
	[[ $(field content-type) == image/* ]]
}

@test "each example has the shape that its route asks for" {
	local key n=0

	key=$(<"$BZN_HOME/keys/alice")
	document '.paths | to_entries[] | .key as $p | .value | to_entries[] |
	    select(.value.requestBody) |
	    (.value.requestBody.content["application/json"].schema) as $s |
	    .value.requestBody.content["application/json"].example as $e |
	    select(($e | type) != "object" or
	    (($s.required // []) - ($e | keys) | length > 0) or
	    (($e | keys) - ($s.properties | keys) | length > 0)) | $p' >bad
	is 0 "" "" cat bad
	document '.paths | to_entries[] | select(.key | contains("/admin/") |
	    not) | .key as $p | .value | to_entries[] |
	    select(.value.requestBody and ([.value.security[] | keys[]] |
	    length == 0 or index("apiKey")) and ([.value.parameters[] |
	    select(.in == "query" and .required)] | length == 0)) | [(.key | ascii_upcase),
	    ($p | gsub("[{][^}]*[}]"; "x")),
	    (.value.requestBody.content["application/json"].example |
	    tojson)] | join("\t")' >examples
	(($(wc -l <examples) > 20))
	while IFS=$'\t' read -r method path example; do
		[[ $example != '{}' ]] || continue
		call "$method" "$path" "$example" -H "X-API-KEY: $key" \
		    -H "Idempotency-Key: example-$((++n))"
		# What no schema can say has other words.
		[[ $code != 5* || $code == 503 ]] &&
		    [[ $body != *'"code":"validation"'* ]] ||
		    echo "$method $path $example: $code $body"
	done <examples >bad
	is 0 "" "" cat bad
}

@test "the page: each operation, no script, and an ETag" {
	want 200 get /docs
	[[ $(field content-type) == 'text/html; charset=utf-8' ]]
	[[ $(field content-security-policy) == *"default-src 'none'"* ]]
	[[ $(field content-security-policy) == *"'sha256-"* ]]
	[[ $body != *'<script'* && $body != *' style='* ]]
	[[ $body == *'prefers-color-scheme: dark'* ]]
	grep -o '<details id="[^"]*"' <<<"$body" | cut -d '"' -f 2 |
	    sort >shown
	document '.paths[][].operationId' | sort >ids
	diff ids shown
	pass 60
	want 304 get /docs -H "If-None-Match: $(field etag)"
}

# That replies are as they are described is looked at in all suites: http.bash
# starts servers with check_replies.
@test "each reply is described, and no shape is for nothing" {
	is 0 "" "" document '.paths | to_entries[] | .key as $p | .value[] |
	    .responses["200"].content["application/json"] | values |
	    select((.schema | length) == 0) | $p'
	is 0 "" "" document '([.. | objects | .["$ref"] // empty |
	    select(startswith("#/components/schemas/"))] | unique) as $used |
	    .components.schemas | keys[] | "#/components/schemas/" + . |
	    select(. as $r | $used | index([$r]) | not)'
	is 0 "" "" document '.. | objects | select(.type == "object" and
	    .properties and (.allOf | not)) | select((.required // []) -
	    (.properties | keys) != []) | tojson'
}

# lint [CHANGE]: look at the document, or at what it is after a change.
lint() {
	document "${1:-.}" >changed.json
	/usr/bin/python3 "$BZN_SRC/tests/tools/openapi.py" changed.json
}

@test "the document is one of OpenAPI 3.1" {
	local change

	is 0 "" "" lint
	while read -r change; do
		[[ -n $(lint "$change") ]] || fail "$change is not told"
	done <<-'END'
	del(.info.version)
	.paths["/health"].get.responses = {}
	.paths["/health"].get.sumary = "x"
	.paths["/health"].get.tags = ["none"]
	.paths["/health"].get.operationId = "get_nodes"
	.paths["/health"].get.security = [{"none":[]}]
	.paths["/v1/tasks/{task_id}"].get.parameters = []
	.paths["/v1/tasks/{id}"] = .paths["/v1/tasks/{task_id}"]
	.components.schemas.Level.required = ["none"]
	.components.schemas.Level.typ = "object"
	.components.schemas.Hold.properties.escrow_id["$ref"] = "#/none"
	END
}
