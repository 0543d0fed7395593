"""`llama-e index build` and `llama-e index info`."""

from __future__ import annotations

import argparse
from pathlib import Path

from catalog_index.console import Commands, log, print_json


def register(commands: Commands) -> None:
    """Add the subcommands of this package."""
    index = commands.add_parser("index", help="build an index of product feeds, or look at one")
    actions = index.add_subparsers(dest="action", metavar="ACTION", required=True)

    build = actions.add_parser(
        "build",
        help="build an index from feeds",
        description=(
            "Read product feeds and shop documents, and build a searchable index. Rows that are"
            " no product are listed with line and reason in DIR/rejected.jsonl."
        ),
    )
    build.add_argument("feeds", nargs="+", type=Path, metavar="FEED", help="a file or a directory")
    build.add_argument("--out", required=True, type=Path, metavar="DIR", help="the index directory")
    formats = ("auto", "jsonl", "csv", "icecat", "markdown")
    build.add_argument("--format", default="auto", choices=formats, help="default: by content")
    build.add_argument("--json", action="store_true", help="print the counts as JSON")
    build.set_defaults(run=_build)

    info = actions.add_parser("info", help="say what an index holds")
    info.add_argument("directory", type=Path, metavar="DIR")
    info.add_argument("--json", action="store_true", help="print as JSON")
    info.set_defaults(run=_info)


def _build(args: argparse.Namespace) -> int:
    from catalog_index.build import build_index
    from catalog_index.progress import progress_bar

    with progress_bar() as progress:
        report = build_index(args.feeds, args.out, format_name=args.format, progress=progress)
    counts = report.counts
    if args.json:
        print_json(
            {
                "directory": str(report.directory),
                **counts.model_dump(),
                "indexed": counts.indexed,
                "rejected_file": str(report.rejected_file) if report.rejected_file else None,
                "seconds": round(report.seconds, 2),
            }
        )
        return 0
    print(
        f"Indexed {counts.products:,} products and {counts.passages:,} passages at"
        f" {report.directory} in {report.seconds:.0f} s."
    )
    print(
        f"{counts.read:,} rows read = {counts.indexed:,} indexed + {counts.rejected:,} rejected"
        f" + {counts.merged:,} merged with a later row of the same id."
    )
    if report.rejected_file:
        log(f"The rejected rows and the reasons are in {report.rejected_file}.")
    return 0


def _info(args: argparse.Namespace) -> int:
    from catalog_index.manifest import current_generation, read_manifest

    generation = current_generation(args.directory)
    manifest = read_manifest(generation)
    if args.json:
        print_json({"directory": str(args.directory), **manifest.model_dump()})
        return 0
    counts = manifest.counts
    size = sum(entry.size for entry in manifest.files.values())
    for name, value in (
        ("Directory", args.directory),
        ("Generation", generation.name),
        ("Built", manifest.created),
        ("Products", f"{counts.products:,}"),
        ("Passages", f"{counts.passages:,}"),
        ("Rejected rows", f"{counts.rejected:,}"),
        ("Merged rows", f"{counts.merged:,}"),
        ("Feeds", ", ".join(manifest.feeds)),
        ("Embedder", f"{manifest.embedder.id} ({manifest.embedder.dimension} dimensions)"),
        ("Schema", manifest.schema_version),
        ("Size", f"{size / 1e6:.1f} MB"),
    ):
        print(f"{name + ':':15}{value}")
    return 0
