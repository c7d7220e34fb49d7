"""The signal of django-cors-headers."""

from __future__ import annotations

from django.dispatch import Signal

check_request_enabled = Signal()
"""Asked, with `request`, about a request whose path `CORS_URLS_REGEX` does not match, and about one whose origin is on no
list. A receiver that answers True allows it. It is not asked about what is no origin, nor about the origin `null`."""
