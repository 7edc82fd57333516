"""The places of the values of a source, worked out on demand: few of two hundred are needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from govdisclose.finding import Place
from govdisclose.read.tables.match import Match


class Places(Mapping[str, Place]):
    """Path → place: of the cells of ``matches``, and of everything in ``others``."""

    def __init__(
        self, matches: Sequence[Match] = (), others: Mapping[str, Place] | None = None
    ) -> None:
        self.matches = tuple(matches)
        self.others = dict(others or {})

    def __getitem__(self, path: str) -> Place:
        for match in self.matches:
            if path in match.cells:
                return match.grid.place(*match.cells[path])
        return self.others[path]

    def __iter__(self) -> Iterator[str]:
        return iter(
            dict.fromkeys([*self.others, *(path for match in self.matches for path in match.cells)])
        )

    def __len__(self) -> int:
        return sum(1 for _ in self)
