"""Requests as bytes, the responses to them, and an upstream that answers as it is told."""

import http.server
import threading


def request(method: str, target: str, headers: list[tuple[str, bytes]]) -> bytes:
    """A request after which the server closes the connection, unless it is upgraded."""
    lines = [f"{method} {target} HTTP/1.1".encode()]
    if not any(name.lower() == "connection" for name, _ in headers):
        lines.append(b"Connection: close")
    if not any(name.lower() == "host" for name, _ in headers):
        lines.append(b"Host: api.example.com")
    lines += [name.encode() + b": " + value for name, value in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


class Answer:
    """A response: its status, its fields in their order, its body."""

    def __init__(self, received: bytes) -> None:
        head, separator, self.body = received.partition(b"\r\n\r\n")
        assert separator, f"no response: {received!r}"
        first, *lines = head.split(b"\r\n")
        self.status = int(first.split(b" ")[1])
        pairs = [line.split(b": ", 1) for line in lines]
        self.fields = [(pair[0].decode().lower(), pair[-1].decode("latin-1")) for pair in pairs]

    def all(self, name: str) -> list[str]:
        return [value for other, value in self.fields if other == name]

    def cors(self) -> list[str]:
        """The fields that CORS is about, as lines."""
        return [
            f"{name}: {value}"
            for name, value in self.fields
            if name.startswith("access-control-") or name == "vary"
        ]


class Upstream:
    """A server behind another, which answers as its `answers` say: path to status, fields, body. It notes what it is asked."""

    def __init__(self, answers: dict[str, tuple[int, list[tuple[str, str]], bytes]]) -> None:
        asked: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def respond(self) -> None:
                # `path` has two slashes at its beginning made one.
                target = self.requestline.split(" ")[1]
                asked.append(f"{self.command} {target}")
                status, fields, body = answers[target]
                self.send_response(status)
                for name, value in fields:
                    self.send_header(name, value)
                if status >= 200:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_HEAD = do_POST = do_PUT = do_OPTIONS = respond

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.asked = asked
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
