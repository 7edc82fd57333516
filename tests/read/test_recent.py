"""The memory of fixed size that every memory of workbooks is built on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from govdisclose.read.recent import Recent


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
