"""An answer as a reply that can be sent to a shopper, in a chosen tone.

The tone is in greeting, closing and contractions; the checked sentences keep every fact, since no
model writes them anew.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

from assistant.intents import Intent
from assistant.values import Answer

Tone = Literal["plain", "friendly", "formal", "apologetic", "brief"]
TONES: tuple[Tone, ...] = get_args(Tone)

_OPENINGS = {
    "friendly": "Hi there, thanks for asking!",
    "formal": "Dear customer,\n\nThank you for your question.",
    "apologetic": "I am sorry for the trouble.",
}
_CLOSINGS = {
    "friendly": "Anything else you would like to know? Just ask.",
    "formal": "Please let us know if we can be of further help.\n\nKind regards",
    "apologetic": "Thank you for your patience.",
}
_UNKNOWN = "I do not have that detail at hand. I will check with a colleague and come back to you."
_SHORT = (
    (r"\bit is\b", "it's"), (r"\bIt is\b", "It's"), (r"\bdoes not\b", "doesn't"),
    (r"\bdo not\b", "don't"), (r"\bis not\b", "isn't"), (r"\bare not\b", "aren't"),
    (r"\bcannot\b", "can't"), (r"\bI will\b", "I'll"), (r"\byou would\b", "you'd"),
)  # fmt: skip
_LONG = (
    (r"\bit's\b", "it is"), (r"\bIt's\b", "It is"), (r"\bdoesn't\b", "does not"),
    (r"\bdon't\b", "do not"), (r"\bisn't\b", "is not"), (r"\baren't\b", "are not"),
    (r"\bcan't\b", "cannot"), (r"\bI'll\b", "I will"),
)  # fmt: skip
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])")
_CODES = re.compile(r" \[[^\[\]\s]{1,64}\]")


def reply(answer: Answer, tone: Tone = "plain") -> str:
    """Return the text for the shopper: no citation marks, no talk of catalogs and records.

    Args:
        answer: a finished turn.
        tone: how it is said.
    """
    is_question = answer.intent == Intent.ANSWER
    text = _UNKNOWN if is_question and answer.abstained else _CODES.sub("", answer.text).strip()
    if answer.intent in (Intent.ADS, Intent.TITLE, Intent.CLASSIFY, Intent.PURCHASE_INTENT):
        return text
    if tone == "brief":
        return text if "\n" in text else _SENTENCE_END.split(text)[0]
    for pattern, other in _SHORT if tone == "friendly" else _LONG if tone == "formal" else ():
        text = re.sub(pattern, other, text)
    parts = (_OPENINGS.get(tone, ""), text, _CLOSINGS.get(tone, ""))
    between = "\n\n" if tone == "formal" or "\n" in text else " "
    return between.join(part for part in parts if part)
