"""A shop's API on Django, in one file."""

import os

from cors_py import Policy
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

settings.configure(
    SECRET_KEY=os.environ.get("SECRET_KEY", "for trying it only"),
    ALLOWED_HOSTS=["127.0.0.1", "localhost"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["cors_py.django"],
    # Before all others.
    MIDDLEWARE=["cors_py.django.CorsMiddleware"],
    CORS_POLICY=Policy(
        allow_origins=["https://app.example.com"],
        allow_methods=["PUT"],
        allow_headers=["content-type"],
        allow_credentials=True,
        max_age=7200,
    ),
)


@require_GET
def orders(_request: HttpRequest) -> JsonResponse:
    return JsonResponse(["tea", "coffee"], safe=False)


@require_http_methods(["PUT"])
def change(_request: HttpRequest, number: int) -> JsonResponse:
    return JsonResponse({"changed": number})


urlpatterns = [path("orders", orders), path("orders/<int:number>", change)]
application = get_wsgi_application()
