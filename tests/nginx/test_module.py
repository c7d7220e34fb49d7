"""What an operator expects of the module: every response has its fields, preflights come first, bad policies are told."""

import shutil
import subprocess
import threading
import unittest

from server import Folder, Nginx, Upstream

ORIGIN = "https://app.example.com"
ALLOWED = [f"access-control-allow-origin: {ORIGIN}", "vary: origin"]
DENIED = ["vary: origin"]
ON = f"cors on; cors_allow_origins {ORIGIN};"


def preflight(nginx: Nginx, target: str, method: str = "PUT", origin: str = ORIGIN):
    return nginx.ask(target, "OPTIONS", Origin=origin, Access_Control_Request_Method=method)


class Responses(unittest.TestCase):
    """A2, A3: every response, whatever its status and wherever it comes from."""

    @classmethod
    def setUpClass(cls) -> None:
        forged = [("Access-Control-Allow-Origin", "*"), ("access-control-allow-credentials", "true"),
                  ("Access-Control-Max-Age", "1")]  # fmt: skip
        cls.upstream = Upstream({
            "/plain": (200, [], b"plain"),
            "/own": (200, forged, b"own"),
            "/error": (500, forged, b"error"),
            "/redirect": (302, [("Location", "https://elsewhere.example/")], b""),
            "/vary": (200, [("Vary", "Accept-Encoding")], b""),
            "/vary-origin": (200, [("Vary", "Accept, ORIGIN ,Cookie")], b""),
            "/vary-two": (200, [("Vary", "Accept"), ("Vary", "Origin")], b""),
            "/vary-any": (200, [("Vary", "*")], b""),
            "/vary-empty": (200, [("Vary", "")], b""),
        })  # fmt: skip
        folder = Folder()
        folder.write("html/page.txt", "0123456789")
        folder.write("html/denied.html", "denied")
        folder.write("passwords", "user:{PLAIN}secret\n")
        cls.nginx = Nginx(
            f"""
            server {{
                listen 127.0.0.1:PORT;
                root FOLDER/html;
                {ON}
                cors_allow_methods PUT;
                location /up/ {{ proxy_pass http://127.0.0.1:{cls.upstream.port}/; }}
                location /down/ {{ proxy_pass http://127.0.0.1:1/; }}
                location /redirect {{ return 301 https://elsewhere.example/; }}
                location /secret {{ auth_basic secret; auth_basic_user_file FOLDER/passwords; }}
                location /forbidden {{ deny all; }}
                location /limited {{ limit_except GET {{ deny all; }} }}
                location /page-of-error {{ error_page 404 /denied.html; }}
                location /named-error {{ error_page 404 = @named; }}
                location @named {{ return 410 gone; }}
                location /rewritten {{ rewrite ^ /page.txt last; }}
                location /tried {{ try_files /missing /page.txt; }}
                location /added {{ add_header Access-Control-Allow-Origin "*" always; return 200; }}
                location /off {{ cors off; error_page 404 /denied.html; }}
                location /empty {{ return 204; }}
                location /own-options {{ if ($request_method = OPTIONS) {{ return 204; }} return 200; }}
            }}
            """,
            folder,
        )

    @classmethod
    def tearDownClass(cls) -> None:
        cls.nginx.close()
        cls.upstream.close()

    def test_every_response_has_its_fields(self) -> None:
        for target, status in [
            ("/page.txt", 200), ("/missing", 404), ("/", 403), ("/up/plain", 200), ("/up/own", 200),
            ("/up/error", 500), ("/up/redirect", 302), ("/down/", 502), ("/redirect", 301), ("/secret", 401),
            ("/forbidden", 403), ("/page-of-error", 404), ("/named-error", 410), ("/rewritten", 200),
            ("/tried", 200), ("/added", 200), ("/empty", 204), ("/page.txt%00", 400),
        ]:  # fmt: skip
            for origin, fields in [(ORIGIN, ALLOWED), ("https://evil.example", DENIED)]:
                with self.subTest(target=target, origin=origin):
                    answer = self.nginx.ask(target, Origin=origin)
                    self.assertEqual(answer.status, status)
                    # Of a request line that is none nginx reads no fields.
                    self.assertEqual(answer.cors(), fields if status != 400 else DENIED)

    def test_without_an_origin_caches_are_told(self) -> None:
        self.assertEqual(self.nginx.ask("/page.txt").cors(), DENIED)

    def test_parts_and_unchanged_files(self) -> None:
        answer = self.nginx.ask("/page.txt", Origin=ORIGIN, Range="bytes=2-4")
        self.assertEqual((answer.status, answer.body, answer.cors()), (206, b"234", ALLOWED))
        entity_tag = answer.all("etag")[0]
        answer = self.nginx.ask("/page.txt", Origin=ORIGIN, If_None_Match=entity_tag)
        self.assertEqual((answer.status, answer.cors()), (304, ALLOWED))
        answer = self.nginx.ask("/page.txt", "HEAD", Origin=ORIGIN)
        self.assertEqual((answer.status, answer.cors()), (200, ALLOWED))

    def test_vary_is_merged(self) -> None:
        for target, expected in [
            ("/up/vary", ["Accept-Encoding, origin"]),
            ("/up/vary-origin", ["Accept, ORIGIN ,Cookie"]),
            ("/up/vary-two", ["Accept", "Origin"]),
            ("/up/vary-any", ["*"]),
            ("/up/plain", ["origin"]),
        ]:
            with self.subTest(target=target):
                self.assertEqual(self.nginx.ask(target, Origin=ORIGIN).all("vary"), expected)

    def test_preflights_come_first(self) -> None:
        """A1: before authentication, limits, `return`, and the upstream."""
        asked = len(self.upstream.asked)
        for target in ["/page.txt", "/missing", "/secret", "/forbidden", "/limited", "/redirect", "/up/plain",
                       "/down/", "/own-options", "/rewritten"]:  # fmt: skip
            with self.subTest(target=target):
                answer = preflight(self.nginx, target)
                self.assertEqual((answer.status, answer.body), (204, b""))
                self.assertEqual(answer.cors(), [ALLOWED[0], "access-control-allow-methods: PUT", ALLOWED[1]])
                answer = preflight(self.nginx, target, origin="https://evil.example")
                self.assertEqual((answer.status, answer.body, answer.cors()), (403, b"", DENIED))
        self.assertEqual(self.upstream.asked[asked:], [])

    def test_other_options_requests_are_the_applications(self) -> None:
        self.assertEqual(self.nginx.ask("/up/plain", "OPTIONS", Origin=ORIGIN).body, b"plain")
        self.assertEqual(self.nginx.ask("/up/plain", "OPTIONS").body, b"plain")

    def test_off_is_off(self) -> None:
        for target in ["/off", "/off/missing"]:
            answer = self.nginx.ask(target, Origin=ORIGIN)
            self.assertEqual((answer.status, answer.cors()), (404, []))

    @unittest.skipUnless(shutil.which("curl"), "curl is what the runner installs")
    def test_http_2(self) -> None:
        with_http_2 = Nginx(f"server {{ listen 127.0.0.1:PORT http2; {ON} location / {{ return 404; }} }}")
        self.addCleanup(with_http_2.close)
        asked = subprocess.run(
            ["curl", "--silent", "--include", "--http2-prior-knowledge", "--header", f"Origin: {ORIGIN}",
             f"http://127.0.0.1:{with_http_2.port}/"], capture_output=True, check=True,
        )  # fmt: skip
        head = asked.stdout.decode().split("\r\n\r\n")[0].lower().splitlines()
        self.assertEqual(head[0].strip(), "http/2 404")
        self.assertEqual([line for line in head if line.startswith(("access-control-", "vary"))], ALLOWED)


class Levels(unittest.TestCase):
    """Directives are inherited and overridden as nginx's own are."""

    def test_inheritance(self) -> None:
        folder = Folder()
        image = folder.image("policy.cors", 'allow_origins = ["https://file.example"]')
        nginx = Nginx(
            f"""
            cors on;
            cors_allow_origins https://http.example;
            cors_allow_credentials on;
            server {{
                listen 127.0.0.1:PORT;
                location /http {{ return 200; }}
                location /server {{
                    cors_allow_origins https://one.example https://two.example;
                    cors_allow_origins https://three.example;
                    return 200;
                    location /server/below {{ cors_allow_credentials off; return 200; }}
                    location /server/off {{ cors off; return 200; }}
                }}
                location /file {{
                    cors_policy_file {image};
                    return 200;
                    location /file/below {{ cors_max_age 1h; return 200; }}
                    location /file/words {{ cors_allow_origins https://words.example; return 200; }}
                }}
            }}
            """,
            folder,
        )
        self.addCleanup(nginx.close)
        origins = [f"https://{name}.example" for name in ["http", "one", "two", "three", "file", "words"]]
        for target, allowed, credentials in [
            ("/http", ["http"], ["true"]),
            ("/server", ["one", "two", "three"], ["true"]),
            ("/server/below", ["one", "two", "three"], []),
            ("/server/off", [], []),
            ("/file", ["file"], []),
            ("/file/below", ["http"], ["true"]),
            ("/file/words", ["words"], ["true"]),
        ]:
            with self.subTest(target=target):
                answers = {origin: nginx.ask(target, Origin=origin) for origin in origins}
                found = [origin for origin in origins if answers[origin].all("access-control-allow-origin")]
                self.assertEqual(found, [f"https://{name}.example" for name in allowed])
                for origin in found:
                    self.assertEqual(answers[origin].all("access-control-allow-credentials"), credentials)


class Configuration(unittest.TestCase):
    """`nginx -t` tells what is wrong, where, and what to write instead."""

    def setUp(self) -> None:
        self.folder = Folder()
        self.addCleanup(self.folder.close)

    def test_bad_policies_are_told_with_their_places(self) -> None:
        self.folder.write("broken.cors", b"cors\0")
        self.folder.write("policy.toml", 'allow_origins = ["https://a.example"]')
        lines = "nginx.conf:15"
        for words, expected in [
            ("cors on;", f"cors: on, and no origin is allowed; write cors_allow_origins or cors_policy_file in FOLDER/{lines}"),
            ("cors on; cors_allow_origins https://A.example/;",
             f"write https://a.example in FOLDER/{lines}"),
            ("cors on; cors_allow_origins app.example.com;", "add the scheme"),
            ('cors on; cors_allow_origins "";', "cors: cors_allow_origins[0] \"\""),
            ("cors on; cors_allow_origins https://a.example null;", "accept_risks"),
            ("cors on; cors_allow_origins *; cors_allow_credentials on;", "AnyOriginWithCredentials"),
            ("cors on; cors_allow_origins *; cors_allow_methods TRACE;", "cors_allow_methods[0] \"TRACE\""),
            ("cors on; cors_allow_origins *; cors_max_age 2d;", f"write 86400 or less in FOLDER/{lines}"),
            ("cors on; cors_allow_origins *; cors_max_age soon;", "invalid value"),
            ("cors on; cors_allow_origins *; cors_accept_risks all;", 'no risk is named "all"; write NullOrigin'),
            ("cors maybe;", 'it must be "on" or "off"'),
            ("cors on; cors_policy_file FOLDER/missing.cors;", 'cannot open "FOLDER/missing.cors"'),
            ("cors on; cors_policy_file FOLDER;", 'cannot read "FOLDER"'),
            ("cors on; cors_policy_file FOLDER/broken.cors;", "an image cut short"),
            ("cors on; cors_policy_file FOLDER/policy.toml;", "`cors compile` makes one of a policy file"),
            ("cors on; cors_policy_file a; cors_policy_file b;", "is duplicate"),
            ("cors on; cors_policy_file a; cors_max_age 1h;", "stands beside cors_"),
        ]:
            with self.subTest(words=words):
                name = str(self.folder.path)
                http = f"server {{ location / {{ {words.replace('FOLDER', name)} }} }}"
                status, told = self.folder.test(http)
                self.assertEqual(status, 1, told)
                self.assertIn(expected.replace("FOLDER", name), told)

    def test_every_problem_is_told_at_once(self) -> None:
        status, told = self.folder.test(
            "server {\n cors on;\n cors_allow_origins\n https://A.example\n b.example;\n cors_allow_methods TRACE;\n}"
        )
        self.assertEqual(status, 1)
        self.assertEqual(sum("cors: cors_" in line for line in told.splitlines()), 3, told)

    def test_what_is_off_is_not_looked_at(self) -> None:
        for words in ["cors off; cors_allow_origins nonsense;", "cors_allow_origins nonsense;", ""]:
            status, told = self.folder.test(f"server {{ {words} location / {{ return 200; }} }}")
            self.assertEqual(status, 0, told)


class Reload(unittest.TestCase):
    """A4: policies are swapped without a failed request, and each request sees one of them."""

    def test_reload_under_load(self) -> None:
        def policy(name: str) -> str:
            words = f"cors on; cors_allow_origins {ORIGIN}; cors_expose_headers x-{name}; cors_allow_methods {name};"
            return f"server {{ listen 127.0.0.1:PORT; {words} location / {{ return 200; }} }}"

        nginx = Nginx(policy("A"))
        self.addCleanup(nginx.close)
        stop = threading.Event()
        wrong: list[object] = []
        seen: set[tuple[str, ...]] = set()
        counts = [0] * 4

        def load(index: int) -> None:
            while not stop.is_set():
                try:
                    answer = nginx.ask("/", Origin=ORIGIN)
                    lines = answer.cors()
                    exposed = [line for line in lines if line.startswith("access-control-expose-headers: x-")]
                    if answer.status != 200 or lines != [ALLOWED[0], *exposed, ALLOWED[1]] or len(exposed) != 1:
                        wrong.append(answer.fields)
                    seen.add(tuple(exposed))
                    counts[index] += 1
                except (OSError, AssertionError) as error:
                    wrong.append(error)

        threads = [threading.Thread(target=load, args=(index,)) for index in range(len(counts))]
        for thread in threads:
            thread.start()
        for name in "BCDEF":
            before = sum(counts)
            nginx.reload(policy(name))
            while sum(counts) < before + 200 and not wrong:
                stop.wait(0.01)
        stop.set()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])
        self.assertGreaterEqual(len(seen), 3)
        self.assertGreater(sum(counts), 1000)


class Forged(unittest.TestCase):
    """No bytes in an image, and none in a request, stop a worker."""

    def test_hostile_requests(self) -> None:
        nginx = Nginx(
            "large_client_header_buffers 8 64k;"
            f"server {{ listen 127.0.0.1:PORT; {ON} cors_allow_methods PUT; cors_allow_headers x-a; location / {{ return 200; }} }}"
        )
        self.addCleanup(nginx.close)
        names = ("Access-Control-Request-Headers: x-a\r\n" * 40).encode()
        head = b"OPTIONS / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccess-Control-Request-Method: PUT\r\n"
        origin = f"Origin: {ORIGIN}\r\n".encode()
        for fields, status, denial in [
            (origin + names, 204, "HeadersTooLong"),
            (origin + b"Access-Control-Request-Headers: " + b"," * 60_000 + b"\r\n", 204, "HeadersTooLong"),
            (origin * 30, 403, "MultipleOrigins"),
            (b"Origin: " + b"a" * 60_000 + b"\r\n", 403, "MalformedOrigin"),
            (origin + b"Access-Control-Request-Method: PUT\r\n" * 30, 403, "MultipleRequestMethods"),
        ]:
            with self.subTest(denial=denial):
                answer = nginx.send(head + fields + b"\r\n")
                self.assertEqual(answer.status, status)
                self.assertIn(f"cors: denied: {denial}, client", nginx.log())
        self.assertEqual(nginx.ask("/", Origin=ORIGIN).cors(), ALLOWED)
        self.assertNotIn("exited on signal", nginx.log())
