"""A small course with one exercise, and what its built notebooks hold."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from autograder.course.settings import Course, load_course

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "autograder" / "authoring" / "template"
NAME = "9-centre-rows"


def small_course(folder: Path, text: str = "") -> Course:
    """Create a course with one exercise, as `add_exercise` would; ``text`` is added to its course.yml."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.yml").write_text(f"title: A course\nlessons: [{NAME}]\n{text}", encoding="utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    if not (folder / "exercises").exists():
        exercise = folder / "exercises" / "centre_rows"
        exercise.mkdir(parents=True)
        for name in ("exercise.py", "lesson.py"):
            text = (TEMPLATE / "exercise" / f"{name}.tpl").read_text(encoding="utf-8")
            (exercise / name).write_text(
                text.replace("my_function", "centre_rows").replace("7-mine", NAME), encoding="utf-8"
            )
    return load_course(folder)


def cells(text: str) -> list[dict[str, Any]]:
    """Return the cells of a notebook's text."""
    notebook_cells: list[dict[str, Any]] = json.loads(text)["cells"]
    return notebook_cells


def source(cell: dict[str, Any]) -> str:
    """Return the source of a cell as one text."""
    return "".join(cell["source"])


def run_nbgrader(course: Course, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run an nbgrader command in the course, with an empty home directory."""
    home = course.root.parent / "home"
    home.mkdir(exist_ok=True)
    env = {**os.environ, "HOME": str(home), "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_DATA_DIR": str(home)}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(command, cwd=course.root, env=env, capture_output=True, text=True, check=False)
