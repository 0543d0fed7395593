"""Photographs every room into `docs/screens/`: `python -m tests.e2e.screens [ADDRESS] [--tour]`.

Without an address it starts a server of its own on an empty data directory, plays a week of work
on it, takes each scene in light and dark, wide and narrow, and then makes the recording `tour.gif`.
`--tour` makes the recording alone, `--only NAME ...` some pictures alone.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e import scenes, tour
from tests.e2e.acts import open_page
from tests.e2e.chromium import FLAGS, MISSING, find_chromium
from tests.e2e.server import served

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
SIZES = {"": {"width": 1360, "height": 860}, "-phone": {"width": 390, "height": 844}}
SCHEMES = ("light", "dark")
_DARK = "dark => document.body.classList.toggle('dark', dark)"


def main() -> None:
    """Take the pictures that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", nargs="?", help="a running page (default: one of its own)")
    parser.add_argument("--tour", action="store_true", help="make the recording, no pictures")
    parser.add_argument("--only", nargs="+", choices=scenes.SCENES, help="these pictures alone")
    parser.add_argument("--out", type=Path, default=SCREENS, help="default: docs/screens")
    args = parser.parse_args()
    path = find_chromium()
    if path is None:
        parser.exit(1, f"{MISSING}\n")
    args.out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as kept,
        _page_of(args.address, Path(kept)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        if args.address is None:
            page = browser.new_page(viewport=SIZES[""])
            scenes.rehearse(page, address, Path(kept))
            page.close()
            for database in Path(kept).glob("data/*/*.sqlite3"):
                scenes.age(database)
        if not args.tour:
            photograph(browser, address, args.only or scenes.SCENES, args.out)
        if not args.only:
            tour.record(browser, address, args.out / "tour.gif")
        browser.close()


@contextmanager
def _page_of(address: str | None, kept: Path):
    if address is not None:
        yield address
        return
    with served(kept) as server:
        yield server.address


def photograph(browser: Browser, address: str, names: Iterable[str], out: Path) -> None:
    """Play each scene once, and take it in every scheme and size."""
    page = browser.new_page(viewport=SIZES[""], color_scheme="light")
    for name in names:
        page.set_viewport_size(SIZES[""])
        page.goto("about:blank")
        open_page(page, f"{address}/?__theme=light")
        scenes.SCENES[name](page)
        for size, view in SIZES.items():
            page.set_viewport_size(view)
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)
                page.evaluate(_DARK, scheme == "dark")
                scenes.settled(page, name, is_narrow=bool(size))
                _shot(page, out / f"{name}-{scheme}{size}.png")
        page.evaluate(_DARK, False)
        print(name, flush=True)
    page.close()


def _shot(page: Page, path: Path) -> None:
    """Take the window as it is, in 256 colours: a page has few, and pictures stay small."""
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    flat = picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    flat.save(path, optimize=True)


if __name__ == "__main__":
    main()
