"""Every program of examples/: it starts, and answers an allowed page, a denied one, and their preflights."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
EXAMPLES = TESTS.parent / "examples"
WORK = Path(os.environ["CORS_EXAMPLES"])
BIN = WORK / "venv" / "bin"
READY_SECONDS = 60

PAGE = "https://app.example.com"
EVIL = "https://app.example.com.evil.example"
PREFLIGHT = {"access-control-request-method": "PUT", "access-control-request-headers": "content-type"}
ALLOWED = {"access-control-allow-origin": PAGE, "access-control-allow-credentials": "true"}
LISTS = {
    "access-control-allow-methods": "PUT",
    "access-control-allow-headers": "content-type",
    "access-control-max-age": "7200",
}
ORDERS = ["tea", "coffee"]

# Method, path, header fields; status, body, and the response's Access-Control fields.
CASES = [
    ("GET", "/orders", {"origin": PAGE}, 200, ORDERS, ALLOWED),
    ("GET", "/orders", {"origin": EVIL}, 200, ORDERS, {}),
    ("GET", "/orders", {}, 200, ORDERS, {}),
    ("PUT", "/orders/1", {"origin": PAGE}, 200, {"changed": 1}, ALLOWED),
    ("OPTIONS", "/orders/1", {"origin": PAGE, **PREFLIGHT}, 204, None, ALLOWED | LISTS),
    ("OPTIONS", "/orders/1", {"origin": EVIL, **PREFLIGHT}, 403, None, {}),
]


@contextlib.contextmanager
def running(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> Iterator[int]:
    """The port of a server, which prints its address when it is ready. It is stopped by its process id."""
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env=os.environ | (env or {}), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            yield ready(process, output)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def ready(process: subprocess.Popen[bytes], output: object) -> int:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        written = os.pread(output.fileno(), 100_000, 0).decode(errors="replace")  # type: ignore[attr-defined]
        # What was written last may end within an address.
        if found := re.search(r"http://127\.0\.0\.1:(\d+)", written.rpartition("\n")[0]):
            return int(found[1])
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"{process.args} is not ready:\n{written}")
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Examples(unittest.TestCase):
    def check(self, port: int, allow_headers: str = "content-type") -> None:
        for method, path, fields, status, body, expected in CASES:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            with self.subTest(method=method, path=path, **fields), contextlib.closing(connection):
                if "access-control-allow-headers" in expected:
                    expected = expected | {"access-control-allow-headers": allow_headers}
                connection.request(method, path, headers=fields)
                response = connection.getresponse()
                read = response.read()
                self.assertEqual(response.status, status, read)
                cors = {name.lower(): value for name, value in response.getheaders() if name.lower().startswith("access-")}
                self.assertEqual(cors, expected)
                self.assertIn("origin", ",".join(response.msg.get_all("vary", [])).lower())
                if body is not None:
                    self.assertEqual(json.loads(read), body)

    def test_axum(self) -> None:
        with running(os.environ["CORS_AXUM"], cwd=EXAMPLES / "axum", env={"PORT": "0"}) as port:
            self.check(port)

    def test_fastapi(self) -> None:
        with running(BIN / "uvicorn", "main:app", "--port", "0", cwd=EXAMPLES / "fastapi") as port:
            # The middleware takes Starlette's arguments, and with them the names that Starlette always allows.
            self.check(port, "accept, accept-language, content-language, content-type")

    def test_flask(self) -> None:
        with running(BIN / "flask", "--app", "main", "run", "--port", "0", cwd=EXAMPLES / "flask") as port:
            self.check(port)

    def test_django(self) -> None:
        with running(BIN / "gunicorn", "--bind", "127.0.0.1:0", "main:application", cwd=EXAMPLES / "django") as port:
            self.check(port)

    def test_worker(self) -> None:
        with running("node", "serve_worker.mjs", WORK / "shop.cors", cwd=Path(__file__).parent) as port:
            self.check(port)

    def test_express(self) -> None:
        self.check_node("express")

    def test_fastify(self) -> None:
        self.check_node("fastify")

    def test_koa(self) -> None:
        self.check_node("koa")

    def test_hono(self) -> None:
        self.check_node("hono")

    def test_nest(self) -> None:
        self.check_node("nest", TESTS / "adapters" / "nest-12" / "node_modules")

    def check_node(self, name: str, packages: Path | None = None) -> None:
        """A copy of the example, whose packages are those of the tests."""
        folder = WORK / "node" / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(EXAMPLES / name, folder)
        (folder / "node_modules").symlink_to(packages or TESTS / "node_modules")
        with running("node", "main.mjs", cwd=folder, env={"PORT": "0"}) as port:
            self.check(port)

    def test_nginx(self) -> None:
        with running(sys.executable, "api.py", "0", cwd=EXAMPLES / "nginx") as api:
            self.check_nginx(api)

    def check_nginx(self, api: int) -> None:
        """nginx with the configuration of the example, except for what the container has: ports, paths, and its user."""
        port = free_port()
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(os.environ["CORS_NGINX_MODULE"], folder)
            written = (EXAMPLES / "nginx" / "nginx.conf").read_text()
            for shown, here in [
                ("modules/ngx_http_cors_module.so", f"{folder}/ngx_http_cors_module.so"),
                ("listen 8000;", f"listen 127.0.0.1:{port};"),
                ("http://api:9000", f"http://127.0.0.1:{api}"),
                ("http {\n", "http {\n" + "".join(f"{name}_temp_path {name};" for name in TEMPORARY) + "access_log off;\n"),
            ]:
                self.assertEqual(written.count(shown), 1, shown)
                written = written.replace(shown, here)
            path = Path(folder, "nginx.conf")
            path.write_text(f"daemon off; pid nginx.pid; error_log stderr;\n{written}")
            nginx = subprocess.Popen(["nginx", "-p", folder, "-c", str(path), "-e", "stderr"])
            try:
                wait_until_it_listens(self, nginx, port)
                self.check(port)
            finally:
                nginx.terminate()
                nginx.wait(10)


def wait_until_it_listens(test: unittest.TestCase, process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), 5):
            return
        if process.poll() is not None or time.monotonic() > deadline:
            test.fail("the server does not listen")
        time.sleep(0.05)


TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
