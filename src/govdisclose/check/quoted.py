"""N109: figures that the prose quotes and the tables do not have."""

from __future__ import annotations

from collections.abc import Iterator

from govdisclose.finding import Finding
from govdisclose.form.quotes import quotes_of
from govdisclose.form.reading import Reading
from govdisclose.form.report import AnnualReport
from govdisclose.rules.quotes import N109


def check_quotes(reading: Reading, previous: AnnualReport | None = None) -> Iterator[Finding]:
    """One finding for each quote that cannot be replaced by a figure."""
    for path, quote in quotes_of(reading.report, previous):
        if quote.problem is not None:
            yield N109.finding(
                f"{quote.source}：{quote.problem}",
                reading.place(path),
                path=path,
                found=quote.source,
            )
