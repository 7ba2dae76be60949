-- wrk's script: asks what a file says, line by line (path, then a token and a body for a POST), and tells figures as JSON.
-- Questions are asked again and again; a file of POSTs ends the round when it is used up, for each has an effect.

local requests, at, once = {}, 0, false

function init(args)
  for line in io.lines(args[1]) do
    local path, token, body = line:match("^([^\t]*)\t?([^\t]*)\t?(.*)$")
    local headers = { ["Accept-Encoding"] = args[2] }
    if token == "" then
      requests[#requests + 1] = wrk.format("GET", path, headers)
    else
      once = true
      headers["Authorization"] = "Bearer " .. token
      headers["Content-Type"] = "application/json"
      requests[#requests + 1] = wrk.format("POST", path, headers, body)
    end
  end
  at = once and 0 or tonumber(args[3]) % #requests
end

function request()
  at = at + 1
  if at > #requests then
    if once then wrk.thread:stop() end
    at = 1
  end
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.stderr:write(string.format(
    '{"requests": %d, "seconds": %.6f, "refused": %d, "broken": %d, "p50_ms": %.3f, "p99_ms": %.3f}\n',
    summary.requests, summary.duration / 1e6, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
