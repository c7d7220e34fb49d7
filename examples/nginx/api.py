"""The API behind nginx: it knows nothing of CORS. The argument is the port."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.answer(["tea", "coffee"])

    def do_PUT(self) -> None:
        self.answer({"changed": int(self.path.rpartition("/")[2])})

    def answer(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = ThreadingHTTPServer(("", int(sys.argv[1])), Shop)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
