"""The examples on frameworks that have to be built first: Next.js, SvelteKit, Nuxt."""

from __future__ import annotations

import os
import shutil
import subprocess
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from test_examples import EXAMPLES, Examples, free_port, wait_until_it_listens

WORK = Path(os.environ["CORS_FRAMEWORKS"])
BUILD_SECONDS = 300


@contextmanager
def built(name: str, *build: str) -> Iterator[Path]:
    """A copy of an example beside its packages, built."""
    folder = WORK / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(EXAMPLES / name, folder)
    # The packages are those of the folder above.
    (folder / "package.json").write_text('{ "name": "example", "private": true, "type": "module" }')
    done = subprocess.run(build, cwd=folder, timeout=BUILD_SECONDS, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    yield folder


class Frameworks(unittest.TestCase):
    check = Examples.check

    def serve(self, folder: Path, *command: str, env: dict[str, str] | None = None) -> None:
        port = free_port()
        environment = os.environ | {"HOST": "127.0.0.1", "PORT": str(port)} | (env or {})
        server = subprocess.Popen(
            [part.replace("{port}", str(port)) for part in command], cwd=folder, env=environment, stdin=subprocess.DEVNULL
        )
        try:
            wait_until_it_listens(self, server, port)
            self.check(port)
        finally:
            server.terminate()
            server.wait(20)

    def test_next(self) -> None:
        program = str(WORK / "node_modules/next/dist/bin/next")
        with built("next", "node", program, "build") as folder:
            self.serve(folder, "node", program, "start", "--hostname", "127.0.0.1", "--port", "{port}")

    def test_sveltekit(self) -> None:
        with built("sveltekit", "node", str(WORK / "node_modules/vite/bin/vite.js"), "build") as folder:
            self.serve(folder, "node", "build")

    def test_nuxt(self) -> None:
        with built("nuxt", "node", str(WORK / "node_modules/nuxt/bin/nuxt.mjs"), "build") as folder:
            self.serve(folder, "node", ".output/server/index.mjs")


# The tests of the other examples are a run of their own.
del Examples
