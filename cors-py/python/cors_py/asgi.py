"""The adapter for ASGI: Starlette, FastAPI, Quart, Litestar and every other such application."""

from __future__ import annotations

import functools
import inspect
import logging
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import Any, NoReturn, cast

from ._names import Denial
from ._native import AsgiSend, Decision, OriginRegex, Policy
from ._paths import sent_path, ways_of
from ._peers import peer_policy, regex_text
from ._settings import Settings, any_alone, any_header, checked_bool, checked_callable, is_async, is_list, kept
from ._site import Answer, Rules, Site, origin_to_ask, site_of
from ._typing import Unpack

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class StarletteSettings(Settings, total=False):
    """The arguments of Starlette's middleware, and the other settings of a `Policy`."""

    allow_origin_regex: str | re.Pattern[str] | None


class CORSMiddleware:
    """CORS around an ASGI application.

    Takes a `policy`, or the arguments of Starlette's middleware of that name with their defaults, or a `site`. The first five
    of Starlette's arguments are also taken without their names.

    >>> from cors_py import Policy
    >>> async def app(scope, receive, send): ...
    >>> app = CORSMiddleware(app, policy=Policy(allow_origins=["https://app.example.com"]))
    >>> app = CORSMiddleware(app, allow_origins=["https://app.example.com"], allow_methods=["PUT"])

    It should be the outermost middleware, so that the answers of the others have the fields, too: the last that
    `add_middleware` adds, or around the whole application.

    - `allow_origin` decides about origins that no pattern allows; it may be a coroutine function.
    - `check_websocket_origin` refuses a WebSocket handshake from an origin that the policy denies; browsers do not.
    - `handle_errors`: where the application raises before it answers, answer 500 with the fields, and raise the exception
      again for the server to log. Inside a Starlette application its own handler of such errors answers, and the response
      gets the fields. True by default. This class cannot see another kind of middleware around itself; if that middleware
      makes responses of exceptions, write False, or put it inside.
    - The other arguments are those of a `Site`.
    """

    def __init__(
        self,
        app: App,
        *positional: Any,
        policy: Policy | None = None,
        policies: Mapping[str, Policy] | None = None,
        shadow: Policy | None = None,
        enforce: bool = False,
        own_origins: Iterable[str] = (),
        passthrough: bool = False,
        allow_origin: Callable[[str], bool | Awaitable[bool]] | None = None,
        check_websocket_origin: bool = False,
        handle_errors: bool | None = None,
        logger: logging.Logger | None = None,
        site: Site | None = None,
        **settings: Unpack[StarletteSettings],
    ) -> None:
        self.app = app
        self._refused: Exception | None = None
        try:
            checked_callable(
                "app", app, ["scope", "receive", "send"], "an ASGI application", "; for WSGI there is cors_py.wsgi"
            )
            settings = _with_positional(settings, positional)
            self.site = site_of(
                site,
                policy,
                settings,
                lambda: _starlette(settings),
                policies=policies,
                shadow=shadow,
                enforce=enforce,
                own_origins=own_origins,
                passthrough=passthrough,
                allow_origin=allow_origin,
                logger=logger,
            )
            """The policies, and the counts."""
            self._check_websocket_origin = checked_bool("check_websocket_origin", check_websocket_origin)
            if handle_errors is not None:
                checked_bool("handle_errors", handle_errors)
        except (TypeError, ValueError) as error:
            if not _is_built_late():
                raise
            logging.getLogger("cors_py").critical("CORSMiddleware is refused: %s", error)
            self._refused = error
        self._handle_errors = handle_errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._refused is not None:
            await _refuse_startup(self._refused, scope, receive, send)
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                refused = _refused_below(scope.get("app"), self.app)
                if refused is not None:
                    await _refuse_startup(refused, scope, receive, send)
            if scope["type"] == "websocket" and self._check_websocket_origin and await self._is_denied(scope):
                return await _refuse_handshake(receive, send)
            return await self.app(scope, receive, send)
        site = self.site
        rules = site.rules
        policy = rules.only or _policy_for(rules, scope)
        if policy is None:
            return await self.app(scope, receive, send)
        through = policy.asgi_send(scope, send, site.allow_origin_regex)
        review = through.review
        if review is None and rules.shadow is None:
            pass
        elif review is False and not site.enforce and site.allow_origin is None and rules.shadow is None:
            # The usual denial: it is counted, and nobody has to be asked, told or answered.
            if through.count(site.tally) and site.is_logged(logging.INFO):
                site.log(cast(Denial, through.decision.denial), scope["method"], path_of(scope), scope["headers"])
        else:
            decision = through.decision
            if site.allow_origin is not None and decision.denial is Denial.ORIGIN_NOT_ALLOWED:
                decision = await _ask(site.allow_origin, decision, policy, scope["method"], scope["headers"])
                through = decision.asgi_send(scope, send)
            answer = site.review(
                decision, rules.shadow, scope["method"], path_of(scope), scope["headers"], _scheme(scope)
            )
            if answer is not None:
                await send(_start(answer, decision))
                return await send({"type": "http.response.body", "body": answer.body})
        try:
            await self.app(scope, receive, through)
        except Exception:
            if not through.started:
                await self._answer_error(through, scope)
            raise

    async def _answer_error(self, send: AsgiSend, scope: Scope) -> None:
        """Answers 500 (A2). A middleware outside would answer as well, but without the fields."""
        if self._handle_errors is False:
            return
        around = send.scope_app
        handler = _error_handler(around, self)
        if handler is not None:
            # It answers when the exception gets there: once, and with whatever response it makes.
            _add_fields_to(handler)
            scope[_UNANSWERED] = send.decision
        elif self._handle_errors or around is None:
            await _send_plain_error(send)

    async def _is_denied(self, scope: Scope) -> bool:
        """Returns true for a page's WebSocket handshake that is to be refused. A handshake without an origin is not a page's."""
        site = self.site
        rules = site.rules
        policy = rules.only or _policy_for(rules, scope)
        if policy is None:
            return False
        # A handshake is a GET; the scope has no method.
        decision = policy.evaluate("GET", scope["headers"], site.allow_origin_regex)
        if not decision.is_routine or rules.shadow is not None:
            if site.allow_origin is not None and decision.denial is Denial.ORIGIN_NOT_ALLOWED:
                decision = await _ask(site.allow_origin, decision, policy, "GET", scope["headers"])
            site.review(decision, rules.shadow, "GET", path_of(scope), scope["headers"], _scheme(scope))
        return not (decision.allowed or site.is_own(decision, scope["headers"], _scheme(scope)))


def _scheme(scope: Scope) -> str:
    """Returns the scheme by which the request came. ASGI has a default for a server that leaves it out."""
    scheme: str = scope.get("scheme") or ("http" if scope["type"] == "http" else "ws")
    return scheme


def path_of(scope: Scope) -> str:
    """Returns the path that the browser sent (A9). uvicorn and a newer Starlette hand on a `path` with the `root_path`, and
    hypercorn and an older Starlette one without it."""
    path: str = scope["path"]
    root = scope.get("root_path")
    return sent_path(root, path) if root else path


def _policy_for(rules: Rules, scope: Scope) -> Policy | None:
    root = scope.get("root_path")
    return rules.policy_at(ways_of(root, scope["path"])) if root else rules.policy_for(scope["path"])


def _starlette(settings: StarletteSettings) -> tuple[Policy, OriginRegex | None]:
    """Compiles Starlette's arguments with its defaults, and reads `*` as Starlette reads it."""
    named = cast(StarletteSettings, {name: kept(name, value) for name, value in settings.items()})
    regex = named.pop("allow_origin_regex", None)
    named.setdefault("max_age", 600)
    named["allow_methods"] = any_alone(named.get("allow_methods", ()))
    named["allow_headers"], positions = _with_safelisted(any_header(named.get("allow_headers", ())))
    named["expose_headers"] = any_alone(named.get("expose_headers", ()))
    regexes = [] if regex is None else [regex_text("allow_origin_regex", regex)]
    return peer_policy(named, regexes, {}, positions={"allow_headers": positions})


_SAFELISTED = ("accept", "accept-language", "content-language", "content-type")


def _with_safelisted(names: Iterable[str]) -> tuple[Iterable[str], Sequence[int]]:
    """Adds the four names that Starlette allows whatever their values: JSON does not need `content-type` in the list.

    Returns the position of each name in the list of the user, too."""
    if not is_list(names):
        return names, range(0)
    listed = list(names)
    own = [index for index, name in enumerate(listed) if "*" in listed or str(name).lower() not in _SAFELISTED]
    added = () if "*" in listed else _SAFELISTED
    return [*added, *(listed[index] for index in own)], [*range(len(added)), *own]


async def _ask(
    allow_origin: Callable[[str], bool | Awaitable[bool]],
    decision: Decision,
    policy: Policy,
    method: str,
    headers: Iterable[tuple[bytes, bytes]],
) -> Decision:
    """Returns the decision for an origin that the application decides about (E12)."""
    origin = origin_to_ask(policy, method, headers)
    if origin is None:
        return decision
    allowed = allow_origin(origin)
    if inspect.isawaitable(allowed):
        allowed = await allowed
    if not isinstance(allowed, bool):
        raise TypeError(f"allow_origin: True or False is expected, not {type(allowed).__name__}")
    return policy.evaluate(method, headers, lambda _: True) if allowed else decision


def _start(answer: Answer, decision: Decision) -> Message:
    headers = decision.merge_asgi(answer.asgi_headers)
    return {"type": "http.response.start", "status": answer.status, "headers": headers}


async def _refuse_handshake(receive: Receive, send: Send) -> None:
    # The server answers 403 to a handshake that is closed before it is accepted.
    await receive()
    await send({"type": "websocket.close", "code": 1008, "reason": "CORS"})


_POSITIONS = ("allow_origins", "allow_methods", "allow_headers", "allow_credentials", "allow_origin_regex")
"""The arguments of Starlette's middleware in their order, as far as it is the same in each version."""

_UNANSWERED = "cors_py.unanswered"
"""The key of a scope whose request raised an exception before it was answered: the decision."""


def _error_handler(application: Any, middleware: CORSMiddleware) -> Any:
    """Returns Starlette's `ServerErrorMiddleware` around this middleware: the nearest, since instrumentation may put a further one
    around the application. Returns None where there is none."""
    errors = sys.modules.get("starlette.middleware.errors")
    if errors is None:
        return None
    nearest = None
    link = getattr(application, "middleware_stack", None)
    while link is not None and link is not middleware:
        if isinstance(link, errors.ServerErrorMiddleware):
            nearest = link
        link = getattr(link, "app", None)
    return nearest


def _add_fields_to(errors: Any) -> None:
    """Has Starlette's handler of errors add the fields of the request's decision to the responses that it makes."""
    if getattr(errors, "cors_py", False):
        return
    errors.cors_py = True
    for name in ("debug_response", "error_response", "handler"):
        make = getattr(errors, name)
        if make is not None:
            setattr(errors, name, _with_fields(make))


def _with_fields(make: Callable[..., Any]) -> Callable[..., Any]:
    """Returns the function, which makes a response to a request, with the fields in what it returns."""

    def add(request: Any, response: Any) -> Any:
        decision: Decision | None = request.scope.get(_UNANSWERED)
        if decision is None:
            return response

        async def respond(scope: Scope, receive: Receive, send: Send) -> None:
            await response(scope, receive, decision.asgi_send(scope, send))

        return respond

    if is_async(make):

        @functools.wraps(make)
        async def made_later(request: Any, error: Exception) -> Any:
            return add(request, await make(request, error))

        return made_later

    @functools.wraps(make)
    def made(request: Any, error: Exception) -> Any:
        return add(request, make(request, error))

    return made


def _is_built_late() -> bool:
    """Returns true in what Starlette and FastAPI do when the server calls them first. A server takes an exception there for an
    application without a lifespan, and starts."""
    frame = inspect.currentframe()
    while frame is not None:
        if frame.f_code.co_name == "build_middleware_stack":
            return True
        frame = frame.f_back
    return False


def _refused_below(*apps: Any) -> Exception | None:
    """Returns the error of a middleware that is refused in an application which Starlette has mounted below these, and would make
    when its first request comes."""
    waiting, seen = [*apps], set[int]()
    while waiting:
        app = waiting.pop()
        if id(app) in seen:
            continue
        seen.add(id(app))
        # What objects hold, and no properties: these may be of any framework.
        held: dict[str, Any] = getattr(app, "__dict__", {})
        if held.get("middleware_stack") is None:
            for middleware in _list(held.get("user_middleware")):
                # The class, in newer versions a tuple of arguments, and a dict of named ones.
                cls, *arguments = middleware
                if isinstance(cls, type) and issubclass(cls, CORSMiddleware):
                    error = _error_of(cls, arguments)
                    if error is not None:
                        return error
        waiting += [held.get("app"), held.get("router"), *_list(held.get("routes"))]
    return None


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _error_of(middleware: type[CORSMiddleware], arguments: Sequence[Any]) -> Exception | None:
    """Returns the error that the middleware is refused with."""
    *positional, named = arguments
    try:
        for name, value in named.items():
            # An iterator returns its entries only once, and they are wanted again.
            named[name] = kept(name, value)
        middleware(_no_application, *(positional[0] if positional else ()), **named)
    except (TypeError, ValueError) as error:
        logging.getLogger("cors_py").critical("a CORSMiddleware of a mounted application is refused: %s", error)
        return error
    return None


async def _no_application(scope: Scope, receive: Receive, send: Send) -> None: ...


async def _refuse_startup(error: Exception, scope: Scope, receive: Receive, send: Send) -> NoReturn:
    """Stops the server, or answers no request."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.failed", "message": f"CORSMiddleware is refused: {error}"})
    raise error


def _with_positional(settings: StarletteSettings, positional: Sequence[Any]) -> StarletteSettings:
    """Returns the settings with those that are given in Starlette's order, without their names."""
    if len(positional) > len(_POSITIONS):
        raise TypeError(
            f"{len(_POSITIONS)} arguments after app are taken without their names; write the names of the others"
        )
    given = dict(zip(_POSITIONS, positional, strict=False))
    for name in given.keys() & settings.keys():
        raise TypeError(f"{name} is given twice")
    return cast(StarletteSettings, {**given, **settings})


async def _send_plain_error(send: Send) -> None:
    body = b"Internal Server Error"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
