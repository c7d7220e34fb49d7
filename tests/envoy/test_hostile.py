"""No bytes in a request stop the filter, make it work for long, or stay in its memory."""

import socket
import time
import unittest

from exchange import request
from processes import PATIENCE
from server import COUNTS, Envoy, filter_of

ORIGIN = "https://app.example.com"
POLICY = {
    "allow_origins": [ORIGIN, "https://*.example.net", "https://pr-*-x.example.org"],
    "allow_methods": ["PUT"],
    "allow_headers": ["x-a"],
    "allow_credentials": True,
}
LARGE = {
    "http_protocol_options": {"allow_custom_methods": True},
    "max_request_headers_kb": 1024,
    "common_http_protocol_options": {"max_headers_count": 5000},
}
REQUESTS = 100_000
# More than the noise of an allocator, and less than a byte for each request.
GROWTH = 4 << 20


class HostileRequests(unittest.TestCase):
    def test_they_are_denied(self) -> None:
        entries = [{"prefix": "/", **POLICY}, {"prefix": "/public", "allow_origins": ["*"]}]
        envoy = Envoy([filter_of({"policies": entries})], manager=LARGE)
        self.addCleanup(envoy.close)
        method = b"Access-Control-Request-Method: PUT\r\n"
        origin = f"Origin: {ORIGIN}\r\n".encode()
        line = b"Access-Control-Request-Headers: "
        for path, fields, status, denial in [
            (b"/", origin + method + line + b"," * 60_000 + b"\r\n", 204, "HeadersTooLong"),
            (b"/", origin + method + (line + b"x" * 30_000 + b"\r\n") * 4, 204, "HeadersTooLong"),
            (b"/", origin + method + line + b"x-a, \xff\r\n", 204, "MalformedHeaders"),
            (b"/", origin * 900 + method, 403, "MalformedOrigin"),
            (b"/", b"Origin: " + b"a" * 600_000 + b"\r\n" + method, 403, "MalformedOrigin"),
            (b"/", b"Origin: https://" + b"a." * 300_000 + b"example.net\r\n" + method, 403, "MalformedOrigin"),
            (b"/", b"Origin: \xff\xfe\r\n" + method, 403, "MalformedOrigin"),
            (b"/", b"Origin:\r\n" + method, 403, "MalformedOrigin"),
            (b"/", origin + method * 1000, 204, "MalformedMethod"),
            (b"/", origin + b"Access-Control-Request-Method:\r\n", 204, "MalformedMethod"),
            (b"/", origin + b"Access-Control-Request-Method: " + b"M" * 100_000 + b"\r\n", 204, "MethodNotAllowed"),
            (b"/" + b"%2e%2e%5c" * 5000, origin + method, 403, "AmbiguousPath"),
            (b"/a" + b"//" * 20_000 + b"public", origin + method, 403, "AmbiguousPath"),
            (b"/%70%75blic/..%252f" * 100, origin + method, 403, "AmbiguousPath"),
        ]:
            with self.subTest(denial=denial, fields=fields[:60], path=path[:60]):
                before = envoy.denials().get(denial, 0)
                head = b"OPTIONS " + path + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + b"\r\n"
                began = time.monotonic()
                answer = envoy.send(head)
                self.assertLess(time.monotonic() - began, PATIENCE / 2)
                self.assertEqual(answer.status, status)
                self.assertEqual(envoy.denials().get(denial, 0), before + 1)
        self.assertEqual(envoy.ask("/", Origin=ORIGIN).all("access-control-allow-origin"), [ORIGIN])

    def test_memory_does_not_grow(self) -> None:
        envoy = Envoy([filter_of({**POLICY, "enforce": True})], manager=LARGE)
        self.addCleanup(envoy.close)
        alive = ("Connection", b"keep-alive")
        asked = [("Access-Control-Request-Method", b"PUT"), ("Access-Control-Request-Headers", b"x-a," * 100)]
        kinds = [
            request("GET", "/", [alive]),
            request("GET", "/", [alive, ("Origin", ORIGIN.encode())]),
            request("GET", "/", [alive, ("Origin", b"https://" + b"a" * 2000)]),
            request("OPTIONS", "/", [alive, ("Origin", ORIGIN.encode()), *asked]),
            request("OPTIONS", "/", [alive, ("Origin", b"https://evil.example"), *asked]),
        ]

        def ask(count: int) -> None:
            # One after the other: Envoy takes requests without a pause between them for a flood.
            with socket.create_connection(("127.0.0.1", envoy.port), timeout=PATIENCE) as connection:
                for number in range(count):
                    connection.sendall(kinds[number % len(kinds)])
                    received = b""
                    while not received.endswith(b"\r\n\r\n"):
                        more = connection.recv(65536)
                        self.assertTrue(more, received)
                        received += more
            COUNTS["requests"] += count

        ask(REQUESTS // 5)
        before = envoy.resident()
        ask(REQUESTS)
        growth = envoy.resident() - before
        print(f"\n{REQUESTS} requests: {growth} bytes more, of {before}", flush=True)
        self.assertLess(growth, GROWTH)
