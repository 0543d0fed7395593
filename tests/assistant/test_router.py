"""The intent router on the real MiniLM: what it must get right, and what must not break it."""

from __future__ import annotations

import dataclasses
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import router as router_module
from assistant.calibration import OUT_OF_SCOPE_RECALL, Columns, calibrate, chances_of
from assistant.intents import INTENT_TEXTS, Intent
from assistant.lexical import MAX_CHARS
from assistant.router import (
    HEAD_FILE,
    IntentRouter,
    RouterError,
    Utterance,
    packaged_utterances,
    read_utterances,
    utterances_hash,
)
from catalog_index.embedding import MiniLMEmbedder

SPLITS = ("training", "development", "heldout")
IN_SCOPE_FLOOR = 0.97
OUT_OF_SCOPE_FLOOR = 0.90
SURE_FLOOR = 0.97


class RememberingEmbedder:
    """MiniLM that embeds no text twice, so that fitting again in a test is cheap."""

    def __init__(self) -> None:
        self._model = MiniLMEmbedder()
        self._known: dict[str, NDArray[np.float32]] = {}
        self.id = self._model.id
        self.revision = self._model.revision
        self.dimension = self._model.dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if new := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known.update(zip(new, self._model.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


@pytest.fixture(scope="module")
def embed() -> RememberingEmbedder:
    return RememberingEmbedder()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("router")


@pytest.fixture(scope="module")
def router(embed: RememberingEmbedder, cache: Path) -> IntentRouter:
    return IntentRouter.load_default(embed, cache)


@pytest.fixture(scope="module")
def train() -> list[Utterance]:
    return read_utterances(packaged_utterances("training"))


@pytest.fixture(scope="module")
def heldout() -> list[Utterance]:
    return read_utterances(packaged_utterances("heldout"))


@pytest.fixture(scope="module")
def development() -> list[Utterance]:
    return read_utterances(packaged_utterances("development"))


@pytest.fixture
def few(train, tmp_path_factory, monkeypatch) -> list[Utterance]:
    """Every tenth packaged utterance as the packaged ones, so that fitting again is quick."""
    rows = train[::10]
    path = tmp_path_factory.mktemp("few") / "few.jsonl"
    path.write_text("".join(json.dumps(dataclasses.asdict(row)) + "\n" for row in rows))
    monkeypatch.setattr(router_module, "packaged_utterances", lambda split: path)
    return rows


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Count how often a head is fitted rather than read."""
    calls: list[int] = []
    genuine = router_module.fit_head

    def counting(kernel, embeddings, ngrams, gold, n_labels):
        calls.append(len(gold))
        return genuine(kernel, embeddings, ngrams, gold, n_labels)

    monkeypatch.setattr(router_module, "fit_head", counting)
    yield calls


def normalised(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower())) or text


def test_every_intent_has_enough_utterances_in_every_file(train, development, heldout):
    for utterances, floor in ((train, 500), (development, 25), (heldout, 45)):
        counts = Counter(utterance.intent for utterance in utterances)
        assert set(counts) == set(Intent)
        assert min(counts.values()) >= floor


def test_utterance_lines_hold_a_text_and_an_intent_and_nothing_else():
    for split in SPLITS:
        for line in packaged_utterances(split).read_text(encoding="utf-8").splitlines():
            assert set(json.loads(line)) == {"text", "intent"}


def test_no_utterance_comes_twice_in_or_across_the_files(train, development, heldout):
    rows = [*train, *development, *heldout]
    counts = Counter(normalised(utterance.text) for utterance in rows)
    assert [text for text, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("split", SPLITS[1:])
def test_unseen_utterances_have_no_near_duplicate_in_training(train, split, embed):
    others = read_utterances(packaged_utterances(split))
    known = embed.encode([utterance.text for utterance in train])
    unseen = embed.encode([utterance.text for utterance in others])
    words = [set(normalised(utterance.text).split()) for utterance in train]
    alike = []
    for row, utterance in zip(unseen @ known.T, others, strict=True):
        mine = set(normalised(utterance.text).split())
        for i in np.flatnonzero(row > 0.9):
            if len(mine & words[i]) / len(mine | words[i]) > 0.6:
                alike.append((utterance.text, train[i].text))
    assert alike == []


def test_every_intent_has_words_for_the_page():
    assert set(INTENT_TEXTS) == set(Intent)
    assert all(intent.label and intent.description.endswith(".") for intent in Intent)


@pytest.mark.parametrize("split", SPLITS[1:])
def test_unseen_utterances_are_routed_well(router, split):
    unseen = read_utterances(packaged_utterances(split))
    routes = router.route_many([utterance.text for utterance in unseen])
    known = [u.intent != Intent.OUT_OF_SCOPE for u in unseen]
    right = [r.intent == u.intent for r, u in zip(routes, unseen, strict=True)]
    inside = [hit for hit, is_known in zip(right, known, strict=True) if is_known]
    outside = [hit for hit, is_known in zip(right, known, strict=True) if not is_known]
    sure = [hit for hit, route in zip(right, routes, strict=True) if not route.unsure]
    assert np.mean(inside) >= IN_SCOPE_FLOOR
    assert np.mean(outside) >= OUT_OF_SCOPE_FLOOR
    assert np.mean(sure) >= SURE_FLOOR
    assert len(sure) >= 0.85 * len(unseen)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("write a facebook ad for the walnut chess set", Intent.ADS),
        ("optimise the product title for the query chess set travel", Intent.TITLE),
        ("which category does SKU 55-20 belong to", Intent.CLASSIFY),
        ("would a shopper who searched 'chess clock' buy this board", Intent.PURCHASE_INTENT),
        ("is the chess board foldable", Intent.ANSWER),
        ("what is your return policy for opened items", Intent.ANSWER),
        ("show me chess sets under 40 euros", Intent.SEARCH),
        ("hello, who are you?", Intent.CHITCHAT),
        ("where is my order 90211", Intent.OUT_OF_SCOPE),
        ("can i take these pills with wine", Intent.OUT_OF_SCOPE),
    ],
)
def test_plain_requests_of_every_intent(router, text, intent):
    assert router.route(text).intent == intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("is it waterproof?", Intent.ANSWER),
        ("and its height?", Intent.ANSWER),
        ("what about the weight", Intent.ANSWER),
        ("which is heavier, the Torq or the Halden", Intent.ANSWER),
        ("compare it with the first", Intent.ANSWER),
        ("since it is waterproof can i wear it in the pool", Intent.ANSWER),
        ("what about under 50?", Intent.SEARCH),
        ("the cheapest one please", Intent.SEARCH),
    ],
)
def test_terse_follow_ups_of_a_dialogue(router, text, intent):
    assert router.route(text).intent == intent


def test_confidences_are_chances_sorted_downwards(router, heldout):
    for route in router.route_many([utterance.text for utterance in heldout]):
        chances = [route.confidence, *(chance for _, chance in route.alternatives)]
        assert chances == sorted(chances, reverse=True)
        assert 0 <= sum(chances) <= 1 + 1e-9
        assert route.intent not in dict(route.alternatives)


@pytest.mark.parametrize("text", ["qzx wvkj blorpt", "fnord ghhjk 8", "zzkj / wqx ,, prrt"])
def test_gibberish_is_unsure(router, text):
    assert router.route(text).unsure


def test_unsure_is_exactly_below_the_threshold(router, heldout):
    for route in router.route_many([utterance.text for utterance in heldout]):
        assert route.unsure == (route.confidence < router.sure_confidence)


@pytest.mark.parametrize("text", ["", "   \n\t ", "\x00\x07\x1b"])
def test_blank_text_is_unsure_small_talk(router, text):
    route = router.route(text)
    assert (route.intent, route.confidence, route.unsure) == (Intent.CHITCHAT, 0.0, True)


@pytest.mark.parametrize(
    "text", ["👍", "🤖🔥", "\ud800 hello", "是否防水", "a" * 100_000, "(((((", "0"]
)
def test_odd_text_is_routed(router, text):
    route = router.route(text)
    assert route.intent in set(Intent)
    assert 0 < route.confidence <= 1


def test_only_the_start_of_a_huge_message_counts(router):
    start = ("write an instagram ad for the blue kettle " * 60)[:MAX_CHARS]
    huge = router.route(start + " where is my order" * 5000)
    assert huge.intent == Intent.ADS
    assert huge.confidence == pytest.approx(router.route(start).confidence, abs=1e-6)


def test_control_characters_do_not_change_the_route(router):
    assert router.route("is\x00it\x07waterproof").intent == router.route("is it waterproof").intent


def test_batch_and_single_routes_agree(router, heldout):
    texts = [utterance.text for utterance in heldout[:20]] + [""]
    for one, many in zip(map(router.route, texts), router.route_many(texts), strict=True):
        assert one.intent == many.intent
        assert one.confidence == pytest.approx(many.confidence, abs=1e-3)


def test_fitting_twice_gives_the_same_router(embed, train, heldout):
    texts, labels = zip(*((u.text, u.intent) for u in train[::10]), strict=True)
    unseen = [utterance.text for utterance in heldout]
    one, two = (IntentRouter.fit(texts, labels, embed=embed) for _ in range(2))
    np.testing.assert_allclose(one.probabilities(unseen), two.probabilities(unseen), atol=1e-4)


def test_saving_and_loading_changes_nothing(router, embed, heldout, tmp_path):
    router.save(tmp_path / "head.npz")
    loaded = IntentRouter.load(tmp_path / "head.npz", embed)
    texts = [utterance.text for utterance in heldout]
    assert loaded.route_many(texts) == router.route_many(texts)
    assert [path.name for path in tmp_path.iterdir()] == ["head.npz"]


def test_an_up_to_date_cache_is_not_fitted_again(router, embed, cache, fits):
    assert IntentRouter.load_default(embed, cache).calibration == router.calibration
    assert fits == []


def test_other_utterances_than_the_cached_ones_refit(router, embed, tmp_path, fits, few):
    stale = dataclasses.replace(router.meta, utterances="0" * 64)
    dataclasses.replace(router, meta=stale).save(tmp_path / HEAD_FILE)
    fresh = IntentRouter.load_default(embed, tmp_path)
    assert fits == [len(few)]
    assert fresh.meta.utterances == utterances_hash(few)
    assert IntentRouter.load(tmp_path / HEAD_FILE, embed).meta == fresh.meta


@pytest.mark.parametrize("damage", ["cut", "garbage", "empty"])
@pytest.mark.usefixtures("few")
def test_a_damaged_cache_refits(router, embed, tmp_path, fits, damage):
    path = tmp_path / HEAD_FILE
    router.save(path)
    whole = path.read_bytes()
    path.write_bytes(
        {"cut": whole[: len(whole) // 2], "garbage": b"PK\x03\x04junk", "empty": b""}[damage]
    )
    with pytest.raises(RouterError):
        IntentRouter.load(path, embed)
    assert IntentRouter.load_default(embed, tmp_path).route("hello").intent == Intent.CHITCHAT
    assert len(fits) == 1


def test_a_head_of_another_embedder_is_refused(router, embed, tmp_path):
    router.save(tmp_path / "head.npz")
    other = RememberingEmbedder()
    other.revision = "another"
    with pytest.raises(RouterError, match="another"):
        IntentRouter.load(tmp_path / "head.npz", other)


@pytest.mark.usefixtures("few")
def test_a_cache_that_cannot_be_written_only_costs_time(embed, tmp_path, caplog):
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert IntentRouter.load_default(embed, blocked).route("hi").intent == Intent.CHITCHAT
    assert "fitted anew" in caplog.text


FOREIGN = {
    "lights": [
        "turn on the lamp",
        "lights off please",
        "dim the bedroom light",
        "make it brighter",
    ],
    "music": ["play some jazz", "next song", "pause the music", "louder please"],
    "alarm": ["wake me at six", "set an alarm", "cancel the alarm", "alarm for monday 7am"],
}


def foreign() -> tuple[list[str], list[str]]:
    pairs = [(text, label) for label, texts in FOREIGN.items() for text in texts]
    return [text for text, _ in pairs], [label for _, label in pairs]


def test_a_foreign_label_set_without_out_of_scope_is_never_turned_away(embed):
    router = IntentRouter.fit(*foreign(), embed=embed, out_of_scope_label=None)
    assert set(router.intents) == set(FOREIGN)
    assert router.route("could you switch the light on").intent == "lights"
    assert router.route("put on a song").intent == "music"
    assert router.route("the treaty of westphalia").intent in FOREIGN
    assert router.route("").unsure


def test_without_examples_of_it_out_of_scope_is_what_nothing_claims(embed):
    router = IntentRouter.fit(*foreign(), embed=embed, out_of_scope_label="oos")
    assert router.intents[-1] == "oos"
    assert router.route("play the next song").intent == "music"
    assert router.route("the treaty of westphalia ended the thirty years war").intent == "oos"


def test_the_operating_point_is_the_laxest_that_meets_the_recall():
    columns = Columns(("buy", "oos"), "oos")
    inside, outside = np.linspace(0.0, 1.0, 101), np.linspace(-1.0, 0.5, 101)
    lead = np.concatenate([inside, outside])
    scores = np.stack([lead, np.zeros(202)], axis=1)
    gold = np.repeat([0, 1], 101)
    chances = chances_of(scores, columns, calibrate(scores, gold, columns))
    turned_away = chances.argmax(axis=1)[gold == 1] == 1
    assert turned_away.mean() == pytest.approx(OUT_OF_SCOPE_RECALL, abs=0.01)


def test_two_labels_are_enough(embed):
    texts, labels = foreign()
    router = IntentRouter.fit(texts[:8], labels[:8], embed=embed, out_of_scope_label=None)
    assert router.route("play the next song").intent == "music"
    assert router.route("lamp on").intent == "lights"


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        (["a", "b"], ["x"], "2 texts but 1 labels"),
        (["a", "b"], ["x", "x"], "at least two in-scope"),
        (["a", "b", "c"], ["x", "x", "y"], "needed of: y"),
        ([], [], "at least two in-scope"),
    ],
)
def test_unusable_training_data_is_named(embed, texts, labels, message):
    with pytest.raises(RouterError, match=message):
        IntentRouter.fit(texts, labels, embed=embed)


def test_every_malformed_line_is_named(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text(
        '{"text": "hi", "intent": "chitchat"}\nnot json\n{"text": " ", "intent": "x"}\n[1]\n'
    )
    with pytest.raises(RouterError, match="lines 2, 3, 4"):
        read_utterances(path)
    path.write_text("")
    with pytest.raises(RouterError, match="empty"):
        read_utterances(path)
