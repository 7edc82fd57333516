"""The memory of fixed size that every memory of workbooks is built on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from govdisclose.read.recent import Recent, Recurring


def test_beyond_the_limit_the_value_that_nobody_asked_for_the_longest_is_forgotten() -> None:
    memory: Recent[int, str] = Recent(3)
    for number in (1, 2, 3):
        memory.keep(number, f"{number}")
    assert memory.get(1) == "1"
    memory.keep(4, "4")
    assert len(memory) == 3
    assert [number for number in range(6) if number in memory] == [1, 3, 4]
    assert memory.get(2) is None


def test_a_value_that_is_kept_again_replaces_the_earlier_one() -> None:
    memory: Recent[str, int] = Recent(2)
    for number in range(5):
        memory.keep("a", number)
    assert memory.get("a") == 4
    assert len(memory) == 1


def test_threads_keep_no_more_than_the_limit() -> None:
    memory: Recent[int, int] = Recent(8)

    def use(start: int) -> None:
        for number in range(2000):
            if memory.get(number % 20) is None:
                memory.keep(number % 20, start)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(use, range(8)))
    assert 0 < len(memory) <= 8


def test_keys_that_never_come_back_are_forgotten_before_those_that_do() -> None:
    memory: Recurring[str, int] = Recurring(4, 2)

    def use(key: str) -> bool:
        was_known = memory.get(key) is not None
        if not was_known:
            memory.keep(key, 1)
        return was_known

    assert [use("again") for _ in range(2)] == [False, True]
    assert not any(use(f"once {number}") for number in range(3))
    assert not use("again")
    assert not any(use(f"another {number}") for number in range(30))
    assert use("again")
    assert "another 29" in memory
    assert "another 27" not in memory
    assert len(memory) == 3
