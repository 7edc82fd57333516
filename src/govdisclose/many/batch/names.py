"""File names for many reports: unique without regard to case, and the same in whatever order books come.

An agency that shares its name with no other gets the name that ``compile`` gives. All that share one
are told apart by their codes, where those do not by the place of the book, at last by a digest of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import PurePosixPath

from govdisclose.write.names import report_stem


def stems(
    book: str, agency: str, year: int | None, code: str | None, *, draft: bool
) -> tuple[str, ...]:
    """The names, without suffix, for the report of a book, from the plainest to one that no other book has."""
    digest = sha256(book.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    tails = ["", code or "", PurePosixPath(book).with_suffix("").as_posix(), digest]
    made = (
        report_stem(agency, year, draft=draft, tail=f"（{tail}）" if tail else "") for tail in tails
    )
    return tuple(dict.fromkeys(made))


def fold(stem: str) -> int:
    """What two names have in common that Windows and macOS take for one."""
    return hash(stem.casefold())


def settle(plain: Mapping[int, int], choices: Callable[[int], tuple[str, ...]]) -> dict[int, str]:
    """The final names of the books whose plain name is not theirs alone.

    ``plain`` is the fold of the plain name of each book by its number; ``choices`` gives all its names.
    """
    counts = Counter(plain.values())
    shared = [number for number, name in plain.items() if counts[name] > 1]
    taken = {name for name, count in counts.items()}
    names, level = {number: choices(number) for number in shared}, dict.fromkeys(shared, 1)
    while moved := _clashing(names, level, taken):
        level.update({number: level[number] + 1 for number in moved})
    return {number: names[number][level[number]] for number in shared}


def _clashing(
    names: Mapping[int, tuple[str, ...]], level: Mapping[int, int], taken: set[int]
) -> Iterable[int]:
    """The books that have to go on to their next name, and have one."""
    current = {number: fold(names[number][level[number]]) for number in names}
    counts = Counter(current.values())
    return [
        number
        for number, name in current.items()
        if (counts[name] > 1 or name in taken) and level[number] + 1 < len(names[number])
    ]
