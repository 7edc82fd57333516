"""Everything in an inbox is looked at, or listed with a reason: no file is lost, none counts twice."""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govdisclose.errors import InputError, NoReportError, UsageError
from govdisclose.many.inbox import Inbox, InboxEntry, look_into, read_entry, refuse_strangers
from support.archives import locked, renamed, shelved, zipped
from support.batches import book


def entries(inbox: Inbox) -> list[str]:
    return [entry.name for entry in inbox.entries]


def problems(inbox: Inbox) -> dict[str, str]:
    return {entry.name: entry.problem for entry in inbox.entries if entry.problem}


def passed_over(inbox: Inbox) -> dict[str, str]:
    return {one.name: one.reason for one in inbox.passed_over}


def looked(root: Path, files: dict[str, bytes]) -> Inbox:
    return look_into(shelved(root, files))


def test_every_kind_that_is_read_is_an_entry_in_a_stable_order(tmp_path: Path) -> None:
    names = [
        "a.xlsx",
        "b.JSON",
        "c.html",
        "d.htm",
        "下/e.docx",
        "下/f.pdf",
        "下/g.txt",
        "下/h.md",
        "旧.xls",
    ]
    inbox = looked(tmp_path, dict.fromkeys(reversed(names), b""))
    assert entries(inbox) == sorted(names)
    assert not inbox.passed_over
    kinds = {entry.name: entry.kind for entry in inbox.entries}
    assert (kinds["b.JSON"], kinds["d.htm"], kinds["旧.xls"]) == ("json", "html", "workbook")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.rar", "解压后"), ("a.7z", "解压后"), ("a.tar", "解压后"), ("a.gz", "解压后"),
        ("a.doc", "另存为 .docx"), ("a.wps", "另存为 .docx"), ("a.rtf", "另存为 .docx"), ("a.odt", "另存为 .docx"),
        ("a.csv", "另存为 .xlsx"), ("a.numbers", "另存为 .xlsx"), ("a.ofd", "索取"), ("a.pages", "索取"),
        ("a.jpg", "图片"), ("a.PNG", "图片"), ("a.tif", "图片"), ("a.heic", "图片"),
        ("a.eml", "另存为"), ("a.mht", "另存为"), ("a.lnk", "快捷方式"), ("a.crdownload", "没有下载完"),
        ("a.pptx", "不看 .pptx 文件"), ("a.xml", "不看 .xml 文件"), ("a.exe", "不看 .exe 文件"), ("a", "没有扩展名"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_listed_with_what_to_do(tmp_path: Path, name: str, said: str) -> None:
    on_disk = looked(tmp_path / "1", {name: b"x"})
    in_archive = looked(tmp_path / "2", {"收.zip": zipped({f"下/{name}": b"x"})})
    assert (entries(on_disk), entries(in_archive)) == ([], [])
    assert said in passed_over(on_disk)[name]
    assert said in passed_over(in_archive)[f"收.zip/下/{name}"]


def test_the_note_names_ten_files_and_the_list_has_all(tmp_path: Path) -> None:
    inbox = looked(tmp_path, {f"{number:02}.rar": b"" for number in range(12)})
    assert inbox.note().startswith("另有 12 个文件没有看：00.rar、01.rar、")
    assert "09.rar 等（只看 .xlsx、" in inbox.note()
    assert len(inbox.passed_over) == 12
    assert len(inbox.without([tmp_path / "03.rar"]).passed_over) == 11


@pytest.mark.parametrize("name", ["~$a.docx", "._a.zip", ".a.pdf", "Thumbs.db", ".git/a.html"])
def test_what_programs_leave_behind_is_left_out(tmp_path: Path, name: str) -> None:
    inbox = looked(tmp_path, {name: b"", "b.zip": zipped({name: b"", "甲.xlsx": b""})})
    assert (entries(inbox), passed_over(inbox)) == (["b.zip/甲.xlsx"], {})


def test_reports_that_a_batch_has_made_are_no_input(tmp_path: Path) -> None:
    made = [
        "out/甲.docx",
        "out/甲.pdf",
        "out/结果.xlsx",
        "out/已被替代/乙.docx",
        "out/.govdisclose/batch.sqlite",
    ]
    inbox = looked(tmp_path, dict.fromkeys(["a.docx", *made], b""))
    assert (entries(inbox), passed_over(inbox)) == (["a.docx"], {})


def test_a_report_in_every_form_is_one_report(tmp_path: Path) -> None:
    files = [{"name": name} for name in ("甲.json", "甲.docx", "甲.html")]
    index = json.dumps({"schema": "govdisclose/bundle/1", "files": files}).encode()
    shelved(tmp_path, {"a.xlsx": b"", "all/index.json": index, "all/SHA256SUMS": b""})
    shelved(tmp_path / "all", {"甲.json": b"", "甲.docx": b"", "甲.html": b""})
    assert entries(look_into(tmp_path)) == ["a.xlsx"]
    assert entries(look_into(tmp_path / "all")) == ["甲.json"]
    shelved(tmp_path, {"all/c.xlsx": b""})  # somebody's: then the folder is like any other
    assert len(entries(look_into(tmp_path))) == 6


@pytest.mark.parametrize(
    ("text", "is_report"),
    [
        ("关于做好2024年度政府信息公开工作年度报告编制工作的通知\n各单位：\n请按时报送。", False),
        ("值班表\n周一 张三", False),
        ("甲局2024年政府信息公开工作年度报告\n附件：表格", True),
        ("报告\n一、总体情况\n很好。\n二、主动公开政府信息情况\n见附件。", True),
    ],
)
def test_a_notice_is_told_from_a_report_without_its_tables(
    tmp_path: Path, text: str, is_report: bool
) -> None:
    (entry,) = looked(tmp_path, {"a.txt": text.encode()}).entries
    with pytest.raises(InputError) as raised:
        read_entry(entry)
    assert isinstance(raised.value, NoReportError) is not is_report


def test_the_output_folder_inside_is_left_out(tmp_path: Path) -> None:
    shelved(tmp_path, {"a.xlsx": b"", "out/b.xlsx": b"", "out/c.html": b""})
    assert entries(look_into(tmp_path, outside=(tmp_path / "out",))) == ["a.xlsx"]
    everything = ["a.xlsx", "out/b.xlsx", "out/c.html"]
    assert entries(look_into(tmp_path, outside=(tmp_path,))) == everything


def test_what_an_earlier_batch_has_left_is_no_report_but_its_exports_where_they_are_asked_for(
    tmp_path: Path,
) -> None:
    names = ["a.xlsx", "out/结果.xlsx", "out/b.json", "out/c.xlsx", "out/.govdisclose/batch.sqlite"]
    assert entries(looked(tmp_path, dict.fromkeys(names, b""))) == ["a.xlsx", "out/c.xlsx"]
    assert entries(look_into(tmp_path / "out")) == ["b.json", "c.xlsx"]


@pytest.mark.parametrize("name", ["out/b.xlsx", "out/子/b.json", "out/b.docx", "out/b.zip"])
def test_a_report_in_the_output_folder_is_not_passed_over_in_silence(
    tmp_path: Path, name: str
) -> None:
    def nobodys(entry: InboxEntry) -> bool:
        return False

    shelved(tmp_path, {"a.xlsx": b"", name: zipped({"b.xlsx": b""})})
    with pytest.raises(UsageError, match=r"输出文件夹.*有 1 个工作簿"):
        refuse_strangers(tmp_path, tmp_path / "out", nobodys)
    refuse_strangers(tmp_path, tmp_path / "out", lambda entry: True)
    refuse_strangers(tmp_path / "out", tmp_path, nobodys)


def test_no_folder_is_an_input_error(tmp_path: Path) -> None:
    for path in (tmp_path / "none", shelved(tmp_path, {"file": b""}) / "file"):
        with pytest.raises(InputError):
            look_into(path)


# --- archives -----------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", [None, "gbk", "utf-8"])
def test_names_in_an_archive_are_read_as_the_sender_sees_them(
    tmp_path: Path, encoding: str | None
) -> None:
    files = {"收件/甲局（新）.xlsx": b"1", "收件/乙局.docx": b"2", "收件/": b"", "说明.doc": b""}
    inbox = looked(tmp_path, {"来.zip": zipped(files, encoding)})
    assert entries(inbox) == ["来.zip/收件/乙局.docx", "来.zip/收件/甲局（新）.xlsx"]
    assert list(passed_over(inbox)) == ["来.zip/说明.doc"]
    assert [entry.content() for entry in inbox.entries] == [b"2", b"1"]


def test_backslashes_in_an_archive_separate_folders(tmp_path: Path) -> None:
    inbox = looked(tmp_path, {"来.zip": zipped({"收件\\甲局.xlsx": b"1"}, "gbk")})
    assert entries(inbox) == ["来.zip/收件/甲局.xlsx"]


def test_a_workbook_is_read_from_an_archive_as_from_the_disk(tmp_path: Path) -> None:
    data = book("甲局", wrong=True)
    inbox = looked(
        tmp_path, {"甲.xlsx": data, "来.zip": zipped({"里.zip": zipped({"甲.xlsx": data})})}
    )
    packed, plain = inbox.entries
    assert entries(inbox) == ["来.zip/里.zip/甲.xlsx", "甲.xlsx"]
    readings = [read_entry(entry) for entry in (packed, plain)]
    assert readings[0].report == readings[1].report
    assert readings[0].findings == readings[1].findings
    assert readings[0].places == readings[1].places


BOMB = zipped({"甲.xlsx": bytes(30_000_000)})
DEEP = zipped({"1.zip": zipped({"2.zip": zipped({"甲.xlsx": b""})})})


@pytest.mark.parametrize(
    ("archive", "name", "said"),
    [
        (b"", "a.zip", "是空文件"),
        (b"PK\3\4 and then nothing", "a.zip", "已损坏或不完整"),
        (zipped({"甲.xlsx": b"x"})[:-20], "a.zip", "已损坏或不完整"),
        (b"Rar!\x1a\7\0", "a.zip", "不是 zip 压缩包，而是RAR 压缩包"),
        (zipped({"[Content_Types].xml": b""}), "a.zip", "其实是 Office 文档"),
        (zipped({f"{n}.xlsx": b"" for n in range(2_001)}), "a.zip", "2001 个文件，超过 2000 个的上限"),
        (BOMB, "a.zip/甲.xlsx", "疑为压缩炸弹"),
        (zipped({"里.zip": BOMB}), "a.zip/里.zip/甲.xlsx", "疑为压缩炸弹"),
        (zipped({"里.zip": b"no"}), "a.zip/里.zip", "不是 zip 压缩包"),
        (DEEP, "a.zip/1.zip/2.zip", "请解压"),
        (zipped({"../甲.xlsx": b""}), "a.zip/../甲.xlsx", "指向压缩包以外"),
        (zipped({"..\\甲.xlsx": b""}), "a.zip/../甲.xlsx", "指向压缩包以外"),
        (zipped({"/etc/甲.xlsx": b""}), "a.zip//etc/甲.xlsx", "指向压缩包以外"),
        (zipped({"C:\\甲.xlsx": b""}), "a.zip/C:/甲.xlsx", "指向压缩包以外"),
        (locked(zipped({"甲.xlsx": b"x"})), "a.zip/甲.xlsx", "设有密码"),
        (renamed(zipped({"甲.xlsx": b"1", "乙.xlsx": b"2"}), "乙", "甲"), "a.zip/甲.xlsx", "有 2 个同名的"),
    ],
)  # fmt: skip
def test_an_archive_that_cannot_be_read_is_told_and_stops_no_other(
    tmp_path: Path, archive: bytes, name: str, said: str
) -> None:
    inbox = looked(tmp_path, {"a.zip": archive, "乙.xlsx": book("乙局")})
    assert list(problems(inbox)) == [name]
    assert said in problems(inbox)[name]
    bad, good = inbox.entries
    with pytest.raises(InputError, match=said):
        read_entry(bad)
    assert read_entry(good).report.agency.name == "乙局"


def test_an_archive_that_changes_after_the_look_is_no_traceback(tmp_path: Path) -> None:
    (entry,) = looked(tmp_path, {"a.zip": zipped({"甲.xlsx": b"x"})}).entries
    (tmp_path / "a.zip").write_bytes(zipped({}))
    with pytest.raises(InputError, match="刚刚被改动"):
        read_entry(entry)
    (tmp_path / "a.zip").unlink()
    with pytest.raises(InputError, match=r"a\.zip"):
        read_entry(entry)


def test_an_archive_without_a_file_is_listed(tmp_path: Path) -> None:
    inbox = looked(tmp_path, {"a.zip": zipped({"下/": b"", "__MACOSX/._a": b""})})
    assert passed_over(inbox) == {"a.zip": "是空的压缩包"}


# --- links and names ----------------------------------------------------------------------------


def test_a_link_never_brings_a_file_in_from_outside_or_a_second_time(tmp_path: Path) -> None:
    root = shelved(tmp_path / "in", {"甲.xlsx": b"x"})
    outside = shelved(tmp_path, {"秘密.xlsx": b"x", "别处/乙.xlsx": b"x"})
    (root / "里.xlsx").symlink_to(root / "甲.xlsx")
    (root / "外.xlsx").symlink_to(outside / "秘密.xlsx")
    (root / "外.zip").symlink_to(outside / "秘密.xlsx")
    (root / "圈.docx").symlink_to(root / "圈.docx")
    (root / "夹").symlink_to(outside / "别处", target_is_directory=True)
    inbox = look_into(root)
    assert entries(inbox) == ["圈.docx", "外.xlsx", "外.zip", "甲.xlsx"]
    assert set(problems(inbox)) == {"圈.docx", "外.xlsx", "外.zip"}
    assert all("链接" in said for said in problems(inbox).values())
    told = passed_over(inbox)
    assert (set(told), "指向 甲.xlsx" in told["里.xlsx"]) == ({"里.xlsx", "夹"}, True)
    with pytest.raises(InputError):
        read_entry(inbox.entries[0])


def test_names_that_look_the_same_are_told_and_neither_is_read(tmp_path: Path) -> None:
    forms = {unicodedata.normalize(form, "第ガ局.xlsx"): form.encode() for form in ("NFC", "NFD")}
    if len(set(map(os.fsencode, forms))) < 2:
        pytest.skip("this file system has one form")
    inbox = looked(tmp_path, {**forms, "乙.xlsx": b""})
    assert set(problems(inbox)) == set(forms)
    assert all("看起来一样" in said for said in problems(inbox).values())


# --- nothing is lost, nothing counts twice ------------------------------------------------------

_STEMS = st.sampled_from(["甲", "乙", "丙局", "a", "~$甲"])
_SUFFIXES = st.sampled_from([".xlsx", ".docx", ".pdf", ".txt", ".rar", ".jpg", ""])
_NAMES = st.tuples(st.sampled_from(["", "下/", "下/里/"]), _STEMS, _SUFFIXES).map("".join)
_FILES = st.dictionaries(_NAMES, st.binary(max_size=8), max_size=6)
_ARCHIVES = st.dictionaries(
    st.sampled_from(["1.zip", "下/2.zip", "下/3.ZIP"]),
    st.dictionaries(_NAMES, st.binary(), max_size=4),
)


@given(files=_FILES, archives=_ARCHIVES)
def test_every_file_is_one_entry_or_listed(
    files: dict[str, bytes], archives: dict[str, dict[str, bytes]]
) -> None:
    with TemporaryDirectory() as folder:
        packed = {name: zipped(inner) for name, inner in archives.items()}
        inbox = looked(Path(folder), {**files, **packed})
        found = {entry.name: entry.content() for entry in inbox.entries}
    expected = dict(files)
    for archive, inner in archives.items():
        expected |= {f"{archive}/{name}": data for name, data in inner.items()}
    expected = {name: data for name, data in expected.items() if "~$" not in name}
    told = [name for name in passed_over(inbox) if name not in archives]
    assert len(found) == len(inbox.entries)
    assert sorted([*found, *told]) == sorted(expected)
    assert found == {name: data for name, data in expected.items() if name in found}
    empty = {name for name, inner in archives.items() if all("~$" in each for each in inner)}
    assert {name for name in passed_over(inbox) if name in archives} == empty


def test_a_file_with_another_purpose_is_left_out_wherever_a_link_leads(tmp_path: Path) -> None:
    root = shelved(tmp_path / "收件", {"县/花名册.xlsx": b"", "花名册.xlsx": b""})
    outside = shelved(tmp_path / "别处", {"结果.xlsx": b""})
    (root / "结果.xlsx").symlink_to(outside / "结果.xlsx")
    linked = tmp_path / "又一处"
    linked.symlink_to(root, target_is_directory=True)
    given = [linked / "县" / "花名册.xlsx", outside / "结果.xlsx"]
    for folder in (root, linked):
        assert entries(look_into(folder).without(given)) == ["花名册.xlsx"]
