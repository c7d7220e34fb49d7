"""The adapter for WSGI: every such application, whatever its framework."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ._native import Decision, OriginRegex, Policy
from ._settings import Settings, policy_of
from ._site import Answer, Site

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
        if site is None:
            regex: OriginRegex | None = None
            if settings or (policy is None and not policies):
                if policy is not None:
                    raise TypeError(f"policy has them all; remove {', '.join(settings)}")
                regexes = settings.pop("allow_origin_regex", None) or ()
                policy, regex = policy_of(settings, [regexes] if isinstance(regexes, str) else regexes)
            site = Site(
                policy,
                policies=policies,
                shadow=shadow,
                enforce=enforce,
                passthrough=passthrough,
                allow_origin=allow_origin,
                allow_origin_regex=regex,
                logger=logger,
            )
        elif settings or policy or policies or shadow or enforce or passthrough or allow_origin or logger:
            raise TypeError("site has the policies; write the other arguments there")
        self.site = site
        """The policies, and the counts."""
        self._handle_errors = handle_errors

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        site = self.site
        rules = site.rules
        policy = rules.only or rules.policy_for(path_of(environ))
        if policy is None:
            return self.app(environ, start_response)
        decision = site.decide(policy, environ["REQUEST_METHOD"], environ)
        if not decision.is_routine or rules.shadow is not None:
            answer = site.review(
                decision, rules.shadow, environ["REQUEST_METHOD"], path_of(environ), environ
            )
            if answer is not None:
                return _answered(answer, decision, start_response)

        def start_with_fields(
            status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
        ) -> Callable[[bytes], object]:
            merged = decision.merge_wsgi(headers)
            return start_response(status, merged, exc_info) if exc_info else start_response(status, merged)

        handles_errors = self._handle_errors
        if handles_errors is None:
            handles_errors = "werkzeug.debug.preserve_context" not in environ
        if not handles_errors:
            return self.app(environ, start_with_fields)
        try:
            body = self.app(environ, start_with_fields)
        except Exception as error:
            return _Failed(error, start_with_fields)
        wrapper = environ.get("wsgi.file_wrapper")
        if isinstance(body, (list, tuple)) or (isinstance(wrapper, type) and isinstance(body, wrapper)):
            # What a server treats in its own way, and what raises nothing.
            return body
        return _Body(body, start_with_fields)


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


class _Failed:
    """A 500 (A2), after which the exception goes on to the server, which logs it."""

    def __init__(self, error: Exception, start_response: StartResponse) -> None:
        self._error = error
        self._start = start_response

    def __iter__(self) -> Iterator[bytes]:
        error = self._error
        headers = [("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(_ERROR)))]
        # Raises the exception again if the response has begun, as PEP 3333 has it.
        self._start("500 Internal Server Error", headers, (type(error), error, error.__traceback__))
        yield _ERROR
        raise error


class _Body:
    """A body that may fail before its first byte, when the head is not sent yet."""

    def __init__(self, body: Iterable[bytes], start_response: StartResponse) -> None:
        self._body = body
        self._start = start_response

    def __iter__(self) -> Iterator[bytes]:
        sent = False
        try:
            for part in self._body:
                sent = sent or bool(part)
                yield part
        except Exception as error:
            if sent:
                raise
            yield from _Failed(error, self._start)

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        if close is not None:
            close()
