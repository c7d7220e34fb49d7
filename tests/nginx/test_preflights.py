"""A1: preflights are answered before authentication, limits, `return`, and the upstream; nothing else is."""

import http.client
import shutil
import subprocess
import unittest

from fixture import ALLOWED, DENIED, EVIL, ORIGIN, Site
from processes import PATIENCE
from server import COUNTS, Folder, Nginx

ANSWERED = [ALLOWED[0], "access-control-allow-methods: PUT", ALLOWED[1]]


class Preflights(Site):
    def test_they_come_first(self) -> None:
        asked = len(self.upstream.asked)
        for target in [
            "/page.txt", "/missing", "/", "/secret", "/asked", "/forbidden", "/limited", "/slow-down", "/redirect",
            "/up/plain", "/intercepted/error", "/stored/cached", "/down/", "/own-options", "/page-of-error", "/named-try",
            "/rewritten", "/tried", "/if", "/enforced", "/empty", "/included", "/packed",
        ]:  # fmt: skip
            with self.subTest(target=target):
                answer = self.preflight(target)
                self.assertEqual((answer.status, answer.body, answer.cors()), (204, b"", ANSWERED))
                self.assertEqual(answer.all("content-length") + answer.all("content-type"), [])
                answer = self.preflight(target, origin=EVIL)
                self.assertEqual((answer.status, answer.body, answer.cors()), (403, b"", DENIED))
        self.assertEqual(self.upstream.asked[asked:], [])

    def test_other_options_requests_are_the_applications(self) -> None:
        asked = len(self.upstream.asked)
        self.assertEqual(self.nginx.ask("/up/plain", "OPTIONS", Origin=ORIGIN).body, b"plain")
        self.assertEqual(self.nginx.ask("/up/plain", "OPTIONS").body, b"plain")
        self.assertEqual(self.nginx.ask("/up/plain", Origin=ORIGIN, Access_Control_Request_Method="PUT").body, b"plain")
        self.assertEqual(self.upstream.asked[asked:], ["OPTIONS /plain", "OPTIONS /plain", "GET /plain"])

    def test_return_in_a_server_comes_before(self) -> None:
        answer = self.preflight("/", Host="whole.example")
        self.assertEqual((answer.status, answer.cors()), (301, ANSWERED))

    def test_a_location_that_is_off_leaves_them_to_the_next(self) -> None:
        nginx = Nginx(
            f"""server {{
                listen 127.0.0.1:PORT;
                location / {{ try_files /missing @application; }}
                location @application {{ cors on; cors_allow_origins {ORIGIN}; cors_allow_methods PUT; return 200; }}
            }}"""
        )
        self.addCleanup(nginx.close)
        answer = nginx.ask("/", "OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="PUT")
        self.assertEqual((answer.status, answer.cors()), (204, ANSWERED))
        answer = nginx.ask("/", Origin=ORIGIN)
        self.assertEqual((answer.status, answer.cors()), (200, ALLOWED))

    def test_the_connection_is_kept(self) -> None:
        """Also when a preflight has a body, which is nobody's to read."""
        headers = {"Origin": ORIGIN, "Access-Control-Request-Method": "PUT"}
        connection = http.client.HTTPConnection("127.0.0.1", self.nginx.port, timeout=PATIENCE)
        connection.connect()
        self.addCleanup(connection.close)
        socket = connection.sock
        for origin, status in [(ORIGIN, 204), (EVIL, 403)] * 3:
            for body in [None, b"x" * 10, b"x" * 50_000, iter([b"chunk", b"another"])]:
                connection.request("OPTIONS", "/up/plain", body, headers | {"Origin": origin})
                response = connection.getresponse()
                self.assertEqual((response.status, response.read()), (status, b""))
                connection.request("GET", "/up/plain", headers={"Origin": ORIGIN})
                response = connection.getresponse()
                self.assertEqual((response.status, response.read()), (200, b"plain"))
                self.assertEqual(response.headers["Access-Control-Allow-Origin"], ORIGIN)
                self.assertIs(connection.sock, socket)
                COUNTS["requests"] += 2

    def test_pipelined(self) -> None:
        head = f"OPTIONS /up/plain HTTP/1.1\r\nHost: a\r\nOrigin: {ORIGIN}\r\nAccess-Control-Request-Method: PUT\r\n"
        answer = self.nginx.send(
            f"{head}Content-Length: 3\r\n\r\nabc{head}\r\nGET /up/plain HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
        )
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.body.count(b"HTTP/1.1 204 No Content\r\n"), 1)
        self.assertTrue(answer.body.endswith(b"plain"))


    def test_passthrough(self) -> None:
        """A7: the application answers, and the fields are added."""
        for origin, fields in [(ORIGIN, ANSWERED), (EVIL, DENIED)]:
            answer = self.preflight("/passed", origin)
            self.assertEqual((answer.status, answer.body, answer.cors()), (207, b"passed", fields))


class Shadow(unittest.TestCase):
    def test_a_second_policy_is_asked_without_effect(self) -> None:
        """A8."""
        folder = Folder()
        folder.image("tomorrow.cors", 'allow_origins = ["https://tomorrow.example"]')
        verdicts = "$cors_verdict $cors_denial $cors_shadow_verdict $cors_shadow_denial"
        nginx = Nginx(
            f"""server {{
                listen 127.0.0.1:PORT;
                cors on;
                cors_allow_origins {ORIGIN};
                cors_shadow_policy_file tomorrow.cors;
                location / {{ return 200 "{verdicts}"; }}
                location /none {{ cors_shadow_policy_file off; return 200 "{verdicts}"; }}
            }}""",
            folder,
        )
        self.addCleanup(nginx.close)
        for target, origin, body, fields in [
            ("/", ORIGIN, b"allowed  denied OriginNotAllowed", ALLOWED),
            ("/", "https://tomorrow.example", b"denied OriginNotAllowed allowed ", DENIED),
            ("/", EVIL, b"denied OriginNotAllowed denied OriginNotAllowed", DENIED),
            ("/none", ORIGIN, b"allowed   ", ALLOWED),
        ]:
            answer = nginx.ask(target, Origin=origin)
            self.assertEqual((answer.body, answer.cors()), (body, fields))
        self.assertEqual(nginx.ask("/").body, b"   ")
        told = [line.split("cors: ")[1].split(", client")[0] for line in nginx.log().splitlines() if "cors_shadow" in line]
        self.assertEqual(
            told,
            ["the policy says allowed, cors_shadow_policy_file denied OriginNotAllowed",
             "the policy says denied OriginNotAllowed, cors_shadow_policy_file allowed"],
        )  # fmt: skip


class Http2(unittest.TestCase):
    def test_preflights_and_errors(self) -> None:
        self.assertTrue(shutil.which("curl"), "curl is missing")
        nginx = Nginx(
            "server { listen 127.0.0.1:PORT http2; "
            f"cors on; cors_allow_origins {ORIGIN}; cors_allow_methods PUT; location / {{ return 404; }} }}"
        )
        self.addCleanup(nginx.close)
        preflight = ["--request", "OPTIONS", "--header", "Access-Control-Request-Method: PUT"]
        for words, origin, status, fields in [
            ([], ORIGIN, 404, ALLOWED),
            ([], EVIL, 404, DENIED),
            (["--request", "PUT"], ORIGIN, 404, ALLOWED),
            (preflight, ORIGIN, 204, ANSWERED),
            (preflight, EVIL, 403, DENIED),
        ]:
            with self.subTest(words=words, origin=origin):
                asked = subprocess.run(
                    ["curl", "--silent", "--show-error", "--include", "--http2-prior-knowledge", "--max-time", str(PATIENCE),
                     "--header", f"Origin: {origin}", *words, f"http://127.0.0.1:{nginx.port}/"],
                    capture_output=True, check=True,
                )  # fmt: skip
                COUNTS["requests"] += 1
                head = asked.stdout.decode().split("\r\n\r\n")[0].splitlines()
                self.assertEqual(head[0].strip(), f"HTTP/2 {status}")
                self.assertEqual([line for line in head if line.startswith(("access-control-", "vary"))], fields)
