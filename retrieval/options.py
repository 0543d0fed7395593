"""What a retriever's options may be, and one line that names every fault of those given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from retrieval.errors import RetrieverOptionError


class RetrieverOptions(BaseModel):
    """The option of every retriever: `k`, how many hits a search returns unless it says."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    k: int = Field(default=10, ge=1, le=1000)


Options = TypeVar("Options", bound=RetrieverOptions)


def read_options(kind: type[Options], retriever: str, given: Mapping[str, Any]) -> Options:
    """Check the options given for the retriever of this name; texts become numbers.

    Raises:
        RetrieverOptionError: an option is unknown, or a value is not one that it takes.
    """
    try:
        return kind.model_validate(dict(given))
    except ValidationError as error:
        faults = "; ".join(
            f"it takes no option {fault['loc'][0]!r}"
            if fault["type"] == "extra_forbidden"
            else f"{fault['loc'][0]}={fault['input']!r}: {fault['msg']}"
            for fault in error.errors()
        )
        raise RetrieverOptionError(
            f"The options of the retriever {retriever!r} are wrong: {faults}."
            f" It takes: {', '.join(kind.model_fields)}."
        ) from error
