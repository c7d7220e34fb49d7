"""The signal of django-cors-headers."""

from __future__ import annotations

from typing import Any

import django
from django.dispatch import Signal

from .._settings import is_async


class _Check(Signal):
    """The signal, whose receivers are checked when they are connected."""

    def connect(self, receiver: Any, *arguments: Any, **named: Any) -> None:
        """Connects the receiver. Raises `TypeError` for an asynchronous one where Django does not await it."""
        if django.VERSION < (5, 0) and is_async(receiver):
            raise TypeError(
                "check_request_enabled: a receiver is asynchronous, which Django takes from 5.0 on; write a function without async"
            )
        super().connect(receiver, *arguments, **named)


check_request_enabled = _Check()
"""Sent, with `request`, for a request whose path `CORS_URLS_REGEX` does not match, and for one whose origin is not on any
list. A receiver that returns True allows the request. The signal is not sent for the origin `null`, nor for a text that is
not an origin."""
