"""Real servers over loopback, each on a port of its own, stopped at the end."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import hypercorn.asyncio
import hypercorn.config
import uvicorn

PATIENCE = 30.0
"""Seconds after which a server is given up."""


@contextmanager
def running_uvicorn(app: Any) -> Iterator[str]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_for(lambda: server.started)
        yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


@contextmanager
def running_hypercorn(app: Any) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"127.0.0.1:{listener.getsockname()[1]}"
    config = hypercorn.config.Config()
    config.bind = [f"fd://{os.dup(listener.fileno())}"]
    config.errorlog = None
    ended = threading.Event()

    async def until_ended() -> None:
        while not ended.is_set():
            await asyncio.sleep(0.02)

    def run() -> None:
        asyncio.run(hypercorn.asyncio.serve(app, config, shutdown_trigger=until_ended, mode="asgi"))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        # It listens since before it started: what connects is served when it is ready.
        yield address
    finally:
        ended.set()
        thread.join(PATIENCE)
        listener.close()


def running_gunicorn(app: str, log: Path, *options: str) -> AbstractContextManager[str]:
    """`app` is a module of this folder and a name in it. What the server says goes to `log`."""
    command = ["gunicorn", "--bind", "127.0.0.1:0", "--no-control-socket", "--threads", "4", *options, app]
    return _running(command, log, "Booting worker", r"Listening at: http://([0-9.:]+)")


def running_uvicorn_of(factory: str, log: Path) -> AbstractContextManager[str]:
    """The application that `factory` makes, a function in a module of this folder, in a process of its own."""
    command = ["uvicorn", "--host", "127.0.0.1", "--port", "0", "--factory", factory]
    return _running(command, log, "Uvicorn running", r"Uvicorn running on http://([0-9.:]+)")


@contextmanager
def _running(command: list[str], log: Path, ready: str, address: str) -> Iterator[str]:
    """The address of a server, which is a Python module with arguments, once it has logged that it is `ready`."""
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, "-m", *command], cwd=Path(__file__).parent, stderr=output)
    try:
        wait_for(lambda: process.poll() is not None or ready in log.read_text())
        found = re.search(address, log.read_text())
        assert found, log.read_text()
        yield found[1]
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "not ready in time"
        time.sleep(0.01)


def client(address: str, **options: Any) -> httpx.Client:
    # A server closes the connection on which an application has failed: none is used for a second request.
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(base_url=f"http://{address}", timeout=PATIENCE, trust_env=False, limits=limits, **options)
