"""The engine. Import its names from `cors_py`."""

import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any, Literal, TypeAlias, final

from cors_py._errors import Problem
from cors_py._names import Denial, Risk

_Headers: TypeAlias = Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]] | Mapping[str, str] | Mapping[str, Any]
_FieldOp: TypeAlias = Literal["replace", "append"]
_Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_StartResponse: TypeAlias = Callable[..., Callable[[bytes], object]]
_Engine: TypeAlias = Literal["standard", "chromium", "firefox", "webkit"]

@final
class Policy:
    """What pages of other origins may do: checked, compiled and immutable.

    Every argument is optional, and nothing is allowed by default. A policy is hashable, equal to another that says the
    same, and can be pickled. Any number of threads may share one; deciding takes no lock and the same time for one
    origin and for a million.

    `is_public_suffix` tells under which domains anybody can register a name, for the risk `PublicSuffix`; by default the
    public suffix list does.

    Raises `ConfigError` with every problem that the arguments have, and `TypeError` for one of the wrong type.

    >>> from cors_py import Policy
    >>> Policy(allow_origins=["https://app.example.com"], allow_methods=["PUT"], allow_credentials=True)
    Policy(allow_origins=['https://app.example.com'], allow_methods=['PUT'], allow_credentials=True)
    """

    def __new__(
        cls,
        *,
        allow_origins: Iterable[str] = (),
        allow_methods: Iterable[str] = (),
        allow_headers: Iterable[str] = (),
        expose_headers: Iterable[str] = (),
        allow_credentials: bool = False,
        max_age: int | None = None,
        allow_private_network: bool = False,
        preflight_status: int = 204,
        accept_risks: Iterable[Risk | str] = (),
        is_public_suffix: Callable[[str], bool] | None = None,
    ) -> Policy: ...
    @staticmethod
    def check(
        *,
        allow_origins: Iterable[str] = (),
        allow_methods: Iterable[str] = (),
        allow_headers: Iterable[str] = (),
        expose_headers: Iterable[str] = (),
        allow_credentials: bool = False,
        max_age: int | None = None,
        allow_private_network: bool = False,
        preflight_status: int = 204,
        accept_risks: Iterable[Risk | str] = (),
        is_public_suffix: Callable[[str], bool] | None = None,
    ) -> list[Problem]:
        """Every problem that `Policy` would raise for these arguments; none if it would not."""

    @staticmethod
    def from_toml(text: str) -> Policy:
        """The policy in the text of a policy file. Raises `ConfigError` with every problem, each with its place."""

    @staticmethod
    def from_json(text: str) -> Policy:
        """The same from JSON."""

    @staticmethod
    def from_file(path: str | os.PathLike[str]) -> Policy:
        """The policy in a file: TOML, JSON, or an image that `cors compile` or `to_bytes` made.

        Raises `OSError` if the file cannot be read, `ConfigError` or `ImageError` if there is no policy in it.
        """

    @staticmethod
    def from_bytes(image: bytes) -> Policy:
        """The policy in an image, from wherever it comes. Raises `ImageError` for bytes that are none."""

    def to_bytes(self) -> bytes:
        """The image: what `from_bytes` takes, and every other program of this project."""

    @property
    def allow_origins(self) -> tuple[str, ...]: ...
    @property
    def allow_methods(self) -> tuple[str, ...]: ...
    @property
    def allow_headers(self) -> tuple[str, ...]: ...
    @property
    def expose_headers(self) -> tuple[str, ...]: ...
    @property
    def allow_credentials(self) -> bool: ...
    @property
    def max_age(self) -> int | None: ...
    @property
    def allow_private_network(self) -> bool: ...
    @property
    def preflight_status(self) -> int: ...
    @property
    def accept_risks(self) -> tuple[Risk, ...]: ...
    def evaluate(
        self,
        method: str | bytes,
        headers: _Headers,
        allow_origin: Callable[[str], bool] | None = None,
    ) -> Decision:
        """What the policy says of a request.

        `headers` are those of an ASGI scope, a WSGI environ (any dict with `REQUEST_METHOD`), a mapping of names to
        values, or any pairs of them, `str` or `bytes`. Names are taken in any case. A field that occurs twice has to
        be given twice: a second `Origin` is an attack.

        `allow_origin` is asked for an origin that is well-formed and that no pattern allows; an `OriginRegex` is one.
        What it raises is raised, and an answer that is no `bool` (a coroutine, say) is a `TypeError`.

        Raises `TypeError` for headers of another type, and nothing of its own whatever is in them.
        """

    def asgi_send(
        self, scope: MutableMapping[str, Any], send: _Send, allow_origin: Callable[[str], bool] | None = None
    ) -> AsgiSend:
        """`evaluate` and `Decision.asgi_send` in one step, of the request that this scope is."""

    def allows_origin(self, origin: str) -> bool:
        """True if some pattern allows the origin. False for what is no origin."""

    def explain(
        self,
        *,
        origin: str,
        url: str = "https://api.example.com/",
        method: str = "GET",
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        credentials: bool = False,
        engine: _Engine = "standard",
    ) -> Explanation:
        """What comes of a page's fetch: what page, browser and server say to each other, and what to change.

        Raises `ValueError` if `origin` is none as a browser sends it.
        """

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Callable[[bytes], Policy], tuple[bytes]]: ...

@final
class Decision:
    """What a policy says of a request, and the fields to send."""

    @property
    def kind(self) -> Literal["not-cors", "actual", "preflight"]:
        """What the request is to the CORS protocol."""

    @property
    def allowed(self) -> bool:
        """False if the browser will stop the page. True for a request that is not CORS: there is nothing to decide."""

    @property
    def denial(self) -> Denial | None:
        """Why it is denied."""

    @property
    def status(self) -> int | None:
        """The status to answer a preflight with, allowed or denied; None for other requests."""

    @property
    def same_origin(self) -> bool:
        """True for an actual request that the policy denies and that is none of its business: the origin's authority
        is the request's own `Host`, or `Sec-Fetch-Site` is `same-origin`. Not to be refused, counted or logged."""

    @property
    def is_routine(self) -> bool:
        """True if all that is left to do is to send the application's response with the fields: no preflight, and not
        denied. One look for the usual case."""

    @property
    def fields(self) -> tuple[tuple[str, str, _FieldOp], ...]:
        """The response's fields, each with its name in lower case, and whether it takes the place of the
        application's."""

    @property
    def asgi_fields(self) -> tuple[tuple[bytes, bytes], ...]:
        """The same names and values as an ASGI response has them."""

    def merge_asgi(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """The headers of an application's ASGI response with the fields merged in.

        Every `access-control-*` of the application's goes; `vary` is joined without repeating a name, and `vary: *`
        stays as it is.
        """

    def asgi_send(self, scope: MutableMapping[str, Any], send: _Send) -> AsgiSend:
        """What an ASGI application is to send its response through: `send`, with the fields merged in."""

    @property
    def wsgi_fields(self) -> tuple[tuple[str, str], ...]:
        """The names and values of `fields`, as a WSGI response has them."""

    def merge_wsgi(self, headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """The same for a WSGI response."""

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Any, ...]: ...

@final
class AsgiSend:
    """An ASGI `send`, of one response."""

    @property
    def decision(self) -> Decision:
        """What is merged in."""

    @property
    def is_routine(self) -> bool:
        """The decision's."""

    @property
    def scope_app(self) -> Any:
        """The `app` of the scope as it came, before an application inside put itself there; None without one."""

    @property
    def started(self) -> bool:
        """True once the response has begun."""

    def __call__(self, message: MutableMapping[str, Any]) -> Awaitable[None]: ...

def wsgi_run(
    app: Callable[[dict[str, Any], _StartResponse], Iterable[bytes]],
    environ: dict[str, Any],
    start_response: _StartResponse,
    decision: Decision | Callable[[], Decision | None],
    handles_errors: Callable[[dict[str, Any]], bool],
) -> Iterable[bytes]:
    """The body of an application's response, whose head is sent with the fields of the decision; a function is asked for
    that when the response begins.

    Where the application raises before it sends anything, and `handles_errors` says so of its environ, the body of a 500;
    then the exception goes on.
    """

@final
class WsgiBody:
    """A body that may fail."""

    def __iter__(self) -> WsgiBody: ...
    def __next__(self) -> bytes: ...
    def close(self) -> None: ...

@final
class WsgiHead:
    """Status and headers of a response, held back for as long as it may still fail."""

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
        """What the application has for its `start_response`."""

    def write(self, part: bytes) -> object:
        """What that returns."""

@final
class Explanation:
    """What comes of a fetch, and why. `str()` tells it whole."""

    @property
    def allowed(self) -> bool:
        """True if the page gets the response."""

    @property
    def error(self) -> str | None:
        """The browser's error, as Chromium names it: `PreflightMissingAllowOriginHeader`."""

    @property
    def denial(self) -> Denial | None:
        """Why the policy denies the preflight or, if not that, the request."""

    @property
    def console(self) -> tuple[str, ...]:
        """The lines in the browser's console: Firefox's if it was asked about, else Chromium's."""

    @property
    def obstacles(self) -> tuple[Obstacle, ...]:
        """Everything that stands in the way, not only what the browser names first: all of them have to go."""

@final
class Obstacle:
    """Something that stands in a fetch's way. `str()` is its sentence."""

    @property
    def fixes(self) -> tuple[str, ...]:
        """What to change; one of them is enough."""

    @property
    def near_misses(self) -> tuple[str, ...]:
        """The patterns that the page's origin was perhaps meant to match, each with the difference."""

@final
class OriginRegex:
    """Regular expressions for origins: an `allow_origin` for `Policy.evaluate`, and an argument of the adapters.

    An origin is allowed if one of the patterns matches it **from its first byte to its last**, in time linear in its
    length. It has to be an origin first, in the form that a browser sends.

    Raises `ConfigError` for a pattern that cannot be matched in linear time or that is none, with what to write
    instead.

    >>> from cors_py import OriginRegex
    >>> regex = OriginRegex([r"https://pr-[0-9]+\\.example\\.com"])
    >>> regex("https://pr-7.example.com"), regex("https://pr-7.example.com.evil.example")
    (True, False)
    """

    def __new__(cls, patterns: Iterable[str]) -> OriginRegex: ...
    @property
    def patterns(self) -> tuple[str, ...]: ...
    def __call__(self, origin: str) -> bool: ...
    def risks(self) -> list[Problem]:
        """What the patterns risk for responses with credentials: at most one of each risk for a pattern.

        `AnyOriginWithCredentials`: it lets in an origin that anybody can register. `InsecureOrigin`: it lets in one that
        is not https. Found by trying: an unescaped dot, an open end, a domain without its dot. A pattern that passes may
        have a hole all the same; a list of origins and of patterns such as `https://*.example.com` has none.
        """

    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __reduce__(self) -> tuple[Callable[[list[str]], OriginRegex], tuple[list[str]]]: ...

@final
class Tally:
    """How many requests were denied, by reason. Any number of threads may count."""

    def __new__(cls) -> Tally: ...
    def count(self, decision: Decision) -> Denial | None:
        """Counts a decision that is a denial, and returns that. One of the same origin is none."""

    def counts(self) -> dict[Denial, int]:
        """The counts, of every reason."""

def _restore_decision(
    kind: str, denial: str | None, status: int | None, same_origin: bool, fields: tuple[tuple[bytes, bytes], ...]
) -> Decision: ...
def describe(method: str | bytes, path: str, headers: _Headers) -> str:
    """A request in a line of a log: visible ASCII, cut where it is long."""

def merge_vary(vary: str, names: str) -> str:
    """The value of `Vary` with these names added, without repeating one. `*` stays as it is."""

def denial_message(denial: str) -> str: ...
def risk_consequence(risk: str) -> str: ...

__version__: str
