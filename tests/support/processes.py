"""Servers in processes of their own: a free port, a wait until they are ready, a stop by process id."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

# Seconds: enough for a server under Valgrind.
PATIENCE = 60.0


def free_port() -> int:
    """Returns a port of this machine that is free, for a server that cannot choose one itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(is_so: Callable[[], bool], what: Callable[[], str] = lambda: "not ready in time") -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, what()
        time.sleep(0.01)


class Process:
    """A server that runs. What it writes to standard error goes to the file `log`, and, if it is to be quiet, to standard output, too."""

    def __init__(
        self,
        command: Sequence[str | Path],
        log: Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        is_quiet: bool = False,
    ) -> None:
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(command, cwd=cwd, env=env, stdout=output if is_quiet else None, stderr=output)

    def wait_for_log(self, pattern: str) -> re.Match[str]:
        """Waits until the whole lines of the log match, and returns the match."""

        def search() -> re.Match[str] | None:
            # What was written last may end within an address.
            return re.search(pattern, self.log().rpartition("\n")[0] + "\n")

        self.wait_until(lambda: search() is not None, f"no {pattern!r}")
        found = search()
        assert found, self.log()
        return found

    def wait_for_port(self, port: int) -> None:
        """Waits until something listens at the port."""
        self.wait_until(lambda: _listens(port), f"nothing listens at {port}")

    def log(self) -> str:
        return self._log.read_text(errors="replace")

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ends the process by its id: with this signal, and with SIGKILL where that does not help."""
        self._process.send_signal(number)
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def wait_until(self, is_so: Callable[[], bool], otherwise: str) -> None:
        """Waits until it is so, but not for a process that has ended."""
        try:
            wait_for(lambda: is_so() or self._process.poll() is not None)
            assert is_so()
        except AssertionError:
            self.stop(signal.SIGKILL)
            raise AssertionError(f"{otherwise}: {self.log()}") from None


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
    except ConnectionRefusedError:
        return False
    return True
