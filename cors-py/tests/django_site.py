"""A Django project with CORS: what gunicorn and uvicorn serve in `test_django`, and Django's own client asks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import django
from common import OTHERS, POLICY
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="tests",
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=["cors_py.django"],
        MIDDLEWARE=[
            "cors_py.django.CorsMiddleware",
            "django.middleware.common.CommonMiddleware",
            f"{__name__}.authenticate",
        ],
        LOGGING_CONFIG=None,
        **({"CORS_POLICY": POLICY} if os.environ.get("CORS_TEST_SERVER") else {}),
    )
    django.setup()

from cors_py.django import current_site  # noqa: E402


def authenticate(get_response: Any) -> Any:
    """A middleware that lets nobody in."""

    def middleware(request: HttpRequest) -> Any:
        return HttpResponse(status=401) if request.path == "/private" else get_response(request)

    return middleware


def fine(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.method, headers={"Vary": "Accept"})


def own_fields(request: HttpRequest) -> HttpResponse:
    own = {"Access-Control-Allow-Origin": "*", "Access-Control-Max-Age": "7", "Vary": "Origin, Accept"}
    return HttpResponse("own", headers=own)


def vary_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("all", headers={"Vary": "*"})


def crash(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("crash")


async def waits(request: HttpRequest) -> HttpResponse:
    return HttpResponse("waited")


def parts() -> Iterator[str]:
    yield from ("first", "second")


def late_parts() -> Iterator[str]:
    raise RuntimeError("late crash")
    yield "never"


def swap(request: HttpRequest) -> HttpResponse:
    site = current_site()
    site.swap(OTHERS if site.rules.only is POLICY else POLICY)
    return HttpResponse("swapped")


urlpatterns = [
    path("fine", fine),
    path("private", fine),
    path("public/fine", fine),
    path("own-fields", own_fields),
    path("vary-all", vary_all),
    path("crash", crash),
    path("waits", waits),
    path("slash/", fine),
    path("redirect", lambda request: HttpResponseRedirect("/fine")),
    path("not-modified", lambda request: HttpResponseNotModified()),
    path("stream", lambda request: StreamingHttpResponse(parts())),
    path("late-crash", lambda request: StreamingHttpResponse(late_parts())),
    path("swap", swap),
]


def wsgi() -> Any:
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def asgi() -> Any:
    from django.core.asgi import get_asgi_application

    return get_asgi_application()
