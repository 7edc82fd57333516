"""The script a competent user would write: openpyxl in, docxtpl out, no library of ours.

    python naive_report.py BOOK.xlsx TEMPLATE.docx OUT.docx

It knows the standardized workbook of the 2021 form by addresses, checks the statutory sums, and
fills the same template that govdisclose ships. It is the measure the benchmarks compare with.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

APPLICANTS = [
    "natural_person",
    "business",
    "research",
    "public_interest",
    "legal_service",
    "other",
    "total",
]
OUTCOMES = [
    "granted", "partly_granted",
    "refused.state_secret", "refused.forbidden_by_law", "refused.security_and_stability", "refused.third_party_rights",
    "refused.internal_affairs", "refused.deliberative", "refused.enforcement_file", "refused.administrative_inquiry",
    "unable.not_held", "unable.to_be_created", "unable.unclear",
    "not_processed.petition", "not_processed.duplicate", "not_processed.publication", "not_processed.excessive",
    "not_processed.confirmation",
    "other.correction_overdue", "other.fee_overdue", "other.other",
]  # fmt: skip
REQUESTS = [
    "received",
    "carried_in",
    *(f"outcomes.{name}" for name in OUTCOMES),
    "outcomes.total",
    "carried_out",
]
RESULTS = ["upheld", "corrected", "other", "pending", "total"]
DOCUMENTS = ["issued", "repealed", "in_force"]
GROUPS = ["review", "litigation.direct", "litigation.after_review"]
PROSE = {
    "preface": "前言",
    "overview": "一、总体情况",
    "problems": "五、问题及改进",
    "other_matters": "六、其他事项",
}
LEVELS: dict[Any, int] = {"（一）": 2, "1.": 3, "（1）": 4}

Context = dict[str, Any]


def put(context: Context, path: str, value: object) -> None:
    """Store ``value`` at a dotted path of nested dicts, as the template names it."""
    *groups, leaf = path.split(".")
    for group in groups:
        context = context.setdefault(group, {})
    context[leaf] = value


def read_book(path: str) -> Context:
    """Everything the template needs, from fixed addresses."""
    book = load_workbook(path, data_only=True)
    basics = {
        label: value for label, value, *_ in book["基本信息"].iter_rows(min_row=4, values_only=True)
    }
    name, year = basics["机关名称"], basics["报告年度"]
    context: Context = {
        "agency": {"name": name, "code": basics["统一社会信用代码"] or ""},
        "year": year,
        "title": basics["报告标题"] or f"{name}{year}年政府信息公开工作年度报告",
    }
    read_tables(book, context)
    for key, sheet in PROSE.items():
        context[key] = [
            {"level": LEVELS.get(level, 0), "lead": "", "text": text}
            for level, text in book[sheet].iter_rows(min_row=4, max_col=2, values_only=True)
            if text
        ]
    return context


def read_tables(book: Workbook, context: Context) -> None:
    """The 200 cells of tables two to four."""
    sheet = book["二、主动公开"]
    for row, name in ((5, "regulations"), (6, "normative_documents")):
        for column, leaf in enumerate(DOCUMENTS, 2):
            put(context, f"proactive.{name}.{leaf}", sheet.cell(row, column).value)
    for address, path in (
        ("B9", "licences.decisions"), ("B12", "penalties.decisions"), ("B13", "coercive_measures.decisions"),
        ("B16", "fees.amount"),
    ):  # fmt: skip
        put(context, f"proactive.{path}", sheet[address].value)
    rows = book["三、依申请公开"].iter_rows(
        min_row=6, max_row=30, min_col=4, max_col=10, values_only=True
    )
    for name, values in zip(REQUESTS, rows, strict=True):
        for leaf, value in zip(APPLICANTS, values, strict=True):
            put(context, f"requests.{name}.{leaf}", value)
    cells = next(book["四、复议诉讼"].iter_rows(min_row=6, max_row=6, max_col=15, values_only=True))
    for index, value in enumerate(cells):
        put(context, f"disputes.{GROUPS[index // 5]}.{RESULTS[index % 5]}", value)


def get(context: Context, path: str) -> Any:
    """The value at a dotted path."""
    node: Any = context
    for name in path.split("."):
        node = node[name]
    return node


def check(context: Context) -> list[str]:
    """The paths at which a statutory sum does not hold, or a count is no count."""
    wrong = []
    for row in REQUESTS:
        values = [get(context, f"requests.{row}.{leaf}") for leaf in APPLICANTS]
        if any(not isinstance(v, int) or v < 0 for v in values) or sum(values[:6]) != values[6]:
            wrong.append(row)
    for leaf in APPLICANTS:
        received, carried_in, total, carried_out = (
            get(context, f"requests.{row}.{leaf}")
            for row in ("received", "carried_in", "outcomes.total", "carried_out")
        )
        if sum(get(context, f"requests.outcomes.{row}.{leaf}") for row in OUTCOMES) != total:
            wrong.append(f"outcomes {leaf}")
        if received + carried_in != total + carried_out:
            wrong.append(f"balance {leaf}")
    for group in GROUPS:
        values = [get(context, f"disputes.{group}.{leaf}") for leaf in RESULTS]
        if sum(values[:4]) != values[4]:
            wrong.append(group)
    return wrong


def render(context: Context, template: str, output: str) -> None:
    """Fill the template and save the document."""
    document = DocxTemplate(template)
    document.render(context, autoescape=True)
    document.save(output)


def main(book: str, template: str, output: str) -> None:
    """Read, check, fill; stop when a sum does not hold."""
    context = read_book(book)
    if wrong := check(context):
        sys.exit(f"{Path(book).name}: {', '.join(wrong)}")
    render(context, template, output)


if __name__ == "__main__":
    main(*sys.argv[1:4])
