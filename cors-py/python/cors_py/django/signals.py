"""The signal of django-cors-headers."""

from __future__ import annotations

from django.dispatch import Signal

check_request_enabled = Signal()
"""Sent, with `request`, for a request whose path `CORS_URLS_REGEX` does not match, and for one whose origin is not on any
list. A receiver that returns True allows the request. The signal is not sent for the origin `null`, nor for a text that is
not an origin."""
