"""A Flask application with CORS of every kind: what gunicorn serves in `test_flask`, and its test client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from common import OTHERS, POLICY
from cors_py import Policy
from cors_py.flask import CORS, cross_origin
from flask import Blueprint, Flask, Response, abort, redirect, request
from flask.views import MethodView

ROUTE = "https://route.example"
SHOP = "https://shop.example"


def make(**arguments: Any) -> tuple[Flask, CORS]:
    """The application, and its CORS: `POLICY` if there are no arguments."""
    app = Flask("site")

    @app.before_request
    def authenticate() -> None:
        if "authorization" not in request.headers and request.path.startswith("/private"):
            abort(401)

    @app.errorhandler(LookupError)
    def handle(error: LookupError) -> tuple[str, int]:
        return "handled", 409

    @app.route("/fine", methods=["GET", "PUT", "OPTIONS"])
    @app.route("/private/fine", endpoint="private")
    @app.route("/public/fine", endpoint="public")
    def fine() -> Response:
        return Response(request.method, headers={"Vary": "Accept"})

    @app.route("/own-fields")
    def own_fields() -> Response:
        headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Max-Age": "7", "Vary": "Origin, Accept"}
        return Response("own", headers=headers)

    @app.route("/vary-all")
    def vary_all() -> Response:
        return Response("all", headers={"Vary": "*"})

    @app.route("/crash")
    def crash() -> str:
        raise RuntimeError("crash")

    @app.route("/handled")
    def handled() -> str:
        raise LookupError("handled")

    @app.route("/forbidden")
    def forbidden() -> str:
        abort(403)

    @app.route("/redirect")
    def redirected() -> Any:
        return redirect("/fine")

    @app.route("/not-modified")
    def not_modified() -> Response:
        return Response(status=304)

    @app.route("/stream")
    def stream() -> Response:
        return Response(parts("first", "second"))

    @app.route("/late-crash")
    def late_crash() -> Response:
        return Response(parts())

    @app.route("/route/", methods=["PUT"])
    @cross_origin(origins=[ROUTE], methods=["PUT"])
    def route() -> str:
        return "route"

    class Both(MethodView):
        @cross_origin(origins=[ROUTE])
        def get(self) -> str:
            return "get"

        def put(self) -> str:
            return "put"

    app.add_url_rule("/both", view_func=Both.as_view("both"))

    @app.route("/by-the-view", methods=["PUT", "OPTIONS"])
    @cross_origin(origins=[ROUTE], automatic_options=False)
    def by_the_view() -> str:
        return f"the view's {request.method}"

    shop = Blueprint("shop", "shop", url_prefix="/shop")

    @shop.route("/items")
    def items() -> str:
        return "items"

    @shop.route("/route")
    @cross_origin(origins=[ROUTE])
    def shop_route() -> str:
        return "route"

    CORS(shop, policy=Policy(allow_origins=[SHOP]))
    app.register_blueprint(shop)
    app.register_blueprint(shop, name="second", url_prefix="/second")
    return app, CORS(app, **(arguments or {"policy": POLICY}))


def parts(*texts: str) -> Iterator[str]:
    yield from texts
    if not texts:
        raise RuntimeError("crash")


served, cors = make()


@served.route("/swap")
def swap() -> str:
    cors.site.swap(OTHERS if cors.site.rules.only is POLICY else POLICY)
    return "swapped"
