"""Falcon with its CORSMiddleware, which allows all methods that a resource has and all headers."""

import falcon
from routes import POLICY, ROUTES, TENANTS, Route, answer, pieces

OPTIONS = {
    "public": {"allow_origins": "*", "expose_headers": "x-request-id"},
    "thousand": {"allow_origins": TENANTS, "allow_credentials": TENANTS},
    "methods": {"allow_origins": "https://app.example.com"},
}


class Resource:
    def __init__(self, route: Route) -> None:
        self._route = route
        for method in route.methods + (["HEAD"] if "GET" in route.methods else []):
            setattr(self, f"on_{method.lower()}", self._respond)

    def _respond(self, request: falcon.Request, response: falcon.Response) -> None:
        if self._route.kind == "stream":
            response.stream = pieces()
            return
        status, fields, body = answer(self._route, request.get_header("Accept-Encoding") or "")
        response.status = status
        response.data = body
        for name, value in fields:
            response.append_header(name, value)


app = falcon.App(middleware=[falcon.CORSMiddleware(**OPTIONS[POLICY])])
for row in ROUTES:
    app.add_route(row.path, Resource(row))
