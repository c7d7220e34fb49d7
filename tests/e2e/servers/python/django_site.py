"""The application in Django."""

from __future__ import annotations

from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import re_path
from site_files import answer, policies


def view(request: HttpRequest) -> HttpResponse:
    status, fields, body = answer(str(request.method), request.path, request.META["QUERY_STRING"])
    return HttpResponse(body, status=status, headers=dict(fields))


settings.configure(
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="tests",
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["cors_py.django"],
    MIDDLEWARE=["cors_py.django.CorsMiddleware"],
    LOGGING_CONFIG=None,
    CORS_POLICIES=policies(),
)
django.setup()
urlpatterns = [re_path("", view)]
app: Any = get_wsgi_application()
