"""The optional cross-encoder: order, threshold after it, and models that are none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from catalog_index.index import CatalogIndex
from retrieval.errors import RetrieverOptionError
from retrieval.hybrid import search_index
from retrieval.registry import open_retriever, search
from retrieval.reranking import CrossEncoder, Reranking
from retrieval.values import Query
from tests.fakes import HashEmbedder


class Longest:
    """Scores a text by its length."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        self.read += texts
        return [min(1.0, len(text) / 1000) for text in texts]


def test_the_best_hits_are_ordered_anew(index: CatalogIndex) -> None:
    reranker = Longest()
    query = Query("steel kettle", 5, "product")
    found = search_index(index, query, reranking=Reranking(reranker, depth=8))
    assert len(reranker.read) == 8
    assert len(found) == 5
    scores = [hit.score for hit in found]
    assert scores == sorted(scores, reverse=True)
    assert {hit.id for hit in found} <= {
        hit.id for hit in search_index(index, Query("steel kettle", 8, "product"))
    }


def test_the_threshold_is_applied_after_and_may_leave_nothing(index: CatalogIndex) -> None:
    query = Query("steel kettle", 5, "product")
    assert search_index(index, query, reranking=Reranking(Longest(), least=1.0)) == []
    assert search_index(index, query, reranking=Reranking(Longest(), least=0.01))


def test_a_product_named_by_its_code_stays_first(index: CatalogIndex) -> None:
    found = search_index(index, Query("LA-2002", 3), reranking=Reranking(Longest(), least=1.0))
    assert [hit.id for hit in found] == ["LA-2002"]


@pytest.fixture(scope="module", params=[1, 3])
def model_dir(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A tiny classifier with random weights, saved as transformers saves one."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    torch.manual_seed(0)
    directory = tmp_path_factory.mktemp("cross")
    words = ["[PAD]", "[UNK]", "kettle", "lamp", "steel", "desk"]
    core = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, "[UNK]"))
    core.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core, pad_token="[PAD]", unk_token="[UNK]", model_max_length=64
    )
    tokenizer.save_pretrained(directory)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=request.param,
    )
    BertForSequenceClassification(config).save_pretrained(directory)
    return directory


def test_a_model_scores_each_pair_alone_whatever_its_batch(model_dir: Path) -> None:
    encoder = CrossEncoder(model_dir)
    texts = ["steel kettle", "desk lamp", "kettle " * 100, ""] * 9
    together = encoder.score("kettle", texts)
    assert all(0.0 <= score <= 1.0 for score in together)
    alone = [encoder.score("kettle", [text])[0] for text in texts[:4]]
    assert together[:4] == pytest.approx(alone, abs=1e-4)
    assert len(set(alone)) > 1
    assert encoder.score("kettle", []) == []


def test_a_retriever_takes_the_model_as_an_option(index_dir: Path, model_dir: Path) -> None:
    options = {"rerank": str(model_dir), "rerank_depth": "4"}
    retriever = open_retriever(index_dir, HashEmbedder(), options=options)
    assert len(search(retriever, Query("steel kettle", 10, "product"))) == 10


def test_what_is_no_model_is_said_in_one_line(index_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(RetrieverOptionError, match=r"no config\.json"):
        open_retriever(index_dir, HashEmbedder(), options={"rerank": str(tmp_path)})
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(RetrieverOptionError, match="cannot be read"):
        CrossEncoder(tmp_path).score("a", ["b"])
    with pytest.raises(RetrieverOptionError, match="least_score"):
        open_retriever(index_dir, HashEmbedder(), options={"least_score": "2"})
