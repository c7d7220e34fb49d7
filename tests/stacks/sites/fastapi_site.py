from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

app = FastAPI()
METHODS = ["GET", "PUT", "DELETE", "PATCH"]


@app.middleware("http")
async def guard(request: Request, call_next):
    if request.url.path == "/private" and "authorization" not in request.headers:
        return JSONResponse({}, 401)
    return await call_next(request)


@app.api_route("/item", methods=METHODS)
async def item():
    return JSONResponse([], headers={"x-total": "3"})


@app.api_route("/broken", methods=METHODS)
async def broken():
    raise RuntimeError("broken")


<<1>>
