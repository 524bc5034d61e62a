-- Publishes posts with wrk: `wrk … -s publish.lua ORIGIN -- COOKIE…`. The owners of the cookies take turns.
local cookies, number = {}, 0

function init(arguments)
  cookies = arguments
  math.randomseed(os.time())
end

function request()
  number = number + 1
  local title = string.format("Notes+%d+of+%d", number, math.random(1000000))
  local headers = {
    ["accept"] = "text/html",
    ["content-type"] = "application/x-www-form-urlencoded",
    ["cookie"] = cookies[number % #cookies + 1],
    ["sec-fetch-site"] = "same-origin",
  }
  return wrk.format("POST", "/post/new", headers, "title=" .. title .. "&content=Some+words+that+are+not+many.&tags=bench")
end

function response(status, headers)
  -- A successful request redirects to the page of the post.
  if status ~= 303 or not string.find(headers["location"] or headers["Location"] or "", "^/post/%d") then
    io.stderr:write("refused: ", status, "\n")
    os.exit(1)
  end
end
