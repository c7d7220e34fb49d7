"""An nginx with the module and a given configuration."""

import atexit
import os
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

from exchange import Answer, request
from processes import PATIENCE, Process, free_port, wait_for

MODULE = Path(os.environ["CORS_NGINX_MODULE"]).resolve()
COMMAND = Path(os.environ["CORS_COMMAND"]).resolve()
COUNTS = {"requests": 0, "configurations": 0}
atexit.register(lambda: print("nginx answered {requests} requests and judged {configurations} configurations".format(**COUNTS)))

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
        COUNTS["configurations"] += 1
        tested = subprocess.run(
            ["nginx", "-t", "-c", self.path / "nginx.conf", "-e", "stderr"], capture_output=True, check=False
        )
        return tested.returncode, tested.stderr.decode()

    def close(self) -> None:
        self._folder.cleanup()


class Nginx:
    """A running nginx. `http` may name the folder as FOLDER and the port as PORT. It is the `http` block or, if `whole`, all."""

    def __init__(self, http: str, folder: Folder | None = None, *, whole: bool = False) -> None:
        self._whole = whole
        self.folder = folder or Folder()
        self.port = free_port()
        self.configure(http)
        log = self.folder.path / "error.log"
        self._process = Process([*self._command(), "-e", log], log)
        self._process.wait_for_port(self.port)

    def _command(self) -> list[str | Path]:
        return ["nginx", "-p", self.folder.path, "-c", self.folder.path / "nginx.conf"]

    def configure(self, http: str) -> None:
        written = http.replace("PORT", str(self.port)).replace("FOLDER", str(self.folder.path))
        if self._whole:
            self.folder.write("nginx.conf", written)
        else:
            self.folder.configure(written)

    def reload(self) -> subprocess.CompletedProcess[bytes]:
        """`nginx -s reload`, which judges the configuration before it tells the master."""
        return subprocess.run([*self._command(), "-e", "stderr", "-s", "reload"], capture_output=True, check=False)

    def hang_up(self) -> None:
        """What tells the master to reload, whatever the configuration."""
        self._process.send(signal.SIGHUP)

    def log(self) -> str:
        return self._process.log()

    def wait_for_log(self, text: str) -> None:
        wait_for(lambda: text in self.log(), lambda: f"no {text!r} in: {self.log()}")

    def ask(self, target: str = "/", method: str = "GET", **headers: str) -> Answer:
        """Asks with these headers: `_` in a name stands for `-`."""
        pairs = [(name.replace("_", "-"), value.encode()) for name, value in headers.items()]
        return self.send(request(method, target, pairs))

    def send(self, head: bytes) -> Answer:
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(head)
            COUNTS["requests"] += 1
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
        return Answer(received)

    def close(self) -> None:
        self._process.stop(signal.SIGQUIT)
        log = self.log()
        self.folder.close()
        for sign in ["exited on signal", "exited with code 1", "[alert]", "AddressSanitizer"]:
            assert sign not in log, log
