"""The adapter for ASGI: Starlette, FastAPI, Quart, Litestar and every other such application."""

from __future__ import annotations

import copy
import inspect
import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

from ._names import Denial
from ._native import AsgiSend, Decision, OriginRegex, Policy
from ._peers import peer_policy, regex_text
from ._settings import Settings, any_alone, any_header, checked_bool, is_list
from ._site import Answer, Site, origin_to_ask, sent_path, site_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

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

    Takes a `policy`, or the arguments of Starlette's middleware of that name with their defaults, or a `site`.

    >>> from cors_py import Policy
    >>> async def app(scope, receive, send): ...
    >>> app = CORSMiddleware(app, policy=Policy(allow_origins=["https://app.example.com"]))
    >>> app = CORSMiddleware(app, allow_origins=["https://app.example.com"], allow_methods=["PUT"])

    It should be the outermost middleware, so that the answers of the others have the fields, too: the last that
    `add_middleware` adds, or around the whole application.

    - `allow_origin` decides about origins that no pattern allows; it may be a coroutine function.
    - `check_websocket_origin` refuses a WebSocket handshake from an origin that the policy denies; browsers do not.
    - `handle_errors`: where the application raises before it answers, answer 500 with the fields, and raise the exception
      again for the server to log. Starlette's handler of such errors makes the response where there is one. True by
      default, except in one case: inside a Starlette application and not as its first middleware, because a middleware
      before it may answer the exception itself. This class cannot see another kind of middleware around itself; if that
      middleware makes responses of exceptions, write False, or put it inside.
    - The other arguments are those of a `Site`.
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
        allow_origin: Callable[[str], bool | Awaitable[bool]] | None = None,
        check_websocket_origin: bool = False,
        handle_errors: bool | None = None,
        logger: logging.Logger | None = None,
        site: Site | None = None,
        **settings: Unpack[StarletteSettings],
    ) -> None:
        self.app = app
        self.site = site_of(
            site,
            policy,
            settings,
            lambda: _starlette(settings),
            policies=policies,
            shadow=shadow,
            enforce=enforce,
            passthrough=passthrough,
            allow_origin=allow_origin,
            logger=logger,
        )
        """The policies, and the counts."""
        self._check_websocket_origin = checked_bool("check_websocket_origin", check_websocket_origin)
        if handle_errors is not None:
            checked_bool("handle_errors", handle_errors)
        self._handle_errors = handle_errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "websocket" and self._check_websocket_origin and await self._is_denied(scope):
                return await _refuse_handshake(receive, send)
            return await self.app(scope, receive, send)
        site = self.site
        rules = site.rules
        policy = rules.only or rules.policy_for(path_of(scope))
        if policy is None:
            return await self.app(scope, receive, send)
        through = policy.asgi_send(scope, send, site.allow_origin_regex)
        if not through.is_routine or rules.shadow is not None:
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
        except Exception as error:
            if not through.started:
                await self._answer_error(error, through, scope, receive)
            raise

    async def _answer_error(self, error: Exception, send: AsgiSend, scope: Scope, receive: Receive) -> None:
        """Answers 500 (A2). A middleware outside would answer as well, but without the fields."""
        if self._handle_errors is False:
            return
        around = send.scope_app
        if self._is_first_of(around):
            await _send_starlette_error(error, around.middleware_stack, scope, receive, send)
        elif self._handle_errors or around is None:
            await _send_plain_error(send)

    def _is_first_of(self, application: Any) -> bool:
        """Returns true for the first middleware of a Starlette application: around it are only the framework's own, which
        let exceptions pass."""
        added = getattr(application, "user_middleware", None)
        if not added or added[0].cls is not type(self):
            return False
        link = application.middleware_stack
        while link is not None and not isinstance(link, type(self)):
            link = getattr(link, "app", None)
        return link is self

    async def _is_denied(self, scope: Scope) -> bool:
        """Returns true for a page's WebSocket handshake that is to be refused. A handshake without an origin is not a page's."""
        site = self.site
        rules = site.rules
        policy = rules.only or rules.policy_for(path_of(scope))
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


def _starlette(settings: StarletteSettings) -> tuple[Policy, OriginRegex | None]:
    """Compiles Starlette's arguments with its defaults, and reads `*` as Starlette reads it."""
    named = settings.copy()
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


async def _send_starlette_error(error: Exception, handler: Any, scope: Scope, receive: Receive, send: Send) -> None:
    """Sends the response of Starlette's outermost middleware, which would not send one after a response has begun."""

    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise error

    handler = copy.copy(handler)
    handler.app = fail
    try:
        await handler(scope, receive, send)
    except Exception as raised:
        if raised is not error:
            raise


async def _send_plain_error(send: Send) -> None:
    body = b"Internal Server Error"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
