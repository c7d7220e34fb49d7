"""The rules E1 to E11 of DESIGN.md, as plainly as Python can say them: what the engine is compared with.

Origins are told apart by a regular expression for the few forms that the tests make, patterns by translation into one.
"""

from __future__ import annotations

import re
from typing import Any

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
ORIGIN = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:(?!443$|80$)[1-9][0-9]*)?")
ALWAYS = {"GET", "HEAD", "POST"}
NEVER = {"CONNECT", "TRACE", "TRACK"}
NORMALIZED = {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"}

Answer = tuple[str, set[str], "int | None", list[tuple[str, str, str]]]


def matches(pattern: str, origin: str) -> bool:
    """P1 to P5."""
    if pattern == "*" or pattern == origin:
        return True
    written = re.escape(pattern).replace(r"://\*\.", r"://([a-z0-9-]+\.)+").replace(r":\*", r"(:[0-9]+)?")
    return re.fullmatch(written.replace(r"\*", "[a-z0-9-]+"), origin) is not None


def answer(config: dict[str, Any], method: str, headers: list[tuple[str, str]]) -> Answer:
    """Kind, verdicts, status and fields. Of several faults the rules leave open which is named."""

    def values(name: str) -> list[str]:
        # E7
        return [value.strip(" \t") for given, value in headers if given.lower() == name]

    origins = values("origin")
    asked_methods = values("access-control-request-method")
    credentials = config["allow_credentials"]
    public = "*" in config["allow_origins"] and not credentials
    exposed = ", ".join(name.lower() for name in config["expose_headers"])

    # E1
    kind = "actual" if origins else "not-cors"
    if method == "OPTIONS" and origins and asked_methods:
        kind = "preflight"

    denials = origin_denials(config, origins, asked_methods, public) if origins else set[str]()
    fields: list[tuple[str, str, str]] = []

    def add(name: str, value: str, op: str = "replace") -> None:
        if value:
            fields.append((name, value, op))

    def add_allowed() -> None:
        add("access-control-allow-origin", "*" if public else origins[0])
        add("access-control-allow-credentials", "true" if credentials else "")

    if kind != "preflight":
        # E3
        if public:
            add("access-control-allow-origin", "*")
            add("access-control-expose-headers", exposed)
        else:
            if kind == "actual" and not denials:
                add_allowed()
                add("access-control-expose-headers", exposed)
            add("vary", "origin", "append")
        return kind, denials or {"allowed"}, None, fields
    if denials:
        # E4
        if not public:
            add("vary", "origin", "append")
        return kind, denials, 403, fields

    # E5
    add_allowed()
    vary = [] if public else ["origin"]
    asked = asked_methods[0]
    listed = [name.upper() if name.upper() in NORMALIZED else name for name in config["allow_methods"]]
    denials = method_denials(listed, asked)
    if "*" in listed and credentials:
        vary.append("access-control-request-method")
        add("access-control-allow-methods", "" if denials else asked)
    else:
        add("access-control-allow-methods", ", ".join(listed))

    names = [name.lower() for name in config["allow_headers"]]
    lines = values("access-control-request-headers")
    of_headers = header_denials(names, lines, credentials)
    echoes = "*" in names and credentials
    if echoes:
        vary.append("access-control-request-headers")
    else:
        add("access-control-allow-headers", ", ".join(names))
    if config["max_age"] is not None:
        add("access-control-max-age", str(config["max_age"]))
    add("vary", ", ".join(vary), "append")
    if echoes and not of_headers:
        for index, line in enumerate(line for line in lines if line):
            add("access-control-allow-headers", line, "append" if index else "replace")
    return kind, denials | of_headers or {"allowed"}, config["preflight_status"], fields


def origin_denials(config: dict[str, Any], origins: list[str], methods: list[str], public: bool) -> set[str]:
    denials = set[str]()
    # E2
    if len(origins) > 1:
        denials.add("MultipleOrigins")
    if len(methods) > 1:
        denials.add("MultipleRequestMethods")
    for origin in [] if public else origins:
        if not ORIGIN.fullmatch(origin):
            denials.add("MalformedOrigin")
        elif not any(matches(pattern, origin) for pattern in config["allow_origins"]):
            denials.add("OriginNotAllowed")
    return denials


def method_denials(listed: list[str], asked: str) -> set[str]:
    if not TOKEN.fullmatch(asked):
        return {"MalformedMethod"}
    allowed = asked in ALWAYS or asked in listed or "*" in listed
    return set() if allowed and asked.upper() not in NEVER else {"MethodNotAllowed"}


def header_denials(names: list[str], lines: list[str], credentials: bool) -> set[str]:
    denials = set[str]()
    # E7
    for name in (name.strip(" \t").lower() for line in lines for name in line.split(",")):
        # E6: without credentials `*` stands for every name but one.
        any_name = "*" in names and (credentials or name != "authorization")
        if name and not TOKEN.fullmatch(name):
            denials.add("MalformedHeaders")
        elif name and name not in names and not any_name:
            denials.add("HeaderNotAllowed")
    return denials
