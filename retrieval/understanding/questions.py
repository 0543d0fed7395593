"""Which sentences of a message ask or tell something about an item or an order, and seek none.

"is it waterproof?", "can I return it within 30 days" and "my headphones do not charge" hold words
that a search would take for filters; from such a sentence none is read. "do you have red shoes
under 50 euros?" seeks. Decided by how the sentence opens and by words of service and of things
already owned; knows no catalog.
"""

from __future__ import annotations

import re

from catalog_index.filters import fold

_SENTENCE_END = re.compile(r"(?<=[?!;])\s*|(?<=[a-zA-Z\d)\"]\.)\s+(?=\D)|\n+")
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|good morning|good evening|good afternoon|there|please|ok|okay|so|well|and|"
    r"but|sorry|excuse me|quick question|question|also|thanks|thank you|dear|team|sir|madam|all|"
    r"just|hmm|oh|yes|no worries) )+"
)
_SEEKING = re.compile(
    r"(?:do you think (?:you|i) (?:can|could)\b|"
    r"do (?:you|u|they) (?:also )?(?:have|sell|stock|carry|offer)\b|have you (?:got|any)\b|"
    r"(?:can|could|may|would) (?:you|u|i|we) (?:please |maybe )?(?:show|find|get|give|recommend|"
    r"suggest|buy|see|have|help (?:me )?(?:find|choose|pick|with finding)|order)\b|"
    r"(?:are|is) there (?:any|a|an|some)\b|where (?:can|do|could) (?:i|we|you) (?:find|buy|"
    r"get|have)\b|"
    r"(?:what|which)(?: [a-z0-9]+){0,4} (?:do|can|would) (?:you|u|i|we) (?:have|sell|stock|"
    r"carry|offer|"
    r"get|buy|recommend|suggest)\b|(?:what|which|who|whats)(?: is| are| s| one is)?(?: the| your)? "
    r"(?:cheapest|most expensive|least expensive|lowest priced|priciest)|"
    r"(?:what|which) (?!one\b|ones\b|of\b|is\b|are\b|does\b|do\b|was\b|if\b|about\b|"
    r"happens\b)[a-z0-9]+(?: [a-z0-9]+){0,2} "
    r"(?:is|are|cost|costs) (?:the )?(?:cheapest|under|below|less than|in stock|on sale|available|"
    r"cheaper)|(?:what|how) about\b|are there\b|is there (?:anything|something)\b|"
    r"(?:what|which) have you got\b|got any\b|any\b)"
)
_WHICH_OF_MANY = re.compile(
    r"(?:which|what)(?: of your| of the)? (?!this\b|is\b|was\b|does\b|has\b|colou?rs\b|sizes\b|"
    r"materials\b|ingredients\b|days\b|hours\b)[a-z]+s (?:are|can|come|have|fit|with|in|under|"
    r"below|from|for|by|would)\b|(?:whats|what s|what is|what are) (?:on sale|on offer|new|"
    r"in stock|reduced|discounted|available|trending|popular)\b|"
    r"(?:can|could|would) you (?:list|look for|search|point me|check for)\b"
)
_ASKING = re.compile(
    r"(?:is|are|am|was|were|does|do|did|doesn|don|isn|aren|wasn|won|will|would|can|could|should|"
    r"shall|may|might|has|have|had|how|what|whats|why|when|where|wheres|who|whose|which|whether|if|"
    r"tell me|explain|describe|compare|i wonder|wondering|i am wondering|i m wondering|"
    r"im wondering|"
    r"i was wondering|i (?:would like|want|need|d like) to (?:know|ask|return|cancel|"
    r"exchange|track|"
    r"complain|change|report|speak|talk|check|understand|claim|send back)|let me know|do i|"
    r"can i|it|it s|its|they|they re|this|that|these|those|the [a-z0-9 ]{1,60}? (?:is|are|was|were|"
    r"does|do|did|has|have|had|won|will|keeps?|stopped|broke|came|arrived|doesn|isn|don)|"
    r"i (?:have|ve|had|just )?(?: )?(?:bought|ordered|received|got|returned|paid|purchased)|"
    r"we (?:bought|ordered|received|returned|paid)|"
    r"(?:i|we) (?:have|ve|had|got)(?: got)? (?:a |an |some )?"
    r"(?:questions?|problems?|issues?)|"
    r"anyone|anybody|someone told|is it|are they|what if)\b"
)
_WISH_LATE = re.compile(
    r"\b(?:(?:i need|i want)(?! to (?:know|ask|return|cancel|exchange|track|complain|change|report|"
    r"speak|talk|check|understand|claim|send back)\b)|looking for|do you have|"
    r"do you sell|recommend|suggest|show me|"
    r"my [a-z]+ (?:needs|wants|would like|is looking))\b"
)
_AND_ASKS = re.compile(
    r"\band (?:is|are|does|do|can|will|how|what|when) (?:it|they|this|these|much|long)\b"
)
_INQUIRING = re.compile(
    r"(?:is|are|does|do|did|can|could|will|would|should|has|have|how|what|why|when|where|who|which|"
    r"tell me|let me know)\b"
)
_ASKING_LATE = re.compile(
    r"\b(?:is|are|does|do|did|can|could|will|would|should|has|have|what|how|why) "
    r"(?:it|its|they|this|these|the|that|i|you|we|he|her|his|she)\b(?! have\b| sell\b| stock\b)"
)
_SERVICE = re.compile(
    r"\b(?:refunds?|refunded|return policy|returned|returns|my order|my orders|my parcel|"
    r"my package|"
    r"order (?:number|status)|invoice|deliver|delivery|deliveries|delivered|shipping|ship|"
    r"dispatch\w*|courier|postage|customs|warranty|guarantee|exchange|voucher|coupon|promo code|"
    r"discount code|discounts?(?= (?:for|on|if|when))|instal?lments?|pay|payment|account|password|"
    r"opening hours|open|policy|policies|customer service|repair\w*|complain\w*|stores?|showroom|"
    r"loyalty|student discount|gift wrap\w*|orders? (?:over|above|under|of))\b"
)
_OWNED = re.compile(
    r"(?<!for )(?<!in )(?<!on )(?<!with )(?<!to )(?<!fit )(?<!fits )(?<!of )(?<!at )(?<!within )"
    r"(?<!replace )\b(?:my|mine|our)\b(?! (?:budget|size|price|max|limit|favou?rite))"
)
_HAPPENED = re.compile(
    r"\b(?:i|we) (?:(?:have|ve|already|just|recently|only) ){0,2}(?:bought|ordered|"
    r"received|got(?! to)|"
    r"returned|paid|purchased|own)\b|\b(?:it|they) (?:is|are|was|were|does|do|did|has|have|"
    r"will|can|"
    r"won|doesn|don|isn|aren|broke|stopped|arrived|came|comes?|works?|says?|keeps?|looks?|s)\b|"
    r"\bnot working\b|\bbroken\b|\bdoes(?:n t| not) work\b|\bstopped working\b"
)
_THE_ITEM = re.compile(
    r"(?:\b(?:this|that|these|those|the) (?:one|item|product|model|ones)\b|\bit\b|\bthem\b|"
    r"\bthis\b)"
)
_WANTED = re.compile(
    r"(?:it|they|this|these|the [a-z0-9 ]{1,60}?|its [a-z]+) (?:should|must|needs? to|"
    r"has to|have to|"
    r"may|can cost|shouldn t|mustn t|can not|cannot)\b"
)
_WISH = re.compile(
    r"(?:i (?:am|m|was) (?:looking|searching|shopping|after|interested)|im (?:looking|searching)|"
    r"looking for|i (?:want|need|would like|d like)\b(?! to (?:know|ask|return|cancel|"
    r"exchange|track|"
    r"complain|change|report|speak|talk|check|understand|claim|send))|id like|show me|find me|"
    r"(?:get|give|buy|order) me|search|make sure|ensure|choose|pick|select|i search|i prefer|"
    r"(?:i am|i m|im|we are|we re) (?:trying|hoping) to (?:find|buy|get))"
)


def question_spans(text: str) -> list[tuple[int, int]]:
    """Return the sentences (start, end) of a text that ask or tell about something.

    After a sentence that seeks, only one that inquires does: "it is for my kitchen" goes on
    describing what is sought.
    """
    spans: list[tuple[int, int]] = []
    start, sought = 0, False
    for end in [*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]:
        sentence = text[start:end]
        if asks(sentence) and (not sought or _inquires(sentence)):
            spans.append((start, end))
        sought = sought or _WISH.match(_opening(sentence)) is not None
        start = end
    return spans


def _inquires(sentence: str) -> bool:
    return sentence.rstrip().endswith("?") or _INQUIRING.match(_opening(sentence)) is not None


def _opening(sentence: str) -> str:
    """Return a sentence folded, without its greeting."""
    said = fold(sentence)
    greeting = _GREETING.match(f"{said} ")
    return said[greeting.end() :] if greeting else said


def asks(sentence: str) -> bool:
    """Whether one sentence asks or tells about something, and seeks no products."""
    said = _opening(sentence)
    if not said:
        return False
    if _WANTED.match(said):
        return False
    if _SEEKING.match(said) or _WHICH_OF_MANY.match(said):
        seeks_service = re.match(r"(?:\S+ ){0,6}?\S*", said) and _SERVICE.search(said)
        return bool(seeks_service) or bool(_OWNED.search(said)) or _asks_of_one(said)
    if _WISH.match(said):
        return bool(_OWNED.search(said) and _HAPPENED.search(said))
    if _WISH_LATE.search(said) and not _INQUIRING.match(said) and not _SERVICE.search(said):
        return False
    if (
        _ASKING.match(said)
        or _AND_ASKS.search(said)
        or (sentence.rstrip().endswith("?") and _ASKING_LATE.search(said))
    ):
        return True
    return bool(_OWNED.search(said) or _HAPPENED.search(said) or _names_code_and_asks(sentence))


def _asks_of_one(said: str) -> bool:
    """Whether a seeking opening goes on about a known item: "can I get it in black"."""
    return bool(_THE_ITEM.search(said)) and not re.search(
        r"\bthis (?:week|month|year|summer)", said
    )


def _names_code_and_asks(sentence: str) -> bool:
    """Whether a sentence names a product's code and ends as a question: "HB-1023 waterproof?"."""
    code = re.search(r"\b(?:[A-Za-z]{1,5}-\d{2,}\w*|\d{8,14})\b", sentence)
    return code is not None and sentence.rstrip().endswith("?")
