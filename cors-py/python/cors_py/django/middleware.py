"""The middleware."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, cast

from asgiref import sync
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from .._names import Denial
from .._native import Decision, Policy, is_policy_field, merge_vary
from .._paths import Way, agreed_policy, joined, ways_of
from .._site import Answer, Rules, Site, origin_to_ask
from .conf import Configuration, configuration
from .signals import check_request_enabled

_GetResponse = Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]


class CorsMiddleware:
    """CORS for the requests of a Django project, by its settings.

    Write it first in `MIDDLEWARE`: then it answers preflights before all other middleware, and every response has the
    fields. It works under WSGI and ASGI, without a change of thread in either.

    Raises `ConfigError` and `TypeError` for settings with problems, when the server starts.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: _GetResponse) -> None:
        configuration()
        self.get_response = get_response
        # Where `inspect` has these functions, asgiref's are the same.
        self._is_async = sync.iscoroutinefunction(get_response)  # pyright: ignore[reportDeprecated]
        if self._is_async:
            sync.markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if self._is_async:
            return self._respond_async(request)
        current = configuration()
        begun = _begin(request, current) or _resume(request, current, _is_enabled(request))
        if begun.answer is not None:
            return begun.answer
        response = cast(HttpResponseBase, self.get_response(request))
        if begun.decision is not None:
            _add_fields(response, begun.decision)
        return response

    async def _respond_async(self, request: HttpRequest) -> HttpResponseBase:
        current = configuration()
        begun = _begin(request, current) or _resume(request, current, await _is_enabled_async(request))
        if begun.answer is not None:
            return begun.answer
        response = await cast("Awaitable[HttpResponseBase]", self.get_response(request))
        if begun.decision is not None:
            _add_fields(response, begun.decision)
        return response


class _Begun(NamedTuple):
    """The state before the application is called. Without a decision the request has nothing to do with CORS."""

    decision: Decision | None
    answer: HttpResponse | None


_NO_CORS = _Begun(None, None)


def _begin(request: HttpRequest, current: Configuration) -> _Begun | None:
    """Begins a request. Returns None if the receivers of the signal have to be called."""
    site = current.site
    rules = site.rules
    policy = _policy_for(request, rules, current)
    if policy is None:
        return None if current.urls_regex is not None and check_request_enabled.receivers else _NO_CORS
    meta = request.META
    decision = site.decide(policy, meta["REQUEST_METHOD"], meta)
    if decision.is_routine and rules.shadow is None:
        return _Begun(decision, None)
    if (
        decision.denial is Denial.ORIGIN_NOT_ALLOWED
        and check_request_enabled.receivers
        and origin_to_ask(policy, meta["REQUEST_METHOD"], meta) is not None
    ):
        return None
    return _reviewed(decision, rules, site, request)


def _resume(request: HttpRequest, current: Configuration, enabled: bool) -> _Begun:
    """Begins a request whose receivers have answered."""
    site = current.site
    rules = site.rules
    policy = _policy_for(request, rules, current)
    if policy is None and enabled:
        policy = rules.only or rules.policy_at(_ways(request))
    if policy is None:
        return _NO_CORS
    meta = request.META
    decision = site.decide(policy, meta["REQUEST_METHOD"], meta)
    if enabled and decision.denial is Denial.ORIGIN_NOT_ALLOWED:
        decision = policy.evaluate(meta["REQUEST_METHOD"], meta, lambda _: True)
    return _reviewed(decision, rules, site, request)


def _policy_for(request: HttpRequest, rules: Rules, current: Configuration) -> Policy | None:
    """Returns the policy for the path (A9). Prefixes are of the path that the browser sent; as in django-cors-headers,
    `CORS_URLS_REGEX` matches what is below the place where the project is mounted."""
    policy = rules.only or rules.policy_at(_ways(request))
    regex = current.urls_regex
    if regex is None or policy is None:
        return policy
    return agreed_policy(_ways(request), lambda path: None if regex.match(path) is None else policy)


def _ways(request: HttpRequest) -> list[Way]:
    # Under WSGI Django's path is whole. Under ASGI it was made whole before Django 5.0, and the server's is asked for.
    scope = getattr(request, "scope", None)
    return ways_of(request.META.get("SCRIPT_NAME", ""), request.path if scope is None else scope["path"])


def _sent_path(request: HttpRequest) -> str:
    return joined(*_ways(request)[0])


def _reviewed(decision: Decision, rules: Rules, site: Site, request: HttpRequest) -> _Begun:
    if decision.is_routine and rules.shadow is None:
        return _Begun(decision, None)
    meta = request.META
    answer = site.review(decision, rules.shadow, meta["REQUEST_METHOD"], _sent_path(request), meta, request.scheme)
    return _Begun(decision, None if answer is None else _response(answer, decision))


def _response(answer: Answer, decision: Decision) -> HttpResponse:
    headers = dict(answer.headers)
    for name, value in decision.wsgi_fields:
        headers[name] = merge_vary(headers[name], value) if name in headers else value
    response = HttpResponse(answer.body, status=answer.status, headers=headers)
    if not answer.body:
        # Django's own attribute.
        del response.headers["content-type"]
    return response


def _add_fields(response: HttpResponseBase, decision: Decision) -> None:
    """Merges the fields (A3). A response of Django can have only one field of a name."""
    headers = response.headers
    for name in [name for name in headers if is_policy_field(name)]:
        del headers[name]
    for name, value in decision.wsgi_fields:
        present = headers.get(name)
        headers[name] = value if present is None else merge_vary(present, value)


def _is_enabled(request: HttpRequest) -> bool:
    answers = [answer for _, answer in check_request_enabled.send(sender=None, request=request)]
    for answer in answers:
        if inspect.isawaitable(answer):
            # Django 4.2 does not await it, and it is true.
            raise TypeError("check_request_enabled: a receiver is asynchronous, which Django takes from 5.0 on")
    return _is_any(answers)


async def _is_enabled_async(request: HttpRequest) -> bool:
    asend = getattr(check_request_enabled, "asend", None)
    if asend is None:
        # Before Django 5.0.
        return await sync.sync_to_async(_is_enabled)(request)
    return _is_any([answer for _, answer in await asend(sender=None, request=request)])


def _is_any(answers: Sequence[object]) -> bool:
    """Returns true if a receiver allows the request. The text `"False"` is true in Python, and refused."""
    for answer in answers:
        if isinstance(answer, (str, bytes)):
            raise TypeError(f"check_request_enabled: a receiver returned {answer!r}; return True or False")
    return any(answers)
