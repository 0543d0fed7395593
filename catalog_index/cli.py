"""`llama-e index`: build, update, delete, info, verify, gc."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from catalog_index.console import Commands, log, print_json

if TYPE_CHECKING:
    from catalog_index.manifest import SegmentEntry

FORMATS = (
    *("markdown", "pdf", "parquet", "html", "google", "icecat", "esci", "wands"),
    *("shopify", "woocommerce", "jsonl", "csv", "text"),
)
"""The names of `readers.FORMATS`, which would take long to import for a page of help."""


def register(commands: Commands) -> None:
    """Add the subcommands of this package."""
    index = commands.add_parser("index", help="build, update and look at an index")
    actions = index.add_subparsers(dest="action", metavar="ACTION", required=True)
    _add_build(actions)
    _add_update(actions)
    _add_delete(actions)

    info = actions.add_parser("info", help="say what an index holds")
    info.set_defaults(run=_info)
    verify = actions.add_parser(
        "verify",
        help="prove that an index is whole",
        description=(
            "Check every hash, every record, and that records, words and vectors agree. Exits 1"
            " where something is wrong."
        ),
    )
    verify.set_defaults(run=_verify)
    gc = actions.add_parser(
        "gc",
        help="delete generations that are not needed",
        description="Delete all generations but the current one, and what killed builds left.",
    )
    gc.add_argument(
        "--keep", type=_count, default=0, metavar="N", help="generations before it to keep"
    )
    gc.set_defaults(run=_gc)
    for parser in (info, verify, gc):
        parser.add_argument("directory", type=Path, metavar="DIR")
        parser.add_argument("--json", action="store_true", help="print as JSON")


def _add_build(actions: Commands) -> None:
    build = actions.add_parser(
        "build",
        help="build an index from feeds",
        description=(
            "Read product feeds and shop documents, and build a searchable index. Rows that are"
            " no product are listed with line and reason in DIR/rejected.jsonl. A build that was"
            " killed goes on where it stopped."
        ),
    )
    build.add_argument("feeds", nargs="+", type=Path, metavar="FEED", help="a file or a directory")
    build.add_argument("--out", required=True, type=Path, metavar="DIR", help="the index directory")
    _add_reading(build)
    build.set_defaults(run=_build)


def _add_update(actions: Commands) -> None:
    update = actions.add_parser(
        "update",
        help="bring an index up to date",
        description=(
            "Read feeds that hold the whole catalog or only what changed, and write a generation"
            " in which new and changed records are. Only new texts are embedded."
        ),
    )
    update.add_argument("directory", type=Path, metavar="DIR", help="the index directory")
    update.add_argument("feeds", nargs="+", type=Path, metavar="FEED", help="a file or a directory")
    update.add_argument(
        "--delete-missing",
        action="store_true",
        help="delete products (and, where documents are given, passages) that no feed names",
    )
    _add_reading(update)
    update.set_defaults(run=_update)


def _add_delete(actions: Commands) -> None:
    delete = actions.add_parser("delete", help="delete records from an index")
    delete.add_argument("directory", type=Path, metavar="DIR")
    delete.add_argument(
        "ids",
        nargs="+",
        metavar="ID",
        help="a product's id, a document's name (\"returns.md\") or a passage's id",
    )
    delete.add_argument("--json", action="store_true", help="print the counts as JSON")
    delete.set_defaults(run=_delete)


def _add_reading(parser: argparse.ArgumentParser) -> None:
    formats = ("auto", *FORMATS)
    parser.add_argument("--format", default="auto", choices=formats, help="default: by content")
    parser.add_argument("--strict", action="store_true", help="stop at the first bad row")
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("must be 0 or more")
    return number


def _build(args: argparse.Namespace) -> int:
    from catalog_index.build import Options, build_index
    from catalog_index.progress import progress_bar

    with progress_bar() as progress:
        options = Options(format_name=args.format, is_strict=args.strict, progress=progress)
        report = build_index(args.feeds, args.out, options=options)
    return _tell(report, args.json)


def _update(args: argparse.Namespace) -> int:
    from catalog_index.build import Options, update_index
    from catalog_index.progress import progress_bar

    with progress_bar() as progress:
        options = Options(
            format_name=args.format,
            is_strict=args.strict,
            delete_missing=args.delete_missing,
            progress=progress,
        )
        report = update_index(args.directory, args.feeds, options=options)
    return _tell(report, args.json)


def _delete(args: argparse.Namespace) -> int:
    from catalog_index.build import delete_records

    return _tell(delete_records(args.directory, args.ids), args.json)


def _tell(report: object, as_json: bool) -> int:
    from catalog_index.build import BuildReport

    assert isinstance(report, BuildReport)
    counts = report.counts
    if as_json:
        print_json(
            {
                "directory": str(report.directory),
                **counts.model_dump(),
                "indexed": counts.added + counts.changed + counts.unchanged,
                "has_changed": report.has_changed,
                "kept_missing": report.kept_missing,
                "rejected_file": str(report.rejected_file) if report.rejected_file else None,
                "seconds": round(report.seconds, 2),
            }
        )
        return 0
    said = "Indexed" if report.has_changed else "Nothing changed:"
    print(
        f"{said} {counts.products:,} products and {counts.passages:,} passages at"
        f" {report.directory} in {report.seconds:.0f} s."
    )
    kept = counts.added + counts.changed + counts.unchanged
    parts = f"{kept:,} indexed"
    if counts.changed or counts.unchanged:
        parts += f" ({counts.added:,} new, {counts.changed:,} changed,"
        parts += f" {counts.unchanged:,} as before)"
    if counts.read:
        print(
            f"{counts.read:,} rows read = {parts} + {counts.rejected:,} rejected"
            f" + {counts.merged:,} merged with another row."
        )
    if counts.deleted:
        print(f"{counts.deleted:,} records deleted.")
    if report.kept_missing:
        log(
            f"{report.kept_missing:,} records that the feeds no longer name were kept, since"
            f" {report.hiding:,} rows could not be read; mend them and run again."
        )
    if report.rejected_file:
        log(f"The rejected rows and the reasons are in {report.rejected_file}.")
    return 0


def _described(segment: SegmentEntry) -> str:
    """Say how many vectors a segment has and how they are searched."""
    if segment.is_exact:
        return f"{segment.count:,} ({segment.vector_index})"
    return (
        f"{segment.count:,} ({segment.vector_index}, nprobe {segment.nprobe}, recall@10"
        f" {segment.recall:.3f})"
    )


def _info(args: argparse.Namespace) -> int:
    from catalog_index.manifest import current_generation, read_manifest

    generation = current_generation(args.directory)
    manifest = read_manifest(generation)
    if args.json:
        named = {"directory": str(args.directory), "generation": generation.name}
        print_json({**named, **manifest.model_dump()})
        return 0
    counts = manifest.counts
    size = sum(entry.size for entry in manifest.files.values())
    segments = ", ".join(map(_described, manifest.segments))
    for name, value in (
        ("Directory", args.directory),
        ("Generation", generation.name),
        ("Made", f"{manifest.created} by {manifest.change}"),
        ("Products", f"{counts.products:,}"),
        ("Passages", f"{counts.passages:,}"),
        ("Rejected rows", f"{counts.rejected:,}"),
        ("Merged rows", f"{counts.merged:,}"),
        ("Feeds", ", ".join(manifest.feeds)),
        ("Embedder", f"{manifest.embedder.id} ({manifest.embedder.dimension} dimensions)"),
        ("Segments", segments),
        ("Dead keys", f"{manifest.dead:,}"),
        ("Schema", manifest.schema_version),
        ("Size", f"{size / 1e6:.1f} MB"),
    ):
        print(f"{name + ':':15}{value}")
    return 0


def _verify(args: argparse.Namespace) -> int:
    from catalog_index.verify import Check, verify_index

    def tell(check: Check) -> None:
        if not args.json:
            print(f"{'FAULT' if check.fault else 'ok':7}{check.name}", flush=True)

    checks = verify_index(args.directory, tell)
    faults = [check for check in checks if check.fault]
    if args.json:
        named = [{"check": check.name, "fault": check.fault or None} for check in checks]
        print_json({"directory": str(args.directory), "whole": not faults, "checks": named})
    for check in faults:
        log(check.fault)
    return 1 if faults else 0


def _gc(args: argparse.Namespace) -> int:
    from catalog_index.generations import collect_garbage

    swept = collect_garbage(args.directory, args.keep)
    if args.json:
        print_json({"removed": list(swept.removed), "freed": swept.freed})
    else:
        print(f"{len(swept.removed)} generations deleted, {swept.freed / 1e6:.1f} MB freed.")
    return 0
