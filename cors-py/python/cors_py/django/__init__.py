"""The adapter for Django: a middleware, with the settings of django-cors-headers or a policy.

In the settings:

    INSTALLED_APPS = ["cors_py.django", ...]  # the system checks
    MIDDLEWARE = ["cors_py.django.CorsMiddleware", ...]  # before all others
    CORS_ALLOWED_ORIGINS = ["https://app.example.com"]

Instead of the last line, `CORS_POLICY = Policy(...)` or the path of a policy file is possible, too.
"""

from .conf import current_site
from .middleware import CorsMiddleware
from .signals import check_request_enabled

__all__ = ["CorsMiddleware", "check_request_enabled", "current_site"]
