"""What the modules share that test an adapter behind a server: `address` is the module's own."""

from collections.abc import Iterator

import httpx
import pytest
from servers import client


@pytest.fixture(scope="module")
def http(address: str) -> Iterator[httpx.Client]:
    with client(address) as connected:
        yield connected
