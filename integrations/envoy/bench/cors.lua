-- What the filter does, by Envoy's Lua: exact origins with credentials, one method list, preflights, the upstream's fields, Vary.
-- It proves what a CORS filter costs in Lua, and is no replacement: no wildcard, no check of its own lists, no counters.
local origins = { ORIGINS }
local METHODS, HEADERS, MAX_AGE = "PUT, DELETE", "content-type, authorization", "7200"
local METHOD = { GET = true, HEAD = true, POST = true, PUT = true, DELETE = true }
local HEADER = { ["content-type"] = true, ["authorization"] = true }

local function verdict_of(headers, origin)
  if headers:getNumValues("origin") > 1 or headers:getNumValues("access-control-request-method") > 1 then return "denied", false end
  if not origins[origin] then return "OriginNotAllowed", false end
  local method = headers:get("access-control-request-method")
  if headers:get(":method") ~= "OPTIONS" or not method then return "allowed", true end
  if not METHOD[method] then return "MethodNotAllowed", true end
  for name in (headers:get("access-control-request-headers") or ""):gmatch("[^,%s]+") do
    if not HEADER[name:lower()] then return "HeaderNotAllowed", true end
  end
  return "allowed", true
end

function envoy_on_request(handle)
  local headers = handle:headers()
  local origin = headers:get("origin")
  if not origin then return end
  local verdict, is_origin_allowed = verdict_of(headers, origin)
  local metadata = handle:streamInfo():dynamicMetadata()
  metadata:set("cors", "verdict", verdict)
  if headers:get(":method") == "OPTIONS" and headers:get("access-control-request-method") then
    metadata:set("cors", "answered", true)
    if not is_origin_allowed then
      handle:respond({ [":status"] = "403", ["vary"] = "origin" }, "")
      return
    end
    handle:respond({
      [":status"] = "204",
      ["access-control-allow-origin"] = origin,
      ["access-control-allow-credentials"] = "true",
      ["access-control-allow-methods"] = METHODS,
      ["access-control-allow-headers"] = HEADERS,
      ["access-control-max-age"] = MAX_AGE,
      ["vary"] = "origin",
    }, "")
    return
  end
  if is_origin_allowed then metadata:set("cors", "origin", origin) end
end

function envoy_on_response(handle)
  local mine = handle:streamInfo():dynamicMetadata():get("cors")
  if mine and mine.answered then return end
  local headers = handle:headers()
  local removed
  for name in pairs(headers) do
    if name:sub(1, 21) == "access-control-allow-" or name == "access-control-expose-headers" or name == "access-control-max-age" then
      removed = removed or {}
      removed[#removed + 1] = name
    end
  end
  for _, name in ipairs(removed or {}) do headers:remove(name) end
  if mine and mine.origin then
    headers:add("access-control-allow-origin", mine.origin)
    headers:add("access-control-allow-credentials", "true")
  end
  local vary = headers:get("vary")
  if not vary then
    headers:add("vary", "origin")
  elseif not vary:lower():find("origin", 1, true) and vary ~= "*" then
    headers:replace("vary", vary .. ", origin")
  end
end
