"""Word documents made for tests."""

from __future__ import annotations

from typing import Any

from govdisclose.form.report import AnnualReport
from govdisclose.write.word import load_template, render


def made(report: AnnualReport, **options: Any) -> bytes:
    return render(report, load_template(report.edition), **options)
