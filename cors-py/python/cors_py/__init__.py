"""CORS, decided by compiled policies: one engine for ASGI, WSGI, Flask and Django.

>>> from cors_py import Policy
>>> policy = Policy(
...     allow_origins=["https://app.example.com", "https://*.example.org"],
...     allow_methods=["PUT", "DELETE"],
...     allow_credentials=True,
... )
>>> decision = policy.evaluate("GET", {"Origin": "https://shop.example.org"})
>>> decision.allowed
True
>>> for name, value, _ in decision.fields:
...     print(f"{name}: {value}")
access-control-allow-origin: https://shop.example.org
access-control-allow-credentials: true
vary: origin

The adapters are `cors_py.asgi`, `cors_py.wsgi`, `cors_py.flask` and `cors_py.django`.
"""

from ._errors import ConfigError, ImageError, Problem
from ._names import Denial, Risk
from ._native import Decision, Explanation, Obstacle, OriginRegex, Policy, __version__
from ._site import Site

__all__ = [
    "ConfigError",
    "Decision",
    "Denial",
    "Explanation",
    "ImageError",
    "Obstacle",
    "OriginRegex",
    "Policy",
    "Problem",
    "Risk",
    "Site",
    "__version__",
]
