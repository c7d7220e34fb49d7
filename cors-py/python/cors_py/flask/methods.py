"""What of a policy answers a preflight, where the address has other policies for other methods."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import cast

from .._native import Policy
from .resources import RegexPolicy, with_regex


def restricted(policy: Policy, methods: Iterable[str]) -> Policy:
    """Returns the policy with those of its methods that are among `methods`, and with an answer that no browser keeps (A10).

    A browser keeps the names of methods and those of headers each by itself: a header that was allowed for one method would
    be allowed for every other method that it keeps, and for GET, HEAD and POST in any case.
    """
    if isinstance(policy, RegexPolicy):
        within = cast(RegexPolicy, policy)
        return with_regex(_restricted(within.policy, tuple(methods)), within.regex)
    return _restricted(policy, tuple(methods))


@functools.lru_cache(maxsize=256)
def _restricted(policy: Policy, methods: tuple[str, ...]) -> Policy:
    listed = policy.allow_methods
    return Policy(
        allow_origins=policy.allow_origins,
        allow_methods=methods if "*" in listed else [method for method in listed if method in methods],
        allow_headers=policy.allow_headers,
        expose_headers=policy.expose_headers,
        allow_credentials=policy.allow_credentials,
        max_age=0,
        allow_private_network=policy.allow_private_network,
        preflight_status=policy.preflight_status,
        accept_risks=policy.accept_risks,
        # The policy was checked when it was made, perhaps with a list of its own.
        is_public_suffix=lambda _: False,
    )
