"""The demo's course directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.demo.demo_course import DemoError, create_demo_course


def test_a_folder_that_is_not_a_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(DemoError, match="--folder"):
        create_demo_course(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
