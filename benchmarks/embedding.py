"""Measures embedding: records and queries a second, by library and precision, and what it costs.

Run as `python -m benchmarks.embedding`. Every line is a process of its own, so that none inherits
another's threads; sentence-transformers in fp32 is the line to compare with. nDCG@10 is that of
dense search alone on Icecat (see `benchmarks.search`), where the whole catalog is embedded once a
precision. int8 by OpenVINO is measured where `nncf` is installed (`pip install nncf`), which
calibrates it; nothing that ships uses it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import DEFAULT_DATA, machine, markdown_table, publish
from benchmarks.search import judge, read_judgements
from catalog_index.embedding.base import Vectors
from catalog_index.embedding.minilm import MiniLMEmbedder, batches, is_installed, padded
from catalog_index.embedding.openvino_forward import OpenVinoForward, build_graph
from catalog_index.embedding.torch_forward import TorchForward
from catalog_index.embedding.weights import read_tensors, read_tokenizer, weights_directory
from catalog_index.readers.base import Parsed
from catalog_index.readers.icecat import IcecatReader
from catalog_index.texts import text_to_embed

Encode = Callable[[Sequence[str]], Vectors]

BASELINE = "sentence-transformers, fp32"
PRODUCT = "this project"
SAMPLE = 500
"""Records whose embedding is timed, drawn evenly from the catalog."""
TIMED_QUERIES = 200
CALIBRATION = 300
"""Records that int8's ranges are taken from."""


def forward_encode(forward: Callable[..., Vectors]) -> Encode:
    """Encode by one forward pass, batched as the product does."""
    tokenizer = read_tokenizer()

    def encode(texts: Sequence[str]) -> Vectors:
        ids = [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts))]
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        for rows in batches([len(tokens) for tokens in ids]):
            vectors[rows] = forward(*padded([ids[row] for row in rows]))
        return vectors

    return encode


def sentence_transformers() -> Encode:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(weights_directory()), device="cpu")
    return lambda texts: np.asarray(model.encode(list(texts), normalize_embeddings=True))


def torch_int8() -> Encode:
    import torch

    forward = TorchForward()
    quantize = torch.ao.quantization.quantize_dynamic
    forward._model = quantize(forward._model, {torch.nn.Linear}, dtype=torch.qint8)
    return forward_encode(forward)


def openvino_int8(texts: Sequence[str]) -> Encode:
    import nncf

    tokenizer = read_tokenizer()

    def inputs(text: str) -> list[Any]:
        return list(padded([tokenizer.encode(text).ids]))

    step = max(1, len(texts) // CALIBRATION)
    dataset = nncf.Dataset(list(texts[::step])[:CALIBRATION], inputs)
    model = nncf.quantize(
        build_graph(read_tensors()),
        dataset,
        model_type=nncf.ModelType.TRANSFORMER,
        subset_size=CALIBRATION,
    )
    return forward_encode(OpenVinoForward(model, "bf16"))


LINES: dict[str, Callable[[Sequence[str]], Encode]] = {
    BASELINE: lambda _: sentence_transformers(),
    "torch, fp32": lambda _: forward_encode(TorchForward("f32")),
    "torch, bf16": lambda _: forward_encode(TorchForward("bf16")),
    "torch, int8 (dynamic)": lambda _: torch_int8(),
    "OpenVINO, fp32": lambda _: forward_encode(OpenVinoForward(build_graph(read_tensors()))),
    "OpenVINO, bf16": lambda _: forward_encode(
        OpenVinoForward(build_graph(read_tensors()), "bf16")
    ),
    "OpenVINO, int8 (nncf)": openvino_int8,
    PRODUCT: lambda _: MiniLMEmbedder().encode,
}
JUDGED = ("OpenVINO, fp32", "OpenVINO, bf16", "OpenVINO, int8 (nncf)")


def read_catalog(data: Path) -> tuple[list[str], list[str]]:
    """Return ids of Icecat's products and the texts that are embedded for them."""
    rows = IcecatReader().read(data / "icecat" / "products.jsonl.gz")
    records = [row.record for row in rows if isinstance(row, Parsed)]
    return [record.id for record in records], [text_to_embed(record) for record in records]


def measure(line: str, data: Path, bulk: bool) -> dict[str, Any]:
    """Return one line's figures; runs in a process of its own, on the cores it was given."""
    _, texts = read_catalog(data)
    judgements = read_judgements(data / "icecat" / "judgements.dev.jsonl")
    started = time.perf_counter()
    encode = LINES[line](texts)
    encode(["warm up"])
    figures: dict[str, Any] = {"start_seconds": time.perf_counter() - started}
    taken = []
    for query in islice(cycle(judgements), TIMED_QUERIES):
        started = time.perf_counter()
        encode([query])
        taken.append((time.perf_counter() - started) * 1000)
    figures["query_ms"] = [float(np.percentile(taken, q)) for q in (50, 95)]
    if bulk:
        sample = texts[:: len(texts) // SAMPLE][:SAMPLE]
        encode(sample[:128])
        started = time.perf_counter()
        vectors = encode(sample)
        figures["records_per_second"] = len(sample) / (time.perf_counter() - started)
        figures["vectors"] = vectors[::10].tolist()
    return figures


def judge_line(line: str, data: Path) -> dict[str, Any]:
    """Return nDCG@10 of dense search alone by one line's vectors."""
    ids, texts = read_catalog(data)
    judgements = read_judgements(data / "icecat" / "judgements.dev.jsonl")
    encode = LINES[line](texts)
    vectors = encode(texts)

    def rank(query: str) -> list[str]:
        order = np.argsort(-(vectors @ encode([query])[0]), kind="stable")
        return [ids[place] for place in order]

    return {"ndcg_at_10": judge(rank, judgements)}


def in_child(line: str, args: argparse.Namespace, cores: int, work: str) -> dict[str, Any]:
    """Run one measurement in a process bound to the first `cores` cores."""
    command = [sys.executable, "-m", "benchmarks.embedding", "--data", str(args.data)]
    command += ["--line", line, "--work", work, "--cores", str(cores)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def child(args: argparse.Namespace) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[: args.cores]))
    os.environ["OMP_NUM_THREADS"] = os.environ["RAYON_NUM_THREADS"] = str(args.cores)
    os.environ["HF_HUB_OFFLINE"] = "1"
    if args.work == "judge":
        print(json.dumps(judge_line(args.line, args.data)))
    else:
        print(json.dumps(measure(args.line, args.data, bulk=args.work == "bulk")))


def best_of(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the fastest of some runs: what other processes take away is no figure of ours."""
    best = max(runs, key=lambda run: float(run["records_per_second"]))
    fastest = min((run["query_ms"] for run in runs), key=lambda pair: float(pair[0]))
    return best | {"query_ms": fastest}


def installed_lines() -> list[str]:
    """Return the lines whose libraries are installed."""
    needed = {"OpenVINO": "openvino", "int8 (nncf)": "nncf", BASELINE: "sentence_transformers"}
    return [
        line
        for line in LINES
        if all(is_installed(module) for part, module in needed.items() if part in line)
    ]


def report(lines: Mapping[str, dict[str, Any]], cores: int, repeats: int) -> str:
    """Return the tables of speed and of quality as Markdown."""
    base = lines[BASELINE]
    fp32 = lines["OpenVINO, fp32"]["records_per_second"]
    bulk, query = [], []
    for name, line in lines.items():
        cosines = np.sum(np.array(line["vectors"]) * np.array(base["vectors"]), axis=1)
        speed, quality = line["records_per_second"], line.get("ndcg_at_10")
        judged = f"{quality[0]:.3f} / {quality[1]:.3f}" if quality else ""
        bulk.append(
            (
                f"**{name}**" if name == PRODUCT else name,
                f"{speed:.0f}",
                f"{speed / base['records_per_second']:.1f}x",
                f"{speed / fp32:.1f}x",
                f"{cosines.min():.4f}",
                judged,
            )
        )
        one, all_ = line["one_core_ms"], line["query_ms"]
        query.append(
            (
                f"**{name}**" if name == PRODUCT else name,
                *(f"{value:.1f}" for value in (*one, *all_)),
                f"{line['start_seconds']:.1f} s",
            )
        )
    against = "to sentence-transformers"
    header = ("bulk", "records/s", against, "to OpenVINO fp32", "least cosine", "nDCG@10 dense")
    spans = tuple(f"{p}, {n}" for n in ("1 core", f"{cores} cores") for p in ("p50", "p95"))
    return "\n\n".join(
        (
            f"`python -m benchmarks.embedding` on {machine()}.",
            f"Texts of Icecat's catalog, {SAMPLE:,} of them timed, best of {repeats} runs on"
            f" {cores} cores. Least cosine: to the vectors of sentence-transformers. nDCG@10:"
            " unjudged 0 / judged only, the whole catalog, dense search alone.",
            markdown_table(header, bulk),
            f"One query, milliseconds ({TIMED_QUERIES} of the development queries); start: from"
            " nothing loaded to the first vector.",
            markdown_table(("query", *spans, "start"), query),
        )
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="holds icecat/")
    parser.add_argument("--line", choices=LINES, help=argparse.SUPPRESS)
    parser.add_argument("--work", choices=("bulk", "query", "judge"), help=argparse.SUPPRESS)
    parser.add_argument("--repeats", type=int, default=3, help="runs of a line (default: 3)")
    parser.add_argument("--cores", type=int, default=2, help="how many to use (default: 2)")
    args = parser.parse_args()
    if args.line:
        child(args)
        return 0
    if not (args.data / "icecat" / "products.jsonl.gz").is_file():
        print("skipped: the Icecat catalog is not in the data directory (--data).")
        return 0
    names = installed_lines()
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for name in names * args.repeats:  # in turn, so that a busy minute harms all of them alike
        runs[name].append(in_child(name, args, args.cores, "bulk"))
        print(f"{name}: {runs[name][-1]['records_per_second']:.0f} records/s", file=sys.stderr)
    lines = {name: best_of(runs[name]) for name in names}
    for name in names:
        lines[name]["one_core_ms"] = in_child(name, args, 1, "query")["query_ms"]
        if name in JUDGED:
            lines[name] |= in_child(name, args, args.cores, "judge")
    text = report(lines, args.cores, args.repeats)
    figures = {
        name: {key: value for key, value in line.items() if key != "vectors"}
        for name, line in lines.items()
    }
    publish("embedding", text, {"machine": machine(), "sample": SAMPLE, "lines": figures})
    return 0


if __name__ == "__main__":
    sys.exit(main())
