"""MiniLM's forward pass in OpenVINO: the graph is written out here and compiled at start-up.

There is no converted model to keep: building the graph from the package's tensors and compiling it
takes a few tenths of a second, and needs neither PyTorch nor transformers. The only module that
knows OpenVINO.
"""

from __future__ import annotations

import sys
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog_index.embedding.base import Precision, Vectors
from catalog_index.embedding.weights import Tensors

_LAYERS = 6
_HEADS = 12
_WIDTH = 384
_EPSILON = 1e-12
_HIDDEN = -1e4
"""What the score of a padding token is lowered by; it is also finite in bfloat16."""


class OpenVinoForward:
    """Token ids to unit vectors on the CPU; safe to share between threads, one call at a time.

    Args:
        model: what `build_graph` returns.
        precision: what matrices are multiplied in. The processor must compute it, see
            `computes_bf16`.
        threads: how many cores one call may use; all unless given.
    """

    def __init__(
        self, model: Any, precision: Precision = "f32", threads: int | None = None
    ) -> None:
        openvino = _openvino()
        options: dict[str, Any] = {
            "INFERENCE_PRECISION_HINT": precision,
            "PERFORMANCE_HINT": "LATENCY",
            "ENABLE_CPU_PINNING": False,  # a core that another process holds would stall a batch
        }
        if threads is not None:
            options["INFERENCE_NUM_THREADS"] = threads
        compiled = openvino.Core().compile_model(model, "CPU", options)
        self._request: Any = compiled.create_infer_request()
        self._lock = threading.Lock()

    def __call__(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Vectors:
        """Return unit vectors (B, 384) of token ids (B, T); the mask (B, T) is 0 at padding."""
        with self._lock:
            self._request.infer([ids, mask])
            vectors: Vectors = self._request.get_output_tensor(0).data.copy()
        return vectors


def _openvino() -> Any:
    """Import OpenVINO without its telemetry, which would send a report at every import.

    OpenVINO goes on without the package `openvino_telemetry` where it cannot be imported, and an
    entry of None makes it so (the import system, The module cache).
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino
    import openvino.opset13

    return openvino


def computes_bf16() -> bool:
    """Whether OpenVINO multiplies matrices in bfloat16 natively on this processor."""
    openvino = _openvino()
    return "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def build_graph(tensors: Tensors) -> Any:
    """Return the model as an `openvino.Model`: ids (B, T) and mask (B, T) -> vectors (B, 384).

    Args:
        tensors: the model's parameters, as `weights.read_tensors` gives them.
    """
    return _Graph(tensors).model()


def build_pair_graph(tensors: Tensors) -> Any:
    """Return a cross-encoder as an `openvino.Model`: ids (B, T) and mask (B, T) -> logits (B, 1).

    First token and mean of all go through one hidden layer to one logit.

    Args:
        tensors: parameters named as the embedder's, and "head.hidden", "head.out".
    """
    return _PairGraph(tensors).model()


class _Graph:
    """BERT's encoder (Devlin et al., 2019) with mean pooling and L2 normalisation, as nodes."""

    def __init__(self, tensors: Tensors) -> None:
        self._openvino = _openvino()
        self._op: Any = self._openvino.opset13
        self._tensors = tensors

    def model(self) -> Any:
        """Join the nodes from token ids to vectors."""
        op = self._op
        ids = op.parameter([-1, -1], np.int64, name="ids")
        mask = op.parameter([-1, -1], np.int64, name="mask")
        kept = op.convert(mask, np.float32)
        bias = op.multiply(
            op.subtract(op.unsqueeze(kept, self._ints(1, 2)), self._floats(1.0)),
            self._floats(-_HIDDEN),
        )
        hidden = self._embedded(ids)
        for layer in range(_LAYERS):
            hidden = self._layer(hidden, bias, f"encoder.layer.{layer}")
        return self._openvino.Model([self._pooled(hidden, kept)], [ids, mask], "all-MiniLM-L6-v2")

    def _embedded(self, ids: Any) -> Any:
        """Sum word, place and (always the first) segment embeddings: (B, T) -> (B, T, 384)."""
        op, tensors = self._op, self._tensors
        name = "embeddings.{}_embeddings.weight".format
        words = tensors[name("word")] + tensors[name("token_type")][0]
        zero = self._ints(0)
        length = op.gather(op.shape_of(ids), self._int(1), self._int(0))
        places = op.range(self._int(0), length, self._int(1), output_type="i64")
        summed = op.add(
            op.gather(op.constant(words), ids, zero),
            op.gather(op.constant(tensors[name("position")]), places, zero),
        )
        return self._normed(summed, "embeddings.LayerNorm")

    def _layer(self, hidden: Any, bias: Any, name: str) -> Any:
        """Run attention and the feed-forward network, each with its residual and norm."""
        op = self._op
        query, key, value = (
            self._split(self._linear(hidden, f"{name}.attention.self.{part}"))
            for part in ("query", "key", "value")
        )
        mixed = op.scaled_dot_product_attention(query, key, value, bias)
        joined = op.reshape(
            op.transpose(mixed, self._ints(0, 2, 1, 3)), self._ints(0, 0, _WIDTH), True
        )
        attended = op.add(self._linear(joined, f"{name}.attention.output.dense"), hidden)
        attended = self._normed(attended, f"{name}.attention.output.LayerNorm")
        widened = op.gelu(self._linear(attended, f"{name}.intermediate.dense"), "erf")
        fed = op.add(self._linear(widened, f"{name}.output.dense"), attended)
        return self._normed(fed, f"{name}.output.LayerNorm")

    def _pooled(self, hidden: Any, kept: Any) -> Any:
        """Scale the mean of what is no padding to length 1: (B, T, 384) -> (B, 384)."""
        return self._op.normalize_l2(self._mean(hidden, kept), self._ints(1), _EPSILON, "max")

    def _mean(self, hidden: Any, kept: Any) -> Any:
        """Average what is no padding: (B, T, 384) -> (B, 384)."""
        op, over_tokens = self._op, self._ints(1)
        weights = op.unsqueeze(kept, self._ints(2))
        summed = op.reduce_sum(op.multiply(hidden, weights), over_tokens)
        return op.divide(summed, op.reduce_sum(weights, over_tokens))

    def _split(self, hidden: Any) -> Any:
        """(B, T, 384) -> (B, 12, T, 32)."""
        op = self._op
        shape = self._ints(0, 0, _HEADS, _WIDTH // _HEADS)
        return op.transpose(op.reshape(hidden, shape, True), self._ints(0, 2, 1, 3))

    def _linear(self, hidden: Any, name: str) -> Any:
        op, tensors = self._op, self._tensors
        product = op.matmul(hidden, op.constant(tensors[f"{name}.weight"]), False, True)
        return op.add(product, op.constant(tensors[f"{name}.bias"]))

    def _normed(self, hidden: Any, name: str) -> Any:
        op, tensors = self._op, self._tensors
        normed = op.mvn(hidden, self._ints(-1), True, _EPSILON, "inside_sqrt")
        scaled = op.multiply(normed, op.constant(tensors[f"{name}.weight"]))
        return op.add(scaled, op.constant(tensors[f"{name}.bias"]))

    def _int(self, value: int) -> Any:
        return self._op.constant(np.int64(value))

    def _ints(self, *values: int) -> Any:
        return self._op.constant(np.array(values, dtype=np.int64))

    def _floats(self, value: float) -> Any:
        return self._op.constant(np.float32(value))


class _PairGraph(_Graph):
    """The same encoder, with a head that reads the first token and the mean."""

    def _pooled(self, hidden: Any, kept: Any) -> Any:
        """(B, T, 384) -> (B, 1)."""
        op = self._op
        first = op.gather(hidden, self._int(0), self._int(1))
        joined = op.concat([first, self._mean(hidden, kept)], 1)
        return self._linear(op.tanh(self._linear(joined, "head.hidden")), "head.out")
