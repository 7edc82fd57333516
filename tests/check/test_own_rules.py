"""Rules of the user's own: what they find, which are refused, and how reasons apply to them."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest

from govdisclose import OwnRule, Reading, Rule, Severity, blank_report, check_report
from govdisclose.check import check_reading, refuse_unsendable
from govdisclose.errors import UsageError
from govdisclose.finding import Finding
from govdisclose.form.explanation import Explanation
from govdisclose.rules import RULES, Family, rule_of
from support.reports import consistent_report

GOOD = consistent_report()
TOO_FEW = Rule("X101", "新收过少", Severity.ERROR, fix="核对登记簿。", explainable=True)
TOTAL = "requests.received.total"


def check_received(reading: Reading) -> Iterator[Finding]:
    """An error where fewer than 1,000 million requests were received."""
    found = reading.report.values()[TOTAL]
    if found is not None and found < 10**9:
        place = reading.place(TOTAL)
        yield TOO_FEW.finding("新收过少", place, path=TOTAL, expected=10**9, found=found)


OWN = OwnRule(TOO_FEW, check_received)


def of(code: str, name: str = "名称") -> OwnRule:
    """A rule of some code that finds nothing."""
    return OwnRule(Rule(code, name, Severity.NOTE), lambda reading: ())


def test_a_rule_of_the_users_own_is_checked_besides_ours() -> None:
    (found,) = check_report(GOOD, rules=[OWN])
    assert (found.code, found.path, found.hint, found.stops) == (
        "X101",
        TOTAL,
        "核对登记簿。",
        True,
    )
    assert check_report(GOOD) == []
    broken = GOOD.with_values({"disputes.review.total": 10**6})
    both = {finding.code for finding in check_report(broken, rules=[OWN])}
    assert both == {"X101"} | {finding.code for finding in check_report(broken)}


def test_an_own_error_can_be_explained_where_its_rule_allows_it() -> None:
    found = check_report(GOOD, rules=[OWN])[0]
    reason = Explanation("X101", TOTAL, found.fingerprint, "本年机构撤并")
    reading = Reading(GOOD, explanations=(reason,))
    (explained,) = check_reading(reading, rules=[OWN])
    assert (explained.explained, explained.stops) == ("本年机构撤并", False)
    strict = OwnRule(Rule("X101", "新收过少", Severity.ERROR), check_received)
    told = check_reading(reading, rules=[strict])
    assert [(f.code, f.stops) for f in told if f.code == "X101"] == [("X101", True)]
    assert any("不能用说明代替" in f.text for f in told if f.code == "V114")


def test_a_code_that_is_ours_or_may_become_ours_is_refused() -> None:
    for code in (*RULES, "S999", "A200", "P777"):
        with pytest.raises(UsageError, match=code):
            check_report(GOOD, rules=[of(code)])


@pytest.mark.parametrize("code", ["", " ", "X 1", "X1\n"])
def test_a_code_without_letters_or_with_blanks_is_refused(code: str) -> None:
    with pytest.raises(UsageError, match="空"):
        check_report(GOOD, rules=[of(code)])


@pytest.mark.parametrize("code", ["X101", "本局-1", "A1", "SA101", "s101", "V1010"])
def test_any_other_code_is_taken(code: str) -> None:
    assert check_report(GOOD, rules=[of(code)]) == []
    assert of(code).rule.family is Family.OWN


def test_two_rules_of_one_code_and_what_is_no_rule_are_refused() -> None:
    with pytest.raises(UsageError, match="两条"):
        check_report(GOOD, rules=[of("X101"), of("X101", "另一条")])
    with pytest.raises(UsageError, match="OwnRule"):
        check_report(GOOD, rules=[TOO_FEW])  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (None, "yield"),
        (5, "yield"),
        (["一句话"], "str"),
        ([RULES["A101"].finding("甲")], "A101"),
    ],
    ids=["nothing", "a number", "text", "another rule's finding"],
)
def test_a_check_that_gives_anything_but_its_own_findings_is_refused(given, named: str) -> None:
    own = OwnRule(Rule("X101", "名称", Severity.NOTE), lambda reading: given)
    with pytest.raises(UsageError, match=named):
        check_report(GOOD, rules=[own])


def test_only_rules_that_can_be_sent_go_to_worker_processes() -> None:
    refuse_unsendable([OWN])
    assert pickle.loads(pickle.dumps(OWN)) == OWN
    with pytest.raises(UsageError, match=r"X102.*顶层"):
        refuse_unsendable([OWN, of("X102")])


def test_an_own_rule_sees_the_figures_that_the_prose_quotes() -> None:
    seen: list[str] = []

    def look(reading: Reading) -> Iterator[Finding]:
        seen.extend(paragraph.text for paragraph in reading.report.problems)
        yield from ()

    from govdisclose import Paragraph

    report = GOOD.evolve(problems=(Paragraph("新收 {表三.本年新收.总计} 件。"),))
    check_report(report, rules=[OwnRule(Rule("X101", "看", Severity.NOTE), look)])
    assert seen == [f"新收 {GOOD.values()[TOTAL]} 件。"]


def test_every_rule_knows_its_family_and_every_finding_its_rule() -> None:
    for code, rule in RULES.items():
        assert rule.family.value == code[0], code
        assert rule_of(rule.finding("甲")) is rule, code


def test_own_findings_come_after_ours_of_the_same_severity() -> None:
    report = blank_report("2021")
    rule = Rule("A", "自定", Severity.ERROR)
    own = OwnRule(rule, lambda reading: [rule.finding("甲")])
    errors = [f for f in check_report(report, rules=[own]) if f.severity is Severity.ERROR]
    assert errors[-1].code == "A"
