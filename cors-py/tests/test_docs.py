"""Every example of the documentation runs: docstrings, stubs, README, migration page."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import operator
import re
import typing
from pathlib import Path
from typing import Any, cast

import cors_py
import cors_py.asgi
import cors_py.wsgi
import django_site  # noqa: F401
import pytest
from cors_py.django import CorsMiddleware, current_site
from cors_py.django.conf import _OTHERS, _POLICY
from cors_py.flask import CORS, Options, RouteOptions, cross_origin
from cors_py.flask.options import _DEFAULTS, merged_options, policy_of_options

PROJECT = Path(__file__).parents[2]
PACKAGE = Path(cors_py.__file__).parent


def docstrings(path: Path) -> dict[str, str]:
    """By the name of what they document."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(tree) if isinstance(node, documented)]
    found = {getattr(node, "name", path.name): ast.get_docstring(node) for node in nodes}
    return {name: text for name, text in found.items() if text and ">>>" in text}


SOURCES = sorted([*PACKAGE.rglob("*.py"), *PACKAGE.glob("*.pyi")])
EXAMPLES = [(path, name) for path in SOURCES for name in docstrings(path)]


def test_there_are_examples() -> None:
    assert {name for _, name in EXAMPLES} >= {
        "__init__.py",
        "Policy",
        "OriginRegex",
        "ConfigError",
        "Site",
        "CORSMiddleware",
    }


@pytest.mark.parametrize(("path", "name"), EXAMPLES, ids=lambda value: getattr(value, "name", value))
def test_docstring(path: Path, name: str) -> None:
    parts = [part for part in path.relative_to(PACKAGE).with_suffix("").parts if part != "__init__"]
    module = importlib.import_module(".".join(["cors_py", *parts]))
    example = doctest.DocTestParser().get_doctest(docstrings(path)[name], dict(vars(module)), name, str(path), 0)
    told: list[str] = []
    assert doctest.DocTestRunner().run(example, out=told.append).failed == 0, "".join(told)
    assert example.examples


def stubs() -> list[tuple[str, str]]:
    """What the stubs document of the public classes, by the name of what they document."""
    tree = ast.parse((PACKAGE / "_native.pyi").read_text(encoding="utf-8"))
    found: list[tuple[str, str | None]] = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name in cors_py.__all__:
            found.append((node.name, ast.get_docstring(node)))
            members = [member for member in node.body if isinstance(member, ast.FunctionDef)]
            found += [(f"{node.name}.{member.name}", ast.get_docstring(member)) for member in members]
    return [(name, text) for name, text in found if text is not None]


@pytest.mark.parametrize(("name", "text"), stubs(), ids=lambda value: value if "\n" not in value else "")
def test_help(name: str, text: str) -> None:
    said = inspect.getdoc(operator.attrgetter(name)(cors_py))
    assert said == text


def public() -> list[Any]:
    classes = [cors_py.Site, cors_py.asgi.CORSMiddleware, cors_py.wsgi.CORSMiddleware, CORS, CorsMiddleware]
    functions = [value for of in classes for value in vars(of).values() if inspect.isfunction(value)]
    properties = [value.fget for of in classes for value in vars(of).values() if isinstance(value, property)]
    return [
        *functions,
        *properties,
        cross_origin,
        current_site,
        cors_py.Problem,
        cors_py.asgi.StarletteSettings,
        Options,
    ]


@pytest.mark.parametrize("annotated", public(), ids=lambda value: value.__qualname__)
def test_annotations_can_be_read(annotated: Any) -> None:
    hints = typing.get_type_hints(annotated)
    assert set(hints) >= set(getattr(annotated, "__annotations__", {}))


@pytest.mark.parametrize("page", ["cors-py/README.md", "docs/python.md"])
def test_page(page: str) -> None:
    """The blocks of a page follow each other in one program."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert blocks
    program: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), program)


ALIASES = {
    "_Names": "str | Iterable[str] | None",
    "Pattern": "str | re.Pattern[str]",
    "Regexes": "str | re.Pattern[str] | Iterable[str | re.Pattern[str]]",
}
LEFT_OUT = {"self", "app", "by_position", "positional", "settings", "options"}
FLASK: dict[str, Any] = {
    "expose_headers": None,
    "supports_credentials": False,
    "max_age": None,
    "send_wildcard": False,
    "allow_private_network": False,
    "preflight_status": 204,
    "accept_risks": (),
    **_DEFAULTS,
}
"""The defaults of Flask's options."""

Arguments = dict[str, tuple[str, str]]
"""The type and the default of each argument."""


def written(annotation: Any) -> str:
    """An annotation as the table has it."""
    text = getattr(annotation, "__forward_arg__", annotation)
    for alias, meant in ALIASES.items():
        text = re.sub(rf"(?<![\w.]){alias}\b", meant, text)
    return str(text).replace(" | ", " or ")


def of_signature(function: Any) -> Arguments:
    parameters = inspect.signature(function).parameters.items()
    return {
        name: (written(parameter.annotation), repr(parameter.default))
        for name, parameter in parameters
        if name not in LEFT_OUT
    }


def of_settings(settings: Any, defaults: dict[str, Any]) -> Arguments:
    return {name: (written(kind), repr(defaults[name])) for name, kind in settings.__annotations__.items()}


def arguments() -> dict[str, Arguments]:
    """Every argument, by what takes it."""
    stub = ast.parse((PACKAGE / "_native.pyi").read_text(encoding="utf-8"))
    (policy,) = [node for node in stub.body if isinstance(node, ast.ClassDef) and node.name == "Policy"]
    new = next(node for node in policy.body if isinstance(node, ast.FunctionDef) and node.name == "__new__")
    pairs = [
        (argument.arg, argument.annotation, default)
        for argument, default in zip(new.args.kwonlyargs, new.args.kw_defaults, strict=True)
    ]
    of_policy = {
        name: (written(ast.unparse(kind)), ast.unparse(default)) for name, kind, default in pairs if kind and default
    }
    defaults: dict[str, Any] = {name: ast.literal_eval(default) for name, (_, default) in of_policy.items()}
    defaults["allow_origin_regex"] = None
    return {
        "Policy": of_policy,
        "Site": of_signature(cors_py.Site.__init__),
        "ASGI": of_signature(cors_py.asgi.CORSMiddleware.__init__)
        | of_settings(cors_py.asgi.StarletteSettings, {**defaults, "max_age": 600}),
        "WSGI": of_signature(cors_py.wsgi.CORSMiddleware.__init__) | of_settings(cors_py.wsgi.WSGISettings, defaults),
        "CORS": of_signature(CORS.__init__) | of_settings(Options, FLASK),
        "cross_origin": of_signature(cross_origin) | of_settings(RouteOptions, FLASK),
    }


def test_every_argument_is_in_the_table() -> None:
    expected = {(taker, name): taken for taker, takes in arguments().items() for name, taken in takes.items()}
    # An application leaves that to `passthrough`.
    del expected["CORS", "automatic_options"]
    text = (PROJECT / "docs/python.md").read_text(encoding="utf-8").partition("## Every argument\n")[2]
    rows = [line.strip("| ").split(" | ") for line in text.partition("\n## ")[0].splitlines() if line.startswith("| `")]
    told: dict[tuple[str, str], tuple[str, str]] = {}
    settings: list[str] = []
    for name, kind, default, takers, meaning in rows:
        assert meaning
        for taker in takers.split(", "):
            if taker.startswith("`CORS_"):
                settings.append(taker.strip("`"))
            else:
                assert (taker, name.strip("`")) not in told
                told[taker, name.strip("`")] = (kind, default)
    assert told == expected
    # These two are explained with the other settings of Django.
    assert sorted([*settings, "CORS_ALLOW_ALL_ORIGINS", "CORS_URLS_REGEX"]) == sorted([*_POLICY, *_OTHERS])


def test_the_defaults_that_are_told() -> None:
    assert cors_py.Policy().max_age is None
    only = cors_py.asgi.CORSMiddleware(no_application).site.rules.only
    assert only is not None
    assert only.max_age == 600
    made = policy_of_options(merged_options({}))
    given = policy_of_options(cast(Options, {name: value for name, value in FLASK.items() if name != "resources"}))
    assert made == given


async def no_application(scope: Any, receive: Any, send: Any) -> None: ...
