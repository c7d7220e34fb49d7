"""The adapter for Flask: an extension, and the options that flask-cors has.

>>> from cors_py import Policy
>>> from cors_py.flask import CORS, cross_origin
>>> from flask import Flask
>>> app = Flask("shop")
>>> cors = CORS(app, policy=Policy(allow_origins=["https://app.example.com"]))

or, with the names of flask-cors:

>>> app = Flask("shop")
>>> cors = CORS(app, resources={"/api/*": {"origins": ["https://app.example.com"], "methods": ["PUT"]}})
>>> @app.route("/open")
... @cross_origin(origins="*")
... def open_to_all():
...     return "hello"
"""

from .extension import CORS, cross_origin
from .options import Options, RouteOptions

__all__ = ["CORS", "Options", "RouteOptions", "cross_origin"]
