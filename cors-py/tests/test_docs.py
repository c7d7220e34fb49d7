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
from typing import Any

import cors_py
import cors_py.asgi
import cors_py.wsgi
import django_site  # noqa: F401
import pytest
from cors_py.django import CorsMiddleware, current_site
from cors_py.flask import CORS, Options, cross_origin

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
