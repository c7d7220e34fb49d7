"""Directives are inherited and overridden as nginx's own are, and `nginx -t` tells what is wrong, where, and what to write."""

import unittest

from server import Folder, Nginx

NO_ORIGIN = "cors: on, and no origin is allowed; write cors_allow_origins or cors_policy_file"


class Levels(unittest.TestCase):
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
                    location /server/off {{ cors off; return 200; location /server/off/on {{ cors on; return 200; }} }}
                }}
                location /file {{
                    cors_policy_file {image};
                    return 200;
                    location /file/below {{ return 200; }}
                    location /file/off {{ cors off; return 200; }}
                    location /file/words {{
                        cors_allow_origins https://words.example;
                        return 200;
                        location /file/words/more {{ cors_max_age 1h; return 200; }}
                    }}
                }}
                location /if {{ if ($arg_a) {{ add_header X-A a; return 200; }} return 200; }}
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
            ("/server/off/on", ["one", "two", "three"], ["true"]),
            ("/file", ["file"], []),
            ("/file/below", ["file"], []),
            ("/file/off", [], []),
            ("/file/words", ["words"], []),
            ("/file/words/more", ["words"], []),
            ("/if", ["http"], ["true"]),
            ("/if?a=a", ["http"], ["true"]),
        ]:
            with self.subTest(target=target):
                answers = {origin: nginx.ask(target, Origin=origin) for origin in origins}
                found = [origin for origin in origins if answers[origin].all("access-control-allow-origin")]
                self.assertEqual(found, [f"https://{name}.example" for name in allowed])
                for origin in found:
                    self.assertEqual(answers[origin].all("access-control-allow-credentials"), credentials)

    def test_every_directive_has_its_effect(self) -> None:
        nginx = Nginx(
            """server {
                listen 127.0.0.1:PORT;
                location / {
                    cors on;
                    cors_allow_origins https://a.example http://b.example null;
                    cors_allow_methods PUT delete;
                    cors_allow_methods QUERY;
                    cors_allow_headers Content-Type authorization;
                    cors_expose_headers X-Total ETag;
                    cors_allow_credentials on;
                    cors_allow_private_network on;
                    cors_preflight_status 200;
                    cors_max_age 1h30m;
                    cors_accept_risks NullOrigin;
                    cors_accept_risks InsecureOrigin;
                    return 200;
                }
            }"""
        )
        self.addCleanup(nginx.close)
        for origin in ["https://a.example", "http://b.example", "null"]:
            answer = nginx.ask("/", Origin=origin)
            self.assertEqual(
                sorted(answer.cors()),
                ["access-control-allow-credentials: true", f"access-control-allow-origin: {origin}",
                 "access-control-expose-headers: x-total, etag", "vary: origin"],
            )  # fmt: skip
            answer = nginx.ask(
                "/", "OPTIONS", Origin=origin, Access_Control_Request_Method="PUT",
                Access_Control_Request_Private_Network="true",
            )  # fmt: skip
            self.assertEqual(answer.status, 200)
            self.assertEqual(
                sorted(answer.cors()),
                ["access-control-allow-credentials: true", "access-control-allow-headers: content-type, authorization",
                 "access-control-allow-methods: PUT, DELETE, QUERY", f"access-control-allow-origin: {origin}",
                 "access-control-allow-private-network: true", "access-control-max-age: 5400",
                 "vary: origin, access-control-request-private-network"],
            )  # fmt: skip

    def test_policies_of_the_outermost_level_are_shared(self) -> None:
        folder = Folder()
        folder.image("policy.cors", 'allow_origins = ["https://file.example"]')
        nginx = Nginx(
            "cors_policy_file policy.cors;"
            "server { listen 127.0.0.1:PORT; cors on; return 200; }"
            "server { listen 127.0.0.1:PORT; server_name other.example; location / { cors on; return 200; } }",
            folder,
        )
        self.addCleanup(nginx.close)
        for host in ["one.example", "other.example"]:
            answer = nginx.ask("/", Host=host, Origin="https://file.example")
            self.assertEqual(answer.cors(), ["access-control-allow-origin: https://file.example", "vary: origin"])


class BadPolicies(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = Folder()
        self.addCleanup(self.folder.close)

    def expect_refusal(self, http: str, *expected: str) -> None:
        name = str(self.folder.path)
        status, told = self.folder.test(http.replace("FOLDER", name))
        self.assertEqual(status, 1, told)
        for text in expected:
            self.assertIn(text.replace("FOLDER", name), told)

    def test_they_are_told_with_their_places(self) -> None:
        self.folder.write("broken.cors", b"cors\0")
        self.folder.write("empty.cors", b"")
        self.folder.write("policy.toml", 'allow_origins = ["https://a.example"]')
        here = "in FOLDER/nginx.conf:15"
        for words, expected in [
            ("cors on;", f"{NO_ORIGIN} (the other directives add nothing to an inherited file) {here}"),
            ("cors on; cors_max_age 1h;", NO_ORIGIN),
            ("cors on; cors_allow_origins https://A.example/;", f"write https://a.example {here}"),
            ("cors on; cors_allow_origins app.example.com;", "add the scheme"),
            ('cors on; cors_allow_origins "";', 'cors: cors_allow_origins[0] ""'),
            ('cors on; cors_allow_origins "https://a.example\\n";', "cors: cors_allow_origins[0]"),
            ("cors on; cors_allow_origins https://\u00e9.example;", "cors: cors_allow_origins[0]"),
            ("cors on; cors_allow_origins https://*.com.*;", "cors: cors_allow_origins[0]"),
            ("cors on; cors_allow_origins https://a.example null;", "add NullOrigin to cors_accept_risks"),
            ("cors on; cors_allow_origins *; cors_allow_credentials on;", "add AnyOriginWithCredentials to cors_accept_risks"),
            ("cors on; cors_allow_origins $http_origin;", '"cors_allow_origins" takes no variables, such as "$http_origin"; write the values'),
            ("cors on; cors_allow_origins https://$host;", 'takes no variables, such as "https://$host"'),
            ("cors on; cors_allow_origins *; cors_allow_methods $m;", '"cors_allow_methods" takes no variables'),
            ("cors on; cors_allow_origins *; cors_preflight_status 404;", f"cors: cors_preflight_status 404: a browser takes a preflight's answer only with a status from 200 to 299; write 204 or another status from 200 to 299 {here}"),
            ("cors on; cors_allow_origins *; cors_preflight_status 65740;", "takes a status from 200 to 299"),
            ("cors on; cors_allow_origins *; cors_shadow_policy_file FOLDER/broken.cors;", f"an image cut short: 5 bytes of 136; `cors compile` makes one of a policy file, {here}"),
            ("cors on; cors_allow_origins http://a.example; cors_allow_credentials on;", "InsecureOrigin"),
            ("cors on; cors_allow_origins file://;", "LocalFileOrigin"),
            ("cors on; cors_allow_origins https://xn--f.example;", "is not an A-label"),
            ("cors on; cors_allow_origins *; cors_allow_methods TRACE;", 'cors_allow_methods[0] "TRACE"'),
            ("cors on; cors_allow_origins *; cors_allow_headers Cookie;", 'cors_allow_headers[0] "Cookie"'),
            ("cors on; cors_allow_origins *; cors_expose_headers Set-Cookie;", 'cors_expose_headers[0] "Set-Cookie"'),
            ("cors on; cors_allow_origins *; cors_max_age 2d;", f"write 86400 or less {here}"),
            ("cors on; cors_allow_origins *; cors_max_age soon;", "invalid value"),
            ("cors on; cors_allow_origins *; cors_max_age 1; cors_max_age 1;", "is duplicate"),
            ("cors on; cors_allow_origins *; cors_accept_risks all;", 'no risk is named "all"; write NullOrigin'),
            ("cors maybe;", 'it must be "on" or "off"'),
            ("cors on; cors on;", "is duplicate"),
            ("cors on; cors_allow_origins;", "invalid number of arguments"),
            ("if ($uri) { cors on; }", '"cors" directive is not allowed here'),
            ("cors on; cors_policy_file FOLDER/missing.cors;", f'cannot open "FOLDER/missing.cors" {here} (2: No such file'),
            ("cors on; cors_policy_file FOLDER;", f'cannot read "FOLDER" {here}'),
            ("cors on; cors_policy_file FOLDER/broken.cors;", f"an image cut short: 5 bytes of 136; `cors compile` makes one of a policy file, {here}"),
            ("cors on; cors_policy_file FOLDER/empty.cors;", "not an image"),
            ("cors on; cors_policy_file FOLDER/policy.toml;", "`cors compile` makes one of a policy file"),
            ('cors on; cors_policy_file "";', "has no name"),
            ("cors on; cors_policy_file a; cors_policy_file b;", "is duplicate"),
            ("cors_policy_file a; cors_max_age 1h;", '"cors_max_age" directive stands beside cors_policy_file'),
            ("cors_policy_file a; cors_allow_origins *;", "stands beside cors_policy_file"),
            ("cors_policy_file a; cors_accept_risks NullOrigin;", "stands beside cors_policy_file"),
            ("cors_policy_file a; cors_allow_credentials off;", "stands beside cors_policy_file"),
            ("cors_max_age 1h; cors_policy_file a;", '"cors_policy_file" directive stands beside'),
        ]:
            with self.subTest(words=words):
                self.expect_refusal(f"server {{ location / {{ {words} }} }}", expected)
                if "if (" not in words:
                    self.expect_refusal(f"{words} server {{ }}", expected)

    def test_damaged_images_are_refused(self) -> None:
        """Each byte of the image in turn, changed."""
        image = self.folder.image("good.cors", 'allow_origins = ["https://a.example", "https://*.b.example"]')
        good = image.read_bytes()
        for index in range(0, len(good), 7):
            bad = bytearray(good)
            bad[index] ^= 0x40
            self.folder.write("bad.cors", bytes(bad))
            self.expect_refusal("server { cors on; cors_policy_file FOLDER/bad.cors; }", '"FOLDER/bad.cors" is no policy: ')
        for bad in [good[:-1], good + b"\0", good[: len(good) // 2], b"\0" * len(good)]:
            self.folder.write("bad.cors", bad)
            self.expect_refusal("server { cors on; cors_policy_file FOLDER/bad.cors; }", '"FOLDER/bad.cors" is no policy: ')

    def test_every_problem_is_told_at_once(self) -> None:
        self.expect_refusal(
            "server {\n cors on;\n cors_allow_origins\n https://A.example\n b.example;\n cors_allow_methods TRACE;\n}",
            "write https://a.example in FOLDER/nginx.conf:19",
            'cors: cors_allow_origins[1] "b.example"',
            'cors: cors_allow_methods[0] "TRACE"',
            "in FOLDER/nginx.conf:20",
        )

    def test_the_file_that_is_included_is_named(self) -> None:
        self.folder.write("part.conf", "cors on;\ncors_allow_origins\nhttps://a.example/path;\n")
        self.expect_refusal("server { include FOLDER/part.conf; }", "write https://a.example in FOLDER/part.conf:3")

    def test_words_below_a_file_begin_anew(self) -> None:
        image = self.folder.image("policy.cors", 'allow_origins = ["https://file.example"]')
        self.expect_refusal(
            f"cors_allow_origins *; server {{ cors on; cors_policy_file {image};\n location / {{ cors_max_age 1h; }} }}",
            NO_ORIGIN, "in FOLDER/nginx.conf:16",
        )  # fmt: skip

    def test_what_is_off_is_not_looked_at(self) -> None:
        for words in ["cors off; cors_allow_origins nonsense;", "cors_allow_origins nonsense;", ""]:
            status, told = self.folder.test(f"server {{ {words} location / {{ return 200; }} }}")
            self.assertEqual(status, 0, told)
