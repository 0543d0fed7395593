"""Messages -> the one string and token ids that a model continues.

Two formats: the tokenizer's own chat template, and the template of Stanford Alpaca, with which
the paper's released adapter was trained. Text from users and product records is data: control
tokens written inside it ("<|im_end|>"), and Alpaca's headings at the beginning of a line, are
broken up, so that they cannot end a turn.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from assistant.errors import GenerationError
from assistant.model.values import PROMPT_FORMATS, Message, PromptFormat

# https://github.com/tatsu-lab/stanford_alpaca, "Data Release"
_ALPACA_PLAIN = (
    "Below is an instruction that describes a task. "
    "Write a response that appropriately completes the request.\n\n"
)
_ALPACA_INPUT = (
    "Below is an instruction that describes a task, paired with an input that provides further "
    "context. Write a response that appropriately completes the request.\n\n"
)
# Any line break that a reader might see, not only those of `re.M`.
_ALPACA_HEADING = re.compile(
    r"((?:\A|[\n\r\v\f\x85\u2028\u2029])\s*#)(?=#+\s*(?:instruction|input|response)\b)", re.I
)


def choose_format(tokenizer: Any, wanted: str | None) -> PromptFormat:
    """Return the wanted format, or "chat" where the tokenizer has a template, else "alpaca".

    Raises:
        GenerationError: the format is unknown, or "chat" is wanted of a tokenizer without one.
    """
    if wanted is None:
        return "chat" if tokenizer.chat_template else "alpaca"
    if wanted not in PROMPT_FORMATS:
        known = ", ".join(PROMPT_FORMATS)
        raise GenerationError(f"Prompt format {wanted!r} is not known; use one of: {known}.")
    if wanted == "chat" and not tokenizer.chat_template:
        raise GenerationError(
            "Prompt format 'chat' needs a chat template and this model's tokenizer has none; "
            "use 'alpaca'."
        )
    return "chat" if wanted == "chat" else "alpaca"


def encode_prompt(tokenizer: Any, messages: Sequence[Message], form: PromptFormat) -> list[int]:
    """Render the messages and return the prompt's token ids, shape (T,), ready to be continued.

    Raises:
        GenerationError: there is no message, or the chat template refuses their roles.
    """
    return encode_text(tokenizer, render_prompt(tokenizer, messages, form), form)


def encode_text(tokenizer: Any, text: str, form: PromptFormat) -> list[int]:
    """Return the ids of a rendered prompt; a chat template has written its own first token."""
    ids: list[int] = tokenizer(text, add_special_tokens=form == "alpaca")["input_ids"]
    return ids


def render_prompt(tokenizer: Any, messages: Sequence[Message], form: PromptFormat) -> str:
    """Render the messages as the string that the model continues; see `encode_prompt`."""
    if not messages:
        raise GenerationError("There is no message to answer; pass at least one.")
    clean = [
        {"role": message["role"], "content": disarm(tokenizer, message["content"])}
        for message in messages
    ]
    if form == "alpaca":
        return _render_alpaca(clean)
    import jinja2

    try:
        text: str = tokenizer.apply_chat_template(clean, tokenize=False, add_generation_prompt=True)
    except jinja2.TemplateError as error:
        roles = ", ".join(message["role"] for message in clean)
        raise GenerationError(
            f"The model's chat template refuses messages with the roles {roles}: {error}"
        ) from error
    return text


def disarm(tokenizer: Any, text: str) -> str:
    """Break up the tokenizer's control tokens in a text: "<|im_end|>" becomes "< |im_end|>"."""
    added = {str(token) for token in tokenizer.added_tokens_decoder.values()}
    # A word or a run of spaces that a tokenizer was taught is no control token.
    control = {token for token in added if re.search(r"[^\w\s]", token)}
    for token in sorted(control.union(tokenizer.all_special_tokens)):
        if len(token) > 1 and token in text:
            text = text.replace(token, f"{token[0]} {token[1:]}")
    return text


def _render_alpaca(messages: Sequence[Message]) -> str:
    """One block a user message; a system message is the instruction and the user's its input."""
    messages = [
        {**message, "content": _ALPACA_HEADING.sub(r"\1 ", message["content"])}
        for message in messages
    ]
    system = "\n".join(m["content"] for m in messages if m["role"] == "system")
    parts = [_ALPACA_INPUT if system else _ALPACA_PLAIN]
    for message in messages:
        if message["role"] == "user":
            instruction = system or message["content"]
            parts.append(f"### Instruction:\n{instruction}\n\n")
            if system:
                parts.append(f"### Input:\n{message['content']}\n\n")
            parts.append("### Response:\n")
        elif message["role"] == "assistant":
            parts.append(f"{message['content']}\n\n")
    return "".join(parts)
