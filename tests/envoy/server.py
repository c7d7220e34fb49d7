"""An Envoy with the filter and a given configuration."""

import atexit
import base64
import json
import os
import re
import signal
import socket
import tempfile
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from exchange import Answer, request
from processes import PATIENCE, Process, wait_for

MODULE = Path(os.environ["CORS_ENVOY_MODULE"]).resolve()
ENVOY = Path(os.environ["CORS_ENVOY"])
COUNTS = {"requests": 0, "servers": 0}
atexit.register(lambda: print("{servers} Envoys answered {requests} requests".format(**COUNTS)))

TYPES = "type.googleapis.com/"
HTTP = TYPES + "envoy.extensions.filters.http."
ACCESS_LOG = TYPES + "envoy.extensions.access_loggers.file.v3.FileAccessLog"
OPTIONS = TYPES + "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"


def wasm(configuration: Any, *, policy: str = "FAIL_CLOSED") -> dict[str, Any]:
    """The filter. A configuration is JSON, as a text or as what it stands for; or an image."""
    if isinstance(configuration, bytes):
        given = {"@type": TYPES + "google.protobuf.BytesValue", "value": base64.b64encode(configuration).decode()}
    else:
        text = configuration if isinstance(configuration, str) else json.dumps(configuration)
        given = {"@type": TYPES + "google.protobuf.StringValue", "value": text}
    return {
        "@type": HTTP + "wasm.v3.Wasm",
        "config": {
            "name": "cors",
            "failure_policy": policy,
            "vm_config": {"runtime": "envoy.wasm.runtime.v8", "code": {"local": {"filename": str(MODULE)}}},
            "configuration": given,
        },
    }


def filter_of(configuration: Any, **options: str) -> dict[str, Any]:
    return {"name": "cors", "typed_config": wasm(configuration, **options)}


def discovered(source: dict[str, Any]) -> dict[str, Any]:
    """The filter, whose configuration Envoy gets from a source and takes while it serves (ECDS)."""
    return {
        "name": "cors",
        "config_discovery": {
            "config_source": {"resource_api_version": "V3", **source},
            "type_urls": [HTTP + "wasm.v3.Wasm"],
        },
    }


def discovered_by_grpc(cluster_name: str) -> dict[str, Any]:
    service = {"envoy_grpc": {"cluster_name": cluster_name}}
    source = {"api_type": "GRPC", "transport_api_version": "V3", "grpc_services": [service]}
    return discovered({"api_config_source": source})


ROUTER = {"name": "envoy.filters.http.router", "typed_config": {"@type": HTTP + "router.v3.Router"}}


class Envoy:
    """A running Envoy. `filters` stand before the router; without `routes` every request gets an empty 200.

    With `upstream`, a port, requests go there. `others` are the filters of further listeners, whose ports are the next in `ports`.
    """

    def __init__(
        self,
        filters: list[dict[str, Any]],
        *,
        routes: list[dict[str, Any]] | None = None,
        upstream: int | None = None,
        clusters: list[dict[str, Any]] | None = None,
        manager: dict[str, Any] | None = None,
        node: dict[str, Any] | None = None,
        concurrency: int = 1,
        others: Sequence[list[dict[str, Any]]] = (),
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="cors-envoy-")
        self.path = Path(self._folder.name)
        self._access = self.path / "access.log"
        if routes is None:
            to_upstream = {"route": {"cluster": "upstream", "upgrade_configs": [{"upgrade_type": "websocket"}]}}
            answered = {"direct_response": {"status": 200}}
            routes = [{"match": {"prefix": "/"}, **(answered if upstream is None else to_upstream)}]
        self.configuration = {
            "node": node or {"id": "test", "cluster": "test"},
            "admin": {"address": address(0)},
            "static_resources": {
                "listeners": [
                    listener(f"http-{index}", [*chain, ROUTER], routes, self._access, manager or {})
                    for index, chain in enumerate([filters, *others])
                ],
                "clusters": [*([] if upstream is None else [cluster("upstream", upstream)]), *(clusters or [])],
            },
        }
        written = self.path / "envoy.json"
        written.write_text(json.dumps(self.configuration))
        admin = self.path / "admin"
        log = self.path / "error.log"
        command = [ENVOY, "-c", written, "--use-dynamic-base-id", "--concurrency", str(concurrency)]
        self._process = Process([*command, "--admin-address-path", admin, "--log-level", "info"], log)
        COUNTS["servers"] += 1
        try:
            self._process.wait_for_log("starting workers")
        except AssertionError:
            self._folder.cleanup()
            raise
        self.admin_address = admin.read_text()
        self.ports = self._ports(1 + len(others))
        self.port = self.ports[0]

    def _ports(self, count: int) -> list[int]:
        def ports() -> list[int]:
            listeners = json.loads(self.admin("listeners?format=json")).get("listener_statuses", [])
            by_name = {one["name"]: one["local_address"]["socket_address"]["port_value"] for one in listeners}
            return [port for index in range(count) if (port := by_name.get(f"http-{index}"))]

        wait_for(lambda: len(ports()) == count, self.log)
        return ports()

    @property
    def pid(self) -> int:
        return self._process.pid

    def resident(self) -> int:
        """How many bytes of memory it has."""
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{self.pid}/status").read_text())
        assert found
        return int(found[1]) << 10

    def admin(self, path: str) -> str:
        with urllib.request.urlopen(f"http://{self.admin_address}/{path}", timeout=PATIENCE) as answer:
            return answer.read().decode()

    def stats(self, beginning: str) -> dict[str, int]:
        """The counters whose names begin so, without it, that are not zero."""
        lines = self.admin("stats?usedonly").splitlines()
        pairs = [line.rsplit(": ", 1) for line in lines if line.startswith(beginning)]
        return {name.removeprefix(beginning): int(count) for name, count in pairs if count.isdigit() and count != "0"}

    def denials(self) -> dict[str, int]:
        return self.stats("wasmcustom.cors_denied.reason.")

    def log(self) -> str:
        return self._process.log()

    def wait_for_log(self, text: str) -> None:
        wait_for(lambda: text in self.log(), lambda: f"no {text!r} in: {self.log()}")

    def access(self, count: int) -> list[dict[str, Any]]:
        """The lines of the access log, at least so many."""

        def lines() -> list[str]:
            self.admin_post("reopen_logs")
            return self._access.read_text().splitlines() if self._access.exists() else []

        wait_for(lambda: len(lines()) >= count, lambda: f"{len(lines())} lines of {count}")
        return [json.loads(line) for line in lines()]

    def admin_post(self, path: str) -> None:
        url = f"http://{self.admin_address}/{path}"
        urllib.request.urlopen(urllib.request.Request(url, method="POST"), timeout=PATIENCE).close()

    def ask(self, target: str = "/", method: str = "GET", **headers: str) -> Answer:
        """Asks with these headers: `_` in a name stands for `-`."""
        pairs = [(name.replace("_", "-"), value.encode()) for name, value in headers.items()]
        return self.send(request(method, target, pairs))

    def send(self, head: bytes, port: int | None = None) -> Answer:
        with socket.create_connection(("127.0.0.1", port or self.port), timeout=PATIENCE) as connection:
            connection.sendall(head)
            COUNTS["requests"] += 1
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
        return Answer(received)

    def close(self, *, is_whole: bool = True) -> None:
        """Ends it. If it `is_whole`, nothing in it has failed."""
        self._process.stop()
        log = self.log()
        self._folder.cleanup()
        for sign in [] if not is_whole else ["Caught Segmentation", "Uncaught RuntimeError", "unreachable", "[critical]", "Function: proxy_on"]:
            assert sign not in log, log


def address(port: int) -> dict[str, Any]:
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


def listener(
    name: str, filters: list[dict[str, Any]], routes: list[dict[str, Any]], access: Path, manager: dict[str, Any]
) -> dict[str, Any]:
    log_format = {
        "path": "%REQ(:PATH)%",
        "case": "%REQ(X-CASE)%",
        "verdict": "%FILTER_STATE(wasm.cors_verdict:PLAIN)%",
        "shadow": "%FILTER_STATE(wasm.cors_shadow_verdict:PLAIN)%",
        "status": "%RESPONSE_CODE%",
        "details": "%RESPONSE_CODE_DETAILS%",
    }
    written = {"@type": ACCESS_LOG, "path": str(access), "log_format": {"json_format": log_format}}
    return {
        "name": name,
        "address": address(0),
        "per_connection_buffer_limit_bytes": 16 << 20,
        "filter_chains": [
            {
                "filters": [
                    {
                        "name": "envoy.filters.network.http_connection_manager",
                        "typed_config": {
                            "@type": TYPES
                            + "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                            "stat_prefix": "http",
                            "access_log": [{"name": "file", "typed_config": written}],
                            "http_filters": filters,
                            # Else each closed connection takes a second.
                            "delayed_close_timeout": "0s",
                            "upgrade_configs": [{"upgrade_type": "websocket"}],
                            "route_config": {
                                "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]
                            },
                            **manager,
                        },
                    }
                ]
            }
        ],
    }


def cluster(name: str, port: int, *, http2: bool = False) -> dict[str, Any]:
    made = {
        "name": name,
        "type": "STATIC",
        "connect_timeout": "5s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address(port)}}]}],
        },
    }
    if http2:
        options = {"@type": OPTIONS, "explicit_http_config": {"http2_protocol_options": {}}}
        made["typed_extension_protocol_options"] = {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": options}
    return made
