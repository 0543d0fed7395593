"""The log-in page and its routes: a name and a password for a session cookie.

Plain HTML without a script. Knows the gate, and nothing of what is behind it.
"""

from __future__ import annotations

from html import escape
from importlib import resources
from urllib.parse import parse_qs, quote

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from assistant.access.door import COOKIE, USER, session_token
from assistant.access.gate import Gate, LogInError
from assistant.access.limits import LimitError
from assistant.access.values import User
from assistant.errors import AssistantError

_MAX_BODY = 10_000
_FORM = "application/x-www-form-urlencoded"


def login_routes(gate: Gate) -> APIRouter:
    """Return the routes /login and /logout; without a log-in they lead to the page."""
    routes = APIRouter()

    @routes.get("/login")
    async def show(request: Request, next: str = "/") -> Response:
        if USER in request.scope:
            return RedirectResponse(_own_path(next), 303)
        return _page(_form(next))

    @routes.post("/login")
    async def log_in(request: Request, next: str = "/") -> Response:
        fields = await _fields(request)
        name = fields.get("name", "")
        address = request.client.host if request.client else ""
        try:
            token = await run_in_threadpool(gate.log_in, name, fields.get("password", ""), address)
        except LimitError as error:
            wait = {"retry-after": str(error.retry_after)}
            return _page(_form(next, name, str(error)), 429, wait)
        except LogInError as error:
            return _page(_form(next, name, str(error)), 401)
        except AssistantError as error:
            return _page(_form(next, name, str(error)), 503)
        response = RedirectResponse(_own_path(next), 303)
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(gate.log_ins.sessions.seconds) if gate.log_ins else None,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    @routes.get("/logout")
    async def ask(request: Request) -> Response:
        user: User | None = request.scope.get(USER)
        if user is None or gate.is_open:
            return RedirectResponse("/", 303)
        return _page(_leave(user))

    @routes.post("/logout")
    async def log_out(request: Request) -> Response:
        await run_in_threadpool(gate.log_out, session_token(request.headers))
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE)
        return response

    return routes


async def _fields(request: Request) -> dict[str, str]:
    """Read a form's fields; anything else than a small form has none."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != _FORM:
        return {}
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MAX_BODY:
            return {}
    read = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10)
    return {name: values[-1] for name, values in read.items()}


def _own_path(path: str) -> str:
    """Return a path of this server; anything that a browser would take for another is "/"."""
    is_own = path.startswith("/") and not path.startswith("//") and path.isprintable()
    return path if is_own and "\\" not in path else "/"


def _form(target: str, name: str = "", fault: str = "") -> str:
    where = _own_path(target)
    action = "/login" if where == "/" else f"/login?next={quote(where, safe='/')}"
    told = f'<p class="fault" id="fault" role="alert">{escape(fault)}</p>' if fault else ""
    described = ' aria-describedby="fault" aria-invalid="true"' if fault else ""
    first, second = ("", " autofocus") if name else (" autofocus", "")
    return f"""
<h1>LLaMA-E</h1>
<p>Log in to the desk, the studio and the catalog of your shop.</p>
{told}
<form method="post" action="{escape(action)}">
  <label for="name">Name</label>
  <input id="name" name="name" value="{escape(name)}" autocomplete="username" maxlength="40"
    autocapitalize="none" spellcheck="false" required{first}{described}>
  <label for="password">Password</label>
  <input id="password" name="password" type="password" autocomplete="current-password"
    maxlength="200" required{second}{described}>
  <button type="submit">Log in</button>
</form>
<p class="hint">No account, or the password forgotten? Ask whoever runs this page: users are added
and passwords set with <code>llama-e users</code>.</p>"""


def _leave(user: User) -> str:
    return f"""
<h1>LLaMA-E</h1>
<p>You are logged in as <b>{escape(user.name)}</b> ({escape(user.role)}). Your conversations are
kept, and are here when you log in again.</p>
<form method="post" action="/logout"><button type="submit">Log out</button></form>
<p class="hint"><a href="/">Back to the page</a></p>"""


def _page(body: str, status: int = 200, headers: dict[str, str] | None = None) -> HTMLResponse:
    style = (resources.files(__package__) / "login_page.css").read_text(encoding="utf-8")
    page = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Log in to LLaMA-E</title>
<style>{style}</style>
</head>
<body><main>{body}</main></body>
</html>
"""
    return HTMLResponse(page, status, {"cache-control": "no-store", **(headers or {})})
