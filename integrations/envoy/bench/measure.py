"""Processor time that a request takes of Envoy: alone, with its own CORS filter, with a filter in Lua, and with this one."""

import argparse
import os
import subprocess
import tempfile
from pathlib import Path

from exchange import request
from modules import EMPTY
from server import HTTP, Envoy, filter_of

FOLDER = Path(__file__).parent
SIZES = [1, 10_000]
# What does not decide about origins.
WITHOUT = ["Envoy alone", "a module that does nothing"]
KINDS = {
    "no `Origin`": ("GET", {}),
    "allowed": ("GET", {"Origin": "ALLOWED"}),
    "denied": ("GET", {"Origin": "https://evil.example.com"}),
    "preflight": ("OPTIONS", {
        "Origin": "ALLOWED", "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization,content-type",
    }),
}  # fmt: skip
# As a browser's.
REST = {
    "Accept": "*/*",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-US,en;q=0.9",
    "Referer": "https://site-0.example.com/",
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "cross-site",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
}


def origins(size: int) -> list[str]:
    return [f"https://site-{index}.example.com" for index in range(size)]


def ours(size: int) -> dict:
    return filter_of({
        "allow_origins": origins(size), "allow_methods": ["PUT", "DELETE"], "allow_headers": ["content-type", "authorization"],
        "allow_credentials": True, "max_age": 7200,
    })  # fmt: skip


def lua(size: int) -> dict:
    listed = ", ".join(f'["{origin}"] = true' for origin in origins(size))
    source = (FOLDER / "cors.lua").read_text().replace("ORIGINS", listed)
    return {
        "name": "envoy.filters.http.lua",
        "typed_config": {"@type": HTTP + "lua.v3.Lua", "default_source_code": {"inline_string": source}},
    }


def empty(path: Path) -> dict:
    """A module that does nothing: what the interface itself takes."""
    path.write_bytes(EMPTY)
    made = ours(1)
    made["typed_config"]["config"]["vm_config"]["code"]["local"]["filename"] = str(path)
    return made


STOCK = {"name": "envoy.filters.http.cors", "typed_config": {"@type": HTTP + "cors.v3.Cors"}}


def stock_policy(size: int) -> dict:
    return {
        "@type": HTTP + "cors.v3.CorsPolicy",
        "allow_origin_string_match": [{"exact": origin} for origin in origins(size)],
        "allow_methods": "PUT, DELETE",
        "allow_headers": "content-type, authorization",
        "max_age": "7200",
        "allow_credentials": True,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=1)
    options = parser.parse_args()
    # Envoy's own filter does nothing for a route that answers itself.
    upstream = Envoy([])
    forwarded = {"route": {"cluster": "upstream"}}
    routes = [
        {"match": {"path": f"/{size}"}, **forwarded, "typed_per_filter_config": {STOCK["name"]: stock_policy(size)}}
        for size in SIZES
    ]
    # Each has the routes of all; without its filter a policy for the stock one is nothing.
    folder = tempfile.TemporaryDirectory()
    nothing = empty(Path(folder.name, "empty.wasm"))
    chains = {("Envoy alone", SIZES[0]): [], ("a module that does nothing", SIZES[0]): [nothing]}
    for size in SIZES:
        chains[("its own CORS filter", size)] = [STOCK]
        chains[("a filter in Lua", size)] = [lua(size)]
        chains[("this filter", size)] = [ours(size)]
    first, *others = chains.values()
    envoy = Envoy(first, others=others, routes=routes, upstream=upstream.port)
    try:
        ports = dict(zip(chains, envoy.ports, strict=True))
        measured: dict[tuple[str, int, str], list[float]] = {}
        for (name, size), port in ports.items():
            check(envoy, name, port, size)
        for _ in range(options.rounds):
            for kind in KINDS:
                # In turns: what else the machine does falls on all of them.
                for (name, size), port in ports.items():
                    taken = measure(envoy, port, size, kind, options.seconds)
                    measured.setdefault((name, size, kind), []).append(taken)
    finally:
        envoy.close()
        upstream.close()
        folder.cleanup()
    print("Microseconds of processor time that a request takes of Envoy, the least of", options.rounds, "rounds:\n")
    print("| | origins |", " | ".join(KINDS), "|")
    print("|---|--:|" + "--:|" * len(KINDS))
    for name, size in chains:
        cells = [f"{min(measured[name, size, kind]):.1f}" for kind in KINDS]
        print(f"| {name} | {size if name not in WITHOUT else ''} |", " | ".join(cells), "|")


def measure(envoy: Envoy, port: int, size: int, kind: str, seconds: int) -> float:
    method, headers = KINDS[kind]
    # The middle of the list is the average for what looks at each entry in turn.
    allowed = f"https://site-{size // 2}.example.com"
    headers = {name: text.replace("ALLOWED", allowed) for name, text in headers.items()}
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        lines = [f'wrk.method = "{method}"', *(f'wrk.headers["{name}"] = "{text}"' for name, text in {**REST, **headers}.items())]
        script.write("\n".join(lines))
        script.flush()
        before, requests = processor_time(envoy.pid), completed(envoy)
        command = ["wrk", "-t1", "-c4", f"-d{seconds}s", "-s", script.name, f"http://127.0.0.1:{port}/{size}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        after, all_requests = processor_time(envoy.pid), completed(envoy)
    return (after - before) * 1e6 / (all_requests - requests)


def check(envoy: Envoy, name: str, port: int, size: int) -> None:
    """What is measured does what it is measured for."""
    allowed = f"https://site-{size // 2}.example.com"
    preflight = [("Access-Control-Request-Method", b"PUT"), ("Access-Control-Request-Headers", b"authorization")]
    for origin, expected in [(allowed, allowed), ("https://evil.example.com", None)]:
        if name in WITHOUT:
            expected = None
        lines = [("Origin", origin.encode())]
        for method, head in [("GET", lines), ("OPTIONS", [*lines, *preflight])]:
            answer = envoy.send(request(method, f"/{size}", head), port)
            assert answer.all("access-control-allow-origin") == [expected] * (expected is not None), (name, answer.fields)


def completed(envoy: Envoy) -> int:
    return envoy.stats("http.http.").get("downstream_rq_total", 0)


def processor_time(pid: int) -> float:
    """The process's seconds, to the nanosecond: those of its threads, by the scheduler."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir()) / 1e9


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
