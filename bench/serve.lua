-- What wrk asks bzn-serve for; see serve.sh.
--
--	wrk -s serve.lua URL -- KIND KEYS SKILLS RUN
--
-- KIND is lock, hot, mix, list, varied or health; KEYS and SKILLS are files
-- with a line for each; RUN begins the idempotency keys of this run.

local threads = 0

function setup(thread)
	thread:set("number", threads)
	threads = threads + 1
end

local function lines(name)
	local all = {}

	for line in io.lines(name) do
		all[#all + 1] = line
	end
	return all
end

local kind, keys, skills, run, n, list, health

function init(args)
	kind, run, n = args[1], args[4] .. number .. "-", 0
	keys, skills = lines(args[2]), lines(args[3])
	list = wrk.format("GET", "/v1/marketplace?limit=50")
	health = wrk.format("GET", "/health")
end

local function lock(buyers, sellers)
	local skill = skills[math.floor(n / 7) % sellers + 1]

	return wrk.format("POST", "/v1/tasks/create", {
		["X-API-KEY"] = keys[n % buyers + 1],
		["Content-Type"] = "application/json",
		["Idempotency-Key"] = run .. n,
	}, '{"skill_id":"' .. skill .. '","input_data":{"text":"a b"}}')
end

function request()
	n = n + 1
	if kind == "health" then
		return health
	elseif kind == "list" then
		return list
	elseif kind == "varied" then
		-- The same 50 rows, but no page that is known already.
		return wrk.format("GET", string.format("/v1/marketplace?" ..
		    "limit=50&min_price=0.%02d&max_price=%d.%02d",
		    n % 99 + 1, 2 + math.floor(n / 99) % 9999, number))
	elseif kind == "hot" then
		return lock(8, 1)
	elseif kind == "mix" and n % 5 > 0 then
		return list
	end
	return lock(#keys, #skills)
end

function done(all, latency)
	local e = all.errors

	io.write(string.format("told %d %d %d %d %d %d\n", all.requests,
	    all.duration, latency:percentile(50), latency:percentile(99),
	    e.status, e.connect + e.read + e.write + e.timeout))
end
