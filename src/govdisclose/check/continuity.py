"""Family C: this year's report against last year's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from govdisclose.check.blanks import FEES_LIKELY_YUAN, likely_yuan
from govdisclose.check.copied import Copied, copied, excerpt
from govdisclose.finding import Finding, Number
from govdisclose.form.carry_over import refuse_other_year
from govdisclose.form.fields import Kind, Value
from govdisclose.form.outline import Outline, outline
from govdisclose.form.reading import Reading
from govdisclose.form.report import SECTIONS, Prose, Section
from govdisclose.rules.continuity import C101, C102, C103, C104, C105

FLOOR = {Kind.COUNT: 50, Kind.MONEY: 100}
"""A change is worth a note only when the larger of the two figures is at least this (件, 万元)."""

TIMES = 5
"""From more than this many times on, a change is worth a note."""

YUAN = 10_000
"""How many 元 are one 万元."""

SHARE, LEAST = 0.7, 100
"""A section of ``LEAST`` letters is largely copied when a ``SHARE`` is in last year's too."""


def check_continuity(reading: Reading, previous: Reading) -> Iterator[Finding]:
    """C101 to C105, and V110. Raises ``UsageError`` unless ``previous`` is of the year before."""
    file = ""
    if previous.source:
        file = previous.source.name
    refuse_other_year(reading.report, previous.report, file)
    yield from _another_agency(reading, previous)
    yield from _carried(reading, previous)
    yield from _in_force(reading, previous)
    yield from _jumps(reading, previous)
    yield from _copied(reading, previous)


def _another_agency(reading: Reading, previous: Reading) -> Iterator[Finding]:
    now = reading.report.agency.name
    then = previous.report.agency.name
    if now and then and now != then:
        text = f"本年报告的机关是“{now}”，上年报告的机关是“{then}”"
        yield C105.finding(
            text, reading.place("agency.name"), path="agency.name", expected=then, found=now
        )


def _carried(reading: Reading, previous: Reading) -> Iterator[Finding]:
    """C101, column by column; a figure that last year's report lacks is said, not taken for 0."""
    form = outline(reading.report.edition)
    values = reading.report.values()
    last = previous.report.values()
    for path, cell in form.cells.items():
        if not path.startswith("requests.carried_in."):
            continue
        source = path.replace("carried_in", "carried_out")
        found = values[path]
        expected = last[source]
        if found is None or found == expected:
            continue
        if expected is None and found == 0:
            continue
        said = "上年报告该列空白或无法读取"
        if expected is not None:
            said = f"应为 {expected}（上年报告结转下年度）"
        last_place = str(previous.place(source))
        where = ""
        if last_place:
            where = f"，见上年报告 {last_place}"
        yield C101.finding(
            f"{cell.label}：{said}，实为 {found}{where}",
            reading.place(path),
            path=path,
            expected=expected,
            found=found,
        )


def _in_force(reading: Reading, previous: Reading) -> Iterator[Finding]:
    """C102, where both editions count the documents in force."""
    form = outline(reading.report.edition)
    values = reading.report.values()
    last = previous.report.values()
    for path, cell in form.cells.items():
        line, _, column = path.rpartition(".")
        if column != "in_force" or path not in last:
            continue
        issued_path = f"{line}.issued"
        repealed_path = f"{line}.repealed"
        found = values[path]
        before = last[path]
        issued = values[issued_path]
        repealed = values[repealed_path]
        if found is None or before is None:
            continue
        if issued is None or repealed is None:
            continue
        expected = before + issued - repealed
        if found != expected:
            yield C102.finding(
                f"{cell.label}：按上年推算应为 {expected}（{before}+{issued}-{repealed}），实为 {found}",
                reading.place(path),
                path=path,
                expected=expected,
                found=found,
                others=(issued_path, repealed_path),
            )


def _jumps(reading: Reading, previous: Reading) -> Iterator[Finding]:
    """C103 for the figures that stand for their line, the totals where there are any.

    V110 instead for an amount about 10,000 times last year's.
    """
    form = outline(reading.report.edition)
    values = reading.report.values()
    last = previous.report.values()
    addends = _parts(form)
    for path, cell in form.cells.items():
        found = values[path]
        before = last.get(path)
        if path in addends:
            continue
        if found is None or before is None:
            continue
        is_amount = cell.kind is Kind.MONEY
        if is_amount and _is_in_yuan(found, before):
            # check_fees reports larger amounts without last year's.
            limit = FEES_LIKELY_YUAN[reading.report.agency.level]
            if found < limit:
                why = f"{found} 万元约为上年 {before} 万元的一万倍"
                yield likely_yuan(cell, found, reading, why)
        elif _is_jump(found, before, cell.kind):
            ratio = _ratio(before, found)
            yield C103.finding(
                f"{cell.label}：上年 {before}，本年 {found}，{ratio}",
                reading.place(path),
                path=path,
                expected=before,
                found=found,
            )


def _is_in_yuan(found: Number, before: Number) -> bool:
    """Whether an amount is about as many 元 as last year's was 万元."""
    if not before:
        return False
    times = found / before
    return YUAN / 10 <= times <= YUAN * 10


def _is_jump(found: Number, before: Number, kind: Kind) -> bool:
    smaller, larger = sorted((found, before))
    if kind not in FLOOR:
        return False
    if larger < FLOOR[kind]:
        return False
    return larger > TIMES * smaller


def _parts(form: Outline) -> frozenset[str]:
    """Cells that only break down a total of their own line."""
    paths: set[str] = set()
    for relation in form.sums:
        if relation.name in ("applicants", "disputes"):
            paths.update(relation.left)
    return frozenset(paths)


def _ratio(before: Value, found: Value) -> str:
    if not before or not found:
        return "从无到有" if found else "由有变无"
    if found > before:
        times = Decimal(found) / Decimal(before)
        return f"增至 {times:.1f} 倍"
    part = Decimal(before) / Decimal(found)
    return f"减至约 1/{part:.0f}"


# --- copied prose -------------------------------------------------------------------------------


def _copied(reading: Reading, previous: Reading) -> Iterator[Finding]:
    """C104, one finding for each section."""
    for section in SECTIONS:
        if section.is_table:
            continue
        prose: Prose = getattr(reading.report, section.key)
        old: Prose = getattr(previous.report, section.key)
        found = copied(prose, old)
        if found.letters < LEAST:
            continue
        if found.share >= SHARE:
            yield _copied_section(reading, section, prose, found)


_LONG_PASSAGE = 40
"""Characters; of a longer passage only the beginning and the end are shown."""


def _copied_section(reading: Reading, section: Section, prose: Prose, found: Copied) -> Finding:
    """C104 at the paragraph with the longest copied passage."""
    longest = found.longest
    paragraph = prose[longest.paragraph]
    passage = excerpt(paragraph.text, longest.start, longest.stop)
    shown = passage
    if len(passage) > _LONG_PASSAGE:
        beginning = passage[:28]
        end = passage[-8:]
        shown = f"{beginning}……{end}"
    others: list[str] = []
    for index, runs in enumerate(found.runs):
        if runs and index != longest.paragraph:
            other = f"{section.key}.{index}"
            others.append(other)
    path = f"{section.key}.{longest.paragraph}"
    length = longest.stop - longest.start
    return C104.finding(
        f"“{section.heading}”有 {found.share:.0%} 的文字与上年相同，"
        f"最长的一段是“{shown}”（{length} 字）",
        reading.place(path),
        path=path,
        found=passage,
        others=others,
    )
