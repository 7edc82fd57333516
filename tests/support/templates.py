"""Faults that a template may have."""

from __future__ import annotations

from collections.abc import Callable

from govdisclose.form.edition import EDITION_2019
from support.word_parts import edited, packaged

LOOP = "{%p for p in overview %}"


CELL = "{{ requests.received.total }}"


FAULTS: dict[str, tuple[Callable[[], bytes], str]] = {
    "unknown tag": (lambda: edited(CELL, "{{ requests.recieved.total }}"), "没有 requests.recieved.total .*是否应为 requests.received.total"),
    "tag of the other edition": (lambda: packaged(EDITION_2019), "有 2019 格式的标签，不能用于 2021 格式的报告"),
    "missing cell": (lambda: edited(CELL, ""), "缺少 1 个法定数据的标签：requests.received.total"),
    "missing cells": (lambda: edited("requests.outcomes.total", "requests.received"), "缺少 7 个法定数据的标签：.*等"),
    "cell only tested": (lambda: edited(CELL, "{% if requests.received.total %}1{% endif %}"), "缺少 1 个"),
    "missing title": (lambda: edited("{{ title }}", ""), "缺少报告标题"),
    "missing section": (lambda: edited("in problems", "in overview"), "缺少“五、存在的主要问题及改进情况”的段落循环"),
    "loop prints nothing": (lambda: edited("p.text", "p.level"), "缺少“前言”的段落循环"),
    "group printed": (lambda: edited(CELL, "{{ requests.received }}"), "requests.received 是一组数据"),
    "list printed": (lambda: edited(CELL, "{{ problems }}"), "problems 是一组数据"),
    "unclosed loop": (lambda: edited("{%p endfor %}", ""), "正文.*没有结束"),
    "stray end": (lambda: edited("{{ title }}", "{{ title }}{% endif %}"), "正文“.*title.*多出一个结束标签"),
    "unknown statement": (lambda: edited(CELL, "{% fill x %}"), "不能识别的标签"),
    "bad name": (lambda: edited(CELL, "{{ requests received }}"), "名称写法有误"),
    "full-width braces": (lambda: edited(CELL, "｛｛ requests.received.total ｝｝"), "正文“｛｛ requests.*全角括号"),
    "full-width per cent": (lambda: edited(LOOP, "{％p for p in overview %}"), "全角括号"),
    "paragraph prefix on a value": (lambda: edited(CELL, "{{p title }}"), "标签不能带 p、tr、tc、r"),
    "loop across paragraphs": (lambda: edited(LOOP, "{% for p in overview %}"), "跨越了段落"),
    "loop over a value": (lambda: edited(LOOP, "{%p for p in title %}"), "不能对 title 循环"),
    "loop over the unknown": (lambda: edited(LOOP, "{%p for p in range(9) %}"), "不能对 这个表达式 循环"),
    "braces left over": (lambda: edited(CELL, CELL + " }}"), "requests.received.total }} }}”：有标签没有写完"),
    "half of the braces full-width": (lambda: edited(CELL, "{｛ requests.received.total ｝}"), "全角括号"),
    "a full-width brace at the end": (lambda: edited(CELL, "{{ requests.received.total }｝"), "received.total }｝”：标签用了全角括号"),
    "single full-width braces": (lambda: edited(CELL, CELL + "｛ year ｝"), "全角括号"),
    "braces apart": (lambda: edited(CELL, "{ { requests.received.total } }"), "中间不能有空格"),
    "a tag that does not end": (lambda: edited(CELL, "{{ requests.received.total"), "received.total”：有标签没有写完"),
    "one brace": (lambda: edited(CELL, CELL + "{ year }"), "两层花括号"),
    "a list or another": (lambda: edited(CELL, CELL + "{{ overview or problems }}"), "判断或一组数据"),
    "a comparison printed": (lambda: edited(CELL, CELL + "{{ title == year }}"), "判断或一组数据"),
    "nothing printed": (lambda: edited(CELL, CELL + "{{ title if year else none }}"), "判断或一组数据"),
    "a negation printed": (lambda: edited(CELL, CELL + "{{ not year }}"), "判断或一组数据"),
    "text against a number": (lambda: edited(CELL, CELL + "{% if year == 2024 %}是{% endif %}"), "不能与数比较"),
    "too large": (lambda: edited(CELL, CELL + "{{ 1e400 }}"), "数太大"),
    "half a character": (lambda: edited(CELL, CELL + '{{ "\\ud800" }}'), "不能写入文件的字符"),
    "the item of a loop that has none": (
        lambda: edited(CELL, CELL + "{% for p in preface %}{{ p.text }}{% else %}{{ p.text }}{% endfor %}"), "没有 p.text 的数据"),
    "footer": (lambda: edited("— ", "{{ nothing }}", "word/footer1.xml"), "页脚“.*没有 nothing 的数据"),
}  # fmt: skip
