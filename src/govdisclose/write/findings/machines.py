"""Findings for programs: JSON, JSON lines, SARIF 2.1.0, GitHub workflow commands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from govdisclose.finding import Finding
from govdisclose.form.printed import harmless
from govdisclose.rules import RULES, Rule
from govdisclose.write.data import dump_json, findings_to_json
from govdisclose.write.findings.checked import Checked

SARIF_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def as_json(results: Sequence[Checked]) -> str:
    """One list of all findings, in the order of the sources."""
    return findings_to_json(finding for checked in results for finding in checked.findings)


def as_jsonl(results: Sequence[Checked]) -> str:
    """One finding a line."""
    return "".join(
        dump_json(finding.as_dict(), indent=None)
        for checked in results
        for finding in checked.findings
    )


# --- SARIF --------------------------------------------------------------------------------------


def as_sarif(results: Sequence[Checked]) -> str:
    """One SARIF 2.1.0 run; a cell is a logical location, since a workbook has no lines."""
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "govdisclose",
                "version": _version(),
                "language": "zh-CN",
                "rules": [_rule(rule) for rule in RULES.values()],
            }
        },
        "artifacts": [{"location": {"uri": _uri(checked)}} for checked in results],
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(finding, checked) for checked in results for finding in checked.findings
        ],
    }
    return dump_json({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _version() -> str:
    from importlib.metadata import (
        PackageNotFoundError,
        version,
    )  # takes 17 ms, and only SARIF names it

    try:
        return version("govdisclose")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"


def _uri(checked: Checked) -> str:
    # A name in another encoding than the system's is written byte by byte.
    return quote(checked.source.as_posix(), errors="surrogateescape")


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.name},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.example}\n{rule.fix}", "markdown": rule.page},
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(finding: Finding, checked: Checked) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": {"artifactLocation": {"uri": _uri(checked)}}}
    logical = {
        "name": finding.place.cell or finding.place.sheet,
        "fullyQualifiedName": str(finding.place),
        "kind": "member",
        "properties": {"path": finding.path},
    }
    if str(finding.place):
        location["logicalLocations"] = [logical]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": finding.severity.value,
        "message": {"text": finding.message},
        "locations": [location],
        "partialFingerprints": {
            "govdisclose/v1": f"{finding.code}|{finding.path or finding.place}"
        },
        "properties": {
            key: finding.as_dict()[key] for key in ("expected", "found", "others", "hint")
        },
    }
    if finding.code in RULES:
        result["ruleIndex"] = list(RULES).index(finding.code)
    if finding.explained is not None:
        result["suppressions"] = [{"kind": "inSource", "justification": finding.explained}]
    return result


# --- GitHub -------------------------------------------------------------------------------------

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_IN_TEXT = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = {**_IN_TEXT, ":": "%3A", ",": "%2C"}


def as_github(results: Sequence[Checked]) -> str:
    """Workflow commands: a finding is an annotation of its file, an explained one a notice."""
    return "".join(
        _annotation(finding, checked) for checked in results for finding in checked.findings
    )


def _annotation(finding: Finding, checked: Checked) -> str:
    command = "notice" if finding.explained else _COMMANDS[finding.severity.value]
    title = f"{finding.code} {finding.place}".strip()
    text = (
        finding.text
        if finding.explained is None
        else f"{finding.text}（已说明：{finding.explained}）"
    )
    file = _escape(checked.source.as_posix(), _IN_PROPERTY)
    return (
        f"::{command} file={file},title={_escape(title, _IN_PROPERTY)}::{_escape(text, _IN_TEXT)}\n"
    )


def _escape(text: str, table: dict[str, str]) -> str:
    escaped = "".join(table.get(char, char) for char in text)
    return harmless(escaped)
