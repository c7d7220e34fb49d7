"""Every example of the documentation runs: docstrings, stubs, README, migration page."""

from __future__ import annotations

import ast
import doctest
import importlib
import re
from pathlib import Path
from typing import Any

import cors_py
import pytest

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


@pytest.mark.parametrize("page", ["cors-py/README.md", "docs/python.md"])
def test_page(page: str) -> None:
    """The blocks of a page follow each other in one program."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert blocks
    program: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), program)
