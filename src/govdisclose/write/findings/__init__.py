"""Findings as people and programs read them: text, JSON, SARIF, GitHub annotations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from govdisclose.write.findings.checked import Checked
from govdisclose.write.findings.machines import as_github, as_json, as_jsonl, as_sarif
from govdisclose.write.findings.text import as_text

FORMATS: dict[str, Callable[[Sequence[Checked]], str]] = {
    "text": as_text,
    "json": as_json,
    "jsonl": as_jsonl,
    "sarif": as_sarif,
    "github": as_github,
}
"""The formats of ``check --format``: functions from checked sources to the output with a newline."""

__all__ = ["FORMATS", "Checked", "as_text"]
