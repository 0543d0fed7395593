from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("catalog_index", "retrieval", "assistant", "finetune")
LANGCHAIN_SEAM = (
    "retrieval",
    "assistant/service.py",
    "assistant/model/chat_model.py",
)
HOMES = {
    "gradio": ("assistant/ui",),
    "faiss": ("catalog_index",),
    "tantivy": ("catalog_index/lexical",),
    "openvino": ("catalog_index/embedding",),
    "langchain_milvus": ("retrieval/milvus.py",),
    "pymilvus": ("retrieval/milvus.py",),
    "qdrant_client": ("retrieval/qdrant.py",),
    "langchain_qdrant": ("retrieval/qdrant.py",),
    "langchain_core": LANGCHAIN_SEAM,
    "openai": ("finetune/teachers",),
}
"""Where each library may be imported, wherever in a file: a package, or a single module."""
HEAVY = ("torch", "transformers", "faiss", "gradio", "sentence_transformers", "qdrant_client")


def test_no_room_imports_what_it_may_not_know() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    done = subprocess.run(
        [*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def imported_by(path: Path) -> set[str]:
    """The top-level packages that one file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_no_room_imports_the_composition_root_and_it_imports_only_rooms() -> None:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            assert "app" not in imported_by(path), path
    assert imported_by(ROOT / "app.py").isdisjoint(HEAVY)


def strangers(root: Path, library: str) -> list[str]:
    """The files under `root` that import a library outside its homes."""
    files = (file for room in ROOMS for file in (root / room).rglob("*.py"))
    return [
        str(path)
        for path in (file.relative_to(root) for file in sorted(files))
        if library in imported_by(root / path)
        and not any(path.is_relative_to(home) for home in HOMES[library])
    ]


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_imported_only_where_it_is_at_home(library: str) -> None:
    assert strangers(ROOT, library) == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_out_of_its_home_is_found(tmp_path: Path, library: str) -> None:
    for file in ("assistant/cli/serve.py", "assistant/model/engine.py", *HOMES[library]):
        path = tmp_path / file
        path = path if path.suffix else path / "module.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"def late():\n    from {library}.part import thing\n")
    assert strangers(tmp_path, library) == ["assistant/cli/serve.py", "assistant/model/engine.py"]


@pytest.mark.parametrize(
    "modules",
    [
        "app, catalog_index.cli",
        "catalog_index.build, catalog_index.index, catalog_index.readers, catalog_index.embedding",
        "retrieval.hybrid, retrieval.registry, retrieval.evidence, retrieval.vector_store",
        "assistant, assistant.cli",
    ],
)
def test_importing_a_package_loads_no_model_library(modules: str) -> None:
    code = f"import sys, {modules}; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""


def test_no_placeholder_stands_in_the_docs() -> None:
    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        assert "@@" not in path.read_text(encoding="utf-8"), path
