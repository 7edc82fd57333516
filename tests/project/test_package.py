"""Hostile and broken packages are refused with a reason, before any parser sees them."""

from __future__ import annotations

import io
import random
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govdisclose import package
from govdisclose.package import (
    LARGEST_KNOWN,
    Limits,
    MemberMemory,
    PackageError,
    PackedMember,
    open_package,
)
from govdisclose.read.recent import Recent

TYPES = ("[Content_Types].xml", b"<Types/>")


def packed(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def doubled() -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return packed(TYPES, ("a.xml", b"1"), ("a.xml", b"2"))


def damaged() -> bytes:
    data = packed(TYPES, ("a.xml", b"<a>1234567890</a>"), method=zipfile.ZIP_STORED)
    return data.replace(b"1234567890", b"1234567899")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
DTD = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a/>'

REFUSED = [
    (b"", "空文件"),
    (b"a,b\n1,2\n", "纯文本或 CSV"),
    ("\ufeff<!DOCTYPE html><html></html>".encode(), "网页"),
    (b"%PDF-1.7 ...", "PDF"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"\x00\x01\x02", "未知的二进制文件"),
    (OLE, "加密文件或旧版"),
    (OLE + "EncryptedPackage".encode("utf-16-le"), "已加密"),
    (OLE + "Workbook".encode("utf-16-le"), "旧版 .xls"),
    (OLE + "WordDocument".encode("utf-16-le"), "旧版 .doc"),
    (packed(TYPES, ("a.xml", b"x" * 5000), method=zipfile.ZIP_STORED)[:-900], "已损坏或不完整"),
    (damaged(), "部件 a.xml 已损坏"),
    (packed(("a.xml", b"<a/>")), "普通压缩包"),
    (packed(TYPES, ("../evil.xml", b"")), "越界"),
    (packed(TYPES, ("/evil.xml", b"")), "越界"),
    (packed(TYPES, ("C:/evil.xml", b"")), "越界"),
    (packed(TYPES, ("A.xml", b""), ("a.xml", b"")), "重名"),
    (packed(TYPES, ("a.xml", b" " * 500_000)), "压缩炸弹"),
    (packed(TYPES, ("a.xml", DTD.encode())), "DTD"),
    (packed(TYPES, ("a.rels", DTD.encode("utf-16"))), "DTD"),
    (packed(TYPES, ("a.vml", DTD.encode("utf-16-be"))), "DTD"),
]


@pytest.mark.parametrize(("data", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_a_bad_package_is_refused_and_the_reason_named(data: bytes, reason: str) -> None:
    with pytest.raises(PackageError, match=reason) as refused:
        open_package(data, "文件 x ")
    assert str(refused.value).startswith("文件 x ")


def test_a_doubled_member_is_refused() -> None:
    with pytest.raises(PackageError, match="重名"):
        open_package(doubled(), "文件")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(package=10), "超过"),
        (Limits(members=1), "2 个部件"),
        (Limits(inflated=100), "解压后超过"),
        (Limits(member=100), "解压后过大"),
    ],
)
def test_limits_can_be_set(limits: Limits, reason: str) -> None:
    with pytest.raises(PackageError, match=reason):
        open_package(packed(TYPES, ("a.xml", b"x" * 200)), "文件", limits)


def test_a_sound_package_opens_and_text_that_looks_like_a_dtd_is_allowed_when_escaped() -> None:
    archive = open_package(packed(TYPES, ("a.xml", b"<a>&lt;!DOCTYPE</a>")), "文件")
    assert archive.read("a.xml") == b"<a>&lt;!DOCTYPE</a>"


@pytest.mark.parametrize("cut", range(0, 400, 23))
def test_any_truncation_is_refused_and_never_anything_else(cut: int) -> None:
    data = packed(TYPES, ("a.xml", bytes(range(256)) * 4))
    with pytest.raises(PackageError):
        open_package(data[: len(data) - 1 - cut], "文件")


@pytest.mark.parametrize("at", range(0, 300, 7))
def test_a_flipped_byte_gives_the_same_contents_or_a_refusal(at: int) -> None:
    data = bytearray(packed(TYPES, ("a.xml", b"<a>12345</a>" * 20)))
    data[at % len(data)] ^= 0x55
    try:
        archive = open_package(bytes(data), "文件")
    except PackageError:
        return
    assert archive.read("[Content_Types].xml") == TYPES[1]


def members_memory() -> Recent[PackedMember, bytes]:
    return Recent(100)


def said(data: bytes, known: MemberMemory | None = None) -> dict[str, bytes] | str:
    try:
        return open_package(data, "文件", known=known).parts
    except PackageError as error:
        return str(error)


MEMBERS = st.tuples(
    st.sampled_from(["a.xml", "b.rels", "表.xml", "c/d.bin"]), st.binary(max_size=300)
)


@given(
    st.lists(MEMBERS, max_size=3, unique_by=lambda member: member[0]),
    st.sampled_from([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2]),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=2),
)
def test_what_is_read_without_zipfile_is_what_zipfile_reads(
    members: list[tuple[str, bytes]], method: int, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(packed(TYPES, *members, method=method))
    for at, byte in changes:
        data[at % len(data)] = byte
    found = said(bytes(data))
    with pytest.MonkeyPatch.context() as patch:
        # Which of the two ways reads a member shows nowhere; without the first the second reads all.
        patch.setattr(package, "_packed", lambda info, data: None)
        assert said(bytes(data)) == found


@given(
    st.lists(MEMBERS, max_size=3, unique_by=lambda member: member[0]),
    st.sampled_from([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED]),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=2),
)
def test_what_is_known_of_other_packages_changes_neither_content_nor_refusal(
    members: list[tuple[str, bytes]], method: int, changes: list[tuple[int, int]]
) -> None:
    whole = packed(TYPES, *members, method=method)
    known = members_memory()
    said(whole, known)
    data = bytearray(whole)
    for at, byte in changes:
        data[at % len(data)] = byte
    assert said(bytes(data), known) == said(bytes(data))


def test_a_dtd_is_refused_also_where_the_same_bytes_are_known_as_a_picture() -> None:
    known = members_memory()
    said(packed(TYPES, ("a.png", DTD.encode())), known)
    with pytest.raises(PackageError, match="DTD"):
        open_package(packed(TYPES, ("a.xml", DTD.encode())), "文件", known=known)


def test_large_members_are_not_remembered() -> None:
    known = members_memory()
    large = bytes(random.Random(1).choices(b"abcdefgh", k=LARGEST_KNOWN + 1))
    said(packed(TYPES, ("large.xml", large)), known)
    assert len(known) == 1
