"""The faults of retrieval, as types; the command line prints each as one line."""


class RetrievalError(Exception):
    """Base of every error this package raises on purpose."""


class UnknownRetrieverError(RetrievalError):
    """No installed package offers a retriever of this name."""


class RetrieverContractError(RetrievalError):
    """A plugged-in retriever returned documents without the metadata that `documents` defines."""


class RetrieverOptionError(RetrievalError):
    """A retriever was given an option that it does not take, or a value it cannot use."""


class RetrieverUnavailableError(RetrievalError):
    """The server behind a retriever does not answer, refuses, or holds only a part."""
