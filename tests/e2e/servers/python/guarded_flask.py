"""A Flask application whose pages under /admin are for one site, and a route that has a policy for one of its methods."""

from __future__ import annotations

import os

from cors_py import Policy
from cors_py.flask import CORS, cross_origin
from flask import Flask, request

_log = open(os.environ["E2E_LOG"], "ab", buffering=0)  # noqa: SIM115


def noted() -> str:
    _log.write(f"{request.method} {request.path.lstrip('/')}\n".encode())
    return request.path.lstrip("/")


app = Flask(__name__)
CORS(
    app,
    policies={
        "/": Policy(allow_origins=["*"], allow_methods=["DELETE"]),
        "/admin": Policy(allow_origins=["https://app.example.com"], allow_methods=["DELETE"]),
    },
    enforce=True,
)
app.route("/admin/users", methods=["GET", "DELETE"])(noted)
app.route("/public/page", methods=["GET"])(noted)

by_routes = Flask("by_routes")
CORS(by_routes, origins=["https://app.example.com"])
by_routes.get("/x")(cross_origin(origins="*", allow_headers=["x-a"])(noted))
by_routes.delete("/x", endpoint="delete_x")(noted)
