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
