"""Decides what a chat turn wants, from sentence embeddings and hashed n-grams.

The head (`assistant.kernel`) scores every label; `assistant.calibration` turns scores into chances
and decides what is out of scope and what is too close to call, with thresholds chosen by
cross-validation on the training utterances. The router knows neither the catalog, nor the
conversation, nor which model made the embeddings.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import io
import json
import logging
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold

from assistant.calibration import Calibration, Columns, Scores, calibrate, chances_of
from assistant.errors import AssistantError
from assistant.intents import Intent
from assistant.kernel import Floats, Head, fit_duals, fit_head, gram
from assistant.lexical import BINS, clean, count_ngrams, inverse_document_frequency, weigh
from catalog_index.durable import replace_file
from catalog_index.embedding import Embedder
from catalog_index.errors import StorageError

FORMAT = 1
# Three, not five: the first start takes half as long, and unseen turns are routed as well.
FOLDS = 3
ALTERNATIVES = 3
HEAD_FILE = "router.npz"

logger = logging.getLogger(__name__)


class RouterError(AssistantError):
    """Utterances or a stored head cannot be used; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A message with the intent that it has."""

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Route:
    """What a turn wants. `confidence` is calibrated, 0..1; `unsure` means: ask, do not guess.

    `alternatives` are the next best intents with their confidences, best first.
    """

    text: str
    intent: str
    confidence: float
    unsure: bool
    alternatives: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class _Meta:
    """What a stored head says of itself."""

    format: int
    embedder: str
    utterances: str


@dataclass(frozen=True, slots=True)
class IntentRouter:
    """A fitted router. Make one with `fit`, `load` or `load_default`.

    The head's labels are those of `columns`; `idf` is (BINS,).
    """

    embed: Embedder
    head: Head
    idf: Floats
    columns: Columns
    calibration: Calibration
    meta: _Meta

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        *,
        embed: Embedder,
        out_of_scope_label: str | None = Intent.OUT_OF_SCOPE.value,
        seed: int = 0,
    ) -> IntentRouter:
        """Train the head and choose its operating point by cross-validation.

        Args:
            texts: (n,) utterances.
            labels: (n,) the intent of each.
            embed: Gives the sentence embeddings.
            out_of_scope_label: The label of turns that no intent covers. With examples it is
                trained; without, turns unlike every intent still get it. None: never turn away.
            seed: Of the folds; the head itself is fitted in closed form.

        Raises:
            RouterError: Fewer than two intents, an intent with fewer than two utterances, or
                texts and labels of different lengths.
        """
        _check(texts, labels, out_of_scope_label)
        names = np.unique(np.asarray(labels, dtype=str))
        gold = np.searchsorted(names, np.asarray(labels, dtype=str))
        cleaned = [clean(text) for text in texts]
        counts = count_ngrams(cleaned)
        idf = inverse_document_frequency(counts)
        ngrams = weigh(counts, idf)
        vectors = _encode(embed, cleaned)
        smallest = int(np.bincount(gold).min())
        folds = StratifiedKFold(min(FOLDS, smallest), shuffle=True, random_state=seed)
        unseen = np.zeros((len(gold), len(names)))
        kernel = gram(vectors, ngrams)
        for train, test in folds.split(vectors, gold):
            duals, bias = fit_duals(kernel[np.ix_(train, train)], gold[train], len(names))
            unseen[test] = kernel[np.ix_(test, train)] @ duals + bias
        head = fit_head(kernel, vectors, ngrams, gold, len(names))
        columns = Columns(tuple(str(name) for name in names), out_of_scope_label)
        utterances = utterances_hash(map(Utterance, texts, labels))
        return cls(
            embed,
            head,
            idf,
            columns,
            calibrate(unseen, gold, columns),
            _Meta(FORMAT, _embedder_name(embed), utterances),
        )

    @property
    def intents(self) -> tuple[str, ...]:
        """Every intent that `route` can give, in the order of the columns of `probabilities`."""
        return self.columns.intents

    @property
    def sure_confidence(self) -> float:
        """The confidence from which on a route is not `unsure`."""
        return self.calibration.sure

    def route(self, text: str) -> Route:
        """Route one turn; never raises on any text."""
        return self.route_many([text])[0]

    def route_many(self, texts: Sequence[str]) -> list[Route]:
        """Route many turns at once, each as `route` would."""
        chances = self.probabilities(texts)
        routes = []
        for text, row in zip(texts, chances, strict=True):
            if not row.any():
                routes.append(Route(text, self._blank_intent(), 0.0, True, ()))
                continue
            order = np.argsort(-row, kind="stable")
            ranked = [(self.intents[i], float(row[i])) for i in order[: ALTERNATIVES + 1]]
            intent, confidence = ranked[0]
            unsure = confidence < self.calibration.sure
            routes.append(Route(text, intent, confidence, unsure, tuple(ranked[1:])))
        return routes

    def probabilities(self, texts: Sequence[str]) -> Scores:
        """Give the calibrated chance of each intent: (n,) -> (n, intents); blank text is all 0."""
        chances = np.zeros((len(texts), len(self.intents)))
        cleaned = [clean(text) for text in texts]
        filled = [i for i, text in enumerate(cleaned) if text]
        if filled:
            kept = [cleaned[i] for i in filled]
            lexical = weigh(count_ngrams(kept), self.idf)
            scores = self.head.scores(_encode(self.embed, kept), lexical)
            chances[filled] = chances_of(scores, self.columns, self.calibration)
        return chances

    def save(self, path: Path) -> None:
        """Write the head to `path` (.npz), whole or not at all.

        Raises:
            StorageError: The disk is full or refuses.
        """
        about = {
            "meta": asdict(self.meta),
            "columns": asdict(self.columns),
            "calibration": asdict(self.calibration),
        }
        content = io.BytesIO()
        np.savez(
            content,
            embeddings=self.head.embeddings,
            duals=self.head.duals,
            lexical=self.head.lexical,
            bias=self.head.bias,
            idf=self.idf,
            about=np.array(json.dumps(about)),
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content.getvalue())

    @classmethod
    def load(cls, path: Path, embed: Embedder) -> IntentRouter:
        """Read a head that `save` wrote.

        Raises:
            RouterError: The file is missing, damaged, of another format or of another embedder.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                parts = ("embeddings", "duals", "lexical", "bias")
                head, idf = Head(*(stored[name] for name in parts)), stored["idf"]
                about = json.loads(str(stored["about"]))
            meta = _Meta(**about["meta"])
            columns = Columns(tuple(about["columns"]["labels"]), about["columns"]["out_of_scope"])
            calibration = Calibration(**about["calibration"])
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise RouterError(f"{path} is not a router head ({error}); fit it again") from error
        if (meta.format, meta.embedder) != (FORMAT, _embedder_name(embed)):
            raise RouterError(
                f"{path} was made with {meta.embedder} (format {meta.format}), not with "
                f"{_embedder_name(embed)} (format {FORMAT}); fit it again"
            )
        shapes = (head.embeddings.shape, head.duals.shape, head.lexical.shape, idf.shape)
        n, labels = len(head.embeddings), len(columns.labels)
        if shapes != ((n, embed.dimension), (n, labels), (BINS, labels), (BINS,)):
            raise RouterError(f"{path} holds arrays of shapes {shapes}; fit it again")
        return cls(embed, head, idf, columns, calibration, meta)

    @classmethod
    def load_default(cls, embed: Embedder, cache_dir: Path) -> IntentRouter:
        """Give the router of the packaged utterances, from `cache_dir` if it is up to date there.

        Raises:
            RouterError: The packaged utterances are malformed.
        """
        utterances = read_utterances(packaged_utterances("training"))
        path = cache_dir / HEAD_FILE
        try:
            router = cls.load(path, embed)
        except RouterError:
            router = None
        if router is None or router.meta.utterances != utterances_hash(utterances):
            texts = [utterance.text for utterance in utterances]
            router = cls.fit(texts, [utterance.intent for utterance in utterances], embed=embed)
            try:
                router.save(path)
            except (StorageError, OSError) as error:
                logger.warning("The router works but is fitted anew at each start: %s", error)
        return router

    def _blank_intent(self) -> str:
        if Intent.CHITCHAT in self.intents:
            return Intent.CHITCHAT.value
        return self.columns.out_of_scope or self.intents[0]


def packaged_utterances(split: str) -> Traversable:
    """Locate the packaged utterances of a split: "training", "development" or "heldout".

    The development ones were looked at while the router was tuned; the held-out ones were not.
    """
    return importlib.resources.files("assistant") / "data" / "utterances" / f"{split}.jsonl"


def read_utterances(source: Traversable) -> list[Utterance]:
    """Read `{"text", "intent"}` lines.

    Raises:
        RouterError: Names every line that is not such an object, or that the file is empty.
    """
    utterances, faults = [], []
    for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        fields = row if isinstance(row, dict) else {}
        text, intent = fields.get("text"), fields.get("intent")
        if isinstance(text, str) and isinstance(intent, str) and text.strip() and intent:
            utterances.append(Utterance(text, intent))
        else:
            faults.append(number)
    if faults or not utterances:
        where = f"lines {', '.join(map(str, faults))}" if faults else "the file is empty"
        raise RouterError(f'{source}: expected {{"text", "intent"}} objects; {where}')
    return utterances


def utterances_hash(utterances: Iterable[Utterance]) -> str:
    """Hash utterances, in order, with their intents."""
    digest = hashlib.sha256()
    for utterance in utterances:
        line = json.dumps([utterance.text, str(utterance.intent)])
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _check(texts: Sequence[str], labels: Sequence[str], out_of_scope: str | None) -> None:
    if len(texts) != len(labels):
        raise RouterError(f"{len(texts)} texts but {len(labels)} labels; give one label a text")
    names, counts = np.unique(np.asarray(labels, dtype=str), return_counts=True)
    if len(set(names) - {out_of_scope}) < 2:
        raise RouterError("a router needs utterances of at least two in-scope intents")
    if scarce := [str(name) for name, count in zip(names, counts, strict=True) if count < 2]:
        raise RouterError(f"at least two utterances are needed of: {', '.join(scarce)}")


def _embedder_name(embed: Embedder) -> str:
    return f"{embed.id}@{embed.revision}"


def _encode(embed: Embedder, texts: Sequence[str]) -> Floats:
    vectors = np.asarray(embed.encode(texts), dtype=np.float32)
    if vectors.shape != (len(texts), embed.dimension):
        wanted = (len(texts), embed.dimension)
        raise RouterError(f"{embed.id} gave vectors of shape {vectors.shape}, not {wanted}")
    return vectors
