from __future__ import annotations

import tracemalloc

from catalog_index.filters import fold


def test_folding_long_texts_keeps_none_of_them() -> None:
    fold("warm")
    tracemalloc.start()
    try:
        for number in range(300):
            fold(f"Prose {number} " + "x" * 10_000)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 300_000  # of 3 MB


def test_a_text_folds_alike_whatever_its_length() -> None:
    short = "Crème-brûlée, GROSS"
    assert fold(short) == "creme brulee gross"
    assert fold(" ".join([short] * 50)) == " ".join(["creme brulee gross"] * 50)
