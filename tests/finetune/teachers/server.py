"""An OpenAI-compatible server on this machine that answers by rule and fails on demand.

Speaks /v1/chat/completions (whole and streamed), /v1/files and /v1/batches over real HTTP. Which
job a call is for, it reads off the "item-N" in the call's last message.
"""

from __future__ import annotations

import email
import json
import re
import threading
from collections import Counter, deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Self

Body = dict[str, Any]


def answer_to(item: str) -> str:
    """The reply text of a well-behaved teacher."""
    return json.dumps({"instruction": f"Say {item} anew", "response": f"All about {item}."})


class TeacherServer:
    """Runs within `with`; what was asked and answered is counted by item."""

    def __init__(self) -> None:
        self.faults: deque[str] = deque()
        """Each of the next calls fails in one of these ways; see `Handler.fail`."""
        self.fault_of: Callable[[str], str] = lambda item: ""
        """How calls for an item always fail; "" for not at all."""
        self.write: Callable[[str], str] = answer_to
        self.usage: Body | None = {"prompt_tokens": 100, "completion_tokens": 20}
        self.hold_after: int | None = None
        """Serve so many calls, and let those that follow hang until `release`."""
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.bodies: list[Body] = []
        self.keys: list[str | None] = []
        self.most_at_once = 0
        self.files: dict[str, str] = {}
        self.batches: dict[str, Body] = {}
        """Take a file or a batch out, and the server no longer has it."""
        self.file_numbers, self.batch_numbers = count(), count()
        self.batch_fault = ""
        """What the next batch comes to: "expired", "failed" or "cancelled"."""
        self.batch_steps = 1
        """How often a batch is found in progress before it ends."""
        self.lookup_faults: deque[str] = deque()
        """Statuses that the next looks at a batch or a file fail with."""
        self.changed = threading.Condition()
        self.released = threading.Event()
        self._at_once = 0
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.teacher = self  # type: ignore[attr-defined]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def release(self) -> None:
        self.hold_after = None
        self.released.set()

    def until(self, holds: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until something was counted."""
        with self.changed:
            assert self.changed.wait_for(holds, seconds), (self.asked, self.answered)

    def begin(self, item: str, body: Body) -> str:
        """Count a call; return how it is to fail."""
        with self.changed:
            self.asked[item] += 1
            self.bodies.append(body)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            fault = self.faults.popleft() if self.faults else self.fault_of(item)
            if self.hold_after is not None and self.asked.total() > self.hold_after:
                fault = "hang"
            self.changed.notify_all()
        return fault

    def end(self, item: str, answered: bool) -> None:
        with self.changed:
            self._at_once -= 1
            self.answered[item] += answered
            self.changed.notify_all()

    def completion(self, item: str, text: str | None = None) -> Body:
        """The body of an answered call."""
        message = {"role": "assistant", "content": self.write(item) if text is None else text}
        body: Body = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": "tiny",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        }
        return body | ({"usage": self.usage} if self.usage else {})

    def work(self, batch: Body) -> None:
        """Bring a batch one step on."""
        with self.changed:
            batch["looks"] += 1
            if batch["status"] == "validating":
                batch["status"] = "in_progress"
            elif batch["status"] == "in_progress" and batch["looks"] > self.batch_steps:
                batch["status"], self.batch_fault = self.batch_fault or "completed", ""
                if batch["status"] == "failed":
                    fault = {"message": "the file is not to my taste", "line": 1}
                    batch["errors"] = {"data": [fault]}
                else:
                    self._work_through(batch)
            self.changed.notify_all()

    def _work_through(self, batch: Body) -> None:
        output, errors = [], []
        lines = [json.loads(line) for line in self.files[batch["input_file_id"]].splitlines()]
        done = len(lines) // 2 if batch["status"] == "expired" else len(lines)
        for number, line in enumerate(lines):
            item = item_of(line["body"])
            self.asked[item] += 1
            self.bodies.append(line["body"])
            result: Body = {"id": f"req-{number}", "custom_id": line["custom_id"]}
            fault = self.fault_of(item)
            if number >= done:
                expired = {"code": "batch_expired", "message": "not done in time"}
                errors.append(result | {"response": None, "error": expired})
            elif fault in {"400", "500"}:
                body = {"error": {"message": "no such setting"}}
                errors.append(
                    result | {"response": {"status_code": int(fault), "body": body}, "error": None}
                )
            else:
                self.answered[item] += 1
                text = "I would rather not." if fault == "prose" else None
                body = self.completion(item, text)
                output.append(
                    result | {"response": {"status_code": 200, "body": body}, "error": None}
                )
        for name, rows in (("output", output), ("error", errors)):
            if rows:
                batch[f"{name}_file_id"] = f"{name}-{batch['id']}"
                self.files[f"{name}-{batch['id']}"] = "".join(
                    f"{json.dumps(row)}\n" for row in rows
                )


class Handler(BaseHTTPRequestHandler):
    """One request."""

    @property
    def teacher(self) -> TeacherServer:
        return self.server.teacher  # type: ignore[attr-defined, no-any-return]

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.teacher.keys.append(self.headers["Authorization"])
        if self.path == "/v1/chat/completions":
            self.chat(json.loads(content))
        elif self.path == "/v1/files":
            self.send_json(200, self.take_file(content))
        elif self.path == "/v1/batches":
            wanted = json.loads(content)
            if wanted["input_file_id"] in self.teacher.files:
                self.send_json(200, self.make_batch(wanted))
            else:
                self.send_missing()
        else:
            self.send_missing()

    def do_GET(self) -> None:
        place, _, name = self.path.removeprefix("/v1/").partition("?")[0].partition("/")
        batches, files = self.teacher.batches, self.teacher.files
        if self.teacher.lookup_faults:
            self.send_json(int(self.teacher.lookup_faults.popleft()), {})
        elif place == "files" and (file := name.removesuffix("/content")) in files:
            self.send_bytes(200, files[file].encode(), "text/plain")
        elif place == "batches" and name in batches:
            self.teacher.work(batches[name])
            self.send_json(200, batches[name])
        elif place == "batches" and not name:
            rows = list(batches.values())
            self.send_json(200, {"object": "list", "data": rows, "has_more": False})
        else:
            self.send_missing()

    def chat(self, body: Body) -> None:
        item = item_of(body)
        fault = self.teacher.begin(item, body)
        answered = False
        try:
            if fault:
                self.fail(fault, item, bool(body.get("stream")))
            elif body.get("stream"):
                self.stream(item, self.teacher.write(item))
                answered = True
            else:
                self.send_json(200, self.teacher.completion(item))
                answered = True
        finally:
            self.teacher.end(item, answered)

    def fail(self, fault: str, item: str, streamed: bool) -> None:
        """Fail in the way named; a number is an HTTP status, "429:7" has a Retry-After of 7 s."""
        if fault == "hang":
            self.teacher.released.wait(60)
            self.close_connection = True
        elif fault == "html":
            self.send_bytes(200, b"<html>Please wait.</html>", "text/html")
        elif fault == "bad json":
            self.send_bytes(200, b'{"choices": [', "application/json")
        elif fault == "no choices":
            self.send_json(200, {"error": "overloaded"})
        elif fault == "prose":
            self.send_json(200, self.teacher.completion(item, "I would rather not."))
        elif fault == "cut" and streamed:
            self.stream(item, self.teacher.write(item), finish=False)
        elif fault == "cut":
            self.send_bytes(200, b'{"choices": [{"mess', "application/json", missing=100)
        elif fault == "no quota":
            self.send_json(429, {"error": {"message": "pay", "code": "insufficient_quota"}})
        else:
            status, _, wait = fault.partition(":")
            key = self.headers["Authorization"]
            self.send_json(int(status), {"error": {"message": f"fault of {item} with {key}"}}, wait)

    def stream(self, item: str, text: str, *, finish: bool = True) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for start in range(0, len(text), 10):
            self.send_chunk({"content": text[start : start + 10]})
        if not finish:
            return
        self.send_chunk({}, "stop")
        if self.teacher.usage:
            self.event({"choices": [], "usage": self.teacher.usage})
        self.wfile.write(b"data: [DONE]\n\n")

    def send_chunk(self, delta: Body, finish: str | None = None) -> None:
        self.event({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})

    def event(self, body: Body) -> None:
        whole = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "t"} | body
        self.wfile.write(f"data: {json.dumps(whole)}\n\n".encode())

    def take_file(self, content: bytes) -> Body:
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts = email.message_from_bytes(head + content).get_payload()
        named = {part.get_param("name", header="content-disposition"): part for part in parts}
        assert named["purpose"].get_payload() == "batch"
        name = f"file-{next(self.teacher.file_numbers)}"
        self.teacher.files[name] = named["file"].get_payload(decode=True).decode()
        return {"id": name, "object": "file", "purpose": "batch"}

    def make_batch(self, wanted: Body) -> Body:
        assert wanted["endpoint"] == "/v1/chat/completions"
        name = f"batch-{next(self.teacher.batch_numbers)}"
        batch = wanted | {"id": name, "object": "batch", "status": "validating", "looks": 0}
        self.teacher.batches[name] = batch
        return batch

    def send_missing(self) -> None:
        self.send_json(404, {"error": {"message": f"there is no {self.path}"}})

    def send_json(self, status: int, body: Body, retry_after: str = "") -> None:
        self.send_bytes(status, json.dumps(body).encode(), "application/json", retry_after)

    def send_bytes(
        self, status: int, content: bytes, kind: str, retry_after: str = "", *, missing: int = 0
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content) + missing))
        if retry_after:
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(content)


def item_of(body: Body) -> str:
    """The item that a call is about."""
    found = re.findall(r"item-\d+", body["messages"][-1]["content"])
    return found[-1] if found else "?"
