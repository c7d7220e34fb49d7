"""The Flask extension and flask-cors, around one Flask application, without a server."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import cases
import cors_py.flask
import flask
import flask_cors
from measure import Call, report
from wsgi import call


def application(decorator: Callable[[Any], Any] = lambda view: view) -> flask.Flask:
    app = flask.Flask("bench")

    @app.route("/orders/<int:number>", methods=["GET", "PUT"])
    @decorator
    def order(number: int) -> Any:
        return flask.Response("{}", mimetype="application/json", headers={"etag": '"1"'})

    return app


def around(count: int) -> dict[str, flask.Flask]:
    apps = {"cors_py": application(), "flask-cors": application()}
    cors_py.flask.CORS(apps["cors_py"], **options(count))
    flask_cors.CORS(apps["flask-cors"], **options(count))
    return apps


def decorated(count: int) -> dict[str, flask.Flask]:
    apps = {
        "cors_py": application(cors_py.flask.cross_origin(**options(count))),
        "flask-cors": application(flask_cors.cross_origin(**options(count))),
    }
    cors_py.flask.CORS(apps["cors_py"], resources=[])
    return apps


def options(count: int) -> Any:
    settings = cases.settings(count)
    return {
        "origins": settings["allow_origins"],
        "methods": settings["allow_methods"],
        "allow_headers": settings["allow_headers"],
        "supports_credentials": settings["allow_credentials"],
        "max_age": settings["max_age"],
    }


def made(applications: Callable[[int], dict[str, flask.Flask]], count: int, case: str) -> tuple[Call, dict[str, Call]]:
    method, headers = cases.requests(count)[case]
    # flask-cors has Flask answer a preflight; here the application is not called, and nothing is subtracted.
    bare = (lambda: None) if case == "preflight" else call(application(), method, headers)
    return bare, {name: call(app, method, headers) for name, app in applications(count).items()}


if __name__ == "__main__":
    report("Flask, CORS", "cors_py", cases.measured(functools.partial(made, around)), "flask-cors")
    report("Flask, cross_origin", "cors_py", cases.measured(functools.partial(made, decorated)), "flask-cors")
