"""What the runner reads and writes, without a server."""

from __future__ import annotations

import re
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import runner
import subjects
from subjects import CHECKS, HERE, POLICIES, ROOT, Subject


class Folders(unittest.TestCase):
    def test_every_subject_says_where_it_is_documented(self) -> None:
        for subject in subjects.subjects([]):
            with self.subTest(subject.name):
                self.assertLess(len(subject.lacks), len(POLICIES))
                if not subject.is_ours:
                    self.assertRegex(subject.documentation, "^https://")
                    self.assertRegex(subject.project, "^https://")

    def test_every_group_of_packages_is_known(self) -> None:
        known = set(re.findall(r"^    \[([\w-]+)\]=", (ROOT / "tools" / "packages").read_text(), re.MULTILINE))
        for subject in subjects.subjects([]):
            self.assertLessEqual(set(subject.packages), known, subject.name)

    def test_every_subject_has_a_result_and_every_result_a_subject(self) -> None:
        results = {path.stem for path in (HERE / "results").glob("*.json")} - {"checks"}
        self.assertEqual(results, {subject.name for subject in subjects.subjects([])})


class Tables(unittest.TestCase):
    RIGHT = 'title = "A"\nlanguage = "B"\nversions = []\nstart = ["a"]\n'

    def read(self, text: str) -> Subject:
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(subjects, "HERE", Path(folder)):
            (Path(folder) / "subjects" / "a").mkdir(parents=True)
            (Path(folder) / "subjects" / "a" / "subject.toml").write_text(text)
            return Subject("a")

    def test_a_mistake_is_told_with_its_file(self) -> None:
        for text, told in (
            ('title = "A"\n', "no language"),
            (self.RIGHT + "star = []\n", "nothing reads star"),
            (self.RIGHT + '[lacks]\ncredential = "x"\n', "lacks has credential, which is none"),
            (self.RIGHT + '[without]\nplane = "x"\n', "without has plane, which is none"),
            (self.RIGHT + '[cannot]\nfields-on-403 = "x"\n', "cannot has fields-on-403, which is none"),
            (self.RIGHT + "[lacks\n", "line 5"),
        ):
            with self.assertRaisesRegex(SystemExit, f"^subjects/a/subject.toml: .*{told}"):
                self.read(text)

    def test_what_a_subject_lacks_is_not_asked(self) -> None:
        subject = self.read(self.RIGHT + '[lacks]\npublic = "x"\n[without]\nstream = "x"\n')
        self.assertEqual(subject.policies(), ["credentials", "thousand", "methods"])
        self.assertNotIn("stream", subject.routes())
        self.assertIn("plain", subject.routes())


    def test_another_application_is_a_mistake(self) -> None:
        subject = self.read(self.RIGHT + '[without]\nredirect = "x"\n')
        answers = {row["path"]: row.get("status", 404) for row in subjects.ROUTES.values()} | {"/error": 500, "/redirect": 404}
        with mock.patch.object(subjects, "_status", lambda _, path: answers[path]):
            subject._has_application(1)
            answers["/error"] = 405
            with self.assertRaisesRegex(AssertionError, '^GET /error is answered by 405, and the route "error" by 500$'):
                subject._has_application(1)


class Filled(unittest.TestCase):
    def test_a_part_is_indented_as_its_line(self) -> None:
        text = "a {\n    <<1>>\n    port <<port>>;\n<<2>>\n}\n"
        self.assertEqual(subjects._rendered(text, {"port": "8"}, ["b;\n\nc;\n", ""]), "a {\n    b;\n\n    c;\n    port 8;\n}\n")

    def test_what_is_no_place_stays(self) -> None:
        self.assertEqual(subjects._command(["{port}", "-g", "{ x }", "{else}"], {"port": "8"}), ["8", "-g", "{ x }", "{else}"])

    def test_a_server_is_several_words(self) -> None:
        command = subjects._command(["{uvicorn}", "app:app"], {"python": "/p", "port": "8"})
        self.assertEqual([*command[:3], command[-1]], ["/p", "-m", "uvicorn", "app:app"])


class Results(unittest.TestCase):
    def test_the_worst_outcome_stands_with_its_exchange(self) -> None:
        def finding(outcome: str, path: str) -> dict[str, object]:
            head = {"request": [f"GET {path}", "Host: 127.0.0.1:81"], "response": ["200", "Server: x"], "failure": None}
            return {"check": "any-origin", "outcome": outcome, "sentence": "at :81" if outcome == "failed" else "", "exchanges": [head]}

        checks: dict[str, dict[str, object]] = {}
        exchanges: list[object] = []
        for policy, outcome in (("credentials", "passed"), ("public", "failed"), ("thousand", "info")):
            runner.add(checks, exchanges, policy, finding(outcome, f"/{policy}"), "81")
        self.assertEqual(checks["any-origin"]["outcome"], "failed")
        self.assertEqual(checks["any-origin"]["policies"], {"credentials": ["passed", ""], "public": ["failed", "at :PORT"], "thousand": ["info", ""]})
        shown = checks["any-origin"]["shown"]
        self.assertEqual([exchanges[at] for at in shown], [{"request": ["GET /public", "Host: 127.0.0.1:PORT"], "response": ["200"]}])  # type: ignore[attr-defined]

    def test_only_must_and_security_are_failures(self) -> None:
        by_class = {check["class"]: check["check"] for check in CHECKS}
        checks = {name: {"outcome": "failed"} for name in by_class.values()}
        self.assertEqual(set(runner.failures({"checks": checks})), {by_class["must"], by_class["security"]})


if __name__ == "__main__":
    unittest.main()
