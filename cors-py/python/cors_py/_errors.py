"""What is wrong with a policy, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass

from ._names import Risk


@dataclass(frozen=True)
class Problem:
    """One problem of a policy. `str()` returns it as one line."""

    message: str
    """The whole problem in a line."""
    field: str | None
    """The setting: `allow_origins`. None for a fault in the form of a policy file."""
    index: int | None
    """The entry of the setting, from 0, if the setting is a list."""
    value: str | int | None
    """What stands there."""
    reason: str
    """What is wrong with it."""
    advice: str | None
    """What to do about it."""
    kind: str
    """The engine's name for the problem: `NotAToken`, `Pattern(NotCanonical)`, `Risk(NullOrigin)`."""
    line: int | None = None
    """The line of the policy file, from 1."""
    column: int | None = None
    """The character in that line, from 1."""

    @property
    def risk(self) -> Risk | None:
        """The risk that is not accepted, if that is the problem."""
        name = self.kind.removeprefix("Risk(")
        return Risk(name.removesuffix(")")) if name != self.kind else None

    def __str__(self) -> str:
        return self.message


class ConfigError(ValueError):
    """A policy that is refused, with all its problems at once.

    `field`, `index`, `value`, `reason` and `advice` are those of the first problem.

    >>> from cors_py import ConfigError, Policy
    >>> try:
    ...     Policy(allow_origins=["https://Example.com/"], allow_methods=["GET, PUT"])
    ... except ConfigError as error:
    ...     for problem in error.problems:
    ...         print(problem.field, problem.index, problem.advice, sep=": ")
    allow_origins: 0: write https://example.com
    allow_methods: 0: write each name as an entry of its own
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems
        """Every problem: at least one."""

    @property
    def field(self) -> str | None:
        """The first problem's setting."""
        return self.problems[0].field

    @property
    def index(self) -> int | None:
        """Which entry of it, from 0, where that is a list."""
        return self.problems[0].index

    @property
    def value(self) -> str | int | None:
        """What stands there."""
        return self.problems[0].value

    @property
    def reason(self) -> str:
        """What is wrong with it."""
        return self.problems[0].reason

    @property
    def advice(self) -> str | None:
        """What to do about it."""
        return self.problems[0].advice

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class ImageError(ValueError):
    """Bytes that are not the image of a policy."""
