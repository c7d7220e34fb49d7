"""Real servers over loopback, each on a port of its own, stopped at the end."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import hypercorn.asyncio
import hypercorn.config
import uvicorn
from processes import PATIENCE, Process, wait_for


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
    process = Process([sys.executable, "-m", *command], log, Path(__file__).parent)
    try:
        process.wait_for_log(ready)
        yield process.wait_for_log(address)[1]
    finally:
        process.stop()


def client(address: str, **options: Any) -> httpx.Client:
    # A server closes the connection on which an application has failed: none is used for a second request.
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.Client(base_url=f"http://{address}", timeout=PATIENCE, trust_env=False, limits=limits, **options)
