"""The wheel alone is enough: a course can be made, built and judged without the clone."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]


def test_a_course_can_be_made_out_of_the_wheel(tmp_path: Path) -> None:
    source = tmp_path / "source"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(source)], check=True)
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(source)]
    subprocess.run(build, check=True, capture_output=True)
    unpacked = tmp_path / "site"
    with zipfile.ZipFile(next(tmp_path.glob("attention_course-*.whl"))) as wheel:
        assert {name.split("/")[0] for name in wheel.namelist()} == {"autograder", wheel.namelist()[-1].split("/")[0]}
        wheel.extractall(unpacked)

    def run(*words: str, cwd: Path) -> str:
        # The unpacked wheel goes before the clone that this environment has installed for editing.
        code = f"import sys; sys.path.insert(0, {str(unpacked)!r}); from autograder.cli import main; sys.exit(main())"
        ran = subprocess.run([sys.executable, "-c", code, *words], cwd=cwd, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    run("init", "course", cwd=tmp_path)
    course = tmp_path / "course"
    run("init", "--exercise", "layer_norm", cwd=course)
    assert "solutions/7-layer-norm/7-layer-norm.ipynb" in run("build", cwd=course)
    assert "current" in run("build", "--check", cwd=course)
    for notebook, function in (("7-layer-norm", "layer_norm"), ("5-attention", "scaled_dot_product_attention")):
        judged = run("judge", f"solutions/{notebook}/{notebook}.ipynb", "--exercise", function, cwd=course)
        assert "All criteria hold" in judged
    assert len(list((course / "assignments").iterdir())) == 8
