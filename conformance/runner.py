"""Runs the suite against the subjects, two at a time, and writes a file of results for each.

    conformance/run                  ours, as CI does; results go to target/conformance/results
    conformance/run --all            everybody
    conformance/run SUBJECT…         these, and what each failed
    conformance/run … --write        the results go to conformance/results, to be committed
    conformance/run SUBJECT --check NAME     prints what was asked and answered, and why that passed or failed, under each policy
    conformance/run SUBJECT --serve POLICY   starts it, prints its address, and stops it at Ctrl-C: for curl

The exit status is 1 if one of ours fails a check of must or security, or a subject does not start.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from subjects import CHECKS, CLASSES, HERE, OUT, POLICIES, Subject, prepare_policies, subjects

# From the worst. What a check did under four policies is the worst of them.
ORDER = ["failed", "unanswered", "passed", "info", "not-offered"]


def main() -> int:
    options = arguments()
    chosen = subjects(options.subjects)
    if not options.subjects and not options.all:
        chosen = [subject for subject in chosen if subject.is_ours]
    prepare_policies()
    if options.serve:
        return serve(one(chosen, "--serve"), options.serve)
    if options.check:
        return show(one(chosen, "--check"), options.check)
    results = HERE / "results" if options.write else OUT / "results"
    results.mkdir(parents=True, exist_ok=True)
    (results / "checks.json").write_text(json.dumps(CHECKS, indent=1, ensure_ascii=False) + "\n")
    began = time.monotonic()
    runner = Runner(chosen, results, shows_failures=bool(options.subjects))
    threads = [threading.Thread(target=runner.work) for _ in range(options.jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{len(chosen)} subjects in {time.monotonic() - began:.0f} s")
    for name, trouble in sorted(runner.troubles.items()):
        print(f"{name}: {trouble}", file=sys.stderr)
    return 1 if runner.troubles else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="conformance/run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("subjects", nargs="*", help=argparse.SUPPRESS)
    parser.add_argument("--all", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--write", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--serve", choices=POLICIES, help=argparse.SUPPRESS)
    parser.add_argument("--check", action="append", default=[], help=argparse.SUPPRESS)
    parser.add_argument("--jobs", type=int, default=2, help=argparse.SUPPRESS)
    return parser.parse_args()


def one(chosen: list[Subject], option: str) -> Subject:
    if len(chosen) != 1:
        raise SystemExit(f"{option} takes one subject")
    chosen[0].prepare()
    return chosen[0]


def serve(subject: Subject, policy: str) -> int:
    with subject.running(policy) as port:
        print(f"http://127.0.0.1:{port}", flush=True)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            signal.pause()
        except KeyboardInterrupt:
            pass
    return 0


def show(subject: Subject, checks: list[str]) -> int:
    """Prints the report of some checks for each policy."""
    for name in checks:
        if name not in CLASSES:
            raise SystemExit(f"no check {name}: `cors conformance --list` prints them")
    status = 0
    for policy in subject.policies():
        with subject.running(policy) as port:
            print(f"== {subject.name}, {policy}", flush=True)
            status = max(status, subprocess.run([*subject.asked(policy, port), *(f"--check={check}" for check in checks)]).returncode)
    return status


class Runner:
    """Several threads, each of which takes the next subject that nobody has begun."""

    def __init__(self, chosen: list[Subject], results: Path, shows_failures: bool) -> None:
        self.waiting: list[Subject] = []
        self.results = results
        self.shows_failures = shows_failures
        self.lock = threading.Lock()
        self.troubles: dict[str, str] = {}
        for subject in chosen:
            try:
                subject.prepare()
                self.waiting.append(subject)
            except (OSError, subprocess.CalledProcessError) as error:
                self.troubles[subject.name] = f"is not built: {error}"

    def work(self) -> None:
        while True:
            with self.lock:
                if not self.waiting:
                    return
                subject = self.waiting.pop(0)
            try:
                result = run(subject)
            except (AssertionError, OSError, subprocess.CalledProcessError, KeyError, ValueError) as error:
                with self.lock:
                    self.troubles[subject.name] = f"did not run: {error}"
                continue
            path = self.results / f"{subject.name}.json"
            path.write_text(in_lines(result))
            with self.lock:
                print(summary(subject, result, self.shows_failures), flush=True)
                if subject.is_ours and (wrong := failures(result)):
                    self.troubles[subject.name] = f"fails {', '.join(wrong)}"


def in_lines(result: dict[str, Any]) -> str:
    """The result in JSON, with a line for each check and each exchange, so that a difference can be read."""

    def one(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    lines = [f"{one(name)}: {one(value)}" for name, value in result.items() if name not in ("checks", "exchanges")]
    checks = ",\n".join(f"  {one(name)}: {one(check)}" for name, check in result["checks"].items())
    exchanges = ",\n".join(f"  {one(exchange)}" for exchange in result["exchanges"])
    lines += [f'"checks": {{\n{checks}\n}}', f'"exchanges": [\n{exchanges}\n]']
    return "{\n" + ",\n".join(lines) + "\n}\n"


def run(subject: Subject) -> dict[str, Any]:
    checks: dict[str, Any] = {}
    exchanges: list[Any] = []
    for policy in subject.policies():
        with subject.running(policy) as port:
            ended = subprocess.run([*subject.asked(policy, port), "--json"], capture_output=True, text=True, env={**os.environ, "NO_COLOR": "1"})
        assert ended.stdout, ended.stderr
        for finding in json.loads(ended.stdout)["findings"]:
            if finding["check"] in subject.cannot:
                finding.update(outcome="not-offered", sentence=subject.cannot[finding["check"]])
            add(checks, exchanges, policy, finding, str(port))
    return {
        "title": subject.title,
        "ours": subject.is_ours,
        "language": subject.language,
        "project": subject.project,
        "documentation": subject.documentation,
        "versions": subject.versions(),
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "lacks": subject.lacks,
        "without": subject.without,
        "checks": checks,
        "exchanges": exchanges,
    }


def add(checks: dict[str, Any], exchanges: list[Any], policy: str, finding: dict[str, Any], port: str) -> None:
    """Adds what a check found under a policy: its outcome, why, and of the worst outcome what was sent and answered last."""
    check = checks.setdefault(finding["check"], {"outcome": "not-offered", "policies": {}})
    outcome = finding["outcome"]
    check["policies"][policy] = [outcome, finding["sentence"].replace(f":{port}", ":PORT")]
    if ORDER.index(outcome) < ORDER.index(check["outcome"]) or not check.get("shown"):
        check["outcome"] = min(check["outcome"], outcome, key=ORDER.index)
        # A sequence of many requests is told by its last two.
        shown = [shorter(exchange, port) for exchange in finding["exchanges"][-2:]]
        check["shown"] = []
        for exchange in shown:
            if exchange not in exchanges:
                exchanges.append(exchange)
            check["shown"].append(exchanges.index(exchange))


def shorter(exchange: dict[str, Any], port: str) -> dict[str, Any]:
    """An exchange without what differs from run to run."""

    def lines(head: list[str] | None) -> list[str]:
        return [line.replace(f":{port}", ":PORT") for line in head or [] if not line.lower().startswith(("server:", "content-type:", "content-length:"))]

    return {"request": lines(exchange["request"]), "response": lines(exchange["response"]), **({"failure": exchange["failure"]} if exchange["failure"] else {})}


def failures(result: dict[str, Any]) -> list[str]:
    return [
        name
        for name, check in result["checks"].items()
        if check["outcome"] in ("failed", "unanswered") and CLASSES[name] in ("must", "security")
    ]


def summary(subject: Subject, result: dict[str, Any], shows_failures: bool) -> str:
    parts = []
    lines = []
    for class_ in ("must", "security", "should", "nice"):
        outcomes = [check["outcome"] for name, check in result["checks"].items() if CLASSES[name] == class_]
        failed = sum(outcome in ("failed", "unanswered") for outcome in outcomes)
        parts.append(f"{class_} {outcomes.count('passed')}/{outcomes.count('passed') + failed}")
        for name, check in result["checks"].items():
            wrong = {policy: sentence for policy, (outcome, sentence) in check["policies"].items() if outcome in ("failed", "unanswered")}
            if wrong and CLASSES[name] == class_:
                lines.append(f"  {class_}: {name} ({', '.join(wrong)}): {next(iter(wrong.values()))}")
    return "\n".join([f"{subject.name:<22} {', '.join(parts)}", *(lines if shows_failures else [])])


if __name__ == "__main__":
    sys.exit(main())
