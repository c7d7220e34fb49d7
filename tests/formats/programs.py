"""Loads exported policies into programs and compares their answers with the policy's: see `run`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from functools import partial
from pathlib import Path

import schemas

ROOT = Path(__file__).resolve().parent.parent.parent
SITES = ROOT / "tests/stacks/sites"

LISTED = """
allow_origins = ["https://example.com", "https://*.example.org", "https://pr-*-team.example.net", "https://dev.example.com:*", "http://localhost:*"]
allow_methods = ["PUT", "DELETE"]
allow_headers = ["content-type", "x-a"]
expose_headers = ["x-request-id"]
allow_credentials = true
max_age = 600
"""
OPEN = """
allow_origins = ["https://app.example.com", "capacitor://localhost", "https://[::1]:8443", "http://*.test:*"]
allow_methods = ["PATCH"]
allow_headers = ["authorization"]
"""
PUBLIC = """
allow_origins = ["*"]
allow_methods = ["*"]
allow_headers = ["*"]
max_age = 5
"""
POLICIES = {"listed": LISTED, "open": OPEN, "public": PUBLIC}

# Besides those of the vectors: near the patterns above.
ORIGINS = """https://example.com https://a.example.org https://a.b.example.org https://example.org https://a_b.example.org https://xexample.org
https://a.example.org.evil.test https://a.exampleXorg https://pr-1-team.example.net https://pr-1.2-team.example.net https://pr--team.example.net
https://a.pr-1-team.example.net https://pr-1-team.example.net:444 https://dev.example.com https://dev.example.com:8443 https://dev.example.com:a
http://dev.example.com https://devxexample.com http://localhost http://localhost:3000 http://localhost.evil.test:80 https://app.example.com
capacitor://localhost capacitor://localhost.evil https://[::1]:8443 https://[::1] http://a.test http://a.b.test:81 http://test:81 null
https://EXAMPLE.com https://example.com:443 https://example.com. https://example.com/ https://user@example.com""".split()

SOFTWARE = {
    "nginx": (["nginx.conf"], "nginx -p {folder} -c nginx.conf -e stderr"),
    "apache": (["apache.conf"], "apache2 -X -d {folder} -f apache.conf -E /dev/stderr"),
    "haproxy": (["haproxy.cfg"], "haproxy -f haproxy.cfg -db"),
    "caddy": (["Caddyfile"], "caddy run --config Caddyfile --adapter caddyfile"),
    "traefik": (["traefik.yaml", "traefik_dynamic.yaml"], "traefik --configFile=traefik.yaml"),
    "envoy": (["envoy.yaml"], "envoy -c envoy.yaml --concurrency 1 --base-id {port} --log-level error"),
}
FILTER = """- name: envoy.filters.http.cors
  typed_config:
    "@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors
"""


class Application(http.server.BaseHTTPRequestHandler):
    """An application that knows no CORS, and one of whose answers has fields of its own."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        self.send_response(404 if self.path == "/none" else 200)
        self.send_header("Content-Length", "0")
        if self.path == "/own":
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Credentials", "true")
        self.end_headers()

    do_GET = do_PUT = do_OPTIONS = answer

    def log_message(self, *_: object) -> None:
        pass


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def origins() -> list[str]:
    """Those of the vectors that an HTTP client can send, and ours."""
    found = set(ORIGINS)
    for name in ["decisions", "attacks"]:
        for case in json.loads((ROOT / f"tests/vectors/{name}.json").read_text()):
            for request in case.get("requests", []):
                found.update(value for field, value in request["headers"] if field.lower() == "origin" and isinstance(value, str))
    return sorted(origin for origin in found if origin and origin.isascii() and origin.isprintable() and origin.strip() == origin)


class Command:
    def __init__(self, path: str, folder: Path) -> None:
        self.path = path
        self.folder = folder

    def export(self, policy: Path, program: str, *options: str) -> tuple[str, str]:
        done = subprocess.run(
            [self.path, "export", policy, "--to", program, *options], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"export to {program}: {done.stderr}"
        return done.stdout, done.stderr

    def decide(self, policy: Path, heads: list[str]) -> list[dict]:
        requests = self.folder / "requests.http"
        requests.write_bytes("".join(heads).encode())
        done = subprocess.run([self.path, "decide", policy, requests, "--json"], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]


def head(method: str, origin: str, asked: dict[str, str]) -> str:
    fields = "".join(f"{name}: {value}\r\n" for name, value in asked.items())
    return f"{method} / HTTP/1.1\r\norigin: {origin}\r\n{fields}\r\n"


PREFLIGHT = {"access-control-request-method": "PUT", "access-control-request-headers": "x-a"}


def let_in(origin: str, fields: list[tuple[str, str]]) -> tuple[bool, bool]:
    """Whether a page reads the response without credentials, and with them. Two values let nobody in."""
    values = [value for name, value in fields if name.lower() == "access-control-allow-origin"]
    credentials = [value for name, value in fields if name.lower() == "access-control-allow-credentials"]
    plain = values in (["*"], [origin])
    return plain, values == [origin] and credentials == ["true"]


def is_of_malformed_port(origin: str) -> bool:
    """True for an origin that no browser sends, because of its port alone: a default one, or a number that is none. Programs that
    compare by regular expressions take it where any port is allowed."""
    return re.fullmatch(r"[a-z]+://[a-z0-9._-]+:[0-9]+", origin) is not None


def is_same(got: set[str], ours: set[str], asked: set[str]) -> bool:
    """Whether a list in an answer allows what the policy's does. A program may answer `*` with what was asked."""
    simple = {"GET", "HEAD", "POST"}
    return got - simple == ours - simple or (ours == {"*"} and got == asked)


def listed(fields: list[tuple[str, str]], name: str) -> set[str]:
    return {part.strip() for field, value in fields if field.lower() == name for part in value.split(",") if part.strip()}


class Program:
    def __init__(self, name: str, out: Path, parts: list[str], application: int) -> None:
        self.name = name
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=out))
        files, command = SOFTWARE[name]
        known = {"port": self.port, "application": application, "down": free_port(), "folder": self.folder}
        for file in files:
            text = ""
            for line in (SITES / file).read_text().splitlines(keepends=True):
                place = line.strip()
                indent = line[: len(line) - len(line.lstrip())]
                if place in ("<<1>>", "<<2>>"):
                    part = parts[int(place[2]) - 1]
                    text += "".join(indent + inner for inner in part.splitlines(keepends=True))
                    continue
                for key, value in known.items():
                    line = line.replace(f"<<{key}>>", str(value))
                text += line
            (self.folder / file).write_text(text)
        words = command.format(folder=self.folder, port=self.port % 10000).split()
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(words, cwd=self.folder, stdout=self.log, stderr=self.log, start_new_session=True)
        deadline = time.monotonic() + 30
        while True:
            try:
                # Traefik listens before it knows its routes.
                if self.ask(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5), "GET", "/", {})[0] == 200:
                    return
                raise OSError
            except (OSError, http.client.HTTPException):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    raise SystemExit(f"{name} does not start: {(self.folder / 'log').read_text(errors='replace')}") from None
                time.sleep(0.1)

    def ask(self, connection: http.client.HTTPConnection, method: str, path: str, fields: dict[str, str]) -> tuple[int, list[tuple[str, str]]]:
        for attempt in (1, 2):
            try:
                connection.request(method, path, headers=fields)
                response = connection.getresponse()
                response.read()
                return response.status, response.getheaders()
            except (http.client.HTTPException, OSError):
                connection.close()
                if attempt == 2:
                    raise
        raise AssertionError

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.log.close()


def parts_of(name: str, text: str) -> list[str]:
    """The parts of a recipe, each of which begins with a comment that says where it belongs."""
    if name == "envoy":
        return [FILTER, text]
    if name == "traefik":
        return [text]
    parts = text.split("\n\n")
    return [part + "\n" for part in parts] + [""]


def compare(name: str, policy_name: str, command: Command, out: Path, application: int) -> list[str]:
    policy = out / f"{policy_name}.toml"
    policy.write_text(POLICIES[policy_name])
    text, told = command.export(policy, name)
    assert "narrower" not in told and "wider" not in told, f"{name}, {policy_name}: {told}"
    asked = origins()
    heads = [head("GET", origin, {}) for origin in asked] + [head("OPTIONS", origin, PREFLIGHT) for origin in asked]
    decisions = command.decide(policy, heads)
    program = Program(name, out, parts_of(name, text), application)
    differences = []
    try:
        connection = http.client.HTTPConnection("127.0.0.1", program.port, timeout=10)
        paths = ["/", "/none", "/down", "/own"]
        let = 0
        for index, origin in enumerate(asked):
            fields = [(field["name"], field["value"]) for field in decisions[index]["fields"]]
            wanted = let_in(origin, fields)
            is_malformed = (decisions[index]["denial"] or {}).get("name") == "MalformedOrigin"
            let += wanted[0]
            path = paths[index % 4] if not wanted[0] else "/"
            for path in paths if wanted[0] else [path]:
                # An application's own field leaks to an origin that is denied, through Traefik and Envoy (docs/formats.md).
                if path == "/own" and not wanted[0]:
                    continue
                status, got = program.ask(connection, "GET", path, {"Origin": origin})
                if let_in(origin, got) != wanted and not (is_malformed and is_of_malformed_port(origin)):
                    differences.append(f"GET {path} of {origin}: {status} {let_in(origin, got)}, the policy {wanted}: {got}")
                elif wanted[0] and policy_name != "public":
                    if listed(got, "access-control-expose-headers") != listed(fields, "access-control-expose-headers"):
                        differences.append(f"GET {path} of {origin}: exposes {got}")
                    if "origin" not in {field.lower() for field in listed(got, "vary")}:
                        differences.append(f"GET {path} of {origin}: no Vary: {got}")
            fields = [(field["name"], field["value"]) for field in decisions[index + len(asked)]["fields"]]
            wanted = let_in(origin, fields)
            status, got = program.ask(connection, "OPTIONS", "/", {"Origin": origin, **PREFLIGHT})
            if let_in(origin, got) != wanted:
                if is_malformed and is_of_malformed_port(origin):
                    continue
                differences.append(f"OPTIONS of {origin}: {status} {let_in(origin, got)}, the policy {wanted}: {got}")
            elif wanted[0]:
                lists = {field: listed(got, f"access-control-allow-{field}") for field in ("methods", "headers")}
                ours = {field: listed(fields, f"access-control-allow-{field}") for field in ("methods", "headers")}
                if not is_same(lists["methods"], ours["methods"], {"PUT"}) or not is_same(lists["headers"], ours["headers"], {"x-a"}):
                    differences.append(f"OPTIONS of {origin}: {lists}, the policy {ours}")
                if not 200 <= status < 300:
                    differences.append(f"OPTIONS of {origin}: {status}")
        assert let > 0, "no origin is let in: nothing was compared"
    finally:
        program.stop()
    shutil.rmtree(program.folder, ignore_errors=True)
    return differences


@dataclass(frozen=True)
class Store:
    """A store of objects, which says less than the policy: the export says what."""

    format: str
    left_out: tuple[str, ...]
    words: Callable[[Path, int, str], list[object]]
    path: str
    headers: dict[str, str]
    configure: Callable[[http.client.HTTPConnection, str], None]
    # Origins that the policy allows and the store may not.
    told: str


def s3rver(folder: Path, port: int, text: str) -> list[object]:
    (folder / "cors.xml").write_text(text)
    server = folder.parent / "node_modules/s3rver/bin/s3rver.js"
    return ["node", server, "-d", folder / "objects", "-a", "127.0.0.1", "-p", str(port), "--configure-bucket", "shop", folder / "cors.xml"]


def azurite(folder: Path, port: int, text: str) -> list[object]:
    server = folder.parent / "node_modules/azurite/dist/src/blob/main.js"
    options = ["--disableTelemetry", "--skipApiVersionCheck", "--inMemoryPersistence"]
    return ["node", server, "--blobHost", "127.0.0.1", "--blobPort", str(port), *options]


# The account that every Azurite has, with its published key.
AZURITE = "devstoreaccount1"
AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
AZURE_VERSION = "2021-12-02"


def configure_azurite(connection: http.client.HTTPConnection, text: str) -> None:
    """Sends the rules as the properties of the service."""
    body = f'<?xml version="1.0" encoding="utf-8"?><StorageServiceProperties>{text}</StorageServiceProperties>'.encode()
    date = formatdate(usegmt=True)
    signed = (
        f"PUT\n\n\n{len(body)}\n\napplication/xml\n\n\n\n\n\n\nx-ms-date:{date}\nx-ms-version:{AZURE_VERSION}\n"
        f"/{AZURITE}/{AZURITE}\ncomp:properties\nrestype:service"
    )
    digest = hmac.new(base64.b64decode(AZURITE_KEY), signed.encode(), hashlib.sha256).digest()
    headers = {
        "x-ms-date": date,
        "x-ms-version": AZURE_VERSION,
        "Content-Type": "application/xml",
        "Authorization": f"SharedKey {AZURITE}:{base64.b64encode(digest).decode()}",
    }
    connection.request("PUT", f"/{AZURITE}?restype=service&comp=properties", body, headers)
    response = connection.getresponse()
    answer = response.read()
    assert response.status == 202, answer


# s3rver answers preflights with `*`, where S3 sends the origin: of those the status is compared.
S3 = Store(
    format="s3-xml",
    left_out=("https://pr-*-team.example.net is left out", "the default port is not among the ports"),
    words=s3rver,
    path="/shop/none",
    headers={},
    configure=lambda connection, text: None,
    told=r"https://pr-|https://dev\.example\.com$|http://localhost$",
)
# Azurite reads a `*` as any characters, in any case.
AZURE = Store(
    format="azure-blob-xml",
    left_out=("https://pr-*-team.example.net is left out", "https://dev.example.com:* is left out"),
    words=azurite,
    path=f"/{AZURITE}/shop/none",
    headers={"x-ms-version": AZURE_VERSION},
    configure=configure_azurite,
    told=r"https://pr-|https://dev\.example\.com|http://localhost",
)


def compare_store(store: Store, command: Command, out: Path) -> list[str]:
    """Nobody is let in whom the policy denies, and exact origins are alike."""
    policy = out / "listed.toml"
    policy.write_text(LISTED)
    text, told = command.export(policy, store.format)
    assert all(sentence in told for sentence in store.left_out), told
    folder = Path(tempfile.mkdtemp(prefix=f"{store.format}-", dir=out))
    port = free_port()
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(store.words(folder, port, text), cwd=folder, stdout=log, stderr=log, start_new_session=True)
    differences = []
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        store.configure(connection, text)
        asked = origins()
        decisions = command.decide(policy, [head("GET", origin, {}) for origin in asked])
        alike = 0
        for origin, decision in zip(asked, decisions):
            wanted = decision["verdict"] == "allowed"
            connection.request("GET", store.path, headers={"Origin": origin, **store.headers})
            response = connection.getresponse()
            response.read()
            got = let_in(origin, response.getheaders()) == (True, True)
            connection.request("OPTIONS", store.path, headers={"Origin": origin, **PREFLIGHT})
            answer = connection.getresponse()
            answer.read()
            is_malformed = (decision["denial"] or {}).get("name") == "MalformedOrigin"
            is_told = re.match(store.told, origin) is not None and wanted and not got
            if (got, answer.status == 200) != (wanted, wanted) and not is_malformed and not is_told:
                differences.append(f"{origin}: {got}, preflight {answer.status}, the policy {wanted}")
            alike += got and wanted
        assert alike > 0, f"no origin is let in: {(folder / 'log').read_text(errors='replace')[-500:]}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)
    return differences


def compare_schemas(command: Command, out: Path) -> list[str]:
    return schemas.compare(command.path, out, POLICIES)


STORES = {"s3": partial(compare_store, S3), "azure": partial(compare_store, AZURE), "schemas": compare_schemas}


def main() -> int:
    path, out, *chosen = sys.argv[1:]
    unknown = [name for name in chosen if name not in [*SOFTWARE, *STORES]]
    if unknown:
        raise SystemExit(f"no program {unknown[0]}; there are {', '.join([*SOFTWARE, *STORES])}")
    folder = Path(out)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Application)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    command = Command(path, folder)
    failed = False
    for name in chosen or [*SOFTWARE, *STORES]:
        if name in STORES:
            differences = STORES[name](command, folder)
            what = "schemas" if name == "schemas" else f"{name}, listed: {len(origins())} origins"
            print(f"{what}, {len(differences) or 'no'} differences", flush=True)
            for difference in differences[:20]:
                print(f"  {difference}")
            failed |= bool(differences)
            continue
        for policy in POLICIES:
            differences = compare(name, policy, command, folder, server.server_address[1])
            print(f"{name}, {policy}: {len(origins())} origins, {len(differences) or 'no'} differences", flush=True)
            for difference in differences[:20]:
                print(f"  {difference}")
            failed |= bool(differences)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
