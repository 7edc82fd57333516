"""File names for many reports: unique without regard to case, in whatever order workbooks come.

A report whose plain name is its own alone has the name that ``compile`` gives. Reports that share a
plain name get the code of the agency, then the path of the workbook, then a digest of
this path.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import PurePosixPath

from attrs import frozen

from govdisclose.outputs import OFFERED
from govdisclose.write.file_names import report_stem


@frozen
class ReportTitle:
    """What the file name of a report is made from; ``workbook`` is its path below the folder."""

    workbook: str
    agency: str
    year: int | None
    code: str | None
    is_draft: bool = False

    @property
    def plain(self) -> str:
        """The name, without suffix, that ``compile`` gives."""
        return self._stem("")

    def stems(self) -> Iterator[str]:
        """Yield all names without suffix, from the plain one to one that no other workbook has."""
        yield self.plain
        if self.code:
            yield self._stem(self.code)
        yield self._stem(PurePosixPath(self.workbook).with_suffix("").as_posix())
        path = self.workbook.encode("utf-8", "surrogatepass")
        yield self._stem(sha256(path).hexdigest()[:12])

    def _stem(self, tail: str) -> str:
        added = f"（{tail}）" if tail else ""
        return report_stem(self.agency, self.year, draft=self.is_draft, tail=added)


def folded(stem: str) -> str:
    """Return a name as Windows and macOS compare it."""
    return stem.casefold()


def stem_of(name: str) -> str:
    """Return a file's name without the suffix of its output: ``甲局.fragment.html`` gives ``甲局``."""
    suffixes = sorted((output.suffix for output in OFFERED.values()), key=len, reverse=True)
    for suffix in suffixes:
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return name


def shared_names(titles: Callable[[], Iterable[ReportTitle]]) -> dict[str, str]:
    """Return the names, without suffix, of all reports that share their plain name with another.

    ``titles`` gives the titles of all reports, and is called twice: a batch need not hold them all.
    The names are by workbook. Every other report has its plain name.
    """
    plain_names = Counter(folded(title.plain) for title in titles())
    choices: dict[str, Sequence[str]] = {}
    for title in titles():
        if plain_names[folded(title.plain)] > 1:
            choices[title.workbook] = tuple(title.stems())[1:]
    return tell_apart(choices, plain_names)


def tell_apart(choices: Mapping[str, Sequence[str]], taken: Container[str]) -> dict[str, str]:
    """Give every workbook one of its names, so that no two are equal and none is ``taken``.

    All workbooks whose names clash go on to their next name together, so the result does not depend
    on their order.
    """
    rank = dict.fromkeys(choices, 0)
    while True:
        names = {workbook: stems[rank[workbook]] for workbook, stems in choices.items()}
        counts = Counter(map(folded, names.values()))
        moved = False
        for workbook, name in names.items():
            clashes = counts[folded(name)] > 1 or folded(name) in taken
            if clashes and rank[workbook] + 1 < len(choices[workbook]):
                rank[workbook] += 1
                moved = True
        if not moved:
            return names
