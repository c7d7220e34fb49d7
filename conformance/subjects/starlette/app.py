"""Starlette with its own CORSMiddleware."""

from on_starlette import ROUTES_OF_STARLETTE
from routes import POLICY, TENANTS
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware

OPTIONS = {
    "credentials": {
        "allow_origins": ["https://app.example.com", "https://admin.example.com:8443"],
        "allow_origin_regex": r"https://([a-z0-9-]+\.)+preview\.example\.org",
        "allow_methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        "allow_headers": ["content-type", "authorization", "x-requested-with"],
        "expose_headers": ["x-request-id"],
        "allow_credentials": True,
        "max_age": 600,
    },
    "public": {
        "allow_origins": ["*"],
        "allow_methods": ["GET", "HEAD", "POST", "PUT"],
        "allow_headers": ["content-type"],
        "expose_headers": ["x-request-id"],
        "max_age": 600,
    },
    "thousand": {
        "allow_origins": TENANTS,
        "allow_methods": ["GET", "HEAD", "POST", "PUT", "DELETE"],
        "allow_headers": ["content-type"],
        "allow_credentials": True,
        "max_age": 600,
    },
    "methods": {
        "allow_origins": ["https://app.example.com"],
        "allow_methods": ["GET", "HEAD", "POST", "PUT"],
        "allow_headers": ["content-type"],
        "max_age": 0,
    },
}
app = Starlette(routes=ROUTES_OF_STARLETTE)
app.add_middleware(CORSMiddleware, **OPTIONS[POLICY])
