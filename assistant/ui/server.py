"""Starts the page: checks the port, prepares the index, opens the browser, loads the model."""

from __future__ import annotations

import os
import socket
import threading

from assistant.errors import AssistantError
from assistant.service import Service
from assistant.store.database import FILE, Database, data_dir
from catalog_index.console import log

POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="img-src \'self\' data: blob:;'
    " media-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; frame-src 'self'\">"
)
"""No picture, font or frame is fetched from elsewhere, whatever a user pastes or a record holds."""


class ServeError(AssistantError):
    """The page cannot be served at this address."""


def serve(service: Service, *, host: str, port: int, browser: bool) -> None:
    """Serve the chat page until interrupted.

    Raises:
        ServeError: the port is taken or the address is not this machine's.
        CatalogError: the index cannot be opened.
    """
    check_address(host, port)
    _ = service.retriever
    if service.settings.base_model or service.settings.adapter:
        # A model of the user's own choice that cannot be had is said here, not on the page.
        _ = service.engine
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from assistant.ui.context import Context
    from assistant.ui.page import Page
    from assistant.ui.theme import script, stylesheet, theme

    database = Database(data_dir(service.index_dir) / FILE)
    page = Page(Context(service, database)).build()
    threading.Thread(target=_preload, args=(service,), daemon=True).start()
    log(f"LLaMA-E is at http://{host}:{port} (stop with Ctrl+C)")
    page.launch(
        server_name=host,
        server_port=port,
        inbrowser=browser,
        share=False,
        quiet=True,
        theme=theme(),
        css=stylesheet(),
        js=script(),
        head=POLICY,
        footer_links=["settings"],
        ssr_mode=False,
    )


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


def _preload(service: Service) -> None:
    """Load everything while the page is already shown; the first turn reports what failed."""
    try:
        service.assistant.warm_up()
    except AssistantError as error:
        log(f"llama-e: {error}")
