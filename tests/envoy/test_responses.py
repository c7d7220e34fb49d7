"""Every response has the policy's fields, whoever makes it (A2), and no other of their names (A3)."""

import socket
import threading
import unittest

from exchange import Answer, Upstream, request
from processes import PATIENCE, free_port
from server import HTTP, Envoy, cluster, filter_of

ORIGIN = "https://app.example.com"
EVIL = "https://evil.example"
POLICY = {"allow_origins": [ORIGIN], "allow_methods": ["PUT"]}
ALLOWED = [f"access-control-allow-origin: {ORIGIN}", "vary: origin"]
DENIED = ["vary: origin"]
FORGED = [("Access-Control-Allow-Origin", "*"), ("access-control-allow-credentials", "true"), ("Access-Control-Max-Age", "1")]

ANSWERS = {
    "/plain": (200, [], b"plain"),
    "/own": (200, FORGED, b"own"),
    "/error": (500, FORGED, b"error"),
    "/away": (302, [("Location", "https://elsewhere.example/")], b""),
    "/unchanged": (304, FORGED, b""),
    "/own-options": (418, FORGED, b""),
    "/upgrade": (101, [("Upgrade", "websocket"), ("Connection", "Upgrade"), *FORGED], b""),
    "/early": (
        103,
        [("Link", "</a.css>; rel=preload"), *FORGED],
        b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 6\r\n\r\nsecret",
    ),
    "/grpc.Service/Call": (200, [("Content-Type", "application/grpc"), ("grpc-status", "0"), *FORGED], b""),
}
ROUTES = [
    {"match": {"prefix": "/up/"}, "route": {
        "cluster": "upstream", "prefix_rewrite": "/", "upgrade_configs": [{"upgrade_type": "websocket"}],
    }},
    {"match": {"prefix": "/down/"}, "route": {"cluster": "down"}},
    {"match": {"prefix": "/slow/"}, "route": {"cluster": "silent", "timeout": "0.2s"}},
    {"match": {"prefix": "/redirect"}, "redirect": {"host_redirect": "elsewhere.example"}},
    {"match": {"prefix": "/added"}, "direct_response": {"status": 200}, "response_headers_to_add": [
        {"header": {"key": "vary", "value": "accept"}}
    ]},
    {"match": {"prefix": "/nowhere"}, "route": {"cluster_header": "x-cluster"}},
]  # fmt: skip
# Behind the filter.
AUTHENTICATION = {
    "name": "envoy.filters.http.jwt_authn",
    "typed_config": {
        "@type": HTTP + "jwt_authn.v3.JwtAuthentication",
        "providers": {"one": {"issuer": "x", "local_jwks": {"inline_string": '{"keys": [{"kty": "oct", "alg": "HS256", "kid": "1", "k": "AAAAAAAAAAAAAAAAAAAAAA"}]}'}}},
        "rules": [{"match": {"prefix": "/secret"}, "requires": {"provider_name": "one"}}],
    },
}
LIMIT = {
    "name": "envoy.filters.http.local_ratelimit",
    "typed_config": {
        "@type": HTTP + "local_ratelimit.v3.LocalRateLimit",
        "stat_prefix": "limit",
        "token_bucket": {"max_tokens": 1000000, "fill_interval": "1s"},
        "filter_enabled": {"default_value": {"numerator": 100}},
        "filter_enforced": {"default_value": {"numerator": 100}},
        "descriptors": [],
    },
}
GRPC_WEB = {"name": "envoy.filters.http.grpc_web", "typed_config": {"@type": HTTP + "grpc_web.v3.GrpcWeb"}}
BUFFER = {
    "name": "envoy.filters.http.buffer",
    "typed_config": {"@type": HTTP + "buffer.v3.Buffer", "max_request_bytes": 10},
}


def denier(prefix: str) -> dict:
    """A filter that answers 403 below a prefix."""
    rule = {"permissions": [{"url_path": {"path": {"prefix": prefix}}}], "principals": [{"any": True}]}
    return {
        "name": f"deny{prefix}",
        "typed_config": {"@type": HTTP + "rbac.v3.RBAC", "rules": {"action": "DENY", "policies": {"all": rule}}},
    }


def stock(**options: object) -> tuple[dict, dict]:
    """Envoy's own filter, and the configuration of a route for it."""
    name = "envoy.filters.http.cors"
    policy = {
        "@type": HTTP + "cors.v3.CorsPolicy",
        "allow_origin_string_match": [{"safe_regex": {"regex": ".*"}}],
        "allow_methods": "GET",
        "max_age": "1",
        "allow_credentials": True,
        **options,
    }
    return {"name": name, "typed_config": {"@type": HTTP + "cors.v3.Cors"}}, {name: policy}


class Responses(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.upstream = Upstream(ANSWERS)
        cls.addClassCleanup(cls.upstream.close)
        silent = socket.create_server(("127.0.0.1", 0))
        cls.addClassCleanup(silent.close)
        down = free_port()
        limited = {"match": {"prefix": "/limited"}, "direct_response": {"status": 200}, "typed_per_filter_config": {
            LIMIT["name"]: {**LIMIT["typed_config"], "token_bucket": {"max_tokens": 1, "fill_interval": "3600s"}},
        }}  # fmt: skip
        buffered = {"match": {"prefix": "/large"}, "route": {"cluster": "upstream"}, "typed_per_filter_config": {
            BUFFER["name"]: {
                "@type": HTTP + "buffer.v3.BufferPerRoute", "buffer": {"max_request_bytes": 10},
            },
        }}  # fmt: skip
        chain = [filter_of(POLICY), AUTHENTICATION, LIMIT, GRPC_WEB, denier("/forbidden")]
        before = [denier("/forbidden"), filter_of(POLICY)]
        first, per_route = stock()
        beside = {"match": {"prefix": "/beside/"}, "route": {"cluster": "upstream", "prefix_rewrite": "/"},
                  "typed_per_filter_config": per_route}  # fmt: skip
        cls.envoy = Envoy(
            chain,
            others=[before, [first, filter_of(POLICY)], [filter_of(POLICY), first], [*chain[:1], BUFFER]],
            routes=[*ROUTES, limited, buffered, beside],
            upstream=cls.upstream.port,
            clusters=[cluster("down", down), cluster("silent", silent.getsockname()[1])],
        )
        cls.addClassCleanup(cls.envoy.close)

    def ask(self, target: str, method: str = "GET", port: int | None = None, **headers: str) -> Answer:
        pairs = [(name.replace("_", "-"), text.encode()) for name, text in headers.items()]
        return self.envoy.send(request(method, target, pairs), port)

    def test_whoever_answers(self) -> None:
        for target, status in [
            ("/up/plain", 200),
            ("/up/own", 200),
            ("/up/error", 500),
            ("/up/away", 302),
            ("/up/unchanged", 304),
            ("/up/early", 200),
            ("/down/", 503),
            ("/slow/", 504),
            ("/redirect", 301),
            ("/nowhere", 503),
            ("/no-route", 404),
            ("/secret", 401),
            ("/forbidden", 403),
        ]:
            for origin, expected in [(ORIGIN, ALLOWED), (EVIL, DENIED), (None, DENIED)]:
                with self.subTest(target=target, origin=origin):
                    answer = self.ask(target, **({"Origin": origin} if origin else {}))
                    self.assertEqual((answer.status, answer.cors()), (status, expected))

    def test_a_limit(self) -> None:
        answers = [self.ask("/limited", Origin=ORIGIN) for _ in range(3)]
        self.assertEqual([answer.status for answer in answers], [200, 429, 429])
        for answer in answers:
            self.assertEqual(answer.cors(), ALLOWED)

    def test_a_body_that_is_too_large(self) -> None:
        head = request("POST", "/large", [("Origin", ORIGIN.encode()), ("Content-Length", b"100")])
        answer = self.envoy.send(head + b"x" * 100, self.envoy.ports[4])
        self.assertEqual((answer.status, answer.cors()), (413, ALLOWED))

    def test_who_answers_in_front(self) -> None:
        """A filter that stands in front answers before this one has seen the request, and Envoy does not ask it then."""
        port = self.envoy.ports[1]
        answer = self.ask("/forbidden", port=port, Origin=ORIGIN)
        self.assertEqual((answer.status, answer.cors()), (403, []))
        # So it is with what Envoy refuses before any filter.
        answer = self.envoy.send(f"GET / HTTP/1.1\r\nConnection: close\r\nOrigin: {ORIGIN}\r\n\r\n".encode())
        self.assertEqual((answer.status, answer.cors()), (400, []))

    def test_vary(self) -> None:
        self.assertEqual(self.ask("/added").all("vary"), ["accept, origin"])

    def test_websocket(self) -> None:
        head = request("GET", "/up/upgrade", [
            ("Origin", ORIGIN.encode()), ("Upgrade", b"websocket"), ("Connection", b"Upgrade"),
            ("Sec-WebSocket-Version", b"13"), ("Sec-WebSocket-Key", b"AAAAAAAAAAAAAAAAAAAAAA=="),
        ])  # fmt: skip
        with socket.create_connection(("127.0.0.1", self.envoy.port), timeout=PATIENCE) as connection:
            connection.sendall(head)
            received = b""
            while b"\r\n\r\n" not in received:
                received += connection.recv(65536)
        answer = Answer(received)
        self.assertEqual((answer.status, answer.cors()), (101, ALLOWED))

    def test_grpc_web(self) -> None:
        lines = [("Origin", ORIGIN.encode()), ("Content-Type", b"application/grpc-web+proto"), ("Content-Length", b"5")]
        answer = self.envoy.send(request("POST", "/up/grpc.Service/Call", lines) + bytes(5))
        self.assertEqual((answer.status, answer.cors()), (200, ALLOWED))

    def test_an_internal_redirect(self) -> None:
        """Envoy asks the filter anew: the policy of the new path decides."""
        answers = {"/a": (302, [("Location", "http://api.example.com/b")], b""), "/b": (200, FORGED, b"b")}
        upstream = Upstream(answers)
        self.addCleanup(upstream.close)
        policies = [{"prefix": f"/{name}", "allow_origins": [f"https://{name}.example"]} for name in "ab"]
        routes = [{"match": {"prefix": "/"}, "route": {"cluster": "upstream", "internal_redirect_policy": {}}}]
        envoy = Envoy([filter_of({"policies": policies})], routes=routes, upstream=upstream.port)
        self.addCleanup(envoy.close)
        self.assertEqual(envoy.ask("/a", Origin="https://a.example").cors(), DENIED)
        allowed = ["access-control-allow-origin: https://b.example", "vary: origin"]
        self.assertEqual(envoy.ask("/a", Origin="https://b.example").cors(), allowed)

    def test_a_stream(self) -> None:
        """The head arrives before the body has an end (A12)."""
        accepted = threading.Event()
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n")
                accepted.wait(PATIENCE)
                connection.sendall(b"data: 2\n\n")

        thread = threading.Thread(target=serve)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(accepted.set)
        envoy = Envoy([filter_of(POLICY)], upstream=server.getsockname()[1])
        self.addCleanup(envoy.close)
        with socket.create_connection(("127.0.0.1", envoy.port), timeout=PATIENCE) as connection:
            connection.sendall(request("GET", "/", [("Origin", ORIGIN.encode())]))
            received = b""
            while b"data: 1" not in received:
                received += connection.recv(65536)
            self.assertEqual(Answer(received).cors(), ALLOWED)
            accepted.set()
            while chunk := connection.recv(65536):
                received += chunk
            self.assertIn(b"data: 2", received)

    def test_beside_the_stock_filter(self) -> None:
        """Behind this filter the stock one changes nothing; in front of it, it has the last word on what it allows, once."""
        in_front, behind = self.envoy.ports[2], self.envoy.ports[3]
        for target in ("/beside/plain", "/beside/own"):
            for origin, expected in [(ORIGIN, ALLOWED), (EVIL, DENIED), (None, DENIED)]:
                with self.subTest(target=target, origin=origin):
                    answer = self.ask(target, port=behind, **({"Origin": origin} if origin else {}))
                    self.assertEqual(answer.cors(), expected)
        answer = self.ask("/beside/plain", "OPTIONS", behind, Origin=EVIL, Access_Control_Request_Method="PUT")
        self.assertEqual((answer.status, answer.cors()), (403, DENIED))
        for origin in (ORIGIN, EVIL):
            answer = self.ask("/beside/own", port=in_front, Origin=origin)
            self.assertEqual(answer.all("access-control-allow-origin"), [origin])
            self.assertEqual(answer.all("vary"), ["origin"])
        # Where a route has no policy for it, the stock filter does nothing.
        answer = self.ask("/up/own", port=in_front, Origin=EVIL)
        self.assertEqual(answer.cors(), DENIED)

    def test_preflights_do_not_reach_the_upstream(self) -> None:
        self.upstream.asked.clear()
        for origin, status in [(ORIGIN, 204), (EVIL, 403)]:
            answer = self.ask("/up/own", "OPTIONS", Origin=origin, Access_Control_Request_Method="PUT")
            self.assertEqual((answer.status, answer.body), (status, b""))
        answer = self.ask("/secret", "OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="PUT")
        self.assertEqual(answer.status, 204)
        self.assertEqual(self.upstream.asked, [])
        # Any other OPTIONS request is the application's.
        self.assertEqual(self.ask("/up/own-options", "OPTIONS", Origin=ORIGIN).status, 418)
