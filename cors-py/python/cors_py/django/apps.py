"""The application, which registers the system checks."""

from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register

from .checks import check_settings


class CorsConfig(AppConfig):
    """`cors_py.django` in `INSTALLED_APPS`."""

    name = "cors_py.django"
    label = "cors_py"
    verbose_name = "CORS"

    def ready(self) -> None:
        register(Tags.security)(check_settings)
