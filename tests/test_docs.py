"""The commands in README and docs/ work as they stand there, page after page, beginning in an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import cli

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EVERYTHING = [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md"]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
# `make test` runs the audit itself.
LEFT_OUT = ("make ", "jupyter lab", "pip install .", "autograder audit ")
STUDENT = """cp -r student me
cd me
nbgrader fetch_assignment 3-softmax
nbgrader submit 3-softmax
cd .."""


def commands(page: Path) -> list[str]:
    """The commands of a page in order; where it speaks of students at work, what a student types."""
    lines = [line.strip() for block in BLOCK.findall(page.read_text()) for line in block.splitlines()]
    found = [part for line in lines for part in (STUDENT.splitlines() if "students fetch" in line else [line])]
    return [line for line in found if line and not line.startswith(("#", *LEFT_OUT))]


@pytest.mark.slow
def test_the_commands_of_the_pages_work_in_order(tmp_path: Path) -> None:
    """All pages begin with the same new course, so a command that an earlier page has is not repeated."""
    home = tmp_path / "home"
    home.mkdir()
    here = tmp_path / "here"
    here.mkdir()
    environment = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "HOME": str(home),
        "LANG": "C.UTF-8",
    }
    done: set[str] = set()
    for page in filter(commands, PAGES):
        assert commands(page)[:2] == ["autograder init my-course", "cd my-course"], page.name
        for command in commands(page):
            if command in done:
                continue
            done.add(command)
            if command.startswith("cd "):
                here = (here / command[3:]).resolve()
                continue
            (here / "softmax.py").write_text(
                "def softmax(scores, axis=-1): return scores"
            )  # a file of your own to judge
            ran = subprocess.run(
                command, shell=True, cwd=here, env=environment, capture_output=True, text=True, check=False
            )
            (here / "softmax.py").unlink()
            assert ran.returncode == 0, f"{page.name}: {command}\n{ran.stdout}\n{ran.stderr}"
            assert "Traceback" not in ran.stderr, command


@pytest.mark.parametrize("page", EVERYTHING, ids=lambda page: page.name)
def test_no_relative_link_is_broken(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_every_command_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    names = re.findall(r"^    (\w+) {2,}", capsys.readouterr().out, re.MULTILINE)
    assert len(names) >= 7
    text = "\n".join(page.read_text() for page in EVERYTHING)
    assert [name for name in names if not re.search(rf"autograder {name}|make {name}", text)] == []
