"""`tests/vectors`, by way of the wheel."""

from __future__ import annotations

from typing import Any

import pytest
import vectors
from cors_py import ConfigError, Decision, Policy, Risk

ANY = {"allow_credentials": True, "accept_risks": list(Risk)}


def report(failures: list[str], count: int) -> None:
    print(f"{count} cases")
    assert count and not failures, f"{len(failures)} of {count} cases:\n" + "\n".join(failures)


def verdict(decision: Decision) -> str:
    return "allowed" if decision.denial is None else decision.denial.value


def test_origins() -> None:
    policy = Policy(allow_origins=["*"], **ANY)
    parts = {"scheme", "host", "port"}
    cases = vectors.load(
        "origins.json",
        {"rule", "origin", "opaque"},
        {"rule", "origin", "error"},
        {"rule", "origin", *parts},
    )
    failures = []
    for index, case in enumerate(cases):
        origin = vectors.value(case["origin"])
        expected = "MalformedOrigin" if "error" in case else "allowed"
        got = verdict(policy.evaluate("GET", [(b"origin", origin)]))
        if got != expected:
            failures.append(f"{index} {case['rule']} {origin[:80]!r}: {expected}, got {got}")
    report(failures, len(cases))


def test_patterns() -> None:
    cases = vectors.load(
        "patterns.json", {"rule", "pattern", "matches", "rejects"}, {"rule", "pattern", "error", "advice"}
    )
    malformed = Policy(allow_origins=["*"], **ANY)
    failures = []
    tried = 0
    for index, case in enumerate(cases):
        pattern = vectors.text(case["pattern"])
        problems = Policy.check(allow_origins=[pattern], **ANY)
        if "error" in case:
            tried += 1
            got = [(problem.kind, problem.advice) for problem in problems]
            expected = [(f"Pattern({case['error']})", case["advice"])]
            if got != expected:
                failures.append(f"{index} {case['rule']} {pattern[:80]!r}: {expected}, got {got}")
            continue
        policy = Policy(allow_origins=[pattern], **ANY)
        for origin, allowed in [(o, True) for o in case["matches"]] + [(o, False) for o in case["rejects"]]:
            tried += 1
            origin = vectors.value(origin)
            headers = [(b"origin", origin)]
            got = verdict(policy.evaluate("GET", headers))
            expected = "allowed" if allowed else "OriginNotAllowed"
            if not allowed and not malformed.evaluate("GET", headers).allowed:
                expected = "MalformedOrigin"
            if got != expected:
                failures.append(f"{index} {case['rule']} {pattern[:80]!r} {origin[:80]!r}: {expected}, got {got}")
            try:
                allows = policy.allows_origin(origin.decode())
            except UnicodeDecodeError:
                continue
            if allows != allowed:
                failures.append(f"{index} {case['rule']} {pattern[:80]!r} allows_origin({origin[:80]!r})")
    report(failures, tried)


def test_configs() -> None:
    cases = vectors.load("configs.json", {"rule", "name", "config", "problems"})
    failures = []
    for index, case in enumerate(cases):
        settings = vectors.settings(case["config"])
        expected = [
            (problem["field"], problem["index"], problem["problem"], vectors.text(problem["message"]))
            for problem in case["problems"]
        ]
        problems = Policy.check(**settings)
        got = [(problem.field, problem.index, problem.kind, str(problem)) for problem in problems]
        if got != expected:
            failures.append(f"{index} {case['rule']} {case['name']}: {expected}, got {got}")
            continue
        if expected:
            with pytest.raises(ConfigError) as raised:
                Policy(**settings)
            assert list(raised.value.problems) == problems
        elif problem := wrong_fields(Policy(**settings), settings):
            failures.append(f"{index} {case['rule']} {case['name']}: {problem}")
    report(failures, len(cases))


# Fetch: the headers that a page may read anyway.
SAFELISTED = {
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
}
NORMALIZED = {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"}


def wrong_fields(policy: Policy, settings: dict[str, Any]) -> str | None:
    """Where a policy does not say what its config says."""

    def method(name: str) -> str:
        return name.upper() if name.upper() in NORMALIZED else name

    exposed = [name.lower() for name in settings.get("expose_headers", ())]
    risks = set(settings.get("accept_risks", ()))
    expected = {
        "allow_origins": tuple(settings.get("allow_origins", ())),
        "allow_methods": tuple(map(method, settings.get("allow_methods", ()))),
        "allow_headers": tuple(name.lower() for name in settings.get("allow_headers", ())),
        "expose_headers": tuple(name for name in exposed if name not in SAFELISTED),
        "allow_credentials": settings.get("allow_credentials", False),
        "max_age": settings.get("max_age"),
        "allow_private_network": settings.get("allow_private_network", False),
        "preflight_status": settings.get("preflight_status", 204),
        "accept_risks": tuple(risk for risk in Risk if risk.value in risks),
    }
    for name, wanted in expected.items():
        got = getattr(policy, name)
        if got != wanted:
            return f"{name}: {wanted}, got {got}"
    if Policy.from_bytes(policy.to_bytes()) != policy:
        return "the image is read back as another"
    return None


@pytest.mark.parametrize("file", ["decisions.json", "attacks.json"])
@pytest.mark.parametrize("form", ["bytes", "str"])
def test_decisions(form: str, file: str) -> None:
    cases = vectors.load(file, {"rule", "name", "policy", "requests"}, {"rule", "name", "policy", "problems"})
    keys = {"method", "headers", "kind", "verdict", "status", "fields"}
    failures = []
    tried = 0
    for index, case in enumerate(cases):
        if "problems" in case:
            tried += 1
            if problem := wrong_refusal(case):
                failures.append(f"{index} {case['rule']} {case['name']}: {problem}")
            continue
        policy = Policy(**vectors.settings(case["policy"]))
        for request in case["requests"]:
            assert set(request) == keys, request
            method = vectors.value(request["method"])
            headers: Any = [(name.encode(), vectors.value(value)) for name, value in request["headers"]]
            if form == "str":
                # As WSGI makes text of bytes.
                headers = [(name.decode(), value.decode("latin-1")) for name, value in headers]
            tried += 1
            decision = policy.evaluate(method if form == "bytes" else method.decode("latin-1"), headers)
            got = (decision.kind, verdict(decision), decision.status, list(decision.fields))
            fields = [(name, vectors.text(value), op) for name, value, op in request["fields"]]
            expected = (request["kind"], request["verdict"], request["status"], fields)
            if got != expected:
                failures.append(f"{index} {case['rule']} {case['name']}: {expected}, got {got}")
    report(failures, tried)


def wrong_refusal(case: dict[str, Any]) -> str | None:
    """Where the problems of a policy are not those of the case, with the list that the wheel has."""
    settings = vectors.settings(case["policy"])
    del settings["is_public_suffix"]
    for problem in case["problems"]:
        assert set(problem) == {"field", "index", "problem"}, problem
    expected = [(problem["field"], problem["index"], problem["problem"]) for problem in case["problems"]]
    assert expected, case["name"]
    got = [(problem.field, problem.index, problem.kind) for problem in Policy.check(**settings)]
    with pytest.raises(ConfigError):
        Policy(**settings)
    return None if got == expected else f"{expected}, got {got}"
