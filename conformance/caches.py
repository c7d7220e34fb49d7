"""Puts the server behind shared caches, nginx's and Varnish's, and asks through them: no client may get a wrong copy.

    conformance/run --caches [SUBJECT…]     default: asgi nginx tower express; others for comparison

Requests of several origins, encodings and methods come in an order that a seed decides. A response through the cache has to be what the
server itself answers: its status, its body, and the fields that a browser looks at. The suite is then run through the cache as well.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from subjects import OUT, Process, Subject, free_port, prepare_policies, subjects

DEFAULT = ["asgi", "nginx", "tower", "express"]
REQUESTS = 1500
NGINX = """
daemon off; worker_processes 1; pid nginx.pid; error_log stderr crit;
events {{}}
http {{
    access_log off;
    client_body_temp_path temporary; proxy_temp_path temporary; fastcgi_temp_path temporary; uwsgi_temp_path temporary; scgi_temp_path temporary;
    proxy_cache_path {folder}/cache keys_zone=copies:10m;
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://127.0.0.1:{upstream};
            proxy_http_version 1.1;
            proxy_cache copies;
            # Errors and redirects, too, as an operator may have it.
            proxy_cache_valid 200 204 301 302 304 401 404 500 503 60s;
            proxy_cache_convert_head off;
            proxy_cache_key $request_method$request_uri;
            add_header X-Cache $upstream_cache_status always;
        }}
    }}
}}
"""
VARNISH = """
vcl 4.1;
backend default {{ .host = "127.0.0.1"; .port = "{upstream}"; }}
sub vcl_backend_response {{
    if (beresp.status == 401 || beresp.status == 500 || beresp.status == 503) {{ set beresp.ttl = 60s; set beresp.uncacheable = false; }}
}}
sub vcl_deliver {{ if (obj.hits > 0) {{ set resp.http.X-Cache = "HIT"; }} else {{ set resp.http.X-Cache = "MISS"; }} }}
"""


@contextmanager
def cache(kind: str, upstream: int, folder: Path) -> Iterator[int]:
    port = free_port()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if kind == "nginx":
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, upstream=upstream))
        command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    else:
        (folder / "default.vcl").write_text(VARNISH.format(upstream=upstream))
        command = ["varnishd", "-F", "-a", f"127.0.0.1:{port}", "-f", str(folder / "default.vcl"), "-n", str(folder / "varnish")]
        # Varnish has compression of its own, for which it asks with gzip always, and leaves Accept-Encoding out of Vary.
        command += ["-s", "malloc,64m", "-j", "none", "-p", "http_gzip_support=off"]
    server = Process(command, folder / "log", folder, is_quiet=True)
    try:
        server.wait_for_port(port)
        yield port
    finally:
        server.stop()


ORIGINS = {
    "credentials": ["https://app.example.com", "https://admin.example.com:8443", "https://a.preview.example.org"],
    "public": ["https://app.example.com", "https://other.example"],
    "thousand": ["https://tenant-0.example.com", "https://tenant-999.example.com"],
    "methods": ["https://app.example.com"],
}
PATHS = ["/plain", "/encoding", "/vary-origin", "/missing", "/empty", "/redirect", "/unauthorized", "/unavailable", "/error", "/own-star"]


def ask(port: int, method: str, path: str, headers: dict[str, str]) -> tuple[dict[str, object], str]:
    """Returns what the client makes of the response, and whether the cache had it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, path, headers={"Connection": "close", **headers})
    response = connection.getresponse()
    allowed = response.headers.get_all("Access-Control-Allow-Origin", [])
    origin = headers.get("Origin")
    # A client without an origin is no page, and reads every response.
    reads = origin is None or allowed in (["*"], [origin])
    reads_with_credentials = origin is None or (allowed == [origin] and response.headers.get("Access-Control-Allow-Credentials") == "true")
    seen: dict[str, object] = {
        "status": response.status,
        "body": re.sub(r":\d+", "", response.read().decode()),
        "location": response.headers.get("Location"),
        "reads": reads,
        "reads with credentials": reads_with_credentials,
        "exposed": response.headers.get("Access-Control-Expose-Headers") if reads and origin else None,
    }
    connection.close()
    return seen, response.headers.get("X-Cache", "")


def wrong_copies(policy: str, direct: int, cached: int) -> tuple[int, list[str]]:
    """Returns how many responses came from the cache, and which of them were wrong."""
    chosen = random.Random(policy)
    origins = [None, "null", "https://unlisted.invalid", *ORIGINS[policy]]
    hits = 0
    wrong = []
    for _ in range(REQUESTS):
        method = chosen.choice(["GET", "GET", "GET", "HEAD", "OPTIONS"])
        path = chosen.choice(PATHS)
        headers: dict[str, str] = {"Accept-Encoding": chosen.choice(["gzip", "identity"])}
        if origin := chosen.choice(origins):
            headers["Origin"] = origin
        if method == "OPTIONS":
            headers["Access-Control-Request-Method"] = "PUT"
        (through, state), (itself, _) = ask(cached, method, path, headers), ask(direct, method, path, headers)
        hits += state == "HIT"
        if through != itself:
            differing = ", ".join(f"{name} {through[name]!r} for {itself[name]!r}" for name in through if through[name] != itself[name])
            wrong.append(f"{method} {path} of {origin} for {headers['Accept-Encoding']} ({state}): {differing}")
    return hits, wrong


def main() -> int:
    names = sys.argv[1:] or DEFAULT
    prepare_policies()
    status = 0
    results: dict[str, dict[str, dict[str, int]]] = {}
    for subject in subjects(names):
        subject.prepare()
        for kind in ("nginx", "varnish"):
            for policy in subject.policies():
                hits, wrong, failed = through(subject, kind, policy)
                results.setdefault(subject.name, {}).setdefault(kind, {})[policy] = len(wrong)
                print(f"{subject.name}, {kind}, {policy}: {len(wrong)} wrong of {hits} copies", flush=True)
                for text in wrong[:3]:
                    print(f"  {text}")
                if hits < REQUESTS // 10:
                    print("  the cache gave too few copies to tell")
                    status = 1
                if failed:
                    print(f"  the suite through the cache: fails {', '.join(failed)}")
                if subject.is_ours and (wrong or failed):
                    status = 1
    (OUT / "caches.json").write_text(json.dumps(results, indent=1) + "\n")
    return status


def through(subject: Subject, kind: str, policy: str) -> tuple[int, list[str], list[str]]:
    with subject.running(policy) as direct, cache(kind, direct, OUT / "caches" / subject.name / kind / policy) as cached:
        hits, wrong = wrong_copies(policy, direct, cached)
    with subject.running(policy) as direct, cache(kind, direct, OUT / "caches" / subject.name / kind / policy) as cached:
        command = [*subject.asked(policy, cached), "--json", "--only", "must", "--only", "security"]
        ended = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"})
        report = json.loads(ended.stdout)
    return hits, wrong, [finding["check"] for finding in report["findings"] if finding["outcome"] in ("failed", "unanswered")]


if __name__ == "__main__":
    sys.exit(main())
