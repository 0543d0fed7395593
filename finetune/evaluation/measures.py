"""Which measures a task is judged by, and what each means. Knows no model and no file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from assistant.tasks import TASKS
from assistant.tasks.answer import abstains
from assistant.tasks.metrics import word_f1
from assistant.values import Draft
from finetune.evaluation import metrics
from finetune.evaluation.metrics import Measure
from finetune.evaluation.subjects import Written
from finetune.pair import Pair
from finetune.stats import distinct


class About(NamedTuple):
    """A metric as a report names it."""

    title: str
    meaning: str
    better: int = 1
    """1 where more is better, -1 where less is, 0 where neither."""
    is_share: bool = True


METRICS: dict[str, About] = {
    "accuracy": About("Accuracy", "share of the pairs whose label is right"),
    "macro_f1": About("Macro F1", "mean F1 over the labels of the references"),
    "macro_precision": About("Macro precision", "mean precision over those labels"),
    "macro_recall": About("Macro recall", "mean recall over those labels"),
    "rouge_l": About("ROUGE-L", "F1 of the longest common subsequence of words"),
    "rouge_1": About("ROUGE-1", "F1 of the common words"),
    "rouge_2": About("ROUGE-2", "F1 of the common pairs of words"),
    "bleu": About("BLEU", "corpus BLEU-4, tokens 13a, smoothing exp"),
    "word_f1": About("Word F1", "F1 of the two bags of words, numbers whole"),
    "refused": About("Refused", "share of answers that the catalog does not say", 0),
    "refusal_precision": About("Refusal precision", "share of refusals that were right"),
    "refusal_recall": About("Refusal recall", "share of the unanswerable that was refused"),
    "refusal_f1": About("Refusal F1", "harmonic mean of the two"),
    "grounded": About("Grounded", "share of outputs without a claim that the inputs do not hold"),
    "claims_supported": About("Claims supported", "share of all claims that the inputs hold"),
    "query_coverage": About("Query coverage", "share of the query's true words in the title"),
    "length_ok": About("Length", "share of outputs of a fitting length"),
    "flesch": About("Flesch", "reading ease; plain English is 60 to 70", 0, is_share=False),
    "distinct_1": About("Distinct-1", "different words over all words of the outputs", 0),
    "distinct_2": About("Distinct-2", "the same for pairs of words", 0),
    "perplexity": About("Perplexity", "of the reference, a token", -1, is_share=False),
    "bits_per_byte": About("Bits per byte", "of the reference", -1, is_share=False),
    "unparseable": About("Unparseable", "share without a label, or without any text", -1),
    "seconds": About("Seconds", "for one pair, on a machine that may do other work", 0, False),
}
"""Every metric by name, in the order of a report."""
HEADLINE = {
    "classify": "macro_f1",
    "intent": "macro_f1",
    "answer": "rouge_l",
    "ads": "rouge_l",
    "title": "query_coverage",
}
"""The metric that a task's plot shows."""


def measures(task: str, pairs: Sequence[Pair], written: Sequence[Written]) -> list[Measure]:
    """Return the measures of one task's outputs.

    Args:
        task: of every pair.
        pairs: at least one.
        written: what a subject wrote for each, in the same order.
    """
    if TASKS[task].labels(pairs[0].read()):
        found = [*metrics.classification([p.output for p in pairs], [w.label for w in written])]
    else:
        found = [*_against_references(pairs, written), *_checks(task, pairs, written)]
        found += _likelihoods(pairs, written)
    found.append(metrics.mean("unparseable", [float(not one.parseable) for one in written]))
    found.append(metrics.mean("seconds", [one.seconds for one in written]))
    order = list(METRICS)
    return sorted(found, key=lambda measure: order.index(measure.name))


def diversity(task: str, pairs: Sequence[Pair], written: Sequence[Written]) -> dict[str, float]:
    """Return the scores that belong to the outputs as a whole and cannot be resampled."""
    if TASKS[task].labels(pairs[0].read()):
        return {}
    texts = [one.text for one in written]
    return {"distinct_1": distinct(texts, 1), "distinct_2": distinct(texts, 2)}


def pair_score(pair: Pair, written: Written) -> float:
    """Return how good one output is, in [0, 1]: to find the worst with."""
    if written.label is not None or TASKS[pair.task].labels(pair.read()):
        return float(written.label == pair.output)
    alike = metrics.rouge_l(written.text, pair.output)
    if pair.task == "title":
        alike = (alike + _scores(pair, written)["query_coverage"]) / 2
    if pair.task == "answer" and abstains(written.text) != pair.unanswerable:
        alike = 0.0
    return alike / 2 if written.failed else alike


def fault(pair: Pair, written: Written) -> str:
    """Say what is wrong with an output; "" where nothing is."""
    if TASKS[pair.task].labels(pair.read()):
        if written.label is None:
            return "names no label"
        return "" if written.label == pair.output else "wrong label"
    if not written.parseable:
        return "nothing written"
    found = []
    if written.failed:
        found.append(f"not in the inputs: {', '.join(written.failed[:5])}")
    if pair.task == "answer" and abstains(written.text) != pair.unanswerable:
        found.append("answered what has no answer" if pair.unanswerable else "refused to answer")
    if pair.task == "title" and _scores(pair, written)["query_coverage"] < 1:
        found.append("leaves out a true word of the query")
    if not found and (alike := metrics.rouge_l(written.text, pair.output)) < 0.3:
        found.append(f"far from the reference (ROUGE-L {alike:.2f})")
    return "; ".join(found)


def _against_references(pairs: Sequence[Pair], written: Sequence[Written]) -> list[Measure]:
    texts, wanted = [one.text for one in written], [pair.output for pair in pairs]
    both = list(zip(texts, wanted, strict=True))
    return [
        metrics.mean("rouge_1", [metrics.rouge_n(*one, 1) for one in both]),
        metrics.mean("rouge_2", [metrics.rouge_n(*one, 2) for one in both]),
        metrics.mean("rouge_l", [metrics.rouge_l(*one) for one in both]),
        metrics.bleu(texts, wanted),
        metrics.mean("word_f1", [word_f1(*one) for one in both]),
    ]


def _checks(task: str, pairs: Sequence[Pair], written: Sequence[Written]) -> list[Measure]:
    found = [
        metrics.mean("grounded", [float(not one.failed) for one in written]),
        metrics.ratio(
            "claims_supported",
            [one.claims - len(one.failed) for one in written],
            [one.claims for one in written],
        ),
    ]
    if task == "answer":
        refused = [abstains(one.text) for one in written]
        found.append(metrics.mean("refused", [float(one) for one in refused]))
        if any(pair.unanswerable for pair in pairs):
            found += metrics.refusals(refused, [pair.unanswerable for pair in pairs])
        return found
    scores = [_scores(*both) for both in zip(pairs, written, strict=True)]
    for name in ("query_coverage", "length_ok"):
        if name in scores[0]:
            found.append(metrics.mean(name, [one[name] for one in scores]))
    if task == "ads":
        found.append(metrics.mean("flesch", [metrics.flesch(one.text) for one in written]))
    return found


def _likelihoods(pairs: Sequence[Pair], written: Sequence[Written]) -> list[Measure]:
    """Measure the references' likelihood; a pair too long to be scored adds nothing."""
    if all(one.nats is None for one in written):
        return []
    nats = [one.nats or 0.0 for one in written]
    texts = [
        "" if one.nats is None else pair.output for pair, one in zip(pairs, written, strict=True)
    ]
    return [
        metrics.perplexity(nats, [one.scored or 0 for one in written]),
        metrics.bits_per_byte(nats, texts),
    ]


def _scores(pair: Pair, written: Written) -> dict[str, float]:
    task: Any = TASKS[pair.task]
    found: dict[str, float] = task.score(Draft(written.text), pair.output, pair.read())
    return found
