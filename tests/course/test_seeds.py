"""A seed repeats for one student, differs for all others, and only its owner can read the secret."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.course import seeds


def test_a_seed_repeats_for_the_same_student_and_assignment_only(tmp_path: Path) -> None:
    pairs = [("3-softmax", "novak"), ("3-softmax", "weber"), ("5-attention", "novak"), ("3-softmaxn", "ovak"), ("", "")]
    first = [seeds.seed_for(tmp_path, *pair) for pair in pairs]
    assert first == [seeds.seed_for(tmp_path, *pair) for pair in pairs]
    assert len(set(first)) == len(pairs)
    assert all(0 <= seed < 1 << 52 for seed in first)


def test_two_courses_have_different_seeds(tmp_path: Path) -> None:
    roots = [tmp_path / name for name in "ab"]
    for root in roots:
        root.mkdir()
    assert len({seeds.seed_for(root, "3-softmax", "novak") for root in roots}) == 2


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_only_its_owner_can_read_the_secret_under_any_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        seeds.seed_for(tmp_path, "a", "b")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / seeds.SECRET_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [seeds.SECRET_FILE]


def test_processes_that_start_together_agree_on_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: seeds.seed_for(tmp_path, "a", "b"), range(32)))) == 1


@pytest.mark.parametrize("text", ["", "abc", "00" * 8, "not hexadecimal at all"])
def test_a_damaged_secret_is_never_replaced_silently(tmp_path: Path, text: str) -> None:
    (tmp_path / seeds.SECRET_FILE).write_text(text)
    with pytest.raises(seeds.SecretError, match="Restore it from a backup"):
        seeds.seed_for(tmp_path, "a", "b")
    assert (tmp_path / seeds.SECRET_FILE).read_text() == text


def test_an_unusable_secret_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / seeds.SECRET_FILE).mkdir()
    for root in (tmp_path, tmp_path / "no"):
        with pytest.raises(seeds.SecretError, match="cannot be used"):
            seeds.seed_for(root, "a", "b")


def test_fresh_seeds_differ() -> None:
    assert len({seeds.fresh_seed() for _ in range(100)}) == 100
