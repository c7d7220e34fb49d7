"""The defaults of `CORS_ALLOW_METHODS` and `CORS_ALLOW_HEADERS`, to add to, by the names that django-cors-headers has for them.

>>> from cors_py.django.defaults import default_headers
>>> CORS_ALLOW_HEADERS = (*default_headers, "x-token")
"""

from __future__ import annotations

default_headers = (
    "accept",
    "authorization",
    "content-type",
    "user-agent",
    "x-csrftoken",
    "x-requested-with",
)

default_methods = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")
