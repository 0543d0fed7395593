from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from finetune.errors import DatasetError
from finetune.pair import Pair
from finetune.training.examples import Example, encode_pair
from finetune.training.model import CompletionLoss, attach_lora
from finetune.training.packing import pack, plan_epoch
from tests.tiny import save_tiny_llama, tiny_tokenizer

TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


def examples(*lengths: tuple[int, int]) -> list[Example]:
    chance = random.Random(0)
    return [
        Example(
            [chance.randrange(3, 400) for _ in range(prompt)],
            [chance.randrange(3, 400) for _ in range(completion)],
        )
        for prompt, completion in lengths
    ]


@given(st.lists(st.integers(2, 100), min_size=1, max_size=200), st.integers(0, 5))
def test_each_example_stands_in_one_row_and_no_row_overflows(lengths: list[int], seed: int) -> None:
    given_ = examples(*((length - 1, 1) for length in lengths))
    rows = plan_epoch(given_, 100, seed)
    assert sorted(number for row in rows for number in row) == list(range(len(lengths)))
    assert all(pack([given_[number] for number in row], 0).tokens <= 100 for row in rows)
    assert rows == plan_epoch(given_, 100, seed)


def test_rows_are_filled_to_97_percent_at_the_lengths_that_occur() -> None:
    chance = random.Random(1)
    given_ = examples(*((chance.randint(50, 250), 1) for _ in range(4000)))
    rows = plan_epoch(given_, 2048, 0)
    assert sum(map(len, given_)) / (len(rows) * 2048) > 0.97


def test_an_example_longer_than_a_row_is_refused() -> None:
    with pytest.raises(ValueError, match="example 1 has 6 tokens, a row holds 5"):
        plan_epoch(examples((2, 1), (5, 1)), 5, 0)


def labelled(count: int) -> list[Example]:
    """Return examples that share a list of labels, and all but the last words of an instruction."""
    chance = random.Random(2)
    ids = [chance.randrange(3, 400) for _ in range(80)]
    return [
        Example([*ids, 300 + number, *ids[: number % 7]], [number % 3, 1])
        for number in range(count)
    ]


def test_what_examples_begin_with_alike_is_computed_once_and_rows_stay_mixed() -> None:
    given_ = labelled(40) + examples(*((60, 3) for _ in range(40)))
    rows = plan_epoch(given_, 700, 0)
    tokens = [pack([given_[number] for number in row], 0).tokens for row in rows]
    assert all(count <= 700 for count in tokens)
    assert sum(tokens) < 0.6 * sum(map(len, given_))
    assert all(sum(number < 40 for number in row) < len(row) for row in rows[:-2])


def test_a_row_of_hundreds_of_examples_is_laid_out_at_once() -> None:
    chance = random.Random(3)
    given_ = examples(*((chance.randint(20, 300), chance.randint(1, 60)) for _ in range(400)))
    start = time.process_time()
    batch = pack(given_, 0)
    assert time.process_time() - start < 2.0
    assert len(batch.blocks) <= 3


def test_the_last_target_of_every_example_is_its_end_token() -> None:
    tokenizer = tiny_tokenizer()
    pair = Pair("a", "answer", {"question": "How?", "evidence": ["so: yes"]}, "Like so.")
    example = encode_pair(tokenizer, pair, "chat")
    assert example.completion[-1] == tokenizer.eos_token_id
    batch = pack([example, example], 0)
    real = batch.targets[batch.targets != -100]
    assert (real == tokenizer.eos_token_id).sum() == 2


def test_exactly_the_completion_is_a_target_one_place_after_what_predicts_it() -> None:
    batch = pack(examples((4, 3), (2, 2)), 0)
    row = batch.input_ids[0]
    kept = batch.targets != -100
    assert batch.completion_tokens == kept.sum() == 5
    assert torch.equal(row[batch.predict[kept] + 1], batch.targets[kept])
    assert batch.predict[kept].tolist() == [3, 4, 5, 8, 9]
    assert batch.tokens == 11 and row.shape[0] % 64 == 0


def test_a_completion_is_what_serving_would_write_after_the_prompt() -> None:
    tokenizer = tiny_tokenizer()
    pair = Pair("a", "answer", {"question": "How?", "evidence": ["so: yes"]}, "Like so.")
    example = encode_pair(tokenizer, pair, "chat")
    assert tokenizer.decode(example.prompt).endswith("<|im_start|>assistant\n")
    assert tokenizer.decode(example.completion) == "Like so.<|im_end|>"


def test_a_label_outside_the_given_ones_is_refused() -> None:
    inputs = {"product": "A mug", "labels": ["Mugs", "Pots"]}
    with pytest.raises(DatasetError, match="Pair c: its output 'Cups' is none of its labels"):
        encode_pair(tiny_tokenizer(), Pair("c", "classify", inputs, "Cups"), "chat")


def test_control_tokens_in_an_output_are_broken_up() -> None:
    tokenizer = tiny_tokenizer()
    pair = Pair("a", "answer", {"question": "How?", "evidence": ["x"]}, "So.<|im_end|>More")
    example = encode_pair(tokenizer, pair, "chat")
    assert example.completion.count(tokenizer.eos_token_id) == 1


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_packed_row_has_the_loss_of_its_examples_one_by_one(
    tmp_path: Path, dtype: torch.dtype
) -> None:
    """Against the model's own forward with its own attention, one example at a time."""
    from transformers import AutoModelForCausalLM

    folder = save_tiny_llama(tmp_path)
    rows = [*examples((9, 4), (40, 2), (3, 11), (70, 1)), *labelled(5), labelled(5)[0]]
    plain = AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)
    expected = 0.0
    for row in rows:
        ids = torch.tensor([row.prompt + row.completion])
        with torch.inference_mode():
            logits = plain(ids).logits[0, len(row.prompt) - 1 : -1].float()
        expected += float(
            functional.cross_entropy(logits, torch.tensor(row.completion), reduction="sum")
        )
    tuned = CompletionLoss(attach_lora(plain, TARGETS, rank=4, alpha=8, seed=0))
    with torch.inference_mode():
        packed = float(tuned(pack(rows, 0)))
    assert packed == pytest.approx(expected, rel=1e-4 if dtype == torch.float32 else 3e-2)


def test_the_joined_lora_product_has_pefts_values_and_gradients(tmp_path: Path) -> None:
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    folder = save_tiny_llama(tmp_path)
    batch = pack(examples((9, 4), (20, 6)), 0)
    ours = CompletionLoss(
        attach_lora(AutoModelForCausalLM.from_pretrained(folder), TARGETS, rank=4, alpha=8, seed=0)
    )
    base = AutoModelForCausalLM.from_pretrained(folder)
    base.set_attn_implementation("documents")
    theirs = CompletionLoss(
        get_peft_model(base, LoraConfig(r=4, lora_alpha=8, target_modules=list(TARGETS)))
    )
    torch.manual_seed(3)
    state = {
        name: torch.randn_like(weight) * 0.1
        for name, weight in ours.named_parameters()
        if weight.requires_grad
    }
    gradients = []
    for model in (ours, theirs):
        model.load_state_dict(state, strict=False)
        loss = model(batch)
        loss.backward()
        named = model.named_parameters()
        gradients.append((float(loss), {n: w.grad for n, w in named if w.requires_grad}))
    assert gradients[0][0] == pytest.approx(gradients[1][0], rel=1e-5)
    for name, gradient in gradients[0][1].items():
        assert torch.allclose(gradient, gradients[1][1][name], rtol=1e-3, atol=1e-4), name
