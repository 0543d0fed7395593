from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.model.engine import Engine
from finetune.errors import EvaluationError, TeacherError
from finetune.evaluation.candidates import candidates
from finetune.evaluation.seq2seq_subject import Seq2SeqSubject
from finetune.evaluation.server_subject import ServerSubject
from finetune.evaluation.subjects import EngineSubject, Written, parsed
from finetune.pair import Pair
from finetune.teachers.settings import TeacherSettings
from tests.finetune.evaluation.conftest import BOOT, some_pairs
from tests.finetune.teachers.conftest import FakeClock
from tests.finetune.teachers.server import TeacherServer
from tests.tiny import save_tiny_adapter, save_tiny_llama, tiny_tokenizer

LONG = Pair("long", "answer", {"question": "why?", "evidence": ["word " * 900]}, "Because.")


@pytest.fixture(scope="module")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_llama(tmp_path_factory.mktemp("llama"), context=1024)


@pytest.fixture(scope="module")
def gpt2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    folder, tokenizer = tmp_path_factory.mktemp("gpt2"), tiny_tokenizer(chat=False)
    torch.manual_seed(0)
    ends = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
    shape = {"n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": 1024}
    config = GPT2Config(vocab_size=len(tokenizer), initializer_range=0.3, **shape, **ends)
    GPT2LMHeadModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def tiny_seq2seq(kind: str, folder: Path) -> Path:
    import torch
    from transformers import (
        BartConfig,
        BartForConditionalGeneration,
        T5Config,
        T5ForConditionalGeneration,
    )

    tokenizer = tiny_tokenizer(chat=False)
    torch.manual_seed(0)
    ids = {
        "vocab_size": len(tokenizer),
        "pad_token_id": tokenizer.convert_tokens_to_ids("<unk>"),
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "decoder_start_token_id": tokenizer.bos_token_id,
        "forced_eos_token_id": tokenizer.eos_token_id,
    }
    model: Any
    if kind == "t5":
        shape = {"d_model": 32, "d_ff": 64, "num_layers": 2, "num_heads": 2, "d_kv": 16}
        model = T5ForConditionalGeneration(T5Config(**shape, **ids))
    else:
        layers = {f"{side}_{what}": 2 for side in ("encoder", "decoder")
                  for what in ("layers", "attention_heads")}  # fmt: skip
        sizes = {"d_model": 32, "encoder_ffn_dim": 64, "decoder_ffn_dim": 64}
        config = BartConfig(max_position_embeddings=256, init_std=0.3, **layers, **sizes, **ids)
        model = BartForConditionalGeneration(config)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def written_by(subject: Any) -> dict[str, Written]:
    return {one.id: one for one in subject.answer(some_pairs())}


def test_the_engine_subject_writes_what_author_would(llama: Path) -> None:
    from assistant.copywriting import author

    subject = EngineSubject.load("m", str(llama), fast=False)
    engine = Engine.load(str(llama), fast=False)
    for pair in some_pairs():
        one = next(subject.answer([pair]))
        served = next(
            EngineSubject("s", engine, checked=True).answer([pair])
        )  # with the check, as served
        assert served.text == author(engine, pair.task, pair.inputs)["output"]
        if pair.task in ("classify", "intent"):
            assert one.label == one.text and one.parseable


def test_the_draft_is_judged_unless_the_served_output_is_wanted(llama: Path) -> None:
    engine = Engine.load(str(llama), fast=False)
    title = next(pair for pair in some_pairs() if pair.id == "t1")
    draft = next(EngineSubject("d", engine).answer([title]))
    served = next(EngineSubject("s", engine, checked=True).answer([title]))
    assert draft.failed and draft.text != served.text  # a random model writes no true title
    assert served.failed == () and "Acme" in served.text


def test_the_adapter_can_be_left_out_exactly(llama: Path, tmp_path: Path) -> None:
    adapter = save_tiny_adapter(llama, tmp_path / "adapter")
    engine = Engine.load(str(llama), str(adapter), fast=False)
    plain = written_by(EngineSubject.load("p", str(llama), fast=False))
    off = written_by(EngineSubject("off", engine, adapter=False))
    on = written_by(EngineSubject("on", engine))
    assert {key: one.text for key, one in off.items()} == {k: o.text for k, o in plain.items()}
    assert any(on[key].text != off[key].text for key in on)


def test_free_labels_are_written_and_may_not_parse(llama: Path) -> None:
    subject = EngineSubject.load("m", str(llama), fast=False, free=True)
    found = [written_by(subject)[key] for key in ("c1", "c2", "i1", "i2")]
    assert all(one.tokens for one in found)
    assert not all(one.parseable for one in found)  # a random model


@pytest.mark.parametrize("kind", ["llama", "gpt2"])
def test_the_likelihood_is_the_models_own(kind: str, request: pytest.FixtureRequest) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    from finetune.training.examples import encode_pair

    folder = request.getfixturevalue(kind)
    subject = EngineSubject.load("m", str(folder), fast=False)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    pair = some_pairs()[6]
    example = encode_pair(tokenizer, pair, "chat" if kind == "llama" else "alpaca")
    ids = torch.tensor([[*example.prompt, *example.completion]])
    with torch.inference_mode():
        logits = model(ids).logits[0].log_softmax(-1)
    start = len(example.prompt)
    wanted = sum(float(logits[at - 1, ids[0, at]]) for at in range(start, ids.shape[1]))
    found = subject.log_likelihood(pair)
    assert found is not None
    nats, tokens = found
    assert tokens == len(example.completion)
    assert nats == pytest.approx(wanted, rel=2e-2)  # the engine may run in bf16


def test_gpt2_answers_every_task_in_the_alpaca_form(gpt2: Path) -> None:
    subject = EngineSubject.load("gpt2", str(gpt2), fast=False)
    found = written_by(subject)
    assert set(found) == {pair.id for pair in some_pairs()}
    assert found["c1"].label in ("Boots", "Mugs")


def test_what_does_not_fit_the_context_is_counted_and_not_fatal(llama: Path) -> None:
    subject = EngineSubject.load("m", str(llama), fast=False)
    one = next(subject.answer([LONG]))
    assert (one.text, one.parseable) == ("", False)
    assert subject.log_likelihood(LONG) is None


@pytest.mark.parametrize("kind", ["t5", "bart"])
def test_encoder_decoders_answer_every_task(kind: str, tmp_path: Path) -> None:
    subject = Seq2SeqSubject.load(kind, str(tiny_seq2seq(kind, tmp_path)))
    found = written_by(subject)
    assert set(found) == {pair.id for pair in some_pairs()}
    assert any(one.text for one in found.values())
    nats, tokens = subject.log_likelihood(some_pairs()[4])
    assert tokens == len(tiny_tokenizer()("Red.")["input_ids"]) + 1
    assert -20 * tokens < nats < 0
    assert next(subject.answer([LONG])).id == "long"


def test_a_causal_model_is_no_encoder_decoder(gpt2: Path) -> None:
    with pytest.raises(EvaluationError, match="cannot be used as seq2seq"):
        Seq2SeqSubject.load("x", str(gpt2))


def server_subject(server: TeacherServer, **changes: Any) -> ServerSubject:
    settings = TeacherSettings(server.url, "tiny", Path("x"), "sk-secret", max_attempts=3)
    return ServerSubject("s", replace(settings, **changes), FakeClock(), checked=False)


def test_a_server_is_asked_the_tasks_messages_and_its_text_parsed() -> None:
    with TeacherServer() as server:
        server.write = lambda item: "Boots"
        found = written_by(server_subject(server, temperature=0.0))
        assert found["c1"].label == "Boots"
        assert found["i1"].label is None and not found["i1"].parseable
        assert found["a1"].tokens == 20
        pair = some_pairs()[0]
        body = next(body for body in server.bodies if body["messages"] == pair.prompt().messages())
        assert body["temperature"] == 0.0 and body["max_tokens"] == 24


def test_passing_faults_are_tried_again_and_lasting_ones_told() -> None:
    pair = some_pairs()[0]
    with TeacherServer() as server:
        server.write = lambda item: "Mugs"
        server.faults.extend(["500", "bad json"])
        assert next(server_subject(server).answer([pair])).label == "Mugs"
        server.faults.extend(["500"] * 3)
        with pytest.raises(EvaluationError, match="did not answer c1 in 3 tries"):
            list(server_subject(server).answer([pair]))
        server.faults.append("401")
        with pytest.raises(TeacherError, match="401") as fault:
            list(server_subject(server).answer([pair]))
        assert "sk-secret" not in str(fault.value)


def test_specs_become_candidates_that_say_what_they_are(llama: Path, tmp_path: Path) -> None:
    adapter = save_tiny_adapter(llama, tmp_path / "adapter")
    base, tuned, hub = candidates(
        ["base", f"adapter:{adapter}", f"hub:{llama}"], base_model=str(llama), fast=False, free=True
    )
    assert base.identity["adapter"] == "" and base.identity["labels"] == "written"
    assert len(tuned.identity["adapter"].removeprefix("sha256 ")) == 64
    assert hub.identity["base"] == str(llama)
    assert next(tuned.open().answer(some_pairs()[:1])).id == "c1"
    for spec in ("adapter:", "nobody", "server:", "adapter:/nowhere"):
        with pytest.raises(EvaluationError):
            candidates([spec])


@pytest.fixture
def copy_of_llama(llama: Path, tmp_path: Path) -> Path:
    return shutil.copytree(llama, tmp_path / "copy")


def digests_of(model: Path) -> set[str]:
    """The digest of a directory, as each kind of subject has it."""
    found = candidates(["base", f"hub:{model}", f"seq2seq:{model}"], base_model=str(model))
    return {one.identity["digest"] for one in found}


@pytest.mark.parametrize(
    "name", ["model.safetensors", "config.json", "tokenizer.json", "chat_template.jinja"]
)
def test_a_model_directory_is_known_by_its_files(copy_of_llama: Path, name: str) -> None:
    [before] = digests_of(copy_of_llama)
    assert len(before.removeprefix("sha256 ")) == 64
    (copy_of_llama / "README.md").write_text("decides nothing", encoding="utf-8")
    assert digests_of(copy_of_llama) == {before}
    content = (copy_of_llama / name).read_bytes()
    (copy_of_llama / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    [changed] = digests_of(copy_of_llama)
    (copy_of_llama / name).write_bytes(content)
    (copy_of_llama / f"new-{name}").write_bytes(content)
    [grown] = digests_of(copy_of_llama)
    assert len({before, changed, grown}) == 3


def test_files_that_change_places_change_the_digest(copy_of_llama: Path) -> None:
    (copy_of_llama / "one.json").write_text("1", encoding="utf-8")
    (copy_of_llama / "two.json").write_text("2", encoding="utf-8")
    before = digests_of(copy_of_llama)
    (copy_of_llama / "one.json").write_text("2", encoding="utf-8")
    (copy_of_llama / "two.json").write_text("1", encoding="utf-8")
    assert digests_of(copy_of_llama) != before


def test_an_adapter_is_known_with_the_base_that_it_lies_on(
    copy_of_llama: Path, tmp_path: Path
) -> None:
    adapter = save_tiny_adapter(copy_of_llama, tmp_path / "adapter")
    [tuned] = candidates([f"adapter:{adapter}"], base_model=str(copy_of_llama))
    assert {tuned.identity["digest"]} == digests_of(copy_of_llama)


def test_what_is_no_directory_has_no_digest() -> None:
    for one in candidates(["base", "hub:openai/gpt2", "seq2seq:google/t5", "server:gpt"]):
        assert "digest" not in one.identity


def test_claims_are_those_of_the_text_as_it_stands() -> None:
    ad = Pair("d", "ads", {"product": BOOT}, "x")
    one = parsed(ad, "The red Acme boot weighs 5 kg.", 0.0)
    assert "5 kg" in one.failed and one.claims > len(one.failed)
    refusal = parsed(some_pairs()[5], "The catalog does not say.", 0.0)
    assert refusal.claims == 0 and refusal.failed == ()
    assert Written.from_json(one.to_json() | {"key": "k"}) == one
