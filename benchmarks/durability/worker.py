"""Makes changes to an index in processes that may be killed or whose disk may fail.

`python -m benchmarks.durability.worker` imports everything once, then forks a child for each order
(a line of JSON on standard input) and tells what became of it. `Worker` is the other end.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]
MODES = {"fail": 1, "fail once": 2, "kill": 3, "count": 4}


@dataclass(frozen=True, slots=True)
class Order:
    """What a child is to do, and what is to happen to it.

    Args:
        out: the index directory.
        work: a directory for feeds.
        first: the number of the first change to make.
        count: how many changes to make, one after another.
        command: a command line of `llama-e` to run in their place.
        step: the step of `commit.STEPS` after which the child kills itself.
        after: seconds after which the child is killed.
        disk: what the disk does: one of `MODES`.
        nth: at which call that changes something in `below` it does so.
        error: the error number that the call then gives.
        below: the directory whose disk it is, `out` unless given.
        calls: a file to list the calls in.
        rlimit: the largest file that may be written, in bytes.
    """

    out: str
    work: str
    first: int = 0
    count: int = 1
    command: tuple[str, ...] = ()
    step: str = ""
    after: float = 0.0
    disk: str = ""
    nth: int = 0
    error: int = 0
    below: str = ""
    calls: str = ""
    rlimit: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a child.

    Args:
        signal: the signal that ended it, or 0.
        code: its exit code otherwise.
        done: the last state that it acknowledged, or -1.
        steps: the steps that it told of.
        fault: the name of the exception that ended it, and what it says.
        is_typed: whether the exception is one that the package raises on purpose.
        said: what a command wrote to standard error.
        calls: how many calls changed something on the disk that was watched.
    """

    signal: int = 0
    code: int = 0
    done: int = -1
    steps: tuple[str, ...] = ()
    fault: str = ""
    message: str = ""
    is_typed: bool = True
    said: str = ""
    calls: int = 0


class Worker:
    """A process that forks children for orders. Use as a context manager.

    Args:
        failing_disk: the library of `failing_disk.c`, or None where disks need not fail.
    """

    def __init__(self, failing_disk: Path | None = None) -> None:
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        if failing_disk is not None:
            environment["LD_PRELOAD"] = str(failing_disk)
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )

    def run(self, order: Order) -> Outcome:
        """Carry an order out; returns what became of the child."""
        assert self._process.stdin is not None
        print(json.dumps(asdict(order)), file=self._process.stdin, flush=True)
        told: dict[str, Any] = {}
        steps: list[str] = []
        for event in self._events():
            steps += event.pop("steps", [])
            told |= event
            if "code" in event:
                return Outcome(**told, steps=tuple(steps))
        raise RuntimeError("The worker ended.")

    def _events(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            yield json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def compile_failing_disk(directory: Path) -> Path | None:
    """Compile `failing_disk.c` into a directory; None where there is no compiler or no Linux."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    library = directory / "failing_disk.so"
    source = Path(__file__).with_name("failing_disk.c")
    done = subprocess.run(
        [compiler, "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"],
        capture_output=True,
        check=False,
    )
    return library if done.returncode == 0 else None


def _serve() -> None:
    """Carry out the orders of standard input."""
    import app

    app.build_parser()
    _import_engines()
    for line in sys.stdin:
        order = Order(**json.loads(line))
        child = os.fork()
        if not child:
            _child(order)
        if order.after:
            time.sleep(order.after)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        _tell(signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)
        _tell(code=os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1)


def _import_engines() -> None:
    """Import what every child needs, once, before any is forked."""
    import faiss  # noqa: F401
    import tantivy  # noqa: F401

    import assistant.cli.options  # noqa: F401
    import finetune.errors  # noqa: F401
    from catalog_index.lexical.schema import schema, spelling_analyzer

    schema(), spelling_analyzer()


def _tell(**event: Any) -> None:
    os.write(1, f"{json.dumps(event)}\n".encode())


def _child(order: Order) -> None:
    """Carry out one order; never returns."""
    code = 1
    try:
        _arm(order)
        code = _command(order) if order.command else _changes(order)
    finally:
        if order.disk:
            with suppress(Exception):
                _tell(calls=_library().failing_disk_calls())
        os._exit(code)


def _library() -> Any:
    library = ctypes.CDLL(None)
    library.failing_disk_calls.restype = ctypes.c_long
    return library


def _arm(order: Order) -> None:
    if order.rlimit:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (order.rlimit, order.rlimit))
    if order.disk:
        lines = os.open(order.calls, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) if order.calls else -1
        _library().failing_disk_arm(
            (order.below or order.out).encode(),
            MODES[order.disk],
            ctypes.c_long(order.nth),
            order.error,
            lines,
        )


def _changes(order: Order) -> int:
    from benchmarks.durability.history import apply
    from catalog_index.build import Options
    from catalog_index.errors import CatalogError

    def step(name: str) -> None:
        _tell(steps=[name])
        if name == order.step:
            os.kill(os.getpid(), signal.SIGKILL)

    for number in range(order.first, order.first + order.count):
        try:
            apply(number, Path(order.out), Path(order.work), Options(step=step))
        except BaseException as error:
            typed = isinstance(error, CatalogError)
            _tell(fault=type(error).__name__, message=str(error), is_typed=typed)
            return 1
        _tell(done=number + 1)
    return 0


def _command(order: Order) -> int:
    """Run a command line with the quick embedder; tells what it wrote to standard error."""
    import app
    import catalog_index.build
    from benchmarks.durability.history import WordsEmbedder

    catalog_index.build.MiniLMEmbedder = WordsEmbedder  # type: ignore[attr-defined,misc,assignment]
    Path(order.work).mkdir(exist_ok=True)
    kept, (said, end) = os.dup(1), os.pipe()
    os.dup2(end, 2)
    os.close(end)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    try:
        code = app.main(list(order.command))
    except SystemExit as stop:
        code = int(stop.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(kept, 1)
        os.dup2(kept, 2)
    os.set_blocking(said, False)
    _tell(said=os.read(said, 1 << 16).decode(errors="replace"))
    return code


if __name__ == "__main__":
    _serve()
