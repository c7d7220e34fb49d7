"""No bytes in a request stop a worker, or make it work for long."""

import unittest

from fixture import ALLOWED, ORIGIN
from server import Nginx


class HostileRequests(unittest.TestCase):
    def test_they_are_denied(self) -> None:
        nginx = Nginx(
            f"""large_client_header_buffers 8 64k;
            server {{
                listen 127.0.0.1:PORT;
                cors on; cors_allow_origins {ORIGIN}; cors_allow_methods PUT; cors_allow_headers x-a;
                location / {{ return 200; }}
            }}"""
        )
        self.addCleanup(nginx.close)
        head = b"OPTIONS / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccess-Control-Request-Method: PUT\r\n"
        origin = f"Origin: {ORIGIN}\r\n".encode()
        line = b"Access-Control-Request-Headers: "
        for fields, status, denial in [
            (origin + (line + b"x-a\r\n") * 33, 204, "HeadersTooLong"),
            (origin + line + b"," * 60_000 + b"\r\n", 204, "HeadersTooLong"),
            (origin + line + b"x-a\r\n" + line + b"x" * 60_000 + b"\r\n", 204, "HeadersTooLong"),
            (origin + line + b"x-a, \xff\r\n", 204, "MalformedHeaders"),
            (origin * 30, 403, "MultipleOrigins"),
            (b"Origin: " + b"a" * 60_000 + b"\r\n", 403, "MalformedOrigin"),
            (b"Origin: \xff\x01\x7f\r\n", 403, "MalformedOrigin"),
            (b"Origin:\r\n", 403, "MalformedOrigin"),
            (origin + b"Access-Control-Request-Method: PUT\r\n" * 30, 403, "MultipleRequestMethods"),
        ]:
            with self.subTest(denial=denial, length=len(fields)):
                answer = nginx.send(head + fields + b"\r\n")
                self.assertEqual(answer.status, status)
                nginx.wait_for_log(f"cors: denied: {denial}, client")
        # As many lines as are looked at, and any number of empty ones.
        answer = nginx.send(head + origin + line + b"\r\n" + (line + b"\r\n" + line + b"X-A\r\n") * 32 + b"\r\n")
        self.assertEqual(answer.status, 204)
        self.assertEqual(nginx.log().count("HeadersTooLong"), 3)
        self.assertEqual(nginx.ask("/", Origin=ORIGIN).cors(), ALLOWED)
