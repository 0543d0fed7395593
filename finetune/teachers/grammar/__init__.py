"""The offline teacher: paraphrases instructions by rule, and writes responses from records."""

from __future__ import annotations

from finetune.teachers.grammar.teacher import GrammarTeacher

__all__ = ["GrammarTeacher"]
