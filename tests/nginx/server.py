"""An nginx with the module and a given configuration, an upstream for it, and requests to it as bytes."""

import http.server
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

MODULE = Path(os.environ["CORS_NGINX_MODULE"]).resolve()
COMMAND = Path(os.environ["CORS_COMMAND"]).resolve()
TIMEOUT = 20.0

FRAME = """\
load_module {module};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
worker_processes 2;
user root;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {http}
}}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Folder:
    """A folder with a configuration."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="cors-nginx-")
        self.path = Path(self._folder.name)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def image(self, name: str, policy: str) -> Path:
        """Compiles a policy file, TOML or JSON."""
        path = self.path / name
        made = subprocess.run(
            [COMMAND, "compile", "-", "-o", path], input=policy.encode(), capture_output=True, check=False
        )
        assert made.returncode == 0, made.stderr.decode()
        return path

    def configure(self, http: str) -> Path:
        return self.write("nginx.conf", FRAME.format(module=MODULE, folder=self.path, http=http))

    def test(self, http: str) -> tuple[int, str]:
        """What `nginx -t` says."""
        self.configure(http)
        tested = subprocess.run(
            ["nginx", "-t", "-c", self.path / "nginx.conf", "-e", "stderr"], capture_output=True, check=False
        )
        return tested.returncode, tested.stderr.decode()

    def close(self) -> None:
        self._folder.cleanup()


class Nginx:
    """A running nginx. `http` may name the folder as FOLDER; `listen` is put before it."""

    def __init__(self, http: str, folder: Folder | None = None) -> None:
        self.folder = folder or Folder()
        self.port = free_port()
        self.folder.configure(http.replace("PORT", str(self.port)).replace("FOLDER", str(self.folder.path)))
        self._process = subprocess.Popen(
            ["nginx", "-c", self.folder.path / "nginx.conf", "-e", self.folder.path / "error.log"],
            stderr=subprocess.PIPE,
        )
        deadline = time.monotonic() + TIMEOUT
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT).close()
                return
            except ConnectionRefusedError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self._process.kill()
                    raise AssertionError((self.folder.path / "error.log").read_text()) from None
                time.sleep(0.01)

    def reload(self, http: str) -> None:
        """Changes the configuration, as `nginx -s reload` does."""
        self.folder.configure(http.replace("PORT", str(self.port)).replace("FOLDER", str(self.folder.path)))
        self._process.send_signal(signal.SIGHUP)

    def log(self) -> str:
        return (self.folder.path / "error.log").read_text()

    def ask(self, target: str = "/", method: str = "GET", **headers: str) -> "Answer":
        """Asks with these headers: `_` in a name stands for `-`."""
        pairs = [(name.replace("_", "-"), value.encode()) for name, value in headers.items()]
        return self.send(request(method, target, pairs))

    def send(self, head: bytes) -> "Answer":
        with socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT) as connection:
            connection.sendall(head)
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
        return Answer(received)

    def close(self) -> None:
        self._process.send_signal(signal.SIGQUIT)
        try:
            self._process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self.folder.close()


def request(method: str, target: str, headers: list[tuple[str, bytes]]) -> bytes:
    lines = [f"{method} {target} HTTP/1.1".encode(), b"Connection: close"]
    if not any(name.lower() == "host" for name, _ in headers):
        lines.append(b"Host: api.example.com")
    headers = [header for header in headers if header[0].lower() != "connection"]
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
    """A server behind nginx, which answers as its `answers` say: path to status, fields, body."""

    def __init__(self, answers: dict[str, tuple[int, list[tuple[str, str]], bytes]]) -> None:
        asked: list[str] = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def respond(self) -> None:
                asked.append(f"{self.command} {self.path}")
                status, fields, body = answers[self.path]
                self.send_response(status)
                for name, value in fields:
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PUT = do_OPTIONS = respond

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
