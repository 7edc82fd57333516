"""Family I: one failing and one passing case of each rule."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govdisclose.errors import InputError
from govdisclose.read.json import read_data
from govdisclose.rules import RULES
from govdisclose.write.data import report_to_json
from support.importing import (
    REFUSED,
    from_html,
    from_word,
    one_cell_a_header_row,
    parts,
    refused_content,
    with_subtotal,
)
from support.reports import consistent_report
from support.webpages import page, word

GOOD = page(consistent_report())
HEAD, _, REST = GOOD.partition("<p>本报告依照")
TABLE_TWO = re.search("<table>.*?</table>", GOOD, re.S)[0]  # type: ignore[index]  # the page has three tables

PAGES: dict[str, str] = {
    "I103": re.sub("<table>.*?</table>", "<img src=t.png>", GOOD, flags=re.S),
    "I110": f"{GOOD}<p>附：上年数据</p>{TABLE_TWO}",
    "I111": one_cell_a_header_row(GOOD),
    "I112": with_subtotal(GOOD),
    "I113": GOOD.replace('<tr><td rowspan="1" colspan="4"><p>第二十条第（五）项', "</table><table><tr><td colspan=4><p>第二十条第（五）项"),
    "I114": parts(GOOD),
    "I115": re.sub("(2.重复申请</p></td>)<td.*?</td>", r"\1", GOOD),
    "I116": GOOD.replace("<p>0</p>", '<p>0<span style="float:left">1</span></p>', 1),
    "I117": GOOD.replace("<p>0</p>", "<p><s>3</s>0</p>", 1),
    "I120": re.sub("<p>某某市示范局.*?</p>", "<p>年报</p>", GOOD, count=1),
    "I121": f"<title>某某市示范局2023年政府信息公开工作年度报告</title>{GOOD}",
    "I122": re.sub("<h1>六、.*?</h1>", "", GOOD),
    "I123": GOOD.replace("五、存在的主要问题及改进情况", "五、存在问题及整改措施"),
    "I124": GOOD.replace("<h1>四、", "<p>以上为全年数据，含所属单位。</p><h1>四、"),
    "I125": GOOD,
    "I130": f"<meta charset=utf-8>{GOOD}".replace("本报告依照", "本\x00\x00报告依照"),
}  # fmt: skip

PASSING = {"I125": re.sub("<p>某某市示范局.*?</p>", "<p>年报</p>", GOOD, count=1)}
"""Pages that pass where the good page does not: there is nothing to conclude from no name."""

OUTRIGHT = {said: name for name, (_, _, said) in REFUSED.items() if said in RULES}


DOCUMENTS = {
    "I126": "<w:p><w:r><w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent><w:p><w:r>"
    "<w:t>含下属单位</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>",
    "I127": "<w:p><w:ins w:id='1' w:author='甲'><w:r><w:t>补充一句。</w:t></w:r></w:ins></w:p>",
}
"""What is put before the end of a Word file that passes."""


def with_xml(xml: str) -> bytes:
    package = zipfile.ZipFile(io.BytesIO(word(consistent_report())))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in package.namelist():
            data = package.read(name)
            if name == "word/document.xml":
                text = data.decode()
                end = text.rindex("<w:sectPr")
                data = f"{text[:end]}{xml}{text[end:]}".encode()
            target.writestr(name, data)
    return made.getvalue()


@pytest.mark.parametrize("code", DOCUMENTS)
def test_a_failing_document_is_found_and_the_good_one_passes(code: str) -> None:
    assert code in {finding.code for finding in from_word(with_xml(DOCUMENTS[code])).findings}
    assert code not in {finding.code for finding in from_word(with_xml("")).findings}


def found(text: str | bytes) -> set[str]:
    try:
        is_word = isinstance(text, bytes) and text.startswith(b"PK")
        reading = from_word(text) if is_word and isinstance(text, bytes) else from_html(text)
        return {finding.code for finding in reading.findings}
    except InputError as error:
        return set(re.findall(r"I\d{3}", str(error)))


@pytest.mark.parametrize("code", sorted({**PAGES, **OUTRIGHT}))
def test_a_failing_case_is_found_and_the_good_page_passes(code: str) -> None:
    failing: str | bytes = PAGES.get(code) or refused_content(OUTRIGHT[code])
    if code == "I130":
        failing = failing.encode().replace(b"\x00\x00", b"\xff\xff")  # type: ignore[union-attr]  # a page above
    assert code in found(failing)
    assert code not in found(PASSING.get(code, GOOD))


def test_every_rule_of_the_family_has_its_case() -> None:
    assert {code for code in RULES if code.startswith("I")} == {
        *PAGES,
        *OUTRIGHT,
        *DOCUMENTS,
        "I132",
    }


def test_a_cell_that_an_export_lists_as_unread_is_not_taken_for_blank() -> None:
    path = "proactive.licences.decisions"
    report = consistent_report().with_values({path: None})
    for unread, codes in (((path,), ["I132"]), ((), [])):
        reading = read_data(json.loads(report_to_json(report, unread)))
        assert [finding.code for finding in reading.findings if finding.path == path] == codes


NUMBERED = consistent_report().with_values(
    {path: 1000 + i for i, path in enumerate(consistent_report().values())}
)
"""Every cell holds another number, so that one in the wrong place shows."""

CELL, ROW = re.compile("<td.*?</td>"), re.compile("<tr>.*?</tr>")
DAMAGE: dict[str, Callable[[str], str]] = {
    "taken out": lambda cell: "",
    "doubled": lambda cell: cell * 2,
    "another put before it": lambda cell: f"<td><p>55</p></td>{cell}",
    "made wider": lambda cell: cell.replace("colspan=", "colspan=2 data-was=", 1),
}


@pytest.mark.slow
@given(
    st.sampled_from(list(DAMAGE)), st.sampled_from([CELL, ROW]), st.randoms(use_true_random=False)
)
def test_a_damaged_table_never_gives_a_wrong_number_in_silence(
    damage: str, part: re.Pattern[str], chance: random.Random
) -> None:
    text = page(NUMBERED)
    spot = chance.choice(list(part.finditer(text)))
    reading = from_html(text[: spot.start()] + DAMAGE[damage](spot[0]) + text[spot.end() :])
    values, true = reading.report.values(), NUMBERED.values()
    wrong = [path for path, value in values.items() if value not in (None, true.get(path))]
    assert not wrong or any(finding.stops for finding in reading.findings)
