"""A pair: one instruction with the response wanted, the row that every step here reads and writes.

A pair's `inputs` are an input line of its task (`assistant.tasks`), so what it looks like to the
model is decided there and nowhere else. Which of the paper's objects a pair interleaves follows
from the names of its inputs. Knows no model.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from assistant.tasks import TASKS
from assistant.tasks.answer import abstains
from assistant.tasks.base import Prompt, TaskInputError, TaskInputs
from catalog_index.durable import replace_file
from finetune.errors import DatasetError

Object = Literal["seller", "customer", "platform"]
OBJECTS: tuple[Object, ...] = ("seller", "customer", "platform")
"""The paper's three objects (arXiv 2308.04913, section 3)."""

_OBJECT_OF: dict[str, Object] = {
    "evidence": "seller",
    "promotion": "seller",
    "stock": "seller",
    "query": "customer",
    "question": "customer",
    "audience": "customer",
    "occasion": "customer",
    "tone": "platform",
    "profile": "customer",
    "review": "customer",
    "browsing history": "customer",
    "purchase history": "customer",
    "labels": "platform",
    "platform": "platform",
    "max_characters": "platform",
    "title policy": "platform",
    "style policy": "platform",
    "channel": "platform",
    "campaign": "platform",
}
CONTEXT_NAMES = (
    *("promotion", "stock"),
    *("profile", "review", "browsing history", "purchase history", "occasion"),
    *("title policy", "style policy", "channel", "campaign"),
)
"""The features that a pair's `context` may name."""
_KEYS = {"id", "task", "inputs", "output", "source", "seed"}


@dataclass(frozen=True, slots=True)
class Pair:
    """One instruction and its response.

    `source` says who made it ("expert", "grammar", "openai:NAME", "hetpqa", ...), `seed` is the id
    of the pair that it was expanded from.
    """

    id: str
    task: str
    inputs: Mapping[str, Any] = field(hash=False)
    output: str
    source: str = ""
    seed: str = ""

    @property
    def instruction(self) -> str:
        """The request in its own words; "" where the task's own are used."""
        return str(self.inputs.get("instruction", ""))

    @property
    def product_type(self) -> str:
        """The last part of the product's type; "" where there is none."""
        product = self.inputs.get("product")
        path = (product.get("product_type") or "") if isinstance(product, Mapping) else ""
        return str(path).rpartition(">")[2].strip()

    @property
    def unanswerable(self) -> bool:
        """Whether it is a question that its evidence does not answer."""
        return self.task == "answer" and abstains(self.output)

    def read(self) -> TaskInputs:
        """Return the inputs as the task reads them.

        Raises:
            DatasetError: they do not fit the task.
        """
        try:
            read: TaskInputs = TASKS[self.task].read(self.inputs)
        except TaskInputError as error:
            raise DatasetError(f"Pair {self.id}: {error}") from error
        return read

    def prompt(self) -> Prompt:
        """Return what the model is told."""
        return TASKS[self.task].prompt(self.read())

    def features(self) -> dict[str, Object]:
        """Return the named features that the inputs hold, each with the object it belongs to."""
        found: dict[str, Object] = {}
        product = self.inputs.get("product")
        if isinstance(product, Mapping):
            found |= {name: "seller" for name, value in product.items() if value and name != "id"}
        elif product:
            found["title"] = "seller"
        given = {**self.inputs, **self.inputs.get("context", {})}
        found |= {name: of for name, of in _OBJECT_OF.items() if given.get(name)}
        return found

    def objects(self) -> tuple[Object, ...]:
        """Return the objects whose features the inputs interleave."""
        held = set(self.features().values())
        return tuple(name for name in OBJECTS if name in held)

    def to_json(self) -> dict[str, Any]:
        """Return the pair as a JSON object; see `from_json`."""
        record = {"id": self.id, "task": self.task, "inputs": dict(self.inputs)}
        record["output"] = self.output
        return record | {
            key: value for key, value in (("source", self.source), ("seed", self.seed)) if value
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Pair:
        """Read a pair.

        Raises:
            DatasetError: a key is missing, unknown or ill-typed; the message names each.
        """
        faults = [f"{key}: not known" for key in record if key not in _KEYS]
        for key in ("id", "task", "output"):
            if not isinstance(record.get(key), str) or not record[key].strip():
                faults.append(f"{key}: must be text")
        if not isinstance(record.get("inputs"), Mapping):
            faults.append("inputs: must be an object, the task's input line")
        elif not isinstance(record["inputs"].get("context", {}), Mapping):
            faults.append("inputs.context: must be an object, name -> text")
        if isinstance(record.get("task"), str) and record["task"] not in TASKS:
            faults.append(f"task: {record['task']!r} is none of {', '.join(TASKS)}")
        if faults:
            raise DatasetError("; ".join(faults))
        return cls(
            id=record["id"],
            task=record["task"],
            inputs=record["inputs"],
            output=record["output"].strip(),
            source=str(record.get("source", "")),
            seed=str(record.get("seed", "")),
        )


def read_pairs(path: Path) -> Iterator[Pair]:
    """Yield the pairs of a JSONL file.

    Raises:
        DatasetError: the file cannot be read, holds no pair, or a line is at fault.
    """
    count = 0
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    record = json.loads(line)
                    if not isinstance(record, dict):
                        raise DatasetError("is no JSON object")
                    yield Pair.from_json(record)
                except (ValueError, DatasetError) as error:
                    raise DatasetError(f"{path}, line {number}: {error}") from error
                count += 1
    except FileNotFoundError as error:
        raise DatasetError(
            f"There are no pairs at {path}. Make them with `llama-e finetune expand`, and clean"
            " them with `llama-e finetune clean`."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"The pairs in {path} cannot be read: {error}.") from error
    if not count:
        raise DatasetError(f"{path} holds no pairs; make them with `llama-e finetune expand`.")


def write_pairs(path: Path, pairs: Iterable[Pair]) -> int:
    """Write pairs as JSONL, the file whole or not at all; return how many."""
    lines = [json.dumps(pair.to_json(), ensure_ascii=False) for pair in pairs]
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, "".join(f"{line}\n" for line in lines).encode())
    return len(lines)


def batches(pairs: Iterable[Pair], size: int) -> Iterator[list[Pair]]:
    """Yield the pairs in lists of at most `size`."""
    rest = iter(pairs)
    while batch := list(islice(rest, size)):
        yield batch
