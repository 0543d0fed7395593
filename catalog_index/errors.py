"""The faults that a catalog can have, as types a caller can tell apart.

Every message says what happened, to what, and what to do; the command line prints it as one line.
"""


class CatalogError(Exception):
    """Base of every error this package raises on purpose."""


class FeedError(CatalogError):
    """A feed cannot be read at all: missing, empty, or of no known format."""


class RowError(CatalogError):
    """One row of a feed is not a product; the build records it and goes on.

    Args:
        field: the column or key at fault, "" when the whole row is.
        reason: what is wrong with it, in words a shop's data person understands.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


class IndexNotFoundError(CatalogError):
    """There is no index at the given directory."""


class RecordNotFoundError(CatalogError):
    """The index holds no record of this id."""


class IndexCorruptError(CatalogError):
    """A file of the index is missing, cut short or altered."""


class IndexMismatchError(CatalogError):
    """The index was written by another embedder or a newer schema than this program's."""


class IndexLockedError(CatalogError):
    """Another build is writing to the index directory."""


class StorageError(CatalogError):
    """The disk is full, read-only or failing."""
