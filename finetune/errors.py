"""What can go wrong while an adapter is made. Each message says what happened and what to do."""

from __future__ import annotations


class FinetuneError(Exception):
    """Base of this package's errors; its text is fit for the user."""


class RecipeError(FinetuneError):
    """A recipe file is at fault: every fault of it, each with its key and what would be right."""


class DatasetError(FinetuneError):
    """A file of pairs or a source of them cannot be used."""


class TeacherError(FinetuneError):
    """The teacher cannot be reached, refuses, or may not be asked any more."""


class TrainingError(FinetuneError):
    """Training cannot start or go on; the last checkpoint is intact."""


class EvaluationError(FinetuneError):
    """A model or a set cannot be evaluated."""
