"""The demo shop "Marlow & Finch": products, pictures and policy pages, written by this project.

Everything is generated from the data in `types` and is the same on every run; the brands and the
shop are invented. `write_demo` puts the whole of it into a directory, as a seller's feed would
arrive.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from catalog_index.durable import work_directory


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """What `write_demo` wrote: the feed, the pictures it links to, the shop's policy pages."""

    directory: Path
    feed: Path
    images: Path
    policies: tuple[Path, ...]
    products: int


def write_demo(directory: Path) -> DemoFiles:
    """Write the demo shop to `directory`, replacing what is there.

    The files are written beside it and moved into place when complete, so that an interrupted run
    leaves either the old directory or the new one, never a part.

    Args:
        directory: Where `products.jsonl`, `images/` and `policies/` go; its parents are made.

    Returns:
        The paths written and the number of products.

    Raises:
        OSError: The place cannot be written.
    """
    from catalog_index.demo.generator import generate_products
    from catalog_index.demo.pictures import draw

    directory = directory.absolute()
    with work_directory(directory) as work:
        fresh, old = work / "new", work / "old"
        (fresh / "images").mkdir(parents=True)
        count = 0
        with (fresh / "products.jsonl").open("w", encoding="utf-8", newline="\n") as feed:
            for product in generate_products():
                feed.write(json.dumps(product.to_json(), ensure_ascii=False) + "\n")
                picture = fresh / product.image_link
                picture.write_text(draw(product), encoding="utf-8", newline="\n")
                count += 1
        pages = resources.files("catalog_index.demo") / "policies"
        with resources.as_file(pages) as source:
            shutil.copytree(source, fresh / "policies")
        if directory.exists():
            directory.rename(old)
        fresh.rename(directory)
    return DemoFiles(
        directory=directory,
        feed=directory / "products.jsonl",
        images=directory / "images",
        policies=tuple(sorted((directory / "policies").glob("*.md"))),
        products=count,
    )
