"""Other names of the same thing: a table of general retail English, and a shop's own file.

A file has one group a line: "laptop, notebook" goes both ways, "hdmi lead => hdmi cable" only
from left to right; "#" starts a comment. Knows no catalog.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from catalog_index.filters import fold
from retrieval.errors import RetrievalError
from retrieval.understanding.mentions import singulars

GENERAL = "synonyms.txt"
LONGEST = 4
"""How many words a phrase of a synonym file has at most."""
_LARGEST_FILE = 4 * 2**20
_MOST_SHOWN = 20
_MOST_OTHERS = 8


class SynonymFileError(RetrievalError):
    """A synonym file cannot be used; the message names every faulty line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """For a folded word or phrase, other names of the same thing, folded. Make with `read_`...

    `heads` are the first words of all phrases, so that a query's other words cost nothing.
    """

    others: Mapping[str, tuple[str, ...]]
    heads: frozenset[str]

    @classmethod
    def of(cls, others: Mapping[str, tuple[str, ...]]) -> Synonyms:
        """Make a table of phrases and their other names."""
        return cls(others, frozenset(phrase.split()[0] for phrase in others))

    def knows(self, word: str) -> bool:
        """Whether a word opens a phrase of the table, in the singular or plural."""
        return word in self.heads or any(one in self.heads for one in singulars(word))

    def joined(self, more: Synonyms) -> Synonyms:
        """Return both tables as one; the names of `more` come first."""
        others = {
            phrase: tuple(dict.fromkeys((*more.others.get(phrase, ()), *names)))
            for phrase, names in self.others.items()
        }
        return Synonyms.of({**more.others, **others})

    def expand(self, words: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return the phrases among some folded words that have other names, the longest first."""
        found: dict[str, tuple[str, ...]] = {}
        at = 0
        while at < len(words):
            if not self.knows(words[at]) and not self._ends_known(words, at):
                at += 1
                continue
            at += self._expand_at(words, at, found) or 1
        return found

    def _ends_known(self, words: Sequence[str], at: int) -> bool:
        return any(one in self.heads for one in singulars(words[at]))

    def _expand_at(self, words: Sequence[str], at: int, found: dict[str, tuple[str, ...]]) -> int:
        for length in range(min(LONGEST, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            for known in (phrase, *singulars(phrase)):
                if names := self.others.get(known):
                    found[phrase] = tuple(name for name in names if name != phrase)[:_MOST_OTHERS]
                    return length
        return 0


@lru_cache(maxsize=1)
def general_synonyms() -> Synonyms:
    """Return this project's own table of general retail English."""
    text = importlib.resources.files(__package__ or "").joinpath(GENERAL).read_text("utf-8")
    return parse_synonyms(text.splitlines(), GENERAL)


def read_synonyms(path: Path) -> Synonyms:
    """Read a shop's synonym file.

    Raises:
        SynonymFileError: the file cannot be read, or lines of it are faulty; all are named.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise SynonymFileError(
                f"synonym file {path} is larger than 4 MiB; give it one group of words a line"
            )
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise SynonymFileError(f"cannot read synonym file {path}: {reason}") from error
    except UnicodeDecodeError as error:
        raise SynonymFileError(
            f"synonym file {path} is not UTF-8 (byte {error.start}); save it as UTF-8"
        ) from error
    return parse_synonyms(lines, str(path))


def parse_synonyms(lines: Iterable[str], name: str) -> Synonyms:
    """Read the lines of a synonym file.

    Args:
        lines: one group each.
        name: what the messages call the file.

    Raises:
        SynonymFileError: names every faulty line.
    """
    others: dict[str, list[str]] = {}
    faults: list[str] = []
    for number, line in enumerate(lines, start=1):
        said = line.split("#", 1)[0].strip()
        if not said:
            continue
        try:
            for phrase, names in _group(said):
                others.setdefault(phrase, []).extend(names)
        except ValueError as error:
            faults.append(f"line {number}: {error}")
    if faults:
        more = f"; and {len(faults) - _MOST_SHOWN} more" if len(faults) > _MOST_SHOWN else ""
        raise SynonymFileError(
            f"synonym file {name} has {len(faults)} faulty lines: "
            f"{'; '.join(faults[:_MOST_SHOWN])}{more}"
        )
    return Synonyms.of(
        {
            phrase: tuple(dict.fromkeys(name for name in names if name != phrase))
            for phrase, names in others.items()
        }
    )


def _group(said: str) -> list[tuple[str, list[str]]]:
    """Read one line as phrases with their other names.

    Raises:
        ValueError: says what is wrong with it.
    """
    left, arrow, right = said.partition("=>")
    if "=>" in right:
        raise ValueError("has two arrows; write it as two lines")
    if not arrow:
        group = _phrases(left)
        if len(group) < 2:
            raise ValueError("has one phrase only; a group needs two, parted by a comma")
        return [(phrase, [name for name in group if name != phrase]) for phrase in group]
    if not fold(left) or not fold(right):
        raise ValueError('has nothing on one side of "=>"')
    names = _phrases(right)
    return [(phrase, names) for phrase in _phrases(left)]


def _phrases(said: str) -> list[str]:
    phrases = [fold(part) for part in said.split(",")]
    if not all(phrases):
        raise ValueError("has an empty place between commas")
    for phrase in phrases:
        if len(phrase.split()) > LONGEST:
            raise ValueError(f'"{phrase[:60]}" has more than {LONGEST} words')
    if len(set(phrases)) < len(phrases):
        raise ValueError("names the same phrase twice")
    return phrases
