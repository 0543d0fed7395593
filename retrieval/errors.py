"""The faults of retrieval, as types; the command line prints each as one line."""


class RetrievalError(Exception):
    """Base of every error this package raises on purpose."""


class UnknownRetrieverError(RetrievalError):
    """No installed package offers a retriever of this name."""


class RetrieverContractError(RetrievalError):
    """A plugged-in retriever returned documents without the metadata that `documents` defines."""
