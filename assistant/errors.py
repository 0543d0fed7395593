"""The faults that the assistant can meet, as types a caller can tell apart.

Every message says what happened, to what, and what to do; the command line prints it as one line
and the chat page shows it in place of an answer.
"""

from catalog_index.errors import CatalogError
from retrieval.errors import RetrievalError


class AssistantError(Exception):
    """Base of every error this package raises on purpose."""


class ModelUnavailableError(AssistantError):
    """The base model cannot be had: not installed, not downloadable, not readable or no room."""


class AdapterError(AssistantError):
    """The adapter is missing, empty, broken, or made for another base model."""


class ModelMemoryError(AssistantError):
    """There is too little memory to load the model or to go on generating."""


class PromptTooLongError(AssistantError):
    """The prompt does not fit the model's context.

    Args:
        tokens: the prompt's length in tokens.
        limit: the longest prompt that the model takes, in tokens.
    """

    def __init__(self, tokens: int, limit: int) -> None:
        super().__init__(
            f"The prompt has {tokens} tokens but the model takes at most {limit}; "
            "shorten the message or give it less evidence."
        )
        self.tokens = tokens
        self.limit = limit


class ProductNotFoundError(AssistantError):
    """The product that a turn is pinned to is not in the catalog."""


class GenerationStopped(AssistantError):  # noqa: N818  (asked for, no fault)
    """The caller set `stop` before there was a result to return."""


class GenerationError(AssistantError):
    """The model failed in the middle of an answer, or was asked for something it cannot do."""


KNOWN_ERRORS = (AssistantError, CatalogError, RetrievalError)
"""Faults whose message is a sentence for the user."""
