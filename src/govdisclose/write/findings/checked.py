"""A checked source, from which every format of findings is made."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from govdisclose.finding import Finding
from govdisclose.form.reading import Reading


@frozen
class Checked:
    """A source, its findings, and its reading, if there is one (for the figures)."""

    source: Path
    findings: Sequence[Finding]
    reading: Reading | None = None
