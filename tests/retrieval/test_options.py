from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalog_index.errors import IndexNotFoundError
from retrieval.errors import RetrieverOptionError
from retrieval.registry import open_retriever
from tests.fakes import HashEmbedder


@pytest.mark.parametrize("name", ["hybrid", "qdrant"])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"k": "abc"}, "k='abc'"),
        ({"k": "0"}, "k='0'"),
        ({"depth": "3"}, "no option 'depth'"),
        ({"K": "3", "k": "-1"}, "no option 'K'"),
    ],
)
def test_a_wrong_option_is_named_in_one_line_with_those_there_are(
    index_dir: Path, embedder: HashEmbedder, name: str, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(RetrieverOptionError) as caught:
        open_retriever(index_dir, embedder, name, options)
    message = str(caught.value)
    assert said in message
    assert repr(name) in message
    assert "It takes: k" in message
    assert "\n" not in message


def test_all_faults_are_named_together(index_dir: Path, embedder: HashEmbedder) -> None:
    with pytest.raises(RetrieverOptionError, match=r"k='x'.*no option 'deep'"):
        open_retriever(index_dir, embedder, "hybrid", {"k": "x", "deep": "1"})


def test_options_are_checked_before_the_index_is_opened(
    tmp_path: Path, embedder: HashEmbedder
) -> None:
    with pytest.raises(RetrieverOptionError):
        open_retriever(tmp_path, embedder, "hybrid", {"k": "x"})
    with pytest.raises(IndexNotFoundError):
        open_retriever(tmp_path, embedder, "hybrid", {"k": "3"})
