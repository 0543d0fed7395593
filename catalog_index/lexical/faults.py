"""tantivy's failures as this package's typed errors.

tantivy tells of a failing disk by a `ValueError` with the operating system's words in it, and of a
damaged file by one or by a panic, which reaches Python as a `BaseException` of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog_index.durable import storage_errors
from catalog_index.errors import IndexCorruptError

_OS_ERROR = re.compile(r"os error (\d+)|code: (\d+)")


@contextmanager
def engine_writes(directory: Path) -> Iterator[None]:
    """Turn a failure while writing `directory` into `StorageError`."""
    with storage_errors(directory):
        try:
            yield
        except (OSError, KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            found = _OS_ERROR.search(str(error))
            number = int(found[1] or found[2]) if found else 0
            raise OSError(number, str(error).strip("'\"")) from error


@contextmanager
def engine_reads(directory: Path) -> Iterator[None]:
    """Turn a failure while reading `directory` into `IndexCorruptError`."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError):
        raise
    except BaseException as error:
        if not isinstance(error, ValueError | OSError) and type(error).__name__ != "PanicException":
            raise
        said = " ".join(str(error).split())
        raise IndexCorruptError(
            f"The index is damaged: {directory} cannot be read ({said})."
            " Build it again with `llama-e index build`."
        ) from error
