"""The web server: the page, the endpoints for programs and the log-in, behind one door.

Knows how they are put together and started, not what they do.
"""

from __future__ import annotations

import ctypes
import os
import socket
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from importlib import resources
from typing import TYPE_CHECKING, Any

import uvicorn
from fastapi import FastAPI, Request
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount

from assistant.access.door import USER, Door
from assistant.access.gate import Gate
from assistant.access.login_page import login_routes
from assistant.access.values import User
from assistant.errors import AssistantError
from assistant.programs.faults import KNOWN_FAULTS
from assistant.programs.openai_api import openai_routes
from assistant.service import Service
from assistant.store.database import FILE, Database, data_dir
from catalog_index.console import log

if TYPE_CHECKING:
    from assistant.ui.context import Context

_LARGEST_UPLOAD = "1gb"
_SECONDS_TO_CLOSE = 1
"""How long open connections may take to end once the server is told to stop."""


class ServeError(AssistantError):
    """The page cannot be served at this address."""


def serve(
    service: Service, *, host: str, port: int, browser: bool, gate: Callable[[Database], Gate]
) -> None:
    """Serve the page and the endpoints until interrupted.

    Args:
        service: the assistant's parts.
        host: the address to listen on; see `check_address`.
        port: the port.
        browser: whether to open one.
        gate: makes the gate over the database of this index.

    Raises:
        ServeError: the server did not start.
        CatalogError: the index cannot be opened.
    """
    _ = service.retriever
    if service.settings.base_model or service.settings.adapter:
        # A model of the user's own choice that cannot be had is said here, not on the page.
        _ = service.engine
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from assistant.ui.context import Context

    database = Database(data_dir(service.index_dir) / FILE)
    app = build_app(Context(service, database, gate(database)), host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def started() -> None:
        threading.Thread(target=_preload, args=(service,), daemon=True).start()
        log(f"LLaMA-E is at {address} (stop with Ctrl+C)")
        if browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    server = _Server(app, host, port, started)
    # Ctrl+C is how the page is meant to end; uvicorn leaves where it cannot listen.
    with suppress(KeyboardInterrupt, SystemExit):
        server.run()
    if not server.started:
        raise ServeError(
            f"The server at {address} did not start. Try another --port; with LLAMA_E_DEBUG=1 it"
            " says more."
        )


def build_app(context: Context, host: str) -> FastAPI:
    """Put the page, the endpoints for programs and the log-in together.

    Args:
        context: what all of them share.
        host: the address that is listened on; a loopback one admits requests to itself only.
    """
    import gradio as gr

    from assistant.ui.page import Page
    from assistant.ui.theme import script, stylesheet, theme

    gate = context.gate
    app = FastAPI(title="LLaMA-E", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(login_routes(gate))
    app.include_router(openai_routes(context.service, gate, context.line))
    gr.mount_gradio_app(
        app,
        Page(context).build(),
        path="/",
        auth_dependency=_user_name,
        mcp_server=True,
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size=_LARGEST_UPLOAD,
        ssr_mode=False,
        footer_links=["api", "settings"],
        theme=theme(),
        css=stylesheet(),
        js=script(),
        head="" if gate.is_open else f"<script>{_logged_out()}</script>",
    )
    # Names no origin: pages of other sites may read nothing, which the page's own rules allow.
    app.add_middleware(CORSMiddleware)
    app.add_middleware(Door, gate=gate, host=host)
    return app


def check_address(host: str, port: int) -> None:
    """Make sure that the address can be listened on.

    Raises:
        ServeError: it cannot; says why and what to do.
    """
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        raise ServeError(
            f"Cannot listen on {host}:{port} ({error}). If another program uses the port, stop it"
            " or choose another with --port; --host must be an address of this machine."
        ) from error


class _Server(uvicorn.Server):
    """Serves in this thread; tells the page's open streams to end before it waits for them."""

    def __init__(self, app: FastAPI, host: str, port: int, started: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_level="error" if os.environ.get("LLAMA_E_DEBUG") else "critical",
                access_log=False,
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=_SECONDS_TO_CLOSE,
            )
        )
        self._page: Any = next(route.app for route in app.routes if isinstance(route, Mount))
        self._on_start = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._page.stop_event.set()
        await super().shutdown(sockets)


def _user_name(request: Request) -> str | None:
    """Return who sent a request, as the door found out."""
    user: User | None = request.scope.get(USER)
    return user.name if user else None


def _logged_out() -> str:
    """Return the script that says on the page that a session has ended."""
    return (resources.files(__package__) / "logged_out.js").read_text(encoding="utf-8")


def _preload(service: Service) -> None:
    """Load everything while the page is already shown; the first turn reports what failed."""
    try:
        service.assistant.warm_up()
    except KNOWN_FAULTS as error:
        log(f"llama-e: {error}")
    with suppress(AttributeError, OSError, TypeError):
        # What loading needed for a moment only goes back; other C libraries do so by themselves.
        ctypes.CDLL(None).malloc_trim(0)
