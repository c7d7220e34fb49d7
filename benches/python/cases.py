"""The requests and policies that every benchmark here shares: those of a page at one of many origins."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable

from measure import Call, Overhead, overheads

# The numbers of origins in the policy.
COUNTS = (1,) if "--quick" in sys.argv else (1, 100, 10_000)

# The headers of Chromium's requests.
BROWSER = {
    "host": "api.example.com",
    "connection": "keep-alive",
    "sec-ch-ua": '"Chromium";v="146", "Not)A;Brand";v="24"',
    "accept": "application/json",
    "sec-ch-ua-mobile": "?0",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36",
    "sec-ch-ua-platform": '"Linux"',
    "sec-fetch-site": "cross-site",
    "sec-fetch-mode": "cors",
    "sec-fetch-dest": "empty",
    "accept-encoding": "gzip, deflate, br, zstd",
    "accept-language": "en-GB,en;q=0.9",
}


def origins(count: int) -> list[str]:
    return [f"https://app-{number}.example.com" for number in range(count)]


def requests(count: int) -> dict[str, tuple[str, dict[str, str]]]:
    """Returns method and headers by the name of the case, for a policy of `origins(count)`. It allows the last of them."""
    origin = origins(count)[-1]
    asks = {"access-control-request-method": "PUT", "access-control-request-headers": "authorization,content-type"}
    return {
        "no Origin": ("GET", BROWSER),
        "allowed": ("GET", {**BROWSER, "origin": origin}),
        "denied": ("GET", {**BROWSER, "origin": "https://elsewhere.example"}),
        "preflight": ("OPTIONS", {**BROWSER, **asks, "origin": origin}),
    }


def settings(count: int) -> dict[str, object]:
    """Returns the policy, by Starlette's names and ours."""
    return {
        "allow_origins": origins(count),
        "allow_methods": ["GET", "POST", "PUT", "DELETE"],
        "allow_headers": ["authorization", "content-type"],
        "allow_credentials": True,
        "max_age": 600,
    }


def measured(made: Callable[[int, str], tuple[Call, dict[str, Call]]]) -> dict[str, dict[str, Overhead]]:
    """Returns the overheads of every case. `made` makes the bare application and the variants for a number and a case."""
    return {
        f"{case}, {count:,} origins": overheads(functools.partial(made, count, case))
        for count in COUNTS
        for case in requests(count)
    }
