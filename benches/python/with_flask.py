"""The Flask extension beside flask-cors, around one Flask application, without a server."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import cases
import cors_py.flask
import flask
import flask_cors
from measure import Overhead, overheads, report


def application(decorator: Callable[[Any], Any] = lambda view: view) -> flask.Flask:
    app = flask.Flask("bench")

    @app.route("/orders/<int:number>", methods=["GET", "PUT"])
    @decorator
    def order(number: int) -> Any:
        return flask.Response("{}", mimetype="application/json", headers={"etag": '"1"'})

    return app


def call(app: flask.Flask, method: str, headers: dict[str, str]) -> Callable[[], None]:
    """Answers one request as a server would have it answered."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": "/orders/7",
        "QUERY_STRING": "",
        "SERVER_NAME": "api.example.com",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()},
    }

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        return lambda _: None

    def run() -> None:
        body = app(environ.copy(), start_response)
        for _ in body:
            pass
        close = getattr(body, "close", None)
        if close is not None:
            close()

    return run


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


def measured(applications: Callable[[int], dict[str, flask.Flask]]) -> dict[str, dict[str, Overhead]]:
    rows: dict[str, dict[str, Overhead]] = {}
    bare = application()
    for count in cases.COUNTS:
        apps = applications(count)
        for case, (method, headers) in cases.requests(count).items():
            variants = {name: call(app, method, headers) for name, app in apps.items()}
            # flask-cors has Flask answer a preflight; here the application is not asked, and nothing is to subtract.
            without = (lambda: None) if case == "preflight" else call(bare, method, headers)
            rows[f"{case}, {count:,} origins"] = overheads(without, variants)
    return rows


def main() -> None:
    report("Flask, CORS", "cors_py", "flask-cors", measured(around))
    report("Flask, cross_origin", "cors_py", "flask-cors", measured(decorated))


if __name__ == "__main__":
    main()
