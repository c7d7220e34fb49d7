"""What HTTP allows and few clients send: the policy of the address decides, and the response has its fields once."""

import socket
import struct
import threading
import unittest

from processes import PATIENCE
from server import COUNTS, Envoy, filter_of

ORIGIN = "https://app.example.com"
ADMIN = "https://admin.example.com"
POLICY = {"allow_origins": [ORIGIN], "allow_methods": ["PUT"], "allow_credentials": True}
CONFIGURATION = {
    "policies": [
        {"prefix": "/", **POLICY},
        {"prefix": "/public", "allow_origins": ["*"]},
        {"hosts": ["admin.example.com"], "allow_origins": [ADMIN]},
    ]
}
MANAGER = {
    "http_protocol_options": {"enable_trailers": True, "accept_http_10": True, "default_host_for_http_10": "api.example.com"},
    "http2_protocol_options": {"allow_connect": True},
    "upgrade_configs": [{"upgrade_type": "websocket"}, {"upgrade_type": "CONNECT"}],
    "proxy_100_continue": True,
}
# By the query of the request: what the upstream sends, byte by byte.
ANSWERS = {
    b"plain": b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
    b"early": b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nACCESS-CONTROL-ALLOW-ORIGIN: https://evil.example\r\ncontent-length: 0\r\n\r\n",
    b"trailers": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\naccess-control-allow-origin: *\r\n\r\n",
    b"vary": b"HTTP/1.1 200 OK\r\nVARY: Accept\r\nVary: \xff\r\ncontent-length: 0\r\n\r\n",
    b"unchanged": b"HTTP/1.1 304 Not Modified\r\nvary: accept\r\n\r\n",
    b"garbage": b"garbage\r\n\r\n",
}


class RawUpstream:
    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            received = b""
            while b"\r\n\r\n" not in received:
                more = connection.recv(65536)
                if not more:
                    return
                received += more
            target = received.split(b" ")[1]
            connection.sendall(ANSWERS[target.partition(b"?")[2] or b"plain"])
            connection.shutdown(socket.SHUT_WR)
            # Else what is left to read resets the connection, and takes the answer with it.
            while connection.recv(65536):
                pass

    def close(self) -> None:
        self._server.close()


class Protocol(unittest.TestCase):
    envoy: Envoy

    @classmethod
    def setUpClass(cls) -> None:
        upstream = RawUpstream()
        cls.addClassCleanup(upstream.close)
        cls.envoy = Envoy([filter_of(CONFIGURATION)], upstream=upstream.port, manager=MANAGER)
        cls.addClassCleanup(cls.envoy.close)

    def test_requests(self) -> None:
        host = b"Host: api.example.com\r\nConnection: close\r\n"
        origin = f"Origin: {ORIGIN}\r\n".encode()
        preflight = origin + b"Access-Control-Request-Method: PUT\r\n"
        upgrade = b"Host: api.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        chunked = b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n"
        for request, status, allowed in [
            # The address of an absolute form stands above the field Host.
            (b"GET http://admin.example.com/ HTTP/1.1\r\n" + host + origin, 200, []),
            (b"GET http://api.example.com/public HTTP/1.1\r\n" + host + origin, 200, ["*"]),
            (b"OPTIONS http://api.example.com HTTP/1.1\r\n" + host + preflight, 204, [ORIGIN]),
            (b"GET /public HTTP/1.0\r\n" + origin, 200, ["*"]),
            (b"CONNECT admin.example.com:443 HTTP/1.1\r\nHost: admin.example.com:443\r\n" + origin, 404, []),
            (b"OPTIONS /x HTTP/1.1\r\n" + host + preflight + b"Content-Length: 5\r\n\r\nhello", 204, [ORIGIN]),
            (b"OPTIONS /x HTTP/1.1\r\n" + host + preflight + chunked + b"Origin: https://evil.example\r\n", 204, [ORIGIN]),
            (b"POST /x HTTP/1.1\r\n" + host + b"Trailer: Origin\r\n" + chunked + origin, 200, []),
            (b"OPTIONS /x HTTP/1.1\r\n" + upgrade + preflight, 204, [ORIGIN]),
            (b"GET /x HTTP/1.1\r\n" + upgrade + b"Origin: https://evil.example\r\n", 200, []),
            (b"GET /x HTTP/1.1\r\n" + host + b"Origin: https://app\r\n .example.com\r\n", 200, []),
            (b"GET /x HTTP/1.1\r\n" + host + origin + b"origin: https://evil.example\r\n", 200, []),
            (b"OPTIONS /x HTTP/1.1\r\n" + host + origin + b"Access_Control_Request_Method: PUT\r\n", 200, [ORIGIN]),
            # The path is not what a page is at: Envoy refuses it.
            (b"GET /x#/public HTTP/1.1\r\n" + host + origin, 400, []),
        ]:
            with self.subTest(request=request):
                answer = self.envoy.send(request + b"\r\n")
                self.assertEqual((answer.status, answer.all("access-control-allow-origin")), (status, allowed))

    def test_the_spelling_of_a_host(self) -> None:
        for host in ("ADMIN.example.com", "admin.example.com:80", "admin.example.com:444", "admin.example.com.", " admin.example.com "):
            with self.subTest(host=host):
                self.assertEqual(self.envoy.ask(Host=host, Origin=ADMIN).all("access-control-allow-origin"), [ADMIN])
                self.assertEqual(self.envoy.ask(Host=host, Origin=ORIGIN).all("access-control-allow-origin"), [])

    def test_responses(self) -> None:
        fields = [f"access-control-allow-origin: {ORIGIN}", "access-control-allow-credentials: true"]
        for query, status, vary in [
            ("trailers", 200, "origin"),
            ("vary", 200, "Accept,\xff, origin"),
            ("unchanged", 304, "accept, origin"),
            ("garbage", 502, "origin"),
        ]:
            with self.subTest(query=query):
                answer = self.envoy.ask(f"/x?{query}", Origin=ORIGIN)
                self.assertEqual((answer.status, sorted(answer.cors())), (status, sorted([*fields, f"vary: {vary}"])))
                self.assertNotIn(b"access-control", answer.body)
        # The head behind the one that comes early.
        answer = self.envoy.ask("/x?early", Origin=ORIGIN)
        self.assertEqual((answer.status, answer.cors()), (103, []))
        self.assertEqual(answer.body.lower().count(b"access-control-allow-origin: "), 1)
        self.assertIn(f"access-control-allow-origin: {ORIGIN}\r\n".encode(), answer.body)

    def test_http2(self) -> None:
        get = [(":method", "GET"), (":scheme", "http"), (":path", "/x"), (":authority", "api.example.com")]
        websocket = [(":method", "CONNECT"), (":protocol", "websocket"), *get[1:]]
        origin = ("origin", ORIGIN)
        cases = [
            ([*get, origin], "allowed"),
            ([*get, origin, origin], "MalformedOrigin"),
            ([*get, ("host", "admin.example.com"), origin], "allowed"),
            ([*get[:3], ("host", "admin.example.com"), origin], "OriginNotAllowed"),
            ([(":method", "OPTIONS"), *get[1:], origin, ("access-control-request-method", "PUT")], "allowed"),
            ([*websocket, ("origin", "https://evil.example")], "OriginNotAllowed"),
            # The stream ends before any filter has seen it.
            ([*get[:2], (":path", "/x"), (":path", "/public"), get[3], origin], None),
            ([*get[:2], (":path", "http://api.example.com/public"), get[3], origin], None),
            ([*get, ("Origin", ORIGIN)], None),
            ([*get, ("origin", f"{ORIGIN}\0")], None),
            ([*get, ("origin", f"{ORIGIN}\r\nx: y")], None),
        ]
        before = len(self.envoy.access(0))
        for number, (pairs, _) in enumerate(cases):
            self.send_http2([*pairs, ("x-case", f"h2-{number}")])
        expected = {f"h2-{number}": verdict for number, (_, verdict) in enumerate(cases) if verdict}
        lines = self.envoy.access(before + len(expected))
        found = {line["case"]: line["verdict"] for line in lines if (line["case"] or "").startswith("h2-")}
        self.assertEqual({case: verdict for case, verdict in found.items() if verdict}, expected)

    def send_http2(self, pairs: list[tuple[str, str]]) -> None:
        """One request, whose fields are literals, and whatever comes back."""
        block = b"".join(b"\0" + literal(name) + literal(value) for name, value in pairs)
        frames = b"\0\0\0\4\0\0\0\0\0" + struct.pack(">I", len(block))[1:] + b"\1\5\0\0\0\1" + block
        with socket.create_connection(("127.0.0.1", self.envoy.port), timeout=PATIENCE) as connection:
            connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frames)
            COUNTS["requests"] += 1
            received = b""
            while not is_ended(received):
                more = connection.recv(65536)
                if not more:
                    return
                received += more


def literal(text: str) -> bytes:
    content = text.encode()
    assert len(content) < 127
    return bytes([len(content)]) + content


def is_ended(received: bytes) -> bool:
    """Whether the first stream has ended, or has been reset, or the connection."""
    while len(received) >= 9:
        length = int.from_bytes(received[:3], "big")
        kind, flags = received[3], received[4]
        if kind in (3, 7) or (kind in (0, 1) and flags & 1):
            return True
        received = received[9 + length :]
    return False
