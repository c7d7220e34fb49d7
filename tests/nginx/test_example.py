"""What the module's README shows is what happens."""

import re
import shlex
import shutil
import subprocess
import unittest
from pathlib import Path

from server import COUNTS, MODULE, Folder, Nginx

HERE = Path(__file__).parents[2] / "integrations" / "nginx"
ADDRESS = "127.0.0.1:8080"


class Example(unittest.TestCase):
    def test_commands_of_the_readme(self) -> None:
        folder = Folder()
        shutil.copy(MODULE, folder.path)
        example = (HERE / "example.conf").read_text()
        self.assertIn(ADDRESS, example)
        nginx = Nginx(example.replace(ADDRESS, "127.0.0.1:PORT"), folder, whole=True)
        self.addCleanup(nginx.close)

        shown = re.findall(r"^\$ (curl .*)\n((?:(?!\$ |```).*\n)+)", (HERE / "README.md").read_text(), re.MULTILINE)
        self.assertEqual(len(shown), 2)
        for command, expected in shown:
            with self.subTest(command=command):
                words = shlex.split(command.replace(ADDRESS, f"127.0.0.1:{nginx.port}"))
                said = subprocess.run(words, capture_output=True, check=True, text=True).stdout
                COUNTS["requests"] += 1
                lines = [line for line in said.splitlines() if not line.startswith(("Server:", "Date:"))]
                self.assertEqual("\n".join(lines).strip(), expected.strip())


class Recipes(unittest.TestCase):
    def test_what_the_page_shows_is_taken(self) -> None:
        page = (HERE / "from-add-header.md").read_text()
        shown = re.findall(r"^```nginx\n# (before|after)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
        self.assertEqual([when for when, _ in shown], ["before", *["after"] * 5])
        for _, recipe in shown:
            folder = Folder()
            self.addCleanup(folder.close)
            status, told = folder.test(recipe)
            self.assertEqual(status, 0, told)

    def test_the_recipe_and_what_takes_its_place(self) -> None:
        """The two allow the same origins, but for the labels of which the page tells."""
        page = (HERE / "from-add-header.md").read_text()
        for recipe in re.findall(r"^```nginx\n# (?:before|after)\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[:2]:
            told = recipe.replace("server {", "server { listen 127.0.0.1:PORT;").replace("proxy_pass http://127.0.0.1:8000", "return 200")
            nginx = Nginx(told)
            self.addCleanup(nginx.close)
            is_module = "cors on" in recipe
            for origin, allowed in [
                ("https://app.example.com", True), ("https://shop.example.org", True), ("https://example.org", False),
                ("https://evil.example", False), ("https://a.b.example.org", is_module), ("https://app.example.com.evil.example", False),
            ]:  # fmt: skip
                for method, wanted in [("GET", {}), ("OPTIONS", {"Access_Control_Request_Method": "PUT"})]:
                    with self.subTest(origin=origin, method=method, module=is_module):
                        answer = nginx.ask("/api/", method, Origin=origin, **wanted)
                        self.assertEqual(answer.all("access-control-allow-origin"), [origin] if allowed else [])

    def test_the_defaults_of_ingress_nginx(self) -> None:
        """The directives that are written out allow what ingress-nginx allows by default, except for two names that no page sets."""
        page = (HERE / "from-add-header.md").read_text().partition("## ingress-nginx")[2]
        (recipe,) = re.findall(r"^```nginx\n# after\n(.*?)^```", page.partition("\n## ")[0], re.MULTILINE | re.DOTALL)
        nginx = Nginx(recipe.replace("server {", "server { listen 127.0.0.1:PORT;").replace("proxy_pass http://127.0.0.1:8000", "return 200"))
        self.addCleanup(nginx.close)
        methods = "GET, PUT, POST, DELETE, PATCH, OPTIONS".split(", ")
        names = "DNT,Keep-Alive,User-Agent,X-Requested-With,If-Modified-Since,Cache-Control,Content-Type,Range,Authorization".lower().split(",")
        answer = nginx.ask("/", "OPTIONS", Origin="https://app.example.com", Access_Control_Request_Method="PUT")
        (listed,) = answer.all("access-control-allow-methods")
        # Browsers ask for no OPTIONS, and GET and POST need no listing.
        self.assertEqual(set(methods) - {"GET", "POST", "OPTIONS"}, set(listed.split(", ")))
        (listed,) = answer.all("access-control-allow-headers")
        self.assertEqual(set(names) - {"dnt", "keep-alive"}, set(listed.split(", ")))
