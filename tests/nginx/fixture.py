"""A server with a location for each way in which a response is made, and the upstream behind it."""

import unittest

from exchange import Answer, Upstream
from server import Folder, Nginx

ORIGIN = "https://app.example.com"
EVIL = "https://evil.example"
ALLOWED = [f"access-control-allow-origin: {ORIGIN}", "vary: origin"]
DENIED = ["vary: origin"]
FORGED = [
    ("Access-Control-Allow-Origin", "*"), ("access-control-allow-credentials", "true"), ("Access-Control-Max-Age", "1"),
]  # fmt: skip

ANSWERS = {
    "/plain": (200, [], b"plain"),
    "/own": (200, FORGED, b"own"),
    "/error": (500, FORGED, b"error"),
    "/redirect": (302, [("Location", "https://elsewhere.example/")], b""),
    "/unchanged": (304, FORGED, b""),
    "/cached": (200, [*FORGED, ("Cache-Control", "max-age=60")], b"cached"),
    "/elsewhere": (200, [*FORGED, ("X-Accel-Redirect", "/page.txt")], b""),
    "/upgrade": (101, [("Upgrade", "websocket"), ("Connection", "Upgrade"), *FORGED], b""),
    # An interim response, and behind it the one that it announces.
    "/early": (103, [("Link", "</a.css>; rel=preload"), *FORGED],
               b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 6\r\n\r\nsecret"),
    "/vary": (200, [("Vary", "Accept-Encoding")], b""),
    "/vary-origin": (200, [("Vary", "Accept, ORIGIN ,Cookie")], b""),
    "/vary-two": (200, [("Vary", "Accept"), ("Vary", "Origin")], b""),
    "/vary-longer": (200, [("Vary", "Origin-Trial")], b""),
    "/vary-any": (200, [("Vary", "*")], b""),
    "/vary-empty": (200, [("Vary", "")], b""),
}

LOCATIONS = """
    location /up/ { proxy_pass http://127.0.0.1:UPSTREAM/; }
    location /down/ { proxy_pass http://127.0.0.1:1/; }
    location /intercepted/ {
        proxy_pass http://127.0.0.1:UPSTREAM/; proxy_intercept_errors on; error_page 500 /denied.html;
    }
    location /stored/ { proxy_pass http://127.0.0.1:UPSTREAM/; proxy_cache store; proxy_cache_valid any 1m; }
    location /upgraded/ {
        proxy_pass http://127.0.0.1:UPSTREAM/; proxy_http_version 1.1;
        proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection Upgrade;
    }
    location /redirect { return 301 https://elsewhere.example/; }
    location /secret { auth_basic secret; auth_basic_user_file FOLDER/passwords; }
    location /asked { auth_request /judge; }
    location /judge { internal; return 403; }
    location /inside { internal; }
    location /forbidden { deny all; }
    location /limited { limit_except GET { deny all; } }
    location /slow-down { limit_req zone=drops; root FOLDER/nowhere; }
    location /too-large { client_max_body_size 1; proxy_pass http://127.0.0.1:UPSTREAM/plain; }
    location /page-of-error { error_page 404 /denied.html; }
    location /error-of-error { error_page 404 /missing; }
    location /other-status { error_page 404 =200 /denied.html; }
    location /named-error { error_page 404 = @named; }
    location /named-try { try_files /missing @named; }
    location @named { return 410 gone; }
    location /rewritten { rewrite ^ /page.txt last; }
    location /tried { try_files /missing /page.txt; }
    location /index/ { alias FOLDER/html/; index page.txt; }
    location /added {
        add_header Access-Control-Allow-Origin "*" always; add_header Vary Accept always; return 200;
    }
    location /if { if ($request_method = GET) { add_header X-If yes; add_header Vary Accept; return 200; } }
    location /empty { return 204; }
    location /own-options { if ($request_method = OPTIONS) { return 204; } return 200; }
    location /included { ssi on; ssi_types *; alias FOLDER/html/included; }
    location /packed { gzip on; gzip_types *; gzip_min_length 1; gzip_vary on; alias FOLDER/html/page.txt; }
    location /vary-packed {
        gzip on; gzip_types *; gzip_min_length 1; gzip_vary on; add_header Vary Accept; alias FOLDER/html/page.txt;
    }
    location /passed { cors_passthrough on; return 207 passed; }
    location /off { cors off; error_page 404 /denied.html; }
    location /enforced { if ($cors_denial) { return 403 $cors_denial; } return 200 $cors_verdict; }
    location /verdict { return 200 "$cors_verdict $cors_denial"; }
    location /elsewhere-allowed { cors_allow_origins https://elsewhere.example; try_files /missing /page.txt; }
"""


class Site(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.upstream = Upstream(ANSWERS)
        cls.addClassCleanup(cls.upstream.close)
        folder = Folder()
        folder.write("html/page.txt", "0123456789")
        folder.write("html/denied.html", "denied")
        folder.write("html/included", '<!--# include virtual="/up/own" -->, <!--# include virtual="/missing" -->')
        folder.write("passwords", "user:{PLAIN}secret\n")
        cls.nginx = Nginx(
            f"""
            proxy_cache_path FOLDER/store keys_zone=store:1m;
            limit_req_zone $server_port zone=drops:1m rate=1r/m;
            server {{
                listen 127.0.0.1:PORT;
                root FOLDER/html;
                cors on;
                cors_allow_origins {ORIGIN};
                cors_allow_methods PUT;
                {LOCATIONS.replace("UPSTREAM", str(cls.upstream.port))}
            }}
            server {{
                listen 127.0.0.1:PORT;
                server_name whole.example;
                cors on;
                cors_allow_origins {ORIGIN};
                cors_allow_methods PUT;
                return 301 https://elsewhere.example/;
            }}
            """,
            folder,
        )
        cls.addClassCleanup(cls.nginx.close)

    def preflight(self, target: str, origin: str = ORIGIN, **headers: str) -> Answer:
        return self.nginx.ask(target, "OPTIONS", Origin=origin, Access_Control_Request_Method="PUT", **headers)
