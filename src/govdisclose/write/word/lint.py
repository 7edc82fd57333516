"""Whether a user's template can give a correct report, said before anything is rendered.

A template is code somebody else wrote: only names the report has may be printed, tested or looped
over, and nothing can be called. Every problem is one Chinese phrase naming the part and the text
nearby.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from math import isfinite

import jinja2
from attrs import define, field, frozen
from jinja2 import Environment, nodes
from lxml import etree

from govdisclose.form.edition import EDITIONS, Edition
from govdisclose.form.outline import outline
from govdisclose.form.printed import FORBIDDEN
from govdisclose.form.report import SECTIONS, Agency, AnnualReport, Paragraph, blank_report
from govdisclose.form.sheets import PREFACE_SHEET, PROSE_SHEETS
from govdisclose.write.context import FILTERS, PARAGRAPH, Schema, build_context, schema
from govdisclose.write.word.pictures import chart_faults
from govdisclose.write.word.program import load_part, python_source

_PARTS = {
    "document": "正文", "header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注", "styles": "样式表",
    "numbering": "编号", "settings": "文档设置", "comments": "批注栏",
}  # fmt: skip
_LOOP: dict[str, Schema] = dict.fromkeys(("index", "index0", "first", "last", "length"))
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Const, nodes.Filter,
)  # fmt: skip
_SPELLING = (
    (
        re.compile(r"｛\s*(?:[｛{%％]|[A-Za-z_][\w.]*\s*｝)|\{\s*[｛％]|[%％｝}]\s*｝|[％｝]\s*\}"),
        "标签用了全角括号，请改为半角 {{ }}",
    ),
    (
        re.compile(r"(?<!\{)\{\s+[{%](?!\{)|(?<!\})[}%]\s+\}(?!\})"),
        "标签的两个括号要连在一起，中间不能有空格",
    ),
    (re.compile(r"(?<![{%#])\{\s*[A-Za-z_][\w.]*\s*\}(?!\})"), "标签要写两层花括号 {{ }}"),
    # What docxtpl makes of {{p name }}: a value between paragraphs or cells.
    (
        re.compile(r"<(?!w:t[ >])[^>]*>[^<]*\{\{"),
        "{{ }} 标签不能带 p、tr、tc、r，只有 {% %} 标签可以",
    ),
)
_MARKUP = re.compile("<[^>]*>")
_LOOP_NAME = re.compile(r"\{%-?\s*for\s+(\w+)\s+in\b")
_PRINTED = re.compile(r"\{\{.{0,200}?\}\}")
_TOO_DEEP = "nested too deep"
_SYNTAX = (
    (_TOO_DEEP, "括号套得太深，读不懂"),
    ("Unexpected end of template", "有循环或条件没有结束，缺少 {% endfor %} 或 {% endif %}"),
    ("unknown tag 'end", "多出一个结束标签，或开始与结束标签不配对"),
    ("unknown tag 'el", "多出一个 elif 或 else 标签"),
    ("unknown tag", "有不能识别的标签"),
    ("expected token 'end of print statement'", "标签中的名称写法有误"),
    ("unexpected '}'", "标签的括号不配对"),
)


@frozen
class _Scope:
    """The names known at one point of the template, and whether what is read there is printed."""

    names: Mapping[str, Schema]
    printed: bool = False
    in_loop: bool = False


@define
class _Reader:
    """Walks the syntax tree of one part; gathers what is printed and what is wrong.

    ``foreign`` are names of other editions, told all at once and not here; ``meant`` the names that
    misspelt ones stand for; ``parsed`` whether loops and conditions could be made out.
    """

    names: Mapping[str, Schema]
    known: tuple[str, ...]
    foreign: Collection[str]
    seen: set[str] = field(factory=set)
    unknown: set[str] = field(factory=set)
    meant: set[str] = field(factory=set)
    parsed: bool = True
    wrong: list[tuple[int, str]] = field(factory=list)

    def read(self, node: nodes.Node, scope: _Scope) -> None:
        """Check ``node`` and everything below it."""
        if isinstance(node, nodes.For):
            self._loop(node, scope)
        elif isinstance(node, nodes.Name | nodes.Getattr):
            path, found = _resolve(node, scope.names)
            if found != "text":
                self._unknown(node.lineno, path, found)
            elif scope.printed:
                self.seen.add(path)
        elif not isinstance(node, _ALLOWED):
            self.wrong.append((node.lineno, "含有不允许的表达式，模板中只能写数据名称、循环和条件"))
        elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
            self.wrong.append((node.lineno, f"过滤器 {node.name} 不可用"))
        else:
            self.wrong += ((node.lineno, words) for words in _misused(node, scope.names))
            scope = _Scope(
                scope.names, scope.printed or isinstance(node, nodes.Output), scope.in_loop
            )
            for child in node.iter_child_nodes():
                if not _is_list_test(child, node, scope):
                    self.read(child, scope)

    def _loop(self, node: nodes.For, scope: _Scope) -> None:
        path, found = _resolve(node.iter, scope.names)
        if found != "list" or scope.in_loop or node.test or not isinstance(node.target, nodes.Name):
            self.wrong.append(
                (
                    node.lineno,
                    f"不能对 {path or '这个表达式'} 循环：只能对 {'、'.join(PROSE_SHEETS)} 各自循环",
                )
            )
            return
        item = _look(scope.names, path)
        names = {
            **scope.names,
            node.target.name: item[0] if isinstance(item, list) else None,
            "loop": _LOOP,
        }
        outside, self.seen = self.seen, set()
        for child in node.body:
            self.read(child, _Scope(names, scope.printed, in_loop=True))
        if f"{node.target.name}.text" in self.seen:
            outside.add(path)
        self.seen |= outside
        for child in node.else_:  # when there is no item to speak of
            self.read(child, scope)

    def _unknown(self, line: int, path: str, found: str) -> None:
        if path in self.foreign:
            self.unknown.add(path)
            return
        if found != "missing":
            self.wrong.append((line, f"{path} 是一组数据，不能直接填入"))
            return
        self.unknown.add(path)
        near = get_close_matches(path, self.known, 1, 0.6)
        self.meant.update(near)
        self.wrong.append(
            (line, f"没有 {path or '这样'} 的数据" + (f"，是否应为 {near[0]}" if near else ""))
        )


def _misused(node: nodes.Node, names: Mapping[str, Schema]) -> Iterator[str]:
    """What can be written but does not say what was meant."""
    if isinstance(node, nodes.Output) and any(_is_no_text(child, names) for child in node.nodes):
        yield "{{ }} 中是判断或一组数据，不能直接填入"
    if (
        isinstance(node, nodes.Const)
        and isinstance(node.value, str)
        and FORBIDDEN.search(node.value)
    ):
        yield "引号中有不能写入文件的字符"
    if isinstance(node, nodes.Const) and isinstance(node.value, float) and not isfinite(node.value):
        yield "数太大"
    if isinstance(node, nodes.Compare):
        sides = [node.expr, *(operand.expr for operand in node.ops)]
        if any(_is_number(side) for side in sides) and any(_is_text(side, names) for side in sides):
            yield "数据都是文字，不能与数比较，数要加引号，如 == '0'"


def _is_text(node: nodes.Node, names: Mapping[str, Schema]) -> bool:
    """Whether a name stands for text; a paragraph's level and what a loop counts are numbers."""
    path, kind = _resolve(node, names)
    return kind == "text" and not path.startswith("loop.") and not path.endswith(".level")


def _is_number(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, int | float)


def _is_no_text(node: nodes.Node | None, names: Mapping[str, Schema]) -> bool:
    """Whether what is printed may be a word of Python: that something is true, that there is nothing, a list."""
    if isinstance(node, nodes.And | nodes.Or):
        return any(
            _is_no_text(side, names) or _resolve(side, names)[1] == "list"
            for side in (node.left, node.right)
        )
    if isinstance(node, nodes.CondExpr):
        return _is_no_text(node.expr1, names) or _is_no_text(node.expr2, names)
    return isinstance(node, nodes.Compare | nodes.Not) or (
        isinstance(node, nodes.Const) and (node.value is None or isinstance(node.value, bool))
    )


def _is_list_test(child: nodes.Node, parent: nodes.Node, scope: _Scope) -> bool:
    """``{% if problems %}`` and ``problems|length``: whether a section has any text."""
    return isinstance(parent, nodes.If | nodes.Not | nodes.And | nodes.Or | nodes.Filter) and (
        _resolve(child, scope.names)[1] == "list"
    )


def _dotted(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_dotted(node.node)}.{node.attr}"
    return "?"


def _look(names: Mapping[str, Schema], path: str) -> Schema | str:
    node: Schema = dict(names)
    for name in path.split("."):
        if not isinstance(node, dict) or name not in node:
            return "missing"
        node = node[name]
    return node


def _resolve(node: nodes.Node, names: Mapping[str, Schema]) -> tuple[str, str]:
    """The dotted name of ``node``, and what it is: ``text``, ``list``, ``group`` or ``missing``."""
    path = _dotted(node)
    found = _look(names, path)
    kind = (
        found
        if isinstance(found, str)
        else "text"
        if found is None
        else "list"
        if isinstance(found, list)
        else "group"
    )
    return ("" if "?" in path else path), kind


def _leaves(names: Mapping[str, Schema], before: str = "") -> Iterator[str]:
    for name, below in names.items():
        if isinstance(below, dict):
            yield from _leaves(below, f"{before}{name}.")
        else:
            yield before + name


def known_names(edition: Edition) -> tuple[str, ...]:
    """Every name a template of ``edition`` may print or loop over."""
    return tuple(_leaves(schema(edition)))


def part_name(part: str) -> str:
    """``word/footer1.xml`` → 页脚."""
    stem = part.rpartition("/")[2].partition(".")[0].rstrip("0123456789")
    return _PARTS.get(stem, part)


def _nearby(source: str, line: int) -> str:
    """The text of the paragraph at ``line`` (from 1), or of the nearest one before it that has any."""
    texts = (_MARKUP.sub("", text).strip() for text in reversed(source.split("\n")[:line]))
    return next((text for text in texts if text), "")[:60]


def _lint_part(part: str, source: str, reader: _Reader) -> Iterator[tuple[int, str]]:
    spelt = [
        (_line(source, found), words)
        for pattern, words in _SPELLING
        for found in pattern.finditer(source)
    ]
    broken = list(unfinished(source))
    yield from spelt
    yield from (
        (line, "有标签没有写完，{{ 与 }}、{% 与 %} 要成对")
        for line in set(broken) - {line for line, _ in spelt}
    )
    yield from chart_faults(source, main=part_name(part) == _PARTS["document"])
    try:
        reader.read(_parsed(source), _Scope(reader.names))
        yield from reader.wrong
    except jinja2.TemplateSyntaxError as error:
        reader.parsed = False
        apart = [*_lint_tags(source, reader), *(() if broken else _lint_blocks(source))]
        yield from apart or ([] if broken else [(error.lineno, _syntax(error))])


def unfinished(source: str) -> Iterator[int]:
    """The lines (from 1), a paragraph each, in which a tag is begun and not ended, or ended and not begun."""
    for number, line in enumerate(source.split("\n"), 1):
        text = _MARKUP.sub("", line)
        if any(
            text.count(first) != text.count(last) for first, last in (("{{", "}}"), ("{%", "%}"))
        ):
            yield number


def _lint_tags(source: str, reader: _Reader) -> Iterator[tuple[int, str]]:
    """Each tag that prints something by itself, where loops and conditions cannot be made out."""
    items = dict.fromkeys(_LOOP_NAME.findall(source), PARAGRAPH)
    scope = _Scope({**reader.names, **items, "loop": _LOOP})
    for found in _PRINTED.finditer(source):
        line = _line(source, found)
        try:
            reader.read(_parsed(found[0]), scope)
        except jinja2.TemplateSyntaxError as error:
            yield line, _syntax(error)
        yield from ((line, words) for _, words in reader.wrong)
        reader.wrong.clear()


def _lint_blocks(source: str) -> Iterator[tuple[int, str]]:
    """Loops and conditions without the tags that print something."""
    try:
        _parsed(_PRINTED.sub("", source))
    except jinja2.TemplateSyntaxError as error:
        yield error.lineno, _syntax(error)


def _line(source: str, found: re.Match[str]) -> int:
    return source.count("\n", 0, found.end()) + 1


def _parsed(source: str) -> nodes.Template:
    """The prepared source of one part as a tree. Raises ``TemplateSyntaxError``, also for brackets nested too deep."""
    try:
        return Environment().parse(source)
    except RecursionError:
        raise jinja2.TemplateSyntaxError(_TOO_DEEP, 1) from None


def _syntax(error: jinja2.TemplateSyntaxError) -> str:
    said = str(error.message)
    return next((words for mark, words in _SYNTAX if mark in said), "标签写法有误")


def lint(sources: Mapping[str, str], edition: Edition) -> list[str]:
    """Everything wrong with a template, given the prepared source of each of its parts; empty when it is sound."""
    names = schema(edition)
    known = known_names(edition)
    others = {
        name: outline(other).cells.keys() - set(known)
        for name, other in EDITIONS.items()
        if other != edition
    }
    foreign = set().union(*others.values())
    readers = {part: _Reader(names, known, foreign) for part in sources}
    problems = [
        f"{part_name(part)}“{_nearby(source, line)}”：{words}"
        for part, source in sources.items()
        for line, words in _lint_part(part, source, readers[part])
    ]
    seen, unknown, meant = (
        set[str]().union(*(getattr(reader, kind) for reader in readers.values()))
        for kind in ("seen", "unknown", "meant")
    )
    mixed = [
        f"有 {name} 格式的标签，不能用于 {edition.name} 格式的报告"
        for name, cells in others.items()
        if unknown & cells
    ]
    if not mixed:
        parsed = all(reader.parsed for reader in readers.values())
        problems += _missing(edition, seen | meant, prose=parsed)
    problems = [*mixed, *problems] or [*_rehearse(sources, edition)]
    return list(dict.fromkeys(problems))


def _missing(edition: Edition, seen: set[str], *, prose: bool) -> Iterator[str]:
    cells = [path for path in outline(edition).cells if path not in seen]
    if cells:
        more = "等" if len(cells) > 5 else ""
        yield f"缺少 {len(cells)} 个法定数据的标签：{'、'.join(cells[:5])}{more}"
    if "title" not in seen:
        yield "缺少报告标题的标签 {{ title }}"
    headings = {"preface": PREFACE_SHEET, **{section.key: section.heading for section in SECTIONS}}
    for key in PROSE_SHEETS if prose else ():
        if key not in seen:
            yield f"缺少“{headings[key]}”的段落循环 {{%p for p in {key} %}}，循环中要有 {{{{ p.text }}}}"


def _samples(edition: Edition) -> Iterator[AnnualReport]:
    """A blank report, and one with a long title and prose of every level."""
    yield blank_report(edition, title="标题")
    prose = tuple(Paragraph(f"（一）第{level}级。其余文字", level) for level in (0, 2, 3, 4))
    yield blank_report(
        edition,
        agency=Agency("甲" * 30, "1"),
        title="甲" * 30 + "乙",
        published=date(2000, 1, 2),
        **dict.fromkeys(PROSE_SHEETS, prose),
    ).with_values(dict.fromkeys(outline(edition).cells, 1))


def _rehearse(sources: Mapping[str, str], edition: Edition) -> Iterator[str]:
    """Render sample reports: the result must be whole XML without leftovers of tags."""
    cells = outline(edition).cells
    parts = {
        part: load_part(python_source(Environment().parse(text), cells), part)
        for part, text in sources.items()
    }
    for report in _samples(edition):
        context = build_context(report)
        for part, fill in parts.items():
            try:
                shown = str(etree.fromstring(fill(context).encode()).xpath("string()"))
            except etree.XMLSyntaxError:
                yield f"{part_name(part)}：循环或条件跨越了段落或表格，请让 {{%p %}} 标签各自独占一段"
                continue
            except Exception:  # '一' > 2, and whatever else a tag can be made to do
                yield f"{part_name(part)}：标签不能填写"
                continue
            left = re.search(r".{0,20}(?:\{[{%#]|[%}#]\}).{0,20}", shown)
            if left:
                yield f"{part_name(part)}“{left[0]}”：留有没有填写的标签"
