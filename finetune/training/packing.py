"""Examples -> micro-batches of one flat row each, in which nothing is computed twice.

The examples of a row form a tree of tokens: what several begin with alike, an instruction or a
list of labels, stands there once, and each goes on from it. An example sees its own path to the
root and nothing else, so losses and gradients are those of the examples one by one. Row and
completion lengths are rounded up to a few sizes, since a processor pays anew for every new shape.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch

from finetune.training.attention import Block
from finetune.training.examples import Example

_ROUND = 64
"""Rows and lists of completion tokens are padded to a multiple of this."""
_STEP = 32
"""Lengths inside a block of attention are padded to a multiple of this."""
_FAMILY = 64
"""Prompts that begin with so many tokens alike are kept together, as those of one label list."""
_TOGETHER = 8
"""Most examples of a family that are put in a row at once: rows stay mixed."""
_OPENING = 48
"""How many first tokens of a prompt are looked up in the rows that are open."""
_OPEN_ROWS = 32
_BLOCKS = 3


@dataclass(frozen=True, slots=True)
class PackedBatch:
    """Examples in one row of N tokens.

    Attributes:
        input_ids: (1, N).
        position_ids: (1, N), from 0 in each example.
        blocks: which tokens look at which; see `attention.Block`.
        scatter: (N,), where each token of the row stands among the blocks' queries, laid in a row.
        predict: (K,), places in the row whose next token is a completion's.
        targets: (K,), that next token; -100 pads.
        completion_tokens: how many targets are no padding.
        tokens: how many tokens of the row are no padding.
    """

    input_ids: torch.Tensor
    position_ids: torch.Tensor
    blocks: tuple[Block, ...]
    scatter: torch.Tensor
    predict: torch.Tensor
    targets: torch.Tensor
    completion_tokens: int
    tokens: int

    def to(self, device: torch.device | str) -> PackedBatch:
        """Return the batch on another device."""
        moved = {
            name: getattr(self, name).to(device)
            for name in ("input_ids", "position_ids", "scatter", "predict", "targets")
        }
        return PackedBatch(
            **moved,
            blocks=tuple(block.to(device) for block in self.blocks),
            completion_tokens=self.completion_tokens,
            tokens=self.tokens,
        )


def plan_epoch(examples: Sequence[Example], capacity: int, seed: int) -> list[list[int]]:
    """Put examples into rows of at most `capacity` tokens, best fit in random order.

    A few examples with a long common beginning go together. Best fit over the open rows leaves
    under 3% of a row empty at the lengths that occur here, and unlike sorting keeps the order
    random.

    Args:
        examples: what to put into rows.
        capacity: tokens of a row.
        seed: of the order; the same seed gives the same plan.

    Returns:
        Rows of example numbers; each example stands in exactly one.

    Raises:
        ValueError: an example is longer than a row.
    """
    chance = random.Random(seed)
    groups = [part for family in _families(examples) for part in _parts(family, chance)]
    chance.shuffle(groups)
    rows: list[_OpenRow] = []
    open_rows: list[_OpenRow] = []
    for group in groups:
        for unit in _fitting(group, examples, capacity):
            members = [examples[number] for number in unit]
            cost = _tree_size(members)
            fits = [
                (left, row)
                for row in open_rows
                if (left := row.room - cost + row.known(members[0].prompt)) >= 0
            ]
            if fits:
                left, row = min(fits, key=lambda fit: fit[0])
            else:
                left, row = capacity - cost, _OpenRow(capacity)
                rows.append(row)
                open_rows.append(row)
                if len(open_rows) > _OPEN_ROWS:
                    open_rows.remove(min(open_rows, key=lambda row: row.room))
            row.put(unit, members[0].prompt, left)
    return [row.numbers for row in rows]


def pack(examples: Sequence[Example], pad: int) -> PackedBatch:
    """Lay examples into one row, common beginnings once.

    Args:
        examples: what the row holds, in order.
        pad: token id that fills the row up.
    """
    ids: list[int] = []
    positions: list[int] = []
    nodes: dict[tuple[int, int], int] = {}
    paths: list[tuple[list[int], int]] = []  # an example's places, and how many of them are old
    predict: list[int] = []
    targets: list[int] = []
    for example in examples:
        path: list[int] = []
        old = len(ids)
        at = -1
        for token in (*example.prompt, *example.completion):
            after = nodes.setdefault((at, token), len(ids))
            if after == len(ids):
                ids.append(token)
                positions.append(len(path))
            at = after
            path.append(at)
        paths.append((path, sum(place < old for place in path)))
        first = len(example.prompt) - 1
        predict += path[first:-1]
        targets += example.completion
    tokens, count = len(ids), len(targets)
    if fill := -tokens % _ROUND:
        paths.append(([*range(tokens, tokens + fill)], 0))
        ids += [pad] * fill
        positions += range(fill)
    extra = -count % _ROUND
    blocks, scatter = _lay_blocks([path for path in paths if path[1] < len(path[0])], len(ids))
    return PackedBatch(
        input_ids=torch.tensor([ids]),
        position_ids=torch.tensor([positions]),
        blocks=blocks,
        scatter=scatter,
        predict=torch.tensor(predict + [0] * extra),
        targets=torch.tensor(targets + [-100] * extra),
        completion_tokens=count,
        tokens=tokens,
    )


class _OpenRow:
    """A row that is being filled: its examples, its room, and how its prompts begin."""

    def __init__(self, capacity: int) -> None:
        self.numbers: list[int] = []
        self.room = capacity
        self._openings: set[tuple[int, ...]] = {()}

    def known(self, prompt: Sequence[int]) -> int:
        """Return how many of the prompt's first tokens the row holds already."""
        opening = tuple(prompt[:_OPENING])
        low, high = 0, len(opening)
        while low < high:  # whatever is held is held with all that it begins with
            middle = (low + high + 1) // 2
            if opening[:middle] in self._openings:
                low = middle
            else:
                high = middle - 1
        return low

    def put(self, numbers: Sequence[int], prompt: Sequence[int], left: int) -> None:
        """Add examples of which `prompt` is the first's, leaving `left` tokens of room."""
        self.numbers += numbers
        self.room = left
        opening = tuple(prompt[:_OPENING])
        self._openings.update(opening[:length] for length in range(1, len(opening) + 1))


def _families(examples: Sequence[Example]) -> Iterator[list[int]]:
    """Yield the numbers of the examples, those with a long common beginning together."""
    order = sorted(range(len(examples)), key=lambda number: examples[number].prompt)
    family = order[:1]
    for before, number in pairwise(order):
        if common_beginning(examples[before].prompt, examples[number].prompt) < _FAMILY:
            yield family
            family = []
        family.append(number)
    if family:
        yield family


def _parts(family: list[int], chance: random.Random) -> Iterator[list[int]]:
    chance.shuffle(family)
    for start in range(0, len(family), _TOGETHER):
        yield family[start : start + _TOGETHER]


def _fitting(group: list[int], examples: Sequence[Example], capacity: int) -> Iterator[list[int]]:
    """Yield the group in as many pieces as it takes for each to fit a row."""
    if _tree_size([examples[number] for number in group]) <= capacity:
        yield group
    elif len(group) == 1:
        raise ValueError(
            f"example {group[0]} has {len(examples[group[0]])} tokens, a row holds {capacity}"
        )
    else:
        half = len(group) // 2
        yield from _fitting(group[:half], examples, capacity)
        yield from _fitting(group[half:], examples, capacity)


def _tree_size(examples: Sequence[Example]) -> int:
    """Return how many tokens a row of these examples has."""
    texts = sorted([*example.prompt, *example.completion] for example in examples)
    shared = sum(common_beginning(before, text) for before, text in pairwise(texts))
    return sum(map(len, texts)) - shared


def common_beginning(first: Sequence[int], second: Sequence[int]) -> int:
    """Return how many tokens two sequences begin with alike."""
    for depth, (one, other) in enumerate(zip(first, second, strict=False)):
        if one != other:
            return depth
    return min(len(first), len(second))


def _lay_blocks(
    paths: list[tuple[list[int], int]], size: int
) -> tuple[tuple[Block, ...], torch.Tensor]:
    """Gather paths of like length into a few blocks; see `PackedBatch`."""
    paths.sort(key=lambda path: len(path[0]) - path[1])
    blocks: list[Block] = []
    scatter = torch.zeros(size, dtype=torch.long)
    laid = 0
    for start, end in pairwise(_cuts(paths)):
        part = paths[start:end]
        seen = torch.tensor([len(path) for path, _ in part])
        old = torch.tensor([known for _, known in part])
        keys = _upwards(int(seen.max()))
        queries = _upwards(int((seen - old).max()))
        places = torch.tensor([path + [path[-1]] * (keys - len(path)) for path, _ in part])
        steps = torch.minimum(old[:, None] + torch.arange(queries)[None], seen[:, None] - 1)
        hidden = torch.arange(keys)[None, None] > steps[:, :, None]
        asking = places.gather(1, steps)
        blocks.append(Block(asking, places, hidden))
        real = torch.arange(queries)[None] < (seen - old)[:, None]
        scatter[asking[real]] = (laid + torch.arange(asking.numel())).view_as(asking)[real]
        laid += asking.numel()
    return tuple(blocks), scatter


def _cuts(paths: Sequence[tuple[list[int], int]]) -> list[int]:
    """Cut paths, sorted by their queries, into at most `_BLOCKS` blocks of little area.

    Cuts lie only where the padded number of queries changes, which is at few places.
    """
    queries = [_upwards(len(path) - old) for path, old in paths]
    edges = [0, *(at for at in range(1, len(paths)) if queries[at] != queries[at - 1]), len(paths)]
    longest = [max(len(path) for path, _ in paths[start:end]) for start, end in pairwise(edges)]

    def area(first: int, last: int) -> int:
        keys = _upwards(max(longest[first:last]))
        return (edges[last] - edges[first]) * keys * queries[edges[last] - 1]

    best: list[tuple[int, list[int]]] = [(0, [0])]
    best += [(area(0, last), [0, last]) for last in range(1, len(edges))]
    for _ in range(_BLOCKS - 1):
        best = [
            min(
                [
                    best[last],
                    *(
                        (best[at][0] + area(at, last), [*best[at][1], last])
                        for at in range(1, last)
                    ),
                ]
            )
            for last in range(len(edges))
        ]
    return [edges[place] for place in best[-1][1]]


def _upwards(length: int) -> int:
    return -(-length // _STEP) * _STEP
