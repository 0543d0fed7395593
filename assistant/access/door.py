"""The door of the web server: every request passes it before anything else sees it.

It refuses what another site's page sends, finds out who asks, and tells browsers to connect to
nothing but this server. Knows no page and no route but the log-in's.
"""

from __future__ import annotations

import ipaddress
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.access.gate import Gate
from assistant.access.values import User
from assistant.errors import AssistantError

USER = "llama_e.user"
"""Where the request's scope holds its `User`."""

OUTCOME = "llama_e.outcome"
"""Where it holds a dict in which a handler may say "status" and "retry_after" of its answer."""

COOKIE = "llama-e-session"
FREE_PATHS = frozenset({"/login", "/logout", "/favicon.ico"})
"""What is answered without a log-in."""

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "form-action 'self'",
        "base-uri 'self'",
    )
)
"""A browser fetches nothing from elsewhere, whatever a user pastes or a record holds."""

_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
}
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def is_loopback(host: str) -> bool:
    """Whether an address to listen on can be reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Door:
    """ASGI middleware; the outermost.

    Args:
        app: the server behind it.
        gate: knows the users.
        host: the address that is listened on.
    """

    def __init__(self, app: ASGIApp, gate: Gate, host: str) -> None:
        self._app = app
        self._gate = gate
        self._hosts = {"localhost", "127.0.0.1", "::1", host} if is_loopback(host) else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        outcome: dict[str, int] = {}
        guarded = _Guarded(send, outcome)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        scope[OUTCOME] = outcome
        await self._app(scope, receive, guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Return the answer to a request that may not pass; else note who sent it."""
        if not self._is_own_host(headers.get("host", "")):
            return PlainTextResponse(
                "This page answers to its own machine only. Open it as http://localhost or"
                " http://127.0.0.1 with its port.",
                421,
            )
        if scope["method"] not in _READING and _is_of_another_site(headers):
            return _fault(
                scope, 403, "This request was sent by a page of another site, and was refused."
            )
        try:
            user = self._who(headers)
        except AssistantError as error:
            return _fault(scope, 503, str(error))
        if user is not None:
            scope[USER] = user
            return None
        return None if scope["path"] in FREE_PATHS else _to_log_in(scope, headers)

    def _is_own_host(self, host: str) -> bool:
        """Whether a loopback page without log-in is asked by its own name.

        Another name that leads to this machine is how a foreign page would get around the
        browser's rules (DNS rebinding). With a log-in it has no session, and a proxy may stand
        before the page.
        """
        if self._hosts is None or not self._gate.is_open:
            return True
        return _host_name(f"//{host}") in self._hosts

    def _who(self, headers: Headers) -> User | None:
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and key.strip():
            return self._gate.identify(key=key.strip())
        return self._gate.identify(token=session_token(headers))


def session_token(headers: Headers) -> str:
    """Return the token of the request's session cookie, "" where it has none."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def _is_of_another_site(headers: Headers) -> bool:
    """Whether a browser says that a page from elsewhere sent a request.

    Programs send neither header. Browsers name the origin of every request that changes
    something, and on a secure address also how it relates to this one.
    """
    if relation := headers.get("sec-fetch-site"):
        return relation not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _host_name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _to_log_in(scope: Scope, headers: Headers) -> Response:
    """Send a person to the log-in; tell a program what it lacks."""
    path = scope["path"]
    is_page = scope["method"] == "GET" and "text/html" in headers.get("accept", "")
    if is_page and not path.startswith(("/gradio_api/", "/v1/")):
        query = scope.get("query_string", b"").decode("latin-1")
        target = f"{path}?{query}" if query else path
        where = "/login" if target == "/" else f"/login?next={quote(target, safe='/')}"
        return RedirectResponse(where, 303)
    sent = "authorization" in headers
    reason = (
        "The key is not valid. Make one with `llama-e users key`."
        if sent
        else "You are logged out. Reload the page to log in; programs send a key as"
        " `Authorization: Bearer KEY`."
    )
    return _fault(scope, 401, reason, {"www-authenticate": "Bearer"})


def _fault(
    scope: Scope, status: int, reason: str, headers: dict[str, str] | None = None
) -> Response:
    """Return a refusal in the shape that the asked part of the server answers in."""
    body: dict[str, object] = {"detail": reason}
    if scope["path"].startswith("/v1/"):
        kind = "authentication_error" if status == 401 else "invalid_request_error"
        code = "invalid_api_key" if status == 401 else None
        body = {"error": {"message": reason, "type": kind, "param": None, "code": code}}
    return JSONResponse(body, status, headers)


class _Guarded:
    """Sends an answer with the headers that guard a browser, and as its handler wanted it."""

    def __init__(self, send: Send, outcome: dict[str, int]) -> None:
        self._send = send
        self._outcome = outcome

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message.setdefault("headers", [])
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if message["status"] == 500 and (status := self._outcome.get("status")):
                message["status"] = status
                if wait := self._outcome.get("retry_after"):
                    headers["retry-after"] = str(wait)
        await self._send(message)
