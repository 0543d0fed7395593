"""The systems that answer: this project's, with and without its checks and its adapter, and a peer.

Each takes an item's line, as `llama-e ask --batch` does, and returns what `--json` prints. The peer
is retrieval-augmented generation of the usual kind: LangChain's vector store with all-MiniLM over
"title + fields", the four nearest texts stuffed into one prompt, the same model with its adapter.
"""

from __future__ import annotations

import hashlib
import inspect
import time
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from assistant.service import Service, Settings
from assistant.values import Turn, Utterance
from benchmarks.answers.items import Reply
from benchmarks.answers.shelf import Shelf

Answers = Callable[[Mapping[str, Any]], Reply]
SYSTEMS = ("llama-e", "no-verification", "base", "stuff-rag")
STUFF_PROMPT = (
    "Use the following context to answer the question at the end. If you don't know the answer,"
    " just say that you don't know, don't try to make up an answer."
)
_NEAREST = 4
_CONTEXT_CHARACTERS = 1500
"""Of each text: longer records would not fit the model four at a time."""


class SystemNotAvailableError(Exception):
    """A system cannot be run here; the message says why and what to do."""


def open_system(name: str, index: Path, shelf: Shelf, work: Path) -> Answers:
    """Open one of `SYSTEMS` over an index.

    Args:
        name: which.
        index: the index directory.
        shelf: the same catalog, read.
        work: where a peer keeps its vectors.

    Raises:
        SystemNotAvailableError: it cannot be run here.
    """
    if name == "stuff-rag":
        return _stuff_rag(index, shelf, work)
    service = Service(Settings(index=index, base_only=name == "base"))
    return _assistant(service, verify=name != "no-verification")


def _assistant(service: Service, *, verify: bool) -> Answers:
    from assistant.turn import Assistant

    assistant = service.assistant
    if not verify:
        if "verify" not in inspect.signature(Assistant.__init__).parameters:
            raise SystemNotAvailableError(
                "no-verification: skipped, for Assistant takes no `verify` yet."
            )
        from retrieval.evidence import EvidenceRanker

        ranker = EvidenceRanker(service.embedder)
        options: dict[str, Any] = {"verify": False}
        assistant = Assistant(service.engine, service.retriever, service.router, ranker, **options)

    def answer(line: Mapping[str, Any]) -> Reply:
        history = tuple(Utterance(one["role"], one["content"]) for one in line.get("history", ()))
        turn = Turn(line["message"], history, line.get("product_id"))
        answered = assistant.ask(turn)
        said = answered.to_json()
        if "focus" not in said and answered.focus is not None:
            said["focus"] = answered.focus.id
        return Reply.of(said)

    return answer


def _stuff_rag(index: Path, shelf: Shelf, work: Path) -> Answers:
    from langchain_core.messages import HumanMessage
    from langchain_core.output_parsers import StrOutputParser

    from assistant.model.chat_model import LlamaEChatModel
    from assistant.model.values import GenerationSettings

    texts = _texts(shelf)
    store = _vector_store(texts, work)
    engine = Service(Settings(index=index)).engine
    chain = (
        LlamaEChatModel(engine=engine, settings=GenerationSettings(max_new_tokens=96))
        | StrOutputParser()
    )

    def answer(line: Mapping[str, Any]) -> Reply:
        started = time.monotonic()
        earlier = "\n".join(
            f"{'Human' if one['role'] == 'user' else 'Assistant'}: {one['content']}"
            for one in line.get("history", ())
        )
        asked = f"{earlier}\n{line['message']}".strip()
        found = store.similarity_search(asked, k=_NEAREST)
        ids = [document.metadata["id"] for document in found]
        if pinned := line.get("product_id"):
            ids = [pinned, *(one for one in ids if one != pinned)][:_NEAREST]
        context = "\n\n".join(texts[one] for one in ids)
        prompt = f"{STUFF_PROMPT}\n\n{context}\n\n"
        if earlier:
            prompt += f"Chat history:\n{earlier}\n\n"
        prompt += f"Question: {line['message']}\nHelpful Answer:"
        text, first = "", 0.0
        for delta in chain.stream([HumanMessage(prompt)]):
            first = first or time.monotonic() - started
            text += delta
        timing = {"first_token": first, "total": time.monotonic() - started}
        return Reply(" ".join(text.split()), tuple(ids), timing=timing)

    return answer


def _texts(shelf: Shelf) -> dict[str, str]:
    """Return title and fields of every record, by id; long ones cut."""
    texts = {
        product.id: "\n".join(f"{name}: {text}" for name, text in product.fields())
        for product in shelf.products
    }
    texts |= {one.id: f"{one.title}\n{one.text}" for one in shelf.passages.values()}
    return {key: text[:_CONTEXT_CHARACTERS] for key, text in texts.items()}


def _vector_store(texts: Mapping[str, str], work: Path) -> Any:
    """Return LangChain's FAISS store over texts by id, their vectors made once and kept."""
    from langchain_core.embeddings import Embeddings

    from catalog_index.embedding import MiniLMEmbedder

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from langchain_community.vectorstores import FAISS
        from langchain_community.vectorstores.utils import DistanceStrategy

    embedder = MiniLMEmbedder()

    class MiniLM(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(x) for x in row] for row in embedder.encode(texts)]

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    digest = hashlib.sha256("\0".join(texts.values()).encode()).hexdigest()[:16]
    kept = work / f"stuff-rag-{digest}.npy"
    if not kept.exists():
        work.mkdir(parents=True, exist_ok=True)
        np.save(kept, np.asarray(embedder.encode(list(texts.values())), dtype=np.float32))
    vectors = np.load(kept).tolist()
    store: Any = FAISS.from_embeddings(
        list(zip(texts.values(), vectors, strict=True)),
        MiniLM(),
        metadatas=[{"id": key} for key in texts],
        distance_strategy=DistanceStrategy.MAX_INNER_PRODUCT,
    )
    return store
