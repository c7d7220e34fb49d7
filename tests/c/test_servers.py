"""The examples of cors-ffi as servers over loopback: python3 tests/c/test_servers.py SERVER_C SERVER_CPP"""

import http.client
import subprocess
import sys
import unittest
from urllib.parse import urlsplit

SERVERS = sys.argv[1:]
ORIGIN = ("Origin", "https://shop.example.org")
PREFLIGHT = [ORIGIN, ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "content-type")]
ALLOWED = ["access-control-allow-credentials: true", "access-control-allow-origin: https://shop.example.org", "vary: origin"]
ANSWER = sorted(
    [*ALLOWED, "access-control-allow-headers: content-type", "access-control-allow-methods: PUT", "access-control-max-age: 7200"]
)
DENIED = ["vary: origin"]
EVIL = ("Origin", "https://example.org.evil.example")

# What is asked, and the status, fields and body that come back, of each server.
CASES = [
    ("a preflight", "OPTIONS", "/orders", PREFLIGHT, 204, ANSWER, b""),
    ("a preflight of what is not there", "OPTIONS", "/none", PREFLIGHT, 204, ANSWER, b""),
    ("a method that is not allowed", "OPTIONS", "/orders", [ORIGIN, ("Access-Control-Request-Method", "DELETE")], 204, ANSWER, b""),
    ("a preflight of a denied origin", "OPTIONS", "/orders", [EVIL, *PREFLIGHT[1:]], 403, DENIED, b""),
    ("two origins", "OPTIONS", "/orders", [ORIGIN, *PREFLIGHT], 403, DENIED, b""),
    ("an actual request", "GET", "/orders", [ORIGIN], 200, ALLOWED, b"[1, 2, 3]\n"),
    ("a denied origin", "GET", "/orders", [EVIL], 200, DENIED, b"[1, 2, 3]\n"),
    ("no origin", "GET", "/orders", [], 200, DENIED, b"[1, 2, 3]\n"),
    ("an error", "GET", "/none", [ORIGIN], 404, ALLOWED, None),
    ("an OPTIONS that is no preflight", "OPTIONS", "/none", [ORIGIN], 404, ALLOWED, None),
]


class Server:
    """A server that tells its address, and stops at the end of its input."""

    def __init__(self, path: str) -> None:
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = urlsplit(self.process.stdout.readline().strip())

    def ask(self, method: str, path: str, lines: list[tuple[str, str]]) -> tuple[int, list[str], bytes]:
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=20)
        connection.putrequest(method, path)
        for name, value in lines:
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        body = response.read()
        fields = [(name.lower(), value) for name, value in response.getheaders()]
        connection.close()
        ours = [f"{name}: {value}" for name, value in fields if name.startswith("access-control-") or name == "vary"]
        return response.status, sorted(ours), body

    def stop(self) -> int:
        self.process.stdin.close()
        self.process.stdout.close()
        return self.process.wait(timeout=30)


class Examples(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.assertEqual(len(SERVERS), 2, "name the two servers")

    def run_cases(self, path: str, extra: list, vary: str) -> None:
        """`vary` is the line of each 200: the application's names, then the policy's."""
        server = Server(path)
        for name, method, target, lines, status, fields, body in [*CASES, *extra]:
            with self.subTest(name):
                got = server.ask(method, target, lines)
                expected = [vary if status == 200 and field.startswith("vary") else field for field in fields]
                self.assertEqual(got[:2], (status, expected))
                if body is not None:
                    self.assertEqual(got[2], body)
        self.assertEqual(server.stop(), 0)

    def test_libmicrohttpd(self) -> None:
        self.run_cases(SERVERS[0], [], "vary: origin")
        many = [ORIGIN, *[("Access-Control-Request-Headers", "x-a")] * 70]
        server = Server(SERVERS[0])
        with self.assertRaises(ConnectionError):
            server.ask("GET", "/orders", many)
        self.assertEqual(server.stop(), 0)

    def test_httplib(self) -> None:
        broken = ("an exception", "GET", "/broken", [ORIGIN], 500, ALLOWED, None)
        self.run_cases(SERVERS[1], [broken], "vary: accept-encoding, origin")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
