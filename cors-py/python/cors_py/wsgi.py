"""The adapter for WSGI: every such application, whatever its framework."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ._native import Decision, OriginRegex, Policy
from ._settings import Settings, policy_of
from ._site import Answer, Site, site_of

if TYPE_CHECKING:
    import logging

    from typing_extensions import Unpack

Environ = dict[str, Any]
StartResponse = Callable[..., Callable[[bytes], object]]
App = Callable[[Environ, StartResponse], Iterable[bytes]]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]

_ERROR = b"Internal Server Error"


class WSGISettings(Settings, total=False):
    """The arguments of `Policy`, and regular expressions."""

    allow_origin_regex: Iterable[str] | str | None


class CORSMiddleware:
    """CORS around a WSGI application.

    Takes a `policy`, or a policy's settings by their names, or a `site`.

    >>> from cors_py import Policy
    >>> def app(environ, start_response): ...
    >>> app = CORSMiddleware(app, policy=Policy(allow_origins=["https://app.example.com"]))

    It should be the outermost middleware, so that what the others answer has the fields, too.

    - `handle_errors`: where the application raises before it sends anything, answer 500 with the fields, and raise the
      exception again once that is sent, for the server to log. True by default, but under Werkzeug's debugger, which has
      a page of its own for it. Another kind of middleware around this one cannot be seen from here; if it makes responses
      of exceptions, write False, or put it inside.
    - Everything else is that of a `Site`.
    """

    def __init__(
        self,
        app: App,
        *,
        policy: Policy | None = None,
        policies: Mapping[str, Policy] | None = None,
        shadow: Policy | None = None,
        enforce: bool = False,
        passthrough: bool = False,
        allow_origin: Callable[[str], bool] | None = None,
        handle_errors: bool | None = None,
        logger: logging.Logger | None = None,
        site: Site | None = None,
        **settings: Unpack[WSGISettings],
    ) -> None:
        self.app = app
        self.site = site_of(
            site,
            policy,
            settings,
            lambda: _named(settings),
            policies=policies,
            shadow=shadow,
            enforce=enforce,
            passthrough=passthrough,
            allow_origin=allow_origin,
            logger=logger,
        )
        """The policies, and the counts."""
        self._handle_errors = handle_errors

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        return serve(self.app, self.site, path_of, self._handle_errors, environ, start_response)


def _named(settings: WSGISettings) -> tuple[Policy, OriginRegex | None]:
    named = settings.copy()
    regexes = named.pop("allow_origin_regex", None) or ()
    return policy_of(named, [regexes] if isinstance(regexes, str) else regexes)


def serve(
    app: App,
    site: Site,
    path_of: Callable[[Environ], str],
    handle_errors: bool | None,
    environ: Environ,
    start_response: StartResponse,
) -> Iterable[bytes]:
    """What `CORSMiddleware` does with a request."""
    rules = site.rules
    policy = rules.only or rules.policy_for(path_of(environ))
    if policy is None:
        return app(environ, start_response)
    method = environ["REQUEST_METHOD"]
    decision = site.decide(policy, method, environ)
    if not decision.is_routine or rules.shadow is not None:
        answer = site.review(decision, rules.shadow, method, path_of(environ), environ)
        if answer is not None:
            return _answered(answer, decision, start_response)
    return run(app, environ, Head(start_response, decision), handle_errors)


def run(app: App, environ: Environ, head: Head, handle_errors: bool | None) -> Iterable[bytes]:
    """The body of the application's response; or that of a 500, where it raises before it sends anything."""
    handles_errors = "werkzeug.debug.preserve_context" not in environ if handle_errors is None else handle_errors
    try:
        body = app(environ, head.start)
    except Exception as error:
        if not handles_errors or head.is_sent:
            raise
        return _failed(head, error)
    wrapper = environ.get("wsgi.file_wrapper")
    if isinstance(body, (list, tuple)) or (isinstance(wrapper, type) and isinstance(body, wrapper)):
        # What a server treats in its own way, and what raises nothing.
        head.send()
        return body
    return _Body(body, head, handles_errors)


def path_of(environ: Environ) -> str:
    """The path, of which the server has decoded the escapes and WSGI has made text of Latin-1."""
    path: str = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    return path if path.isascii() else path.encode("latin-1", "replace").decode("utf-8", "replace")


def _answered(answer: Answer, decision: Decision, start_response: StartResponse) -> Iterable[bytes]:
    try:
        phrase = HTTPStatus(answer.status).phrase
    except ValueError:
        phrase = "OK"
    start_response(f"{answer.status} {phrase}", decision.merge_wsgi(answer.headers))
    return [answer.body] if answer.body else []


class Head:
    """Status and headers of the application's response, held back for as long as it may still fail. A server may add
    those of a second `start_response` to those of the first, and two Access-Control-Allow-Origin are none to a browser."""

    __slots__ = ("_held", "_start_response", "_write", "decision")

    def __init__(self, start_response: StartResponse, decision: Decision | None = None) -> None:
        self.decision = decision
        """Whose fields to send. It may come as late as the head."""
        self._start_response = start_response
        self._held: tuple[str, list[tuple[str, str]]] | None = None
        self._write: Callable[[bytes], object] | None = None

    @property
    def is_sent(self) -> bool:
        """True once the server has it."""
        return self._write is not None

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], object]:
        """What the application has for its `start_response`."""
        if self.is_sent:
            # For the server to judge.
            merged = self._merged(headers)
            return self._start_response(status, merged, exc_info) if exc_info else self._start_response(status, merged)
        if self._held is not None and exc_info is None:
            raise AssertionError("start_response is called twice without exc_info")
        self._held = (status, headers)
        return self._write_now

    def send(self) -> Callable[[bytes], object]:
        """Gives it to the server. Returns what writes the body."""
        if self._write is None:
            if self._held is None:
                raise AssertionError("the application has not called start_response")
            status, headers = self._held
            self._write = self._start_response(status, self._merged(headers))
        return self._write

    def _write_now(self, part: bytes) -> object:
        return self.send()(part)

    def _merged(self, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return headers if self.decision is None else self.decision.merge_wsgi(headers)

    def fail(self) -> None:
        """Puts a 500 in its place."""
        headers = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(_ERROR)))]
        self._held = ("500 Internal Server Error", headers)
        self.send()


def _failed(head: Head, error: Exception) -> Iterator[bytes]:
    """A 500 (A2), after which the exception goes on to the server, which logs it."""
    head.fail()
    yield _ERROR
    raise error


class _Body:
    """A body that may fail before its first part, when the head is not sent yet."""

    __slots__ = ("_body", "_handles_errors", "_head")

    def __init__(self, body: Iterable[bytes], head: Head, handles_errors: bool) -> None:
        self._body = body
        self._head = head
        self._handles_errors = handles_errors

    def __iter__(self) -> Iterator[bytes]:
        head = self._head
        try:
            for part in self._body:
                head.send()
                yield part
        except Exception as error:
            if not self._handles_errors or head.is_sent:
                raise
            yield from _failed(head, error)
        head.send()

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        if close is not None:
            close()
