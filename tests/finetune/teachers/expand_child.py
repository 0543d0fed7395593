"""Expands jobs in a process of its own, to be killed: python -m ... URL JOURNAL COUNT BATCH."""

from __future__ import annotations

import sys
from pathlib import Path

from finetune.teachers.batch_api import OpenAIBatchTeacher
from finetune.teachers.openai_server import OpenAITeacher
from finetune.teachers.settings import TeacherSettings
from tests.finetune.teachers.jobs import title_jobs


def main(url: str, journal: str, count: str, batch: str) -> None:
    kind = OpenAIBatchTeacher if batch == "batch" else OpenAITeacher
    settings = TeacherSettings(url, "tiny", Path(journal), concurrency=4, poll_s=0.01)
    for pair in kind(settings).expand(title_jobs(int(count))):
        print(pair.id, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
