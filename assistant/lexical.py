"""The words of a message as numbers: cleaning, and hashed n-grams weighed by TF-IDF.

Two views of a text, word 1-2-grams and character 2-5-grams, each hashed into `HASH_BINS` bins and
scaled to length 1. Digits are all alike here, so that no order number or SKU is learned by heart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse  # type: ignore[import-untyped]
from numpy.typing import NDArray
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

MAX_CHARS = 2000
HASH_BINS = 2**14
BINS = 2 * HASH_BINS

_CODE = re.compile(r"\b(?:[A-Za-z]{1,5}-\d{2,}\w*|[A-Za-z]{1,4}\d{4,}\w*|\d{8,14})\b")


def clean(text: str) -> str:
    """Cut to the part that routing reads, and make control characters and runs of space one space.

    Product codes and GTINs become "this item": which one it is has no bearing on the intent.
    What cannot be encoded (lone surrogates) is replaced, since tokenizers refuse it.
    """
    text = text[:MAX_CHARS].encode("utf-8", "replace").decode("utf-8")
    text = unicodedata.normalize("NFKC", text)[:MAX_CHARS]
    kept = (" " if unicodedata.category(char).startswith("C") else char for char in text)
    return " ".join(_CODE.sub("this item", "".join(kept)).split())


def count_ngrams(texts: Sequence[str]) -> Any:
    """Count hashed n-grams, numbers all alike: (n,) -> sparse (n, BINS)."""
    masked = [re.sub(r"\d+", "0", text) for text in texts]
    views = []
    for analyzer, spans in (("word", (1, 2)), ("char_wb", (2, 5))):
        hasher = HashingVectorizer(
            analyzer=analyzer,
            ngram_range=spans,
            n_features=HASH_BINS,
            token_pattern=r"(?u)\b\w+\b" if analyzer == "word" else None,
            norm=None,
            alternate_sign=False,
        )
        views.append(hasher.transform(masked))
    return scipy.sparse.hstack(views, format="csr")


def inverse_document_frequency(counts: Any) -> NDArray[np.float32]:
    """Smoothed idf of each bin, ln((1 + n) / (1 + df)) + 1: sparse (n, BINS) -> (BINS,)."""
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    idf: NDArray[np.float32] = (np.log((1 + counts.shape[0]) / (1 + seen)) + 1).astype(np.float32)
    return idf


def weigh(counts: Any, idf: NDArray[np.float32]) -> Any:
    """TF-IDF with sublinear counts, each view of length 1: sparse (n, BINS), same."""
    weighed = counts.astype(np.float32)
    weighed.data = (1 + np.log(weighed.data)) * idf[weighed.indices]
    views = [normalize(weighed[:, start : start + HASH_BINS]) for start in (0, HASH_BINS)]
    return scipy.sparse.hstack(views, format="csr")
