from flask import Flask, abort, jsonify, request

app = Flask("site")

<<1>>

METHODS = ["GET", "PUT", "DELETE", "PATCH"]


@app.before_request
def guard():
    if request.path == "/private" and "authorization" not in request.headers:
        abort(401)


@app.route("/item", methods=METHODS)
def item():
    response = jsonify([])
    response.headers["x-total"] = "3"
    return response


@app.route("/private", methods=METHODS)
def private():
    return jsonify([])


@app.route("/broken", methods=METHODS)
def broken():
    raise RuntimeError("broken")
