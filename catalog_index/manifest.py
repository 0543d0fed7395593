"""What an index directory holds, and which generation of it is current.

    DIR/CURRENT                     name of the current generation, swapped in one step
    DIR/generations/NAME/           one whole index: manifest.json and the files it lists
    DIR/rejected.jsonl              rows the last build or update refused
    DIR/.lock                       held by whoever is writing here

A generation is never changed once CURRENT names it. It consists of segments, each with its records
and vectors, of one lexical directory, and of the keys that are no longer live. A generation shares
the files that it has in common with the one before by hard links.
"""

from __future__ import annotations

import hashlib
import json
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from catalog_index.durable import replace_file, sha256_of
from catalog_index.embedding import Embedder
from catalog_index.errors import IndexCorruptError, IndexMismatchError, IndexNotFoundError
from catalog_index.recipe import FIRST_RECIPE, RECIPE

SCHEMA_VERSION = 3
CURRENT = "CURRENT"
GENERATIONS = "generations"
MANIFEST = "manifest.json"
LEXICAL = "lexical"
DEAD = "dead.i64"
REJECTED = "rejected.jsonl"
LOCK = ".lock"
WORK = "work.json"
"""Says, in a generation that is being written, which embedder its vectors are of."""
EXACT = "Flat"
_UNLISTED = {MANIFEST, REJECTED, WORK}
_LEXICAL_LOCK = re.compile(rf"{LEXICAL}/\.tantivy-\w+\.lock")
_NAME = re.compile(r"\w[\w-]{0,99}", re.ASCII)


class FileEntry(BaseModel):
    """Size in bytes and content hash of one file of a generation."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    size: int
    sha256: str


class EmbedderEntry(BaseModel):
    """Which embedder made the vectors."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    revision: str
    dimension: int


class Counts(BaseModel):
    """How many records are live, and where the rows of the last build or update went.

    read = added + changed + unchanged + rejected + merged. `merged` are rows that a later row of
    the same id replaced, or that are variants of a product. `deleted` records were live before.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    products: int
    passages: int
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    merged: int = 0
    deleted: int = 0

    @property
    def indexed(self) -> int:
        """Records that can be found."""
        return self.products + self.passages

    @property
    def adds_up(self) -> bool:
        """Whether no row that was read is unaccounted for."""
        kept = self.added + self.changed + self.unchanged
        return self.read == kept + self.rejected + self.merged


class SegmentEntry(BaseModel):
    """One segment: its name, its keys, how its vectors are searched."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    first_key: int
    last_key: int
    count: int
    vector_index: str
    nprobe: int = 0
    recall: float = 1.0

    @property
    def records(self) -> str:
        """Name of the file of its records."""
        return f"records-{self.name}.sqlite"

    @property
    def is_exact(self) -> bool:
        """Whether its vectors are scanned, without an approximate index."""
        return self.vector_index == EXACT


class Manifest(BaseModel):
    """The contents of one generation.

    `change` is what made it: "build", "update" or "delete". `next_key` is the first key not yet
    given. `dead` is how many keys in the segments are no longer live. `recipe` is the way in which
    records were made ready for search (`recipe.RECIPE`); manifests that do not say it are of the
    first. `checksum` vouches for the manifest itself: SHA-256 of the other entries as JSON with
    sorted keys and no white space.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    schema_version: int
    created: str
    change: str
    embedder: EmbedderEntry
    counts: Counts
    segments: tuple[SegmentEntry, ...]
    dead: int
    next_key: int
    feeds: tuple[str, ...]
    media_root: str
    recipe: int = FIRST_RECIPE
    files: dict[str, FileEntry]
    checksum: str = ""

    def check_embedder(self, embedder: Embedder) -> None:
        """Refuse vectors that another embedder made.

        Raises:
            IndexMismatchError: id, revision or dimension differ.
        """
        ours = EmbedderEntry(
            id=embedder.id, revision=embedder.revision, dimension=embedder.dimension
        )
        if ours != self.embedder:
            raise IndexMismatchError(
                f"The index was built with the embedder {self.embedder.id}"
                f" ({self.embedder.revision}, {self.embedder.dimension} dimensions), but this"
                f" program uses {ours.id} ({ours.revision}, {ours.dimension}). Build the index"
                " again with `llama-e index build`."
            )

    def check_recipe(self) -> None:
        """Refuse to add to records that were made ready for search in another way.

        Raises:
            IndexMismatchError: they were.
        """
        if self.recipe != RECIPE:
            age = "an earlier" if self.recipe < RECIPE else "a later"
            raise IndexMismatchError(
                f"The index was built by {age} way of making records ready for search"
                f" ({self.recipe}, this program's is {RECIPE}): what is searched for would not"
                " match what an update adds. Build it again with `llama-e index build`."
            )


def current_generation(directory: Path) -> Path:
    """Return the directory of the current generation.

    Raises:
        IndexNotFoundError: there is no index here.
        IndexCorruptError: CURRENT names no generation.
    """
    pointer = directory / CURRENT
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexNotFoundError(
            f"There is no index at {directory}. Build one with"
            f" `llama-e index build FEED --out {directory}`."
        ) from error
    except (UnicodeDecodeError, OSError) as error:
        raise IndexCorruptError(_corrupt(pointer, "cannot be read")) from error
    generation = directory / GENERATIONS / name
    if not _NAME.fullmatch(name) or not generation.is_dir():
        raise IndexCorruptError(_corrupt(pointer, f"names no generation ({name[:40]!r})"))
    return generation


def read_manifest(generation: Path) -> Manifest:
    """Read a generation's manifest, and check its checksum and its files' sizes.

    What the files hold is `verify_files`'s to check.

    Raises:
        IndexCorruptError: the manifest is missing or altered, or a file missing or cut short.
        IndexMismatchError: a newer program wrote the index.
    """
    path = generation / MANIFEST
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        version = content["schema_version"]
        if version != SCHEMA_VERSION:
            newer = isinstance(version, int) and version > SCHEMA_VERSION
            remedy = "Update the program" if newer else "Build the index again"
            raise IndexMismatchError(
                f"The index at {generation} has schema {version}; this program reads schema"
                f" {SCHEMA_VERSION}. {remedy}."
            )
        if content.get("checksum") != _checksum(content):
            raise IndexCorruptError(_corrupt(path, "does not match its checksum"))
        manifest = Manifest.model_validate(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IndexCorruptError(_corrupt(path, "is missing or not a manifest")) from error
    for name, entry in manifest.files.items():
        file = generation / name
        size = _size(file)
        if size != entry.size:
            found = "is missing" if size < 0 else f"has {size} bytes, not {entry.size}"
            raise IndexCorruptError(_corrupt(file, found))
    return manifest


def _size(file: Path) -> int:
    """Return the size of a regular file in bytes, or -1 where there is none."""
    try:
        found = file.stat()
    except (OSError, ValueError):
        return -1
    return found.st_size if stat.S_ISREG(found.st_mode) else -1


def verify_files(generation: Path, manifest: Manifest, names: Iterable[str] | None = None) -> None:
    """Read a generation's files whole, or those of these names, and check them by their hashes.

    Raises:
        IndexCorruptError: a file cannot be read or is altered.
    """
    for name in manifest.files if names is None else names:
        file, entry = generation / name, manifest.files.get(name)
        try:
            digest = sha256_of(file)
        except OSError as error:
            raise IndexCorruptError(_corrupt(file, "cannot be read")) from error
        if entry is None or digest != entry.sha256:
            raise IndexCorruptError(_corrupt(file, "does not match its hash"))


def listed_files(generation: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file that a manifest lists, or should: its name within, and its path.

    Lexical search leaves an empty lock file wherever it was opened; that is no part of it.
    """
    for path in sorted(generation.rglob("*")):
        name = path.relative_to(generation).as_posix()
        if path.is_file() and name not in _UNLISTED and not _LEXICAL_LOCK.fullmatch(name):
            yield name, path


def write_manifest(generation: Path, manifest: Manifest) -> None:
    """Write a generation's manifest, with its checksum, in one step."""
    content = manifest.model_dump(mode="json")
    text = json.dumps({**content, "checksum": _checksum(content)}, indent=2) + "\n"
    replace_file(generation / MANIFEST, text.encode())


def file_entry(path: Path) -> FileEntry:
    """Describe one finished file of a generation."""
    return FileEntry(size=path.stat().st_size, sha256=sha256_of(path))


def _checksum(content: dict[str, Any]) -> str:
    rest = {key: value for key, value in content.items() if key != "checksum"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _corrupt(path: Path, what: str) -> str:
    return f"The index is damaged: {path} {what}. Build it again with `llama-e index build`."
