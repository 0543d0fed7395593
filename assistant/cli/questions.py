"""`llama-e search`, `llama-e ask` and `llama-e route`: one question, or a batch of them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from assistant.cli.options import (
    add_index_options,
    add_model_options,
    add_output_options,
    run_batch,
    service_of,
)
from assistant.dialogue.state import DialogueState
from assistant.programs.records import hit_json, understood_json
from assistant.tasks.base import TaskInputError
from assistant.values import Answer, Turn, Utterance
from catalog_index.console import Commands, print_json

if TYPE_CHECKING:
    pass

Reply = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def register(commands: Commands) -> None:
    """Add the three subcommands."""
    search = commands.add_parser("search", help="find records in an index")
    search.add_argument("text", nargs="?", metavar="TEXT")
    search.add_argument("-k", type=_positive, default=10, help="how many hits (default 10)")
    search.add_argument(
        "--words-only",
        action="store_true",
        help='take "under 50 euros" or "not waterproof" as words, not as conditions',
    )
    search.add_argument("--kind", choices=("product", "passage"), help="only one kind of record")
    add_index_options(search)
    add_output_options(search, '{"query"}')
    search.set_defaults(run=_search, parser=search)

    ask = commands.add_parser("ask", help="ask the assistant one question")
    ask.add_argument("text", nargs="?", metavar="TEXT")
    ask.add_argument("--product", metavar="ID", help="the product that the question is about")
    add_index_options(ask)
    add_model_options(ask)
    add_output_options(ask, '{"message", "history"?, "product_id"?, "state"?, "parameters"?}')
    ask.set_defaults(run=_ask, parser=ask)

    route = commands.add_parser("route", help="say what a message wants")
    route.add_argument("text", nargs="?", metavar="TEXT")
    add_output_options(route, '{"text"}')
    route.set_defaults(run=_route, parser=route)


def _search(args: argparse.Namespace) -> int:
    from retrieval.registry import search, understood
    from retrieval.values import Query

    _check_text(args)
    retriever = service_of(args).retriever

    def reply(line: Mapping[str, Any]) -> Mapping[str, Any]:
        text = line["query"]
        hits = search(retriever, Query(text, args.k, args.kind, understand=not args.words_only))
        asked = None if args.words_only else understood(retriever, text)
        return {"query": text, **understood_json(asked), "hits": [hit_json(hit) for hit in hits]}

    def show(result: Mapping[str, Any]) -> None:
        for word, meant in result.get("corrections", {}).items():
            print(f"({word!r} taken for {meant!r})")
        if limits := [*result.get("filters", []), *filter(None, [result.get("sort")])]:
            print(f"({'; '.join(limits)})")
        for number, hit in enumerate(result["hits"], start=1):
            price = f"  {hit['price']}" if "price" in hit else ""
            print(f"{number:3}. {hit['id']}  {hit['title']}{price}")
        if not result["hits"]:
            print("Nothing found.")

    return _run(args, "query", reply, show)


def _ask(args: argparse.Namespace) -> int:
    _check_text(args)
    assistant = service_of(args).assistant

    def reply(line: Mapping[str, Any]) -> Mapping[str, Any]:
        return assistant.ask(_turn(line, args.product)).to_json()

    if args.batch or args.json:
        return _run(args, "message", reply, print_json)
    _print_answer(assistant.ask(_turn({"message": args.text}, args.product)))
    return 0


def _route(args: argparse.Namespace) -> int:
    _check_text(args)
    router = service_of(args).router

    def reply(line: Mapping[str, Any]) -> Mapping[str, Any]:
        route = router.route(line["text"])
        return {
            "text": line["text"],
            "intent": str(route.intent),
            "confidence": round(route.confidence, 4),
            "unsure": route.unsure,
        }

    def show(result: Mapping[str, Any]) -> None:
        unsure = " (unsure)" if result["unsure"] else ""
        print(f"{result['intent']}  {result['confidence']:.0%}{unsure}")

    return _run(args, "text", reply, show)


def _run(
    args: argparse.Namespace, key: str, reply: Reply, show: Callable[[Mapping[str, Any]], None]
) -> int:
    if args.batch:
        return run_batch(args.batch, reply, required=key)
    result = reply({key: args.text})
    (print_json if args.json else show)(result)
    return 0


def _check_text(args: argparse.Namespace) -> None:
    if args.text is None and not args.batch:
        args.parser.error("give TEXT, or --batch FILE")
    if args.text is not None and args.batch:
        args.parser.error("give TEXT or --batch FILE, not both")


def _turn(line: Mapping[str, Any], product: str | None) -> Turn:
    """Make a turn of a batch line.

    Args:
        line: `message`; `history`, a list of {"role", "content" or "text"}; `product_id`;
            `state`, what an answer's "state" was; `parameters`, an object of a task's own keys.
        product: the id that lines without one are about.

    Raises:
        TaskInputError: a key holds a value of the wrong type.
    """
    state, parameters = line.get("state"), line.get("parameters")
    if parameters is not None and not isinstance(parameters, Mapping):
        raise TaskInputError('parameters: is not an object, such as {"tone": "witty"}.')
    if state is not None and not isinstance(state, Mapping):
        raise TaskInputError("state: is not an object. Give what an answer held as its state.")
    return Turn(
        message=line["message"],
        history=tuple(_history(line.get("history"))),
        product_id=_product_id(line.get("product_id")) or product,
        state=None if state is None else DialogueState.from_json(state),
        parameters=parameters or {},
    )


def _history(entries: Any) -> Iterator[Utterance]:
    for item in entries if isinstance(entries, list) else [None] if entries else []:
        entry = item if isinstance(item, Mapping) else {}
        role = entry.get("role")
        if role not in ("user", "assistant"):
            raise TaskInputError(
                'history: is not a list of {"role": "user" or "assistant", "content": text}.'
            )
        yield Utterance(role, str(entry.get("content", entry.get("text", ""))))


def _product_id(value: Any) -> str | None:
    """Return the id as text; a feed's ids may be whole numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int | None):
        raise TaskInputError("product_id: is not text. Give one product's id, SKU or GTIN.")
    return None if value in (None, "") else str(value)


def _print_answer(answer: Answer) -> None:
    print(answer.text)
    for citation in answer.citations:
        fields = f" ({', '.join(citation.fields[:4])})" if citation.fields else ""
        print(f"  [{citation.number}] {citation.hit.id}: {citation.hit.title}{fields}")
    for note in answer.notes:
        print(f"  note: {note}")


def _positive(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000")
    return int(text)
