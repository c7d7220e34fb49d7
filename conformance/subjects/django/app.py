"""Django with cors_py.django."""

from on_django import application
from routes import POLICY, TENANTS

OPTIONS = {
    "credentials": {
        "CORS_ALLOWED_ORIGINS": ["https://app.example.com", "https://admin.example.com:8443"],
        "CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://([a-z0-9-]+\.)+preview\.example\.org$"],
        "CORS_ALLOW_METHODS": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        "CORS_ALLOW_HEADERS": ["content-type", "authorization", "x-requested-with"],
        "CORS_EXPOSE_HEADERS": ["x-request-id"],
        "CORS_ALLOW_CREDENTIALS": True,
        "CORS_PREFLIGHT_MAX_AGE": 600,
    },
    "public": {
        "CORS_ALLOW_ALL_ORIGINS": True,
        "CORS_ALLOW_METHODS": ["GET", "HEAD", "POST", "PUT"],
        "CORS_ALLOW_HEADERS": ["content-type"],
        "CORS_EXPOSE_HEADERS": ["x-request-id"],
        "CORS_PREFLIGHT_MAX_AGE": 600,
    },
    "thousand": {
        "CORS_ALLOWED_ORIGINS": TENANTS,
        "CORS_ALLOW_METHODS": ["GET", "HEAD", "POST", "PUT", "DELETE"],
        "CORS_ALLOW_HEADERS": ["content-type"],
        "CORS_ALLOW_CREDENTIALS": True,
        "CORS_PREFLIGHT_MAX_AGE": 600,
    },
    "methods": {
        "CORS_ALLOWED_ORIGINS": ["https://app.example.com"],
        "CORS_ALLOW_METHODS": ["GET", "HEAD", "POST", "PUT"],
        "CORS_ALLOW_HEADERS": ["content-type"],
        "CORS_PREFLIGHT_MAX_AGE": 0,
    },
}
app = application(OPTIONS[POLICY], INSTALLED_APPS=["cors_py.django"], MIDDLEWARE=["cors_py.django.CorsMiddleware"])
