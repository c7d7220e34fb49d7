"""Flask with flask-cors."""

from flask import Flask
from flask_cors import CORS
from on_flask import add_routes
from routes import POLICY, TENANTS

OPTIONS = {
    "credentials": {
        "origins": ["https://app.example.com", "https://admin.example.com:8443", r"^https://([a-z0-9-]+\.)+preview\.example\.org$"],
        "methods": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        "allow_headers": ["Content-Type", "Authorization", "X-Requested-With"],
        "expose_headers": ["X-Request-Id"],
        "supports_credentials": True,
        "max_age": 600,
    },
    "public": {
        "origins": "*",
        "methods": ["GET", "HEAD", "POST", "PUT"],
        "allow_headers": ["Content-Type"],
        "expose_headers": ["X-Request-Id"],
        "max_age": 600,
    },
    "thousand": {
        "origins": TENANTS,
        "methods": ["GET", "HEAD", "POST", "PUT", "DELETE"],
        "allow_headers": ["Content-Type"],
        "supports_credentials": True,
        "max_age": 600,
    },
    "methods": {"origins": "https://app.example.com", "methods": ["GET", "HEAD", "POST", "PUT"], "allow_headers": ["Content-Type"]},
}
app = Flask(__name__)
CORS(app, **OPTIONS[POLICY])
add_routes(app)
