"""Send reports back: one Word file for each unit that must correct something, one table for all.

The folder of the letters has a list of the letters (a hidden JSON file). A letter whose reasons
have not changed is left as it is, and so is what the office has changed in it. A letter that no
longer applies is moved into a folder of its own, never left and never deleted.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

from attrs import frozen

from govdisclose.errors import OutputError, UsageError
from govdisclose.form.printed import chinese_date
from govdisclose.form.status import SeasonStatus, UnitState, UnitStatus
from govdisclose.many.roster import Roster
from govdisclose.many.roster_sheet import roster_of
from govdisclose.read.published.word.reader import read_docx
from govdisclose.read.source import Readable
from govdisclose.read.tables.labels import squeeze
from govdisclose.source import PathLike
from govdisclose.write.atomic import publish, unwritable
from govdisclose.write.data import dump_json
from govdisclose.write.file_names import safe_name
from govdisclose.write.status.letter import (
    Letter,
    LetterTerms,
    letter_bytes,
    return_letter,
)
from govdisclose.write.status.mail_merge import Addressed, mail_merge

LETTERS_FILE = ".govdisclose-letters.json"
MERGE_FILE = "邮件合并.xlsx"
FORMER_FOLDER = "以前的"
"""In the folder of the letters: the list of them, the table, and letters that no longer apply."""

_SCHEMA = "govdisclose/letters/1"


@frozen
class Letters:
    """The letters in ``folder`` by the names of their files: written, kept, moved away."""

    folder: Path
    written: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()


def write_letters(
    status: SeasonStatus,
    roster: Readable | Roster,
    folder: PathLike,
    *,
    sender: str = "",
    until: date | None = None,
) -> Letters:
    """Write a letter to every unit of ``status`` that must correct something.

    Beside the letters is 邮件合并.xlsx, with the contacts of ``roster`` and every problem one by one.
    ``sender`` signs; by default the office of the government at the top of the roster, which is in
    charge by article 3 of the Regulations. ``until`` is the last day for the corrected report; by
    default the statutory deadline. Each letter is read back before it gets its name.

    Raises ``UsageError`` when a file is in the way that is none of these letters, ``OutputError``.
    Nothing is written in the first case.

    Examples:
        >>> from govdisclose.status import check_inbox, write_letters
        >>> seen = check_inbox("有错的件", "花名册.xlsx", year=2024)
        >>> write_letters(seen, "花名册.xlsx", "退回").written
        ('甲局.docx',)
    """
    known = roster_of(roster)
    signer = sender or _office(known)
    terms = LetterTerms(status.year, signer, status.today, until)
    wanted = _wanted(status, terms)
    bases = {name: draft.basis for name, draft in wanted.items()}
    path = Path(folder)
    post = _Post(path, _read_list(path), status.today)
    post.refuse_strangers([*wanted, MERGE_FILE])
    kept = tuple(name for name, basis in bases.items() if post.holds(name, basis))
    written = tuple(name for name in wanted if name not in kept)
    moved = tuple(post.without_reason(wanted))
    if not wanted and not post.letters:
        return Letters(path)
    post.put_away([*moved, *written])
    post.note(bases)
    for name in written:
        post.write(name, wanted[name].letter)
    addressed = [_addressed(name, draft, known, terms) for name, draft in wanted.items()]
    post.write_merge(addressed)
    return Letters(path, written, kept, moved)


# --- the letters ----------------------------------------------------------------------


@frozen
class _LetterDraft:
    """A letter, its unit, and a digest of everything in it but its date."""

    unit: UnitStatus
    letter: Letter

    @property
    def basis(self) -> str:
        said = "\n".join(self.letter.lines[:-1])
        return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _wanted(status: SeasonStatus, terms: LetterTerms) -> dict[str, _LetterDraft]:
    """The letters by the names of their files; units of one name have their codes in it."""
    units = [unit for unit in status.units if _is_addressed(unit, status.year)]
    stems = {unit.key: safe_name(unit.name) for unit in units}
    counts = Counter(stem.casefold() for stem in stems.values())
    found: dict[str, _LetterDraft] = {}
    for unit in units:
        stem = stems[unit.key]
        if counts[stem.casefold()] > 1:
            stem = safe_name(unit.name, f"（{unit.key}）")
        letter = return_letter(unit, terms)
        found[f"{stem}.docx"] = _LetterDraft(unit, letter)
    return found


def _is_addressed(unit: UnitStatus, year: int) -> bool:
    """Whether a unit has sent something that it must correct.

    A report of another year was sent in this season only if it came after the year had ended:
    otherwise it is last year's, and the unit has sent nothing yet.
    """
    if unit.state is UnitState.OTHER_YEAR:
        return unit.files[0].received.year > year
    return unit.must_correct


def _office(roster: Roster) -> str:
    """Who is in charge: the general office of the government at the top of the roster."""
    tops = roster.children.get(None, ())
    name = tops[0].name if tops else ""
    if not name.endswith("人民政府"):
        return name
    is_province = name.endswith(("省人民政府", "自治区人民政府"))
    return f"{name}办公厅" if is_province else f"{name}办公室"


def _addressed(name: str, draft: _LetterDraft, roster: Roster, terms: LetterTerms) -> Addressed:
    unit = draft.unit
    contact = roster.by_key[unit.key].contact
    until = terms.until or unit.deadline
    when = chinese_date(until) if until >= terms.today else "尽快"
    whom = (contact.person, contact.phone, contact.email, contact.address)
    return Addressed(draft.letter, name, unit.code, when, whom)


# --- the folder ---------------------------------------------------------------------------------


@frozen
class _Post:
    """The folder of the letters: ``letters`` maps the names of known ones to what they rest on."""

    folder: Path
    letters: Mapping[str, str]
    today: date

    def refuse_strangers(self, names: Iterable[str]) -> None:
        """Raise ``UsageError`` for a file in the way that is not on the list."""
        for name in names:
            path = self.folder / name
            if name not in self.letters and os.path.lexists(path):
                raise UsageError(
                    f"{path} 已存在，不是以前生成的退回函，没有动它；请移到别处，或另给一个文件夹"
                )

    def holds(self, name: str, basis: str) -> bool:
        """Whether a letter is there already that rests on the same."""
        path = self.folder / name
        return self.letters.get(name) == basis and path.is_file()

    def without_reason(self, wanted: Container[str]) -> Iterator[str]:
        """Yield the letters of earlier runs that are wanted no more."""
        for name in self.letters:
            if name not in wanted and name != MERGE_FILE:
                yield name

    def put_away(self, names: Sequence[str]) -> None:
        """Move letters that no longer apply, as far as they are there. Raises ``OutputError``."""
        present = [name for name in names if (self.folder / name).is_file()]
        away = self.folder / FORMER_FOLDER
        needed = away if present else self.folder
        try:
            needed.mkdir(parents=True, exist_ok=True)
            for name in present:
                target = _free_name(away, name, self.today)
                os.rename(self.folder / name, target)
        except OSError as error:
            raise unwritable(away, error) from error

    def note(self, letters: Mapping[str, str]) -> None:
        """Write the list before the letters: a letter on the list is never a stranger's file."""
        data = {"schema": _SCHEMA, "letters": {**letters, MERGE_FILE: ""}}
        publish(self.folder / LETTERS_FILE, dump_json(data).encode(), force=True)

    def write(self, name: str, letter: Letter) -> None:
        """Write a letter that reads back as it was meant. Raises ``OutputError``."""

        def verify(data: bytes) -> None:
            found = [squeeze(line.text) for line in read_docx(data, name).lines]
            meant = [squeeze(line) for line in letter.lines]
            if found != [line for line in meant if line]:
                raise OutputError(f"回读核对不一致：{name} 与要写的不同，没有写出文件")

        publish(self.folder / name, letter_bytes(letter), verify=verify)

    def write_merge(self, letters: Iterable[Addressed]) -> None:
        """Write the table for a mail merge. Raises ``OutputError``."""
        publish(self.folder / MERGE_FILE, mail_merge(list(letters)), force=True)


def _free_name(folder: Path, name: str, today: date) -> Path:
    """A name in ``folder`` that says when a letter was put away."""
    stem, suffix = os.path.splitext(name)
    said = f"{today} 移入"
    path = folder / f"{stem}（{said}）{suffix}"
    number = 2
    while os.path.lexists(path):
        path = folder / f"{stem}（{said}，{number}）{suffix}"
        number += 1
    return path


def _read_list(folder: Path) -> dict[str, str]:
    """The letters of earlier runs. Raises ``UsageError`` for a list that cannot be read."""
    path = folder / LETTERS_FILE
    if not os.path.lexists(path):
        return {}
    try:
        data = json.loads(path.read_bytes())
        if data["schema"] != _SCHEMA:
            raise ValueError
        return {str(name): str(basis) for name, basis in data["letters"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{path} 读不出，不知道哪些退回函是以前生成的；请另给一个文件夹"
        ) from error
