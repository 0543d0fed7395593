"""What is wrong with one pair by itself: reason codes from the fixed list `FAULTS`.

Claims are held against the inputs with the rules that a served draft is held against its evidence
(`assistant.grounding`, `assistant.grounding`). Pure and fast; knows no model, no other pair but
the seed it is given, and cannot tell whether a text is good, only that it is faulty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from assistant.grounding import check_ad, check_answer, check_names, check_numbers, numbers
from assistant.tasks import TASKS
from assistant.tasks.ads import AdsInputs
from assistant.tasks.answer import AnswerInputs
from assistant.tasks.base import TaskInputs
from assistant.tasks.classify import ClassifyInputs
from assistant.tasks.intent import LABELS, IntentInputs
from assistant.tasks.metrics import words
from assistant.tasks.title import TitleInputs
from assistant.tasks.title_rule import FUNCTION_WORDS
from finetune.errors import DatasetError
from finetune.pair import Pair
from finetune.prose import is_broken, is_foreign, repeats, says_something
from retrieval.stems import stems
from retrieval.values import Evidence

FAULTS: Mapping[str, str] = {
    "inputs": "the inputs do not fit the task, or its question or query is blank",
    "empty": "the output holds no word",
    "label": "the output is none of the labels given, letter for letter",
    "number": "the output states a number, or a number's unit, that the inputs do not hold",
    "word": "the title states a word that the record does not hold, or the ad a name or a word that"
    " can be checked",
    "length": "the title is over its limit, the ad is not of 8 to 120 words, the answer over 80,"
    " or the instruction not of 3 to 80",
    "language": "the text is not English, not in Latin letters, or its encoding is broken",
    "repetition": "a word or sentence is repeated, or a title is stuffed with one word",
    "objects": "the inputs interleave fewer than two of seller, customer and platform",
    "yes_no": "the answer says yes where the field asked about says no, or no where it says yes",
    "feature": "the instruction lost a number or a quotation that its seed's holds",
}
"""Reason code -> what it means."""

AD_WORDS = (8, 120)
ANSWER_WORDS = 80
INSTRUCTION_WORDS = (3, 80)

_FUNCTION_WORDS = FUNCTION_WORDS | {"s", "per", "plus", "into", "no"}
"""What a title may add of its own."""
_BRITISH = {
    "gray": "grey",
    "color": "colour",
    "aluminum": "aluminium",
    "fiber": "fibre",
    "liter": "litre",
    "meter": "metre",
}
_AMERICAN = re.compile(rf"\b(?:{'|'.join(_BRITISH)})(?=(?:s|ed)?\b)", re.I)
_CLOSING = re.compile(r"([.!?])[\"”’']")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_GLUED = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=[-/])(?=\d)")
_SPELT = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
)
_SPELT_TENS = "thirty forty fifty sixty seventy eighty ninety hundred"
_NUMBER_WORDS = {word: value for value, word in enumerate(_SPELT.split())} | {
    word: 10 * value for value, word in enumerate(_SPELT_TENS.split(), start=3)
}
_NUMBER_WORD = re.compile(rf"\b({'|'.join(_NUMBER_WORDS)})\b", re.I)
_QUOTED = re.compile(r"[\"“]([^\"”]{2,60})[\"”]")
_FLAG = re.compile(r"\s*(?P<name>[^:]{2,40}):\s*(?P<said>yes|no)\b", re.I)
_TURNED = re.compile(r"\b(?:not|no|without|free|lack|non|or|need|instead|but|only)\b|n't\b", re.I)


def faults(pair: Pair, *, seed: Pair | None = None, interleaved: bool = False) -> list[str]:
    """Return the codes of what is wrong with a pair, in the order of `FAULTS`; none: [].

    Args:
        pair: the pair.
        seed: the seed that the pair's instruction is a rewriting of; None skips "feature".
        interleaved: whether the pair must join two of the paper's objects: expert seeds and their
            expansions must, public sets need not.
    """
    try:
        inputs = pair.read()
    except (DatasetError, KeyError):
        return ["inputs"]
    found = set(_material_faults(pair))
    found |= set(_instruction_faults(pair, seed))
    if interleaved and len(pair.objects()) < 2:
        found.add("objects")
    if says_something(pair.output):
        found |= set(_output_faults(pair, inputs))
    else:
        found.add("empty")
    return [code for code in FAULTS if code in found]


def _material_faults(pair: Pair) -> Iterator[str]:
    for key in ("question", "query"):
        if key in pair.inputs and not says_something(str(pair.inputs[key])):
            yield "inputs"
    if any(is_broken(text) for text in _strings(pair.inputs)):
        yield "language"


def _instruction_faults(pair: Pair, seed: Pair | None) -> Iterator[str]:
    if not pair.instruction:
        return
    low, high = INSTRUCTION_WORDS
    if not low <= len(pair.instruction.split()) <= high:
        yield "length"
    if is_broken(pair.instruction) or is_foreign(pair.instruction):
        yield "language"
    if repeats(pair.instruction):
        yield "repetition"
    if seed is not None and _lost(pair, seed):
        yield "feature"


def _output_faults(pair: Pair, inputs: TaskInputs) -> Iterator[str]:
    """Yield what is wrong with an output of its task."""
    output = pair.output
    if is_broken(output):
        yield "language"
    if isinstance(inputs, ClassifyInputs | IntentInputs):
        labels = inputs.labels if isinstance(inputs, ClassifyInputs) else LABELS
        if output not in labels:
            yield "label"
        return
    if repeats(output):
        yield "repetition"
    sources = _sources(pair.task, inputs)
    told = list(sources)
    if isinstance(inputs, AnswerInputs):
        # A question's number may be said again: "No, it holds 1.5 l, not 2 l."
        told += [("", field, text) for field, text in inputs.context.items()]
        told.append(("", "question", inputs.question))
    if _unheld_number(output, told):
        yield "number"
    if isinstance(inputs, TitleInputs):
        if _unheld_word(output, sources):
            yield "word"
        if len(output) > inputs.max_characters:
            yield "length"
        if any(count > 2 for count in Counter(words(output)).values()):
            yield "repetition"
        return
    if is_foreign(output):
        yield "language"
    length = len(words(output))
    if isinstance(inputs, AdsInputs):
        if not AD_WORDS[0] <= length <= AD_WORDS[1]:
            yield "length"
        if _unheld_claim(output, sources):
            yield "word"
    if isinstance(inputs, AnswerInputs):
        if length > ANSWER_WORDS:
            yield "length"
        if _contradicts(output, inputs):
            yield "yes_no"


def _strings(value: object) -> Iterator[str]:
    """Yield every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)


def _sources(task: str, inputs: TaskInputs) -> list[tuple[str, str, str]]:
    """Return (id, field, text) of what an output of the task may state."""
    return [("", field, text) for field, text in TASKS[task].source(inputs)]


def _unheld_word(title: str, sources: Sequence[tuple[str, str, str]]) -> bool:
    """Whether a title states a word that no source of (id, field, text) holds in any spelling."""
    claims = check_names(title, sources)
    if all(claim.text in _FUNCTION_WORDS for claim in claims):
        return False
    spelt = [(identity, _british(field), _british(text)) for identity, field, text in sources]
    return any(claim.text not in _FUNCTION_WORDS for claim in check_names(_british(title), spelt))


def _unheld_claim(ad: str, sources: Sequence[tuple[str, str, str]]) -> bool:
    """Whether an ad states a name or checkable word that no source of (id, field, text) holds."""
    text = _CLOSING.sub(r"\1", ad)  # what follows a quoted sentence begins one
    figures = {claim.text for claim in check_numbers(text, sources)}
    return any(
        claim.verdict != "supported" and claim.text not in figures
        for claim in check_ad(text, sources)
    )


def _british(text: str) -> str:
    """Spell a text the British way, as far as titles need it."""
    return _AMERICAN.sub(lambda found: _BRITISH[found.group().lower()], text)


def _unheld_number(output: str, sources: Sequence[tuple[str, str, str]]) -> bool:
    """Whether the output states a number that no source of (id, field, text) holds.

    Beyond the rules for served drafts, a number may stand in words ("two") or be part of a code
    or a size ("iphone5", "140x200") in the inputs.
    """
    if not _DIGITS.search(output):
        return False
    # Names too: "4-in-1: yes" and "usb 3.0 ports: 2" hold numbers.
    held = [(identity, field, f"{field} {text}") for identity, field, text in sources]
    missing = [claim.text for claim in check_numbers(output, held) if claim.verdict != "supported"]
    if not missing:
        return False
    text = _GLUED.sub(" ", " ".join(text for _, _, text in held))
    loose = numbers(_NUMBER_WORD.sub(lambda found: str(_NUMBER_WORDS[found[1].lower()]), text))
    return any(
        not any(one.value == number.value and number.unit in ("", one.unit) for one in loose)
        for claim in missing
        for number in numbers(claim)
    )


def _contradicts(answer: str, inputs: AnswerInputs) -> bool:
    """Whether the answer's yes or no goes against the one yes-or-no field that the question names.

    A question that could be meant the other way round ("free of", "or", "need") proves nothing.
    """
    asked = stems(inputs.question)
    flags = [flag for flag in map(_FLAG.match, inputs.evidence) if flag]
    named = [flag for flag in flags if stems(flag["name"]) <= asked]
    if not named or _TURNED.search(inputs.question) or _TURNED.search(named[0]["name"]):
        return False
    said = {flag["said"].lower() for flag in named}
    if len(said) > 1 or not re.match(r"\s*(?:yes|no)\b", answer, re.I):
        return False
    evidence = Evidence("", "", "product", named[0]["name"].strip().lower(), said.pop(), 1.0)
    claims = check_answer(answer, [evidence], inputs.question)
    return any(claim.verdict == "contradicted" and claim.text in ("yes", "no") for claim in claims)


def _lost(pair: Pair, seed: Pair) -> bool:
    """Whether the instruction lost a number or quotation of the seed's.

    A number that the seed took from its own inputs ("at most 60 characters") is missed only where
    the pair's inputs hold it too.
    """
    said = pair.instruction.casefold()
    for quoted in _QUOTED.findall(seed.instruction):
        if quoted.strip(" .,!?").casefold() not in said:
            return True
    wanted = {number.value for number in numbers(seed.instruction)}
    if not wanted:
        return False
    kept = {number.value for number in numbers(pair.instruction)}
    kept |= {_NUMBER_WORDS[word.lower()] for word in _NUMBER_WORD.findall(said)}
    own, new = _input_numbers(seed), _input_numbers(pair)
    return any(value not in own or value in new for value in wanted - kept)


def _input_numbers(pair: Pair) -> set[float]:
    rest = {name: value for name, value in pair.inputs.items() if name != "instruction"}
    return {number.value for number in numbers(str(rest))}
