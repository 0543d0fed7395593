"""Subjects and sets in, figures out: each output is kept as soon as it is written.

A run that was killed goes on where it stopped: outputs stand in `OUT/outputs`, one JSONL file a
subject and set, each line under a key made of the pair, its prompt and what the subject is,
so that nothing is taken for the work of another model. Knows neither models nor how a report looks.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.tasks import TASKS
from catalog_index.durable import exclusive_lock, storage_errors
from catalog_index.errors import IndexLockedError
from finetune.errors import EvaluationError
from finetune.evaluation import bootstrap
from finetune.evaluation.measures import diversity, measures
from finetune.evaluation.subjects import Subject, Written
from finetune.pair import Pair

Progress = Callable[[str, str, int, int], None]
"""Told subject, set, and how many of how many pairs are done."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject that is opened only if something of it is missing."""

    name: str
    identity: Mapping[str, str] = field(hash=False)
    """All that decides what it writes: model and adapter with their digests, decoding."""
    open: Callable[[], Subject] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """How to judge."""

    most: int | None = None
    """Judge at most so many pairs of a set, drawn by the seed."""
    resamples: int = 1000
    seed: int = 0
    perplexity: bool = True
    """Also ask how likely a subject finds the references of tasks that write text."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One score; `low` and `high` end its 95% interval, NaN where there is none."""

    subject: str
    set: str
    task: str
    metric: str
    value: float
    low: float
    high: float
    pairs: int


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a subject is from the first one by a metric, over the same pairs."""

    subject: str
    against: str
    set: str
    task: str
    metric: str
    value: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found."""

    subjects: Mapping[str, Mapping[str, str]] = field(hash=False)
    """Identity of each subject, in the order given."""
    sets: Mapping[str, Sequence[Pair]] = field(hash=False)
    written: Mapping[tuple[str, str], Sequence[Written]] = field(hash=False)
    """(subject, set) -> what was written, in the set's order."""
    figures: Sequence[Figure] = field(hash=False)
    gaps: Sequence[Gap] = field(hash=False)
    settings: Settings = Settings()


def evaluate(
    candidates: Sequence[Candidate],
    sets: Mapping[str, Sequence[Pair]],
    settings: Settings,
    out: Path,
    progress: Progress = lambda *_: None,
) -> Report:
    """Let every subject answer every set, and score what it wrote.

    Raises:
        EvaluationError: there is nothing to judge, a set or a subject is at fault, or another run
            writes to `out`.
    """
    _check(candidates, sets)
    chosen = {name: draw_pairs(name, pairs, settings) for name, pairs in sets.items()}
    folder = out / "outputs"
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    written: dict[tuple[str, str], Sequence[Written]] = {}
    try:
        with exclusive_lock(out / ".lock"):
            for candidate in candidates:
                opened = _Opened(candidate)
                for name, pairs in chosen.items():
                    place = folder / f"{slug(candidate.name)}.{slug(name)}.jsonl"
                    one = _answer(opened, name, pairs, place, settings=settings, progress=progress)
                    written[candidate.name, name] = one
    except IndexLockedError as error:
        raise EvaluationError(f"Another evaluation is writing to {out}; wait for it.") from error
    figures, gaps = score(chosen, written, [one.name for one in candidates], settings)
    identities = {one.name: one.identity for one in candidates}
    return Report(identities, chosen, written, figures, gaps, settings)


def score(
    sets: Mapping[str, Sequence[Pair]],
    written: Mapping[tuple[str, str], Sequence[Written]],
    subjects: Sequence[str],
    settings: Settings,
) -> tuple[list[Figure], list[Gap]]:
    """Return every subject's figures, and how far each is from the first subject."""
    figures: list[Figure] = []
    gaps: list[Gap] = []
    for name, pairs in sets.items():
        for task in tasks_of(pairs):
            places = [at for at, pair in enumerate(pairs) if pair.task == task]
            group = [pairs[at] for at in places]
            weights = bootstrap.draw(len(group), settings.resamples, settings.seed)
            first: dict[str, Any] = {}
            for subject in subjects:
                said = [written[subject, name][at] for at in places]
                if [one.id for one in said] != [pair.id for pair in group]:
                    raise EvaluationError(f"{subject} did not answer the pairs of {name} in order.")
                for measure in measures(task, group, said):
                    found = bootstrap.interval(measure, weights)
                    metric = measure.name
                    figures.append(Figure(subject, name, task, metric, *found, len(group)))
                    if subject == subjects[0]:
                        first[metric] = measure
                    elif metric in first:
                        gap = bootstrap.difference(measure, first[metric], weights)
                        gaps.append(Gap(subject, subjects[0], name, task, metric, *gap))
                none = float("nan")
                for metric, value in diversity(task, group, said).items():
                    row = Figure(subject, name, task, metric, value, none, none, len(group))
                    figures.append(row)
    return figures, gaps


def draw_pairs(name: str, pairs: Sequence[Pair], settings: Settings) -> list[Pair]:
    """Return at most `settings.most` of a set's pairs, in their order."""
    if settings.most is None or len(pairs) <= settings.most:
        return list(pairs)
    chance = random.Random(f"{name} {settings.seed}")
    return [pairs[at] for at in sorted(chance.sample(range(len(pairs)), settings.most))]


def tasks_of(pairs: Sequence[Pair]) -> list[str]:
    """Return the tasks that occur among pairs, in the order of `TASKS`."""
    held = {pair.task for pair in pairs}
    return [task for task in TASKS if task in held]


def slug(name: str) -> str:
    """Return a name as a part of a file name; different names stay different."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")
    if plain == name:
        return plain
    return f"{plain[-60:]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


class _Opened:
    """A candidate, opened at the first look."""

    def __init__(self, candidate: Candidate) -> None:
        self.candidate = candidate
        self._subject: Subject | None = None

    @property
    def subject(self) -> Subject:
        if self._subject is None:
            self._subject = self.candidate.open()
        return self._subject


def _answer(
    opened: _Opened,
    name: str,
    pairs: Sequence[Pair],
    place: Path,
    *,
    settings: Settings,
    progress: Progress,
) -> list[Written]:
    """Return what a subject writes for a set, taking from its file what is there."""
    identity = {**opened.candidate.identity, "perplexity": str(settings.perplexity)}
    keys = {pair.id: _key(pair, identity) for pair in pairs}
    held = {one.id: one for key, one in _read(place) if one.id in keys and key == keys[one.id]}
    missing = [pair for pair in pairs if pair.id not in held]
    subject = opened.candidate.name
    progress(subject, name, len(held), len(pairs))
    if missing:
        asked = {pair.id: pair for pair in missing}
        with _appended(place) as append:
            for one in opened.subject.answer(missing):
                if one.id not in asked or one.id in held:
                    raise EvaluationError(f"{subject} answered {one.id}, which {name} did not ask.")
                scored = _with_likelihood(opened.subject, asked[one.id], one, settings)
                append({"key": keys[one.id], **scored.to_json()})
                held[one.id] = scored
                progress(subject, name, len(held), len(pairs))
    if left := [pair.id for pair in pairs if pair.id not in held]:
        raise EvaluationError(
            f"{subject} left {len(left)} pairs of {name} without an answer (first: {left[0]})."
        )
    return [held[pair.id] for pair in pairs]


@contextmanager
def _appended(place: Path) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Give a function that writes one line to the end of a file, at once."""
    with storage_errors(place):
        file = place.open("ab", buffering=0)
    with file:

        def append(record: Mapping[str, Any]) -> None:
            with storage_errors(place):
                file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")

        if file.tell():
            with storage_errors(place):
                file.write(b"\n")  # ends a line that a kill tore
        yield append


def _with_likelihood(subject: Subject, pair: Pair, one: Written, settings: Settings) -> Written:
    if not settings.perplexity or TASKS[pair.task].labels(pair.read()):
        return one
    found = subject.log_likelihood(pair)
    return one if found is None else replace(one, nats=found[0], scored=found[1])


def _read(place: Path) -> Iterator[tuple[str, Written]]:
    """Yield a file's lines; one that cannot be read is as if its pair had not been asked."""
    if not place.is_file():
        return
    for line in place.read_bytes().splitlines():
        try:
            record = json.loads(line)
            yield record["key"], Written.from_json(record)
        except (ValueError, KeyError, TypeError):
            continue


def _key(pair: Pair, identity: Mapping[str, str]) -> str:
    prompt = pair.prompt()
    whole = json.dumps(
        [pair.to_json(), prompt.instruction, prompt.material, dict(identity)], sort_keys=True
    )
    return hashlib.sha256(whole.encode()).hexdigest()[:20]


def _check(candidates: Sequence[Candidate], sets: Mapping[str, Sequence[Pair]]) -> None:
    names = [one.name for one in candidates]
    if not names or not sets:
        raise EvaluationError("There is nothing to judge; name a subject and a set (--set).")
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise EvaluationError(f"Two subjects have the name {doubled[0]!r}; give each its own.")
    for name, pairs in sets.items():
        ids = [pair.id for pair in pairs]
        if not ids:
            raise EvaluationError(f"The set {name} holds no pairs.")
        if len(set(ids)) < len(ids):
            twice = next(one for one in ids if ids.count(one) > 1)
            raise EvaluationError(
                f"The set {name} is misaligned: the id {twice} stands in it twice."
            )
