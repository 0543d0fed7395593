"""The authoring tasks by name. A sixth task is one new file and one entry here."""

from __future__ import annotations

from typing import Any

from assistant.tasks.ads import Ads
from assistant.tasks.answer import AnswerQuestion
from assistant.tasks.base import Task
from assistant.tasks.classify import Classify
from assistant.tasks.intent import PurchaseIntent
from assistant.tasks.title import Title

TASKS: dict[str, Task[Any]] = {
    task.name: task for task in (Ads(), Title(), Classify(), PurchaseIntent(), AnswerQuestion())
}
