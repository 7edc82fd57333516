"""Write the generated documentation; with ``--check``, only list the outdated files (exit code 1).

    python tools/build_docs.py [--check]

Generated: docs/rules.md and a page for each rule, docs/form-<edition>.md, docs/commands.md, the JSON
Schema in the package, the tables and the chart of the measurements, and the output of every example.
Everything else is written by hand.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from difflib import unified_diff
from pathlib import Path
from typing import Any

import click

from govdisclose import errors
from govdisclose.check.relations import RULE_OF
from govdisclose.cli import cli
from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.fields import Kind
from govdisclose.form.outline import Outline, Relation, Table, outline
from govdisclose.form.report import SECTIONS
from govdisclose.rules import RULES, Family
from govdisclose.write.data import dump_json, json_schema
from govdisclose.write.json_schemas import SCHEMAS
from run_examples import prepare, refresh

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

import shown  # noqa: E402  # the benchmarks are no package

MARK = "<!-- 由 tools/build_docs.py 生成，请勿手改 -->\n\n"

FAMILIES = {
    Family.STRUCTURE: "格式是否完整",
    Family.VALUES: "每一格的内容",
    Family.RELATIONS: "勾稽关系",
    Family.CONTINUITY: "与上年衔接",
    Family.PROSE: "文字",
    Family.PUBLICATION: "公布",
    Family.CONSOLIDATION: "汇总与所属单位",
    Family.IMPORT: "读入已公布的报告",
}
KINDS = {Kind.COUNT: "件", Kind.MONEY: "万元", Kind.CHANGE: "增减"}
EXIT_CODES = {
    0: "完成。",
    errors.FindingsError.exit_code: "检查发现错误，没有写出报告（`check` 也以此表示有错误）。",
    errors.UsageError.exit_code: "命令写法不对，或输出文件已存在而没有加 `--force`。",
    errors.InputError.exit_code: "输入文件读不了：不存在、损坏、加密或不是工作簿。",
    errors.TemplateError.exit_code: "Word 模板有问题。",
    errors.OutputError.exit_code: "结果写不出来，或写出后回读不一致。",
    errors.BatchError.exit_code: "多份工作簿中有几份没有结果（已列出），其余都做完了。",
    errors.GovDiscloseError.exit_code: "程序内部错误，没有写出文件。",
    130: "被用户中断（Ctrl+C）。",
}


def table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    names = list(header)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return "".join(
        f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines
    )


# --- rules --------------------------------------------------------------------------------------


def rules_index() -> str:
    """The list of all rules by family."""
    parts = [
        "# 检查规则\n\n代码长期不变，不会挪作他用。只有**错误**会阻止生成报告；**警告**请逐条核对；**提示**仅供参考。"
        "`python -m govdisclose explain 代码` 显示同样的说明。\n"
    ]
    for family, title in FAMILIES.items():
        rules = [rule for rule in RULES.values() if rule.family is family]
        rows = [(f"[{r.code}](rules/{r.code}.md)", r.severity.label, r.name) for r in rules]
        parts.append(f"## {family.value}：{title}\n\n{table(('代码', '级别', '规则'), rows)}")
    return "\n".join(parts)


def rule_pages() -> Iterator[tuple[str, str]]:
    """Path and text of each rule's page."""
    for rule in RULES.values():
        yield f"docs/rules/{rule.code}.md", f"{rule.page}\n---\n\n[全部规则](../rules.md)\n"


# --- the form -----------------------------------------------------------------------------------


def form_page(edition: Edition) -> str:
    """Every cell and relation of an edition."""
    form = outline(edition)
    until = f"至 {edition.last_year} 年" if edition.last_year else "起"
    bound = {path for relation in form.relations for path in relation.paths}
    parts = [
        f"# {edition.name} 版格式\n\n依据：{edition.basis}，用于 {edition.first_year} 年{until}的年度报告。"
        f"三张表共 {len(form.cells)} 格，{len(form.relations)} 条勾稽关系；{len(bound)} 格受关系约束，"
        f"{len(form.cells) - len(bound)} 格不受任何关系约束（见[检查能发现什么](coverage.md)）。\n\n"
        "“路径”是一格的名字：`report.requests.received.total` 这样的属性、JSON 的键、Word 模板的标签 "
        "`{{ requests.received.total }}` 和检查结果里的 `path` 都用它。路径只增不改。\n"
    ]
    headings = {section.key: section.heading for section in SECTIONS}
    parts += [_table_part(t, headings[t.key]) for t in form.tables.values()]
    return "\n".join([*parts, _relations_part(form)])


def _table_part(declared: Table, heading: str) -> str:
    parts = [f"## {heading}\n\n`{declared.key}`，{len(declared.cells)} 格\n"]
    for block in declared.blocks:
        rows = (
            (f"`{cell.path}`", "　".join(cell.row), "　".join(cell.column), KINDS[cell.kind])
            for line in block.lines
            for cell in line.cells
        )
        title = f"### {block.label}\n\n" if block.label else ""
        parts.append(title + table(("路径", "行", "列", "单位"), rows))
    return "\n".join(parts)


def _relations_part(form: Outline) -> str:
    named: dict[str, list[Relation]] = {}
    for relation in form.relations:
        named.setdefault(relation.name, []).append(relation)
    rows = (
        (
            f"[{RULE_OF[name].code}](rules/{RULE_OF[name].code}.md)",
            str(len(relations)),
            *_pattern(relations),
        )
        for name, relations in named.items()
    )
    return "## 勾稽关系\n\n`*` 处换成每一行（或每一列）的名字，左右两边都要相等。\n\n" + table(
        ("规则", "条数", "左边（各项相加）", "右边（各项相加）"), rows
    )


def _pattern(relations: list[Relation]) -> tuple[str, str]:
    """Both sides of relations that differ only in their row or only in their column, that part as ``*``."""
    for form in ("`{0}.*`", "`*.{2}`"):
        sides = {
            tuple(
                "＋".join(form.format(*path.rpartition(".")) for path in side)
                for side in (r.left, r.right)
            )
            for r in relations
        }
        if len(sides) == 1:
            left, right = sides.pop()
            return left, right
    raise ValueError(f"relations named {relations[0].name} are not of one pattern")


# --- commands -----------------------------------------------------------------------------------


def commands_page() -> str:
    """Every command with its arguments and options, and the exit codes."""
    parts = [
        "# 命令\n\n`python -m govdisclose …` 与安装后的 `govdisclose …` 相同。数据输出到标准输出，其余信息输出到标准错误。"
        "已有的文件不加 `--force` 不会被覆盖；输出不能是输入文件本身。\n",
        _command_part("govdisclose", cli),
    ]
    parts += [_command_part(name, command) for name, command in cli.every().items()]
    codes = table(
        ("代码", "含义"), ((str(code), words) for code, words in sorted(EXIT_CODES.items()))
    )
    variable = "打开有密码的工作簿时，密码从环境变量 `GOVDISCLOSE_PASSWORD` 读取（需安装 `govdisclose[crypt]`）。"
    return "\n".join([*parts, f"## 退出代码\n\n{codes}", f"## 环境变量\n\n{variable}\n"])


def _command_part(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=name)
    usage = " ".join(command.collect_usage_pieces(context))
    prefix = "govdisclose" if name == "govdisclose" else f"govdisclose {name}"
    rows = (_parameter(p, context) for p in command.params)
    shown = table(("参数", "说明"), rows) if command.params else ""
    return f"## {name}\n\n{command.help}\n\n```text\n{prefix} {usage}\n```\n\n{shown}"


def _parameter(parameter: click.Parameter, context: click.Context) -> tuple[str, str]:
    if not isinstance(parameter, click.Option):
        return f"`{parameter.make_metavar(context)}`", "必填。" if parameter.required else "可选。"
    names = "、".join(f"`{name}`" for name in parameter.opts)
    value = "" if parameter.is_flag else f" {parameter.make_metavar(context)}"
    return f"{names}{value}", f"{'必填。' if parameter.required else ''}{parameter.help}"


# --- figures ------------------------------------------------------------------------------------

FIGURES = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- /figures -->)", re.DOTALL)
FIGURE_WORDS = {
    "docs/performance.md": (
        "one command, from start to exit",
        "again in a running process",
        "peak memory",
        "ratio",
    ),
    "docs/speed.md": ("运行一次命令，从启动到结束", "在运行着的程序中再做一次", "内存峰值", "比值"),
}


def figures(words: tuple[str, str, str, str]) -> str:
    """What ``benchmarks/run.py`` measured last."""
    measured = json.loads((ROOT / "benchmarks" / "results.json").read_text("utf-8"))["naive"]
    cold, warm, peak = (
        measured["cold"]["seconds"],
        measured["warm"]["seconds"],
        measured["cold"]["megabytes"],
    )
    rows = [
        (
            label,
            *(f"{side[who] * factor:.0f} {unit}" for who in ("ours", "naive")),
            f"{side['ours'] / side['naive']:.2f}",
        )
        for label, side, factor, unit in (
            (words[0], cold, 1000, "ms"),
            (words[1], warm, 1000, "ms"),
            (words[2], peak, 1, "MB"),
        )
    ]
    return table(("", "govdisclose", "openpyxl + docxtpl", words[3]), rows)


TABLE = re.compile(r"(?<=<!-- table -->\n).*?(?=<!-- /table -->)", re.DOTALL)
TABLE_LANGUAGES = {"docs/performance.md": "english", "docs/speed.md": "chinese"}
SPEED_CHART = "docs/images/speed.svg"


def measured_table() -> dict[str, Any]:
    """What ``benchmarks/table.py`` measured last."""
    return dict(json.loads((ROOT / "benchmarks" / "table.json").read_text("utf-8")))


EXPORTS_TABLE = re.compile(r"(?<=<!-- exports -->\n).*?(?=<!-- /exports -->)", re.DOTALL)
EXPORTS_PAGE = "docs/performance.md"


def exports() -> str:
    """What ``benchmarks/exports.py`` measured last."""
    return shown.exported(json.loads((ROOT / "benchmarks" / "exports.json").read_text("utf-8")))


PAGE_TABLE = re.compile(r"(?<=<!-- page -->\n).*?(?=<!-- /page -->)", re.DOTALL)


def offline_page() -> str:
    """What ``benchmarks/page.py`` measured last."""
    return shown.offline_page(json.loads((ROOT / "benchmarks" / "page.json").read_text("utf-8")))


CLUSTER_TABLE = re.compile(r"(?<=<!-- cluster -->\n).*?(?=<!-- /cluster -->)", re.DOTALL)
STATUS_TABLE = re.compile(r"(?<=<!-- status -->\n).*?(?=<!-- /status -->)", re.DOTALL)


def cluster_season() -> str:
    """What ``benchmarks/season.py`` measured last."""
    return shown.cluster_season(
        json.loads((ROOT / "benchmarks" / "season.json").read_text("utf-8"))
    )


def daily_status() -> str:
    """What ``benchmarks/status.py`` measured last."""
    return shown.daily_status(json.loads((ROOT / "benchmarks" / "status.json").read_text("utf-8")))


def performance(language: str) -> str:
    """The table of measurements and the machine they were made on."""
    measured = measured_table()
    return f"{shown.markdown(measured, language)}\n{shown.conditions(measured, language)}"


# --- files --------------------------------------------------------------------------------------


def generated() -> dict[str, str]:
    """Every generated file: path from the project root → text."""
    pages = {
        "docs/rules.md": rules_index(),
        **dict(rule_pages()),
        **{f"docs/form-{name}.md": form_page(edition) for name, edition in EDITIONS.items()},
        "docs/commands.md": commands_page(),
    }
    schema = {"src/govdisclose/schema/report.json": dump_json(json_schema())}
    for name, make in SCHEMAS.items():
        schema[f"src/govdisclose/schema/{name}.json"] = dump_json(make())
    pictures = {SPEED_CHART: shown.chart(measured_table())}
    return {path: MARK + text for path, text in pages.items()} | schema | pictures


def with_examples() -> dict[str, str]:
    """The documents written by hand, with the current output of their examples and measurements."""
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in sorted(documents)
    }
    for path, words in FIGURE_WORDS.items():
        texts[path] = FIGURES.sub(figures(words), texts[path])
    for path, language in TABLE_LANGUAGES.items():
        texts[path] = TABLE.sub(lambda _, language=language: performance(language), texts[path])  # type: ignore[misc]  # bound at once
    texts[EXPORTS_PAGE] = EXPORTS_TABLE.sub(lambda _: exports(), texts[EXPORTS_PAGE])
    texts[EXPORTS_PAGE] = PAGE_TABLE.sub(lambda _: offline_page(), texts[EXPORTS_PAGE])
    cluster, status = "docs/cluster.md", "docs/status.md"
    texts[cluster] = CLUSTER_TABLE.sub(lambda _: cluster_season(), texts[cluster])
    texts[status] = STATUS_TABLE.sub(lambda _: daily_status(), texts[status])
    prepare()
    with ProcessPoolExecutor(initializer=prepare) as pool:
        return dict(zip(texts, pool.map(refresh, texts.values()), strict=True))


def drift(files: dict[str, str]) -> list[str]:
    """The generated files that are missing, out of date, or no longer generated."""
    wrong = [
        p
        for p, text in files.items()
        if not (ROOT / p).is_file() or (ROOT / p).read_text("utf-8") != text
    ]
    pages = {p.relative_to(ROOT).as_posix() for p in (ROOT / "docs" / "rules").glob("*.md")}
    return sorted([*wrong, *(pages - files.keys())])


def changes(path: str, text: str) -> str:
    """How a file differs from ``text``, which it should be."""
    target = ROOT / path
    old = target.read_text("utf-8") if target.is_file() else ""
    lines = unified_diff(old.splitlines(), text.splitlines(), path, path, lineterm="", n=0)
    return "\n".join(lines)


def main() -> None:
    """Write or check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true")
    files = (
        with_examples() | generated()
    )  # a generated page is no example, though it lies beside them
    wrong = drift(files)
    if parser.parse_args().check:
        if wrong:
            differences = [changes(path, files.get(path, "")) for path in wrong]
            sys.exit("\n".join(["out of date, run tools/build_docs.py:", *differences]))
        return
    for path in wrong:
        target = ROOT / path
        if path in files:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(files[path], encoding="utf-8", newline="\n")
        else:
            target.unlink()
        print(path)


if __name__ == "__main__":
    main()
