"""Faults as programs see them: which HTTP status a fault is, in one place for all protocols."""

from __future__ import annotations

from assistant.access.gate import LogInError
from assistant.access.limits import LimitError
from assistant.errors import KNOWN_ERRORS, AssistantError, ProductNotFoundError, PromptTooLongError
from assistant.tasks.base import TaskInputError
from assistant.turn import MessageError

KNOWN_FAULTS = KNOWN_ERRORS
"""Faults whose message is a sentence for whoever asked."""


class ToolInputError(AssistantError):
    """What a program sent does not fit the function that it called."""


class ForbiddenError(AssistantError):
    """The user's role may not do this."""


_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (LimitError, 429),
    (LogInError, 401),
    (ForbiddenError, 403),
    (ProductNotFoundError, 404),
    (ToolInputError, 400),
    (TaskInputError, 400),
    (MessageError, 400),
    (PromptTooLongError, 400),
)


def status_of(error: Exception) -> int:
    """Return the HTTP status of a fault: the caller's are 4xx, the server's own 503."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 503)
