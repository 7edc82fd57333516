"""What ``table.py`` measured, as a Markdown table and as a chart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from markupsafe import escape

from govdisclose.write.charts.svg import (
    FONTS,
    INK,
    LAST_YEAR,
    LAST_YEAR_EDGE,
    PAPER,
    SOFT,
    THIS_YEAR,
    text_width,
)
from targets import SCRIPT, TARGETS, Measured, Target

HEADERS = {
    "english": ("", "govdisclose", "peer", "result", "best runs", "must", "aim", ""),
    "chinese": ("", "govdisclose", "对照", "结果", "最快几次", "至少做到", "争取做到", ""),
}
REACHED = {
    "english": {"": "", "no": "missed", "must": "met", "aim": "aim met"},
    "chinese": {"": "", "no": "未达到", "must": "达到", "aim": "达到争取值"},
}
PEERS = {"one process": "一个进程", "held after 100": "第 100 份之后"}
"""What a figure is held against, where that is no name: in Chinese."""


def measured_figures(results: dict[str, Any]) -> dict[str, Measured]:
    """The figures that were measured, in the order of the table."""
    found = results["figures"]
    return {name: Measured(**found[name]) for name in TARGETS if name in found}


def markdown(results: dict[str, Any], language: str = "english") -> str:
    """The table, without missing measurements."""
    header = HEADERS[language]
    lines = [header, ("---",) * len(header)]
    lines += [_row(TARGETS[name], m, language) for name, m in measured_figures(results).items()]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _row(target: Target, measured: Measured, language: str) -> tuple[str, ...]:
    sign = "≥" if target.compared in ("times", "faster") else "≤"
    bounds = (
        f"{sign} {bound:g}" if bound is not None else "" for bound in (target.must, target.aim)
    )
    name = target.name if language == "english" else target.chinese
    against = target.peer if language == "english" else PEERS.get(target.peer, target.peer)
    peer = f"{_amount(measured.peer, target.unit)} ({against})"
    result, best = (_result(target, value) for value in (target.result(measured), measured.best))
    return (
        name, _amount(measured.ours, target.unit), peer, result, best, *bounds,
        REACHED[language][target.reached(measured)],
    )  # fmt: skip


EXPORTED = {
    "json": "JSON", "html-fragment": "web page, a fragment", "html": "web page with its charts",
    "html, whole": "the same, reading and checking included", "charts": "four charts, SVG",
    "charts as PNG": "four charts, PNG", "pdf": "PDF of one Word file",
    "pdf among many": "PDF, each of {pdfs} by one start of LibreOffice",
}  # fmt: skip
"""What ``exports.py`` measured → what the table calls it."""


def exported(results: dict[str, Any]) -> str:
    """The table of the other ways out: time, size, and how long the naive script renders its Word file."""
    taken, sizes = results["milliseconds"], results["bytes"]
    lines = [("", "time", "of docxtpl's rendering", "size"), ("---",) * 4]
    for name, title in EXPORTED.items():
        size = f"{sizes[name] / 1000:.1f} kB" if name in sizes else ""
        if name == "html":
            size += f", {sizes['html without pictures'] / 1000:.1f} kB without pictures"
        share = taken[name] / taken["naive"]
        shown = f"{share:.3f}" if share < 1 else f"{share:.1f} ×"
        lines.append((title.format(**results), _amount(taken[name], "ms"), shown, size))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def offline_page(results: dict[str, Any]) -> str:
    """The table of the offline page: its size, and its times beside the command line's in the same run."""
    seconds = results["seconds"]
    lines = [
        ("", "offline page", "`python -m govdisclose check`"),
        ("---",) * 3,
        ("size of the file", f"{results['bytes'] / 1e6:.1f} MB", ""),
        ("from opening until it can be used", f"{seconds['ready']:.1f} s", ""),
        ("first check", f"{seconds['first']:.2f} s", f"{seconds['command']:.2f} s"),
        ("next check", f"{seconds['next']:.2f} s", f"{seconds['command']:.2f} s"),
        (f"each of {results['units']} units, with its Word report", f"{results['unit']:.2f} s", ""),
        (
            f"memory of its Python after {results['units']} units",
            f"{results['megabytes']:.0f} MB",
            "",
        ),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


_DAYS = {
    "first day": "第一天：每一份都读、都检查",
    "unchanged": "以后的一天，没有变化",
    "unchanged, with page": "同上，另写网页",
    "unchanged, with workbook": "同上，另写工作簿",
}
"""What ``status.py`` measured → what the table calls it."""


def daily_status(results: dict[str, Any]) -> str:
    """The table of ``status``: time and memory of a first day, and of later ones."""
    lines = [("", "用时", "处理器时间，每家", "主进程内存最多"), ("---",) * 4]
    for name, title in _DAYS.items():
        lines.append(_day(title, results["days"][name]))
    lines.append(_day("第一天，每份 40 段、6,300 字", results["first day, dense"]))
    said = f"{results['units']:,} 家，{results['jobs']} 个读取进程，每份 23 段、2,400 字（与手头最长的一份公开年报一样多）；{_machine(results)}\n\n"
    return said + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _day(title: str, day: dict[str, float]) -> tuple[str, str, str, str]:
    """A row of the table of days."""
    each = f"{day['cpu ms a unit']:.1f} 毫秒"
    return title, f"{day['wall']:.0f} 秒", each, f"{day['peak MB']:.0f} MB"


_PARTS = {
    "aggregate": "`aggregate --roster`，不用集群",
    "final": "同上，`--final`",
    "export": "`export --to parquet`，一个进程",
    "export jobs": "`export --to parquet --jobs 2`",
    "export csv": "`export --to csv`",
}
"""What ``season.py`` measured without the cluster → what the table calls it."""


def cluster_season(results: dict[str, Any]) -> str:
    """The table of a season on a cluster: time and memory of each process."""
    steps, count = results["steps"], results["units"]
    lines = [("", "处理器时间，每份", "内存最多"), ("---",) * 3]
    said = f"{count:,} 家，{results['workers']} 个工作进程{_kind(results)}；{_machine(results)}"
    if "batch" in steps:
        batch = steps["batch"]
        processes = batch["processes"]
        workers = [cost for name, cost in processes.items() if name.startswith("worker")]
        of_workers = {
            "ms a unit": sum(cost["ms a unit"] for cost in workers),
            "peak MB": max(cost["peak MB"] for cost in workers),
        }
        lines.append(_cost("三个工作进程总计（含被结束的）", of_workers, "ms a unit", "每个 "))
        lines.append(_cost("发起的机器", processes["client"], "ms a unit"))
        lines.append(_cost("调度器", processes["scheduler"], "ms a unit"))
        said += (
            f"。做到 {batch['killed after']:,} 份时结束一个工作进程；{batch['reports']:,} 份报告，"
            f"退出代码 {batch['exit code']}，用时 {batch['wall seconds']:.0f} 秒"
        )
    for name, title in _PARTS.items():
        if name in steps:
            lines.append(_cost(title, steps[name], "cpu ms a unit"))
    return f"{said}。\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cost(title: str, cost: dict[str, Any], time: str, each: str = "") -> tuple[str, str, str]:
    return title, f"{cost[time]:.1f} 毫秒", f"{each}{cost['peak MB']:.0f} MB"


def _kind(results: dict[str, Any]) -> str:
    return "，每份 40 段文字" if results["prose"] == "dense" else "，每份 23 段文字"


def _machine(results: dict[str, Any]) -> str:
    place = results["environment"]
    prepared = "" if place["prepared"] else "，从源代码运行"
    return f"{place['processors']} 个处理器，开始时系统负载 {place['load before']:g}{prepared}"


def _result(target: Target, value: float) -> str:
    if target.compared == "ours":
        return _amount(value, target.unit)
    return (
        f"{value:.1f} ×"
        if target.compared != "share"
        else f"{value:.4f}"
        if value < 0.1
        else f"{value:.2f}"
    )


def _amount(value: float, unit: str) -> str:
    size = abs(value)
    return (
        f"{value:.0f} {unit}"
        if size >= 100
        else f"{value:.1f} {unit}"
        if size >= 10
        else f"{value:.2f} {unit}"
    )


def conditions(results: dict[str, Any], language: str = "english") -> str:
    """The machine of the measurements, in one line."""
    place, size = results["environment"], results["size"]
    if language == "chinese":
        return (
            f"Python {place['python']}，{place['system']} {place['machine']}，{place['processors']} 个处理器，开始时系统负载 "
            f"{place['load before']:g}；内存一项用 {size['books']:,} 份各不相同的工作簿，成批生成用 {size['batch']:,} 份。\n"
        )
    return (
        f"Python {place['python']}, {place['system']} {place['machine']}, {place['processors']} processors, load "
        f"{place['load before']:g} before the run; {size['books']:,} different workbooks for memory, {size['batch']:,} for the "
        f"batch ({size['rounds']} rounds), {size['cold']} rounds cold and {size['warm']} warm.\n"
    )


# --- the chart ----------------------------------------------------------------------------------


class Bar(NamedTuple):
    """One bar of a panel."""

    label: str
    value: float
    unit: str
    ours: bool = False


OURS = "govdisclose"
WIDTH, MARGIN, GAP, LINE, THICK = 720, 16, 8, 26, 16
SIZE, TITLE = 14, 16


def panels(results: dict[str, Any]) -> Iterator[tuple[str, list[Bar]]]:
    """The panels of the chart, each with a scale of its own; without what was not measured."""
    found = measured_figures(results)
    if "render over docxtpl" in found:
        render = found["render over docxtpl"]
        others = {
            name: found[name].peer
            for name in ("docx-mailmerge2", "docxtemplater", "carbone")
            if name in found
        }
        engines = sorted({**others, "docxtpl": render.peer}.items(), key=lambda item: item[1])
        bars = [
            Bar(OURS, render.ours, "ms", True),
            *(Bar(name, value, "ms") for name, value in engines),
        ]
        yield "Filling the template, warm: ms a document (less is better)", bars
    for name, title in (
        ("warm whole job", "Workbook to checked Word file, warm: ms a document (less is better)"),
        ("cold", "The same by one command, from start to exit: ms (less is better)"),
        ("aggregate", "Adding up workbooks, one process: ms a workbook (less is better)"),
        ("batch", "A folder of workbooks, one process: documents per CPU second (more is better)"),
    ):
        if name in found:
            target = TARGETS[name]
            ours, peer = found[name].ours, found[name].peer
            yield title, [Bar(OURS, ours, target.unit, True), Bar(target.peer, peer, target.unit)]


def chart(results: dict[str, Any]) -> str:
    """The bars as a self-contained SVG picture whose description says every number."""
    shown = list(panels(results))
    axis = (
        MARGIN
        + round(
            max(text_width(b.label, SIZE) for _, bars in shown for b in [*bars, Bar(SCRIPT, 0, "")])
        )
        + GAP
    )
    body: list[str] = []
    y = MARGIN
    for title, bars in shown:
        body.append(_text(title, MARGIN, y + TITLE, TITLE, 'font-weight="bold"'))
        y += TITLE + 12
        y = _bars(body, bars, axis, y) + 14
    said = " ".join(
        f"{t}: {', '.join(f'{b.label} {_amount(b.value, b.unit)}' for b in bars)}."
        for t, bars in shown
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="speed-title speed-desc"'
        f' viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" lang="en" font-family="{FONTS}">'
        f'<title id="speed-title">Speed of govdisclose and its peers</title><desc id="speed-desc">{escape(said)}</desc>'
        f'<rect width="{WIDTH}" height="{y}" fill="{PAPER}"/>{"".join(body)}</svg>\n'
    )


def _bars(body: list[str], bars: list[Bar], axis: int, top: int) -> int:
    """The bars of a panel from ``top`` down; returns where they end."""
    room = (
        WIDTH
        - MARGIN
        - axis
        - GAP
        - round(max(text_width(_amount(b.value, b.unit), SIZE) for b in bars))
    )
    largest = max(b.value for b in bars)
    y = top
    for bar in bars:
        length = max(2, round(room * bar.value / largest))
        style = (
            f'fill="{THIS_YEAR}"' if bar.ours else f'fill="{LAST_YEAR}" stroke="{LAST_YEAR_EDGE}"'
        )
        base = y + THICK / 2 + SIZE * 0.36
        weight = 'font-weight="bold"' if bar.ours else ""
        body.append(_text(bar.label, axis - GAP, base, SIZE, f'text-anchor="end" {weight}'.strip()))
        body.append(f'<rect x="{axis}" y="{y}" width="{length}" height="{THICK}" {style}/>')
        body.append(
            _text(
                _amount(bar.value, bar.unit),
                axis + length + GAP,
                base,
                SIZE,
                weight,
                INK if bar.ours else SOFT,
            )
        )
        y += LINE
    return y


def _text(text: str, x: float, y: float, size: int, more: str = "", fill: str = INK) -> str:
    space = " " if more else ""
    return f'<text x="{x:g}" y="{y:.6g}" font-size="{size}" fill="{fill}"{space}{more}>{escape(text)}</text>'
