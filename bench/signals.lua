-- What wrk sends: requests of many hosts in turn, as requests-of.mjs has them. `wrk … -- KIND HOSTS AUTHORIZATION`
local requests = {}
local turn = 0
local count = 0

local kinds = {
  ping = function(index)
    return wrk.format("GET", string.format("/ping/00000000-0000-0000-0000-%012d", index))
  end,
  push = function(index)
    return wrk.format("GET", string.format("/api/push/%032d?status=up&msg=OK", index))
  end,
  heartbeat = function(index)
    return wrk.format("POST", string.format("/api/heartbeat/%032d", index), { ["Content-Type"] = "application/json" }, "{}")
  end,
}

function init(args)
  count = tonumber(args[2])
  local headers = { Authorization = args[3], ["Content-Type"] = "application/x-www-form-urlencoded" }
  local make = kinds[args[1]] or function(index)
    return wrk.format("POST", "/signal", headers, string.format("host=h%04d", index))
  end
  for index = 0, count - 1 do
    requests[index] = make(index)
  end
end

function request()
  turn = (turn + 1) % count
  return requests[turn]
end

function done(summary)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("counted %d %d %d\n", summary.requests, summary.duration / 1000, failed))
end
