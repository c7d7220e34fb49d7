"""An application for WSGI with cors_py.wsgi."""

from cors_py import Policy
from cors_py.wsgi import CORSMiddleware
from on_wsgi import application
from routes import POLICY, TENANTS

POLICIES = {
    "credentials": Policy(
        allow_origins=["https://app.example.com", "https://admin.example.com:8443", "https://*.preview.example.org"],
        allow_methods=["PUT", "PATCH", "DELETE"],
        allow_headers=["content-type", "authorization", "x-requested-with"],
        expose_headers=["x-request-id"],
        allow_credentials=True,
        max_age=600,
    ),
    "public": Policy(
        allow_origins=["*"],
        allow_methods=["PUT"],
        allow_headers=["content-type"],
        expose_headers=["x-request-id"],
        max_age=600,
    ),
    "thousand": Policy(
        allow_origins=TENANTS,
        allow_methods=["PUT", "DELETE"],
        allow_headers=["content-type"],
        allow_credentials=True,
        max_age=600,
    ),
    "methods": Policy(
        allow_origins=["https://app.example.com"],
        allow_methods=["PUT"],
        allow_headers=["content-type"],
    ),
}
app = CORSMiddleware(application, policy=POLICIES[POLICY])
