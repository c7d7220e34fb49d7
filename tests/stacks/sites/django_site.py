from django.http import HttpResponse, JsonResponse
from django.urls import path

SECRET_KEY = "not secret"
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "django_site"
INSTALLED_APPS = []
MIDDLEWARE = ["django_site.guard"]

<<1>>


def guard(get_response):
    def respond(request):
        if request.path == "/private" and "authorization" not in request.headers:
            return HttpResponse(status=401)
        return get_response(request)

    return respond


def item(request):
    return JsonResponse([], safe=False, headers={"x-total": "3"})


def broken(request):
    raise RuntimeError("broken")


urlpatterns = [path("item", item), path("broken", broken)]
