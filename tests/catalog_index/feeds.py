"""What the tests of the readers share: reading a feed whole, and making a PDF."""

from __future__ import annotations

from pathlib import Path

from catalog_index.product import Passage, Product
from catalog_index.readers import Limits, Merged, Parsed, Rejected, choose_reader
from catalog_index.readers.base import DEFAULT_LIMITS


class Rows:
    """What a reader made of a file, parted by what became of each row."""

    def __init__(
        self, path: Path, format_name: str = "auto", limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self.reader = choose_reader(path, format_name, limits)
        self.all = list(self.reader.read(path))
        self.parsed = [row for row in self.all if isinstance(row, Parsed)]
        self.rejected = [row for row in self.all if isinstance(row, Rejected)]
        self.merged = sorted(row.line for row in self.all if isinstance(row, Merged))

    @property
    def products(self) -> list[Product]:
        return [row.record for row in self.parsed if isinstance(row.record, Product)]

    @property
    def passages(self) -> list[Passage]:
        return [row.record for row in self.parsed if isinstance(row.record, Passage)]

    @property
    def faults(self) -> list[tuple[int, str]]:
        return sorted((row.line, row.error.field) for row in self.rejected)

    @property
    def lines(self) -> list[int]:
        """Every line that a row speaks of, in order."""
        return sorted(row.line for row in self.all)


def write(path: Path, content: str | bytes) -> Path:
    """Write a feed."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def make_pdf(*pages: list[tuple[str, int]]) -> bytes:
    """Return a PDF whose pages hold these lines, each (text, font size)."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for at, lines in enumerate(pages):
        y, drawn = 760, []
        for text, size in lines:
            drawn.append(f"BT /F1 {size} Tf 72 {y} Td ({text}) Tj ET")
            y -= size + 6
        stream = "\n".join(drawn)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources"
            f" << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * at} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    body, offsets = "%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{item}\nendobj\n"
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    body += "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    body += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return body.encode("latin-1")
