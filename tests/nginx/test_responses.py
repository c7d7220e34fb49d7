"""A2, A3: every response has its fields, whatever its status and wherever it comes from."""

from fixture import ALLOWED, DENIED, EVIL, ORIGIN, Site


class Responses(Site):
    def test_every_response_has_its_fields(self) -> None:
        # The one that the limit lets pass.
        self.nginx.ask("/slow-down")
        for target, status in [
            ("/page.txt", 200), ("/missing", 404), ("/", 403), ("/up/plain", 200), ("/up/own", 200),
            ("/up/error", 500), ("/up/redirect", 302), ("/up/unchanged", 304), ("/up/elsewhere", 200), ("/down/", 502),
            ("/intercepted/own", 200), ("/intercepted/error", 500), ("/redirect", 301), ("/secret", 401),
            ("/asked", 403), ("/inside", 404), ("/forbidden", 403), ("/slow-down", 503), ("/page-of-error", 404),
            ("/error-of-error", 404), ("/other-status", 200), ("/named-error", 410), ("/named-try", 410),
            ("/rewritten", 200), ("/tried", 200), ("/index/", 200), ("/empty", 204), ("/included", 200),
            ("/page.txt%00", 400),
        ]:  # fmt: skip
            for origin, fields in [(ORIGIN, ALLOWED), (EVIL, DENIED)]:
                for method in ["GET", "HEAD"]:
                    with self.subTest(target=target, origin=origin, method=method):
                        answer = self.nginx.ask(target, method, Origin=origin)
                        self.assertEqual(answer.status, status)
                        # Of a request line that is none nginx reads no fields.
                        self.assertEqual(answer.cors(), fields if status != 400 else DENIED)

    def test_requests_that_nginx_refuses(self) -> None:
        for target, method, headers, status in [
            ("/too-large", "PUT", {"Content_Length": "2"}, 413),
            ("/limited", "PUT", {}, 403),
            ("/page.txt", "PUT", {}, 405),
            ("/page.txt", "GET", {"Range": "bytes=99-"}, 416),
            ("/page.txt", "GET", {"If_Match": '"other"'}, 412),
            ("/page.txt", "GET", {"X_Long": "x" * 9000}, 400),
            ("/page.txt", "GET", {"Content_Length": "none"}, 400),
        ]:
            with self.subTest(target=target, status=status):
                answer = self.nginx.ask(target, method, Origin=ORIGIN, **headers)
                # Where a later filter refuses, nginx makes a second response, in whose fields the first one's `Vary` stays.
                self.assertEqual((answer.status, sorted(answer.cors())), (status, ALLOWED))

    def test_without_an_origin_caches_are_told(self) -> None:
        self.assertEqual(self.nginx.ask("/page.txt").cors(), DENIED)

    def test_parts_and_unchanged_files(self) -> None:
        answer = self.nginx.ask("/page.txt", Origin=ORIGIN, Range="bytes=2-4")
        self.assertEqual((answer.status, answer.body, answer.cors()), (206, b"234", ALLOWED))
        entity_tag = answer.all("etag")[0]
        answer = self.nginx.ask("/page.txt", Origin=ORIGIN, If_None_Match=entity_tag)
        self.assertEqual((answer.status, answer.cors()), (304, ALLOWED))

    def test_stored_responses_are_decided_anew(self) -> None:
        asked = len(self.upstream.asked)
        for origin, fields in [(EVIL, DENIED), (ORIGIN, ALLOWED), (EVIL, DENIED)]:
            answer = self.nginx.ask("/stored/cached", Origin=origin)
            self.assertEqual((answer.body, answer.cors()), (b"cached", fields))
        self.assertEqual(self.upstream.asked[asked:], ["GET /cached"])

    def test_upgraded_connections(self) -> None:
        answer = self.nginx.ask("/upgraded/upgrade", Origin=ORIGIN, Upgrade="websocket", Connection="Upgrade")
        self.assertEqual((answer.status, answer.cors()), (101, ALLOWED))

    def test_subrequests_have_none_of_their_own(self) -> None:
        answer = self.nginx.ask("/included", Origin=ORIGIN)
        self.assertTrue(answer.body.startswith(b"3\r\nown"), answer.body)
        self.assertIn(b"404 Not Found", answer.body)
        self.assertEqual((answer.status, answer.cors()), (200, ALLOWED))

    def test_add_header_is_replaced(self) -> None:
        answer = self.nginx.ask("/added", Origin=ORIGIN)
        self.assertEqual(answer.cors(), ["vary: Accept, origin", ALLOWED[0]])
        self.assertEqual(self.nginx.ask("/added", Origin=EVIL).cors(), ["vary: Accept, origin"])

    def test_blocks_of_if(self) -> None:
        answer = self.nginx.ask("/if", Origin=ORIGIN)
        self.assertEqual((answer.all("x-if"), answer.cors()), (["yes"], ["vary: Accept, origin", ALLOWED[0]]))
        self.assertEqual(self.preflight("/if").status, 204)

    def test_vary_is_merged(self) -> None:
        for target, expected in [
            ("/up/vary", ["Accept-Encoding, origin"]),
            ("/up/vary-origin", ["Accept, ORIGIN ,Cookie"]),
            ("/up/vary-two", ["Accept, Origin"]),
            ("/up/vary-longer", ["Origin-Trial, origin"]),
            ("/up/vary-any", ["*"]),
            ("/up/plain", ["origin"]),
        ]:
            with self.subTest(target=target):
                self.assertEqual(self.nginx.ask(target, Origin=ORIGIN).all("vary"), expected)
        # For gzip_vary nginx would write a line by itself.
        for target, expected in [("/packed", "Accept-Encoding, origin"), ("/vary-packed", "Accept, Accept-Encoding, origin")]:
            answer = self.nginx.ask(target, Origin=ORIGIN, Accept_Encoding="gzip")
            self.assertEqual((answer.all("content-encoding"), answer.all("vary")), (["gzip"], [expected]))

    def test_interim_responses_do_not_hide_the_response(self) -> None:
        """This nginx sends what is behind a 103 as its body, with the fields of the upstream: a client would read it as the response."""
        for origin in [ORIGIN, EVIL]:
            answer = self.nginx.ask("/up/early", Origin=origin)
            self.assertEqual(answer.status, 502)
            self.assertNotIn(b"secret", answer.body)

    def test_the_first_location_decides(self) -> None:
        for origin, fields in [("https://elsewhere.example", 1), (ORIGIN, 0)]:
            answer = self.nginx.ask("/elsewhere-allowed", Origin=origin)
            self.assertEqual((answer.status, len(answer.all("access-control-allow-origin"))), (200, fields))

    def test_off_is_off(self) -> None:
        for target in ["/off", "/off/missing"]:
            answer = self.nginx.ask(target, Origin=ORIGIN)
            self.assertEqual((answer.status, answer.cors()), (404, []))
        self.assertEqual(self.preflight("/off").cors(), [])

    def test_variables_are_known_before_the_response(self) -> None:
        for target, headers, status, body in [
            ("/verdict", {"Origin": ORIGIN}, 200, b"allowed "),
            ("/verdict", {"Origin": EVIL}, 200, b"denied OriginNotAllowed"),
            ("/verdict", {"Origin": "https://app.example.com/"}, 200, b"denied MalformedOrigin"),
            ("/verdict", {}, 200, b" "),
            ("/enforced", {"Origin": ORIGIN}, 200, b"allowed"),
            ("/enforced", {"Origin": EVIL}, 403, b"OriginNotAllowed"),
            ("/enforced", {}, 200, b""),
        ]:
            with self.subTest(target=target, headers=headers):
                answer = self.nginx.ask(target, **headers)
                self.assertEqual((answer.status, answer.body), (status, body))
