"""The application in Flask."""

from __future__ import annotations

from cors_py.flask import CORS
from flask import Flask, Response, request
from site_files import answer, policies

METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]

app = Flask(__name__)
CORS(app, policies=policies())


@app.route("/<path:path>", methods=METHODS, provide_automatic_options=False)
def view(path: str) -> Response:
    status, fields, body = answer(request.method, request.path, request.query_string.decode())
    response = Response(body, status)
    response.headers.clear()
    for name, value in fields:
        response.headers.add(name, value)
    return response
