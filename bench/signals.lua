-- What wrk sends: signals of a hundred hosts in turn. `wrk … -- AUTHORIZATION`
local signals = {}
local turn = 0

function init(args)
  wrk.headers["Authorization"] = args[1]
  wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
  for i = 0, 99 do
    signals[i] = wrk.format("POST", nil, nil, string.format("host=h%02d", i))
  end
end

function request()
  turn = (turn + 1) % 100
  return signals[turn]
end

function done(summary)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.status + e.timeout
  io.write(string.format("counted %d %d %d\n", summary.requests, summary.duration / 1000, failed))
end
