"""The seven lesson sources: they run, are short, have right numbers, and say everything that can cost points."""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from spellchecker import SpellChecker

from autograder.authoring.build import build
from autograder.contract import with_dependents
from autograder.course import catalogue
from autograder.course.settings import load_course
from autograder.student_files import plots

ROOT = Path(__file__).parents[2]
TEACHER = ROOT / "docs" / "teacher.md"
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
LESSONS = catalogue.load_lessons()
COURSE = ("0-start", "1-scores", "2-scaling", "3-softmax", "4-weighted-sum", "5-attention", "6-reflection")
SHINGLES = (
    Path(__file__).parents[1] / "data" / "lesson_eight_words.txt"
)  # hashes: the lesson itself is not ours to copy
OWN_SENTENCES = ("I went to the bank to deposit my salary", "I sat on the park bench to read")
_SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION$", re.DOTALL | re.MULTILINE)

each_lesson = pytest.mark.parametrize("name", COURSE)
each_exercise = pytest.mark.parametrize("name", [name for name in COURSE if LESSONS[name].exercise])


def cells(name: str, left_out: tuple[str, ...] = ()) -> list[Any]:
    gone = with_dependents(left_out)
    every = jupytext.read(LESSONS[name].source, fmt="py:percent").cells
    return [cell for cell in every if cell.metadata.get("clause") not in gone]


def prose(name: str) -> list[str]:
    """Return the text that students read: every markdown cell except the exemplars of manually graded answers."""
    return [c.source for c in cells(name) if c.cell_type == "markdown" and "written" not in c.metadata]


def exemplars(name: str) -> dict[str, str]:
    return {c.metadata["written"]: c.source for c in cells(name) if "written" in c.metadata}


def code(name: str) -> list[Any]:
    return [cell for cell in cells(name) if cell.cell_type == "code" and "insert" not in cell.metadata]


def as_stub(source: str) -> str:
    return _SOLUTION.sub(r"\1raise NotImplementedError()", source)


@pytest.fixture(autouse=True)
def released_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of a released notebook, with the files that come with it."""
    monkeypatch.setitem(sys.modules, "plots", plots)


def run(name: str, left_out: tuple[str, ...] = (), change: Callable[[str], str] = str) -> tuple[dict[str, Any], str]:
    """Run the notebook; return its namespace and what it printed. A warning is an error."""
    checked: list[str] = []
    names: dict[str, Any] = {"np": np, "check": lambda function: checked.append(function.__name__)}
    said = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(said):
        warnings.simplefilter("error")
        for number, cell in enumerate(cells(name, left_out)):
            if cell.cell_type == "code":
                exec(compile(change(cell.source), f"{name}, cell {number}", "exec"), names)
    assert checked == [cell.metadata["check"] for cell in cells(name) if "check" in cell.metadata]
    return names, said.getvalue()


def test_the_seven_lesson_sources_are_there() -> None:
    assert tuple(LESSONS) == COURSE


@each_lesson
def test_a_solved_notebook_runs_from_top_to_bottom_without_a_warning(name: str) -> None:
    assert "Not yet" not in run(name)[1]


@each_lesson
def test_an_untouched_notebook_runs_too_and_says_what_is_missing(name: str) -> None:
    stubs = sum("answer" in cell.metadata for cell in code(name))
    said = run(name, change=as_stub)[1]
    assert said.count("Not yet") >= stubs > 0 or stubs == 0


@pytest.mark.slow
def test_built_notebooks_run_in_a_kernel_and_every_picture_has_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "course.yml").write_text("title: All seven\ncourse_id: all\n", encoding="utf-8")
    build(load_course(tmp_path))
    for path in sorted(tmp_path.glob("*/*/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
        NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}).execute()
        said = [output for cell in notebook.cells for output in cell.get("outputs", [])]
        assert not [output.text for output in said if output.get("name") == "stderr"]
        sentences = [output.data["text/plain"] for output in said if "text/html" in output.get("data", {})]
        pictures = [output for output in said if "image/png" in output.get("data", {})]
        assert all(picture.metadata["image/png"]["alt"] in sentences for picture in pictures)
        solved = path.parts[-3] == "solutions"
        assert pictures or not solved or path.stem == "4-weighted-sum"
        alts = [picture.metadata["image/png"]["alt"] for picture in pictures]
        reports = [sentence for sentence in sentences if sentence not in alts]
        assert len(reports) == (LESSONS[path.stem].exercise is not None)
        assert all(("not written yet" in report) != solved for report in reports)
        assert not solved or all(" not yet " not in report for report in reports)


@pytest.mark.parametrize("clause", ["mask", "mask-broadcast", "fully-masked"])
def test_a_course_may_leave_masks_out(clause: str) -> None:
    for name in COURSE:
        run(name, left_out=(clause,))
        text = " ".join(c.source for c in cells(name, (clause,)) if c.cell_type == "markdown").lower()
        assert clause != "mask" or not re.search(r"\bmask|causal", text), name


@each_lesson
def test_cells_are_short(name: str) -> None:
    long = [f"{len(text.split())} words: {text[:40]}" for text in prose(name) if len(text.split()) > 120]
    sources = [cell.source for cell in code(name)]
    long += [f"{source.count(chr(10)) + 1} lines: {source[:40]}" for source in sources if source.count("\n") >= 15]
    long += [line for source in sources for line in source.split("\n") if len(line) > 88]  # a narrow window's width
    assert not long


def test_another_query_gives_the_weights_of_the_drawing() -> None:
    keys = np.array([[0.9, 0.1, -0.3], [-0.7, 0.6, 0.4], [0.85, -0.1, 0.2]])
    query = np.array([0.857, 1.255, -3.752])
    assert np.round(run("3-softmax")[0]["softmax"](keys @ query / np.sqrt(3)), 3).tolist() == [0.7, 0.1, 0.2]


@each_lesson
def test_there_is_one_title_and_no_heading_level_is_skipped(name: str) -> None:
    levels = [len(mark) for text in prose(name) for mark in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


EXTERNAL = {"https://arxiv.org/abs/1706.03762"}  # the course's links to elsewhere: known, not fetched


@each_lesson
def test_each_notebook_says_goal_and_time_and_leads_on(name: str) -> None:
    first, *_, last = prose(name)
    assert "**Goal.**" in first
    assert re.search(r"\*\*Time\.\*\* About \d+ minutes", first)
    links = set(re.findall(r"\]\(([^)]+)\)", " ".join(prose(name))))
    assert links <= {f"../{other}/{other}.ipynb" for other in COURSE} | EXTERNAL
    if name != COURSE[-1]:
        after = COURSE[COURSE.index(name) + 1]
        assert f"](../{after}/{after}.ipynb)" in last


@each_lesson
def test_folded_answers_can_be_rendered(name: str) -> None:
    for text in prose(name):
        assert text.count("<details>") == text.count("</details>")
        assert all(after.startswith("\n\n") for after in text.split("</summary>")[1:])
        assert "[!NOTE]" not in text
        assert not re.search(r"\S.*[a-z,]\n *(?:\d+\.|[-+*]) ", text), "a line of a paragraph that begins like a list"


@each_exercise
def test_what_costs_points_is_said_before_the_answer(name: str) -> None:
    exercise = LESSONS[name].exercise
    assert exercise
    before = []
    for cell in cells(name):
        if cell.metadata.get("answer") == exercise.function:
            break
        before += [cell.source] if cell.cell_type == "markdown" else []
    rules = " ".join(" ".join(before).partition("## What your function must keep")[2].split())
    clauses = {case.clause for criterion in exercise.criteria for case in criterion.cases}
    assert not [clause for clause in clauses - {"core"} if not re.search(SAID[clause], rules)]


SAID = {
    "batch": r"stack",
    "rect": r"any of them may be 1|[Aa]ny length may be 1",
    "stable": r"±100,000",
    "axis": r"`axis` may be any axis",
    "mask": r"A blocked weight is exactly 0",
    "mask-broadcast": r"\(n_k,\)",
    "fully-masked": r"no allowed key has weights 0 and output 0",
    "hardcode": r"differ from student to student",
    "pure": r"stays? as (it was|they were).*read-only, or (a slice|slices)",
    "dtype": r"Whole numbers .*[Nn]ine digits",
    "type": r"plain numpy array",
    "linear": r"\*\*as they are\*\*",
}


@each_lesson
def test_nothing_is_copied_from_the_lesson(name: str) -> None:
    known = set(SHINGLES.read_text(encoding="utf-8").split())
    assert len(known) > 300
    text = " ".join(prose(name))
    for sentence in OWN_SENTENCES:
        text = text.replace(sentence, "|")
    assert not [run for run in runs(text) if digest(run) in known]


def runs(text: str) -> Iterator[str]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    yield from (" ".join(words[i : i + 8]) for i in range(len(words) - 7))


def digest(run: str) -> str:
    return hashlib.sha256(run.encode()).hexdigest()[:12]


OUR_WORDS = {"booleans", "docstring", "exp", "numpy", "softmax", "tuple", "vaswani"}
OUR_WORDS |= {"favourite", "neighbour", "neighbours", "spelt"}  # British


@each_lesson
def test_words_are_spelt_as_in_a_dictionary(name: str) -> None:
    text = spoken("\n".join(c.source for c in cells(name) if c.cell_type == "markdown"))
    words = {word.lower().removesuffix("'s") for word in re.findall(r"[A-Za-z]+(?:'[a-z]+)?", text)}
    assert SpellChecker().unknown(words) <= OUR_WORDS


def test_each_level_of_the_rubric_has_an_exemplar_for_teachers_eyes_only() -> None:
    released = (ROOT / "assignments" / "6-reflection" / "6-reflection.ipynb").read_text(encoding="utf-8")
    page = " ".join(TEACHER.read_text(encoding="utf-8").split())
    found = exemplars("6-reflection")
    assert list(found) == ["senses", "prediction", "evidence", "mechanism"]
    for text in found.values():
        assert re.findall(r"\*\*Level (\d)\.\*\*", text) == ["2", "1", "0"]
        for paragraph in text.split("\n\n"):
            assert " ".join(paragraph.split()) in page
    assert "For the marker" not in released
    assert "Level" not in released


def test_the_teachers_page_counts_words_and_minutes_as_they_are() -> None:
    rows = re.findall(
        r"^\| (\d-[a-z-]+) \| (\d+)[^|]* \| ([\d,]+) \|", TEACHER.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [name for name, *_ in rows] == list(COURSE)
    for name, minutes, words in rows:
        assert words == f"{round(sum(len(text.split()) for text in prose(name)), -2):,}", name
        assert f"About {minutes} minutes" in prose(name)[0]


def test_each_correction_of_the_lesson_names_a_part_of_a_notebook_that_exists() -> None:
    table = TEACHER.read_text(encoding="utf-8").split("## Where the course corrects")[1]
    rows = re.findall(r"^\| (\d+) \|[^|]*\| (.*) \|$", table, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 18))
    for _, where in rows:
        headings = {
            h for name in re.findall(r"\d-[a-z-]+", where) for text in prose(name) for h in re.findall(HEADING, text)
        }
        assert set(re.findall(r"\*([^*]+)\*", where)) <= headings, where


@each_lesson
def test_no_good_answer_stands_in_the_cell_where_students_write(name: str) -> None:
    assert not [text for text in prose(name) if "**My" in text and "<details>" in text]


GLOSSARY = re.compile(r"^\| ([a-z -]+) \| [^|]+ \| (\d) \|$", re.MULTILINE)


def test_every_word_of_the_glossary_is_defined_where_it_is_first_used() -> None:
    words = dict(GLOSSARY.findall("\n".join(prose(COURSE[-1]))))
    assert len(words) == 20
    late = []
    for word, number in words.items():
        form = "ax[ie]s" if word == "axis" else word.replace(" ", r"\s+")
        pattern = re.compile(rf"(\*\*)?\b{form}(?:e?s)?\b", re.IGNORECASE)
        for name in COURSE:
            if first := pattern.search(" ".join(map(spoken, prose(name)[1:]))):
                if name[0] != number or not first[1]:
                    late.append(f"{word}: {name}, {first[0]!r}")
                break
    assert not late


def spoken(markdown: str) -> str:
    """Return the text without code, formulas, links and headings."""
    return re.sub(
        r"```.*?```|`[^`]*`|\[[^]]*\]\([^)]*\)|\$\$.*?\$\$|\$[^$]*\$|^#+ .*?$",
        "",
        markdown,
        flags=re.DOTALL | re.MULTILINE,
    )


# Every number of the prose with a decimal point, a degree sign or three digits, and where it comes from: an expression
# in the notebook's own names after it ran. A number that is not here fails the test, and so does one that is only here.

NUMBERS: dict[str, dict[str, str]] = {
    "0-start": {
        "0.413": "ask('the bank paid my salary')[1][4]",
        "0.400": "ask('we sat on the river bank')[1][4]",
        "0.092": "ask('the bank paid my salary')[1][0]",
        "45°": "angle(vector('bank'))",
        "8.7°": "angle(ask('the bank paid my salary')[2])",
        "80.5°": "angle(ask('we sat on the river bank')[2])",
        "0.292": "ask('my salary paid the river bank')[1][1]",
        "2.718": "np.e",
    },
    "1-scores": {
        "0.8": "query[0]",
        "0.2": "query[1]",
        "0.5": "query[2]",
        "0.9": "keys['deposit'][0]",
        "0.1": "keys['deposit'][1]",
        "0.3": "keys['deposit'][2]",
        "0.72": "query[0] * keys['deposit'][0]",
        "0.02": "query[1] * keys['deposit'][1]",
        "0.15": "query[2] * keys['deposit'][2]",
        "0.55": "query @ keys['deposit']",
        "0.48": "query @ keys['park']",
        "0.80": "query @ keys['salary']",
        "0.81": "Q[1] @ K[1]",
        "1024": "1024",
    },
    "2-scaling": {
        "4,000": "4000",
        "1024": "sizes[-1]",
        "4000": "4000",
        "0.5": "1 / 2",
        "0.125": "1 / 8",
        "0.97": "of_best[-1]",
        "0.36": "of_best_scaled[-1]",
        "0.999": "0.999",
        "8000": "two[0] * 8",
        "1000": "8000 / np.sqrt(64)",
        "0.777": "(lower / lower.sum())[0]",
        "0.223": "(lower / lower.sum())[1]",
        "2017": "2017",
    },
    "3-softmax": {
        "0.55": "bank_scores[0]",
        "0.48": "bank_scores[1]",
        "0.80": "bank_scores[2]",
        "0.3": "0.3",
        "2.718": "np.e",
        "0.269": "softmax(np.array([0.0, 1.0]))[0]",
        "0.731": "softmax(np.array([0.0, 1.0]))[1]",
        "0.7": "sweep['the drawing'][0]",
        "0.1": "sweep['the drawing'][1]",
        "0.2": "sweep['the drawing'][2]",
        "0.369": "softmax(bank_scores / np.sqrt(3))[0]",
        "0.204": "softmax(bank_scores / np.sqrt(3))[1]",
        "0.427": "softmax(bank_scores / np.sqrt(3))[2]",
        "0.857": "0.857",
        "1.255": "1.255",
        "3.752": "3.752",
        "1.8e308": "np.finfo(float).max",
        "710": "np.ceil(np.log(np.finfo(float).max))",
        "746": "next(n for n in range(700, 800) if np.exp(-n) == 0)",
        "1000": "large[0]",
        "999": "large[1]",
        "2,000": "2000",
        "2000": "2000",
        "100,000": "1e5",
    },
    "4-weighted-sum": {
        "0.80": "0.8 * 0.85 + 0.2 * 0.1 + 0.5 * 0.2",
        "0.55": "0.8 * 0.9 - 0.2 * 0.1 - 0.5 * 0.3",
        "0.7": "drawn[0]",
        "0.1": "drawn[1]",
        "0.2": "drawn[2]",
        "0.369": "true[0]",
        "0.204": "true[1]",
        "0.427": "true[2]",
        "0.90": "(drawn @ values)[0]",
        "0.71": "(drawn @ values)[1]",
        "0.794": "(true @ values)[0]",
        "0.615": "(true @ values)[1]",
    },
    "5-attention": {
        "0.413": "weights_a[1, 4]",
        "0.251": "weights_a[1, 1]",
        "0.400": "weights_b[5, 4]",
        "0.60": "weights_a[2, 2]",
        "0.089": "weights_b[5, 1]",
        "0.210": "scaled_dot_product_attention(XB @ W_Q, XB, XB)[1][5, 1]",
        "8.7°": "angle(new_a[1])",
        "80.5°": "angle(new_b[5])",
        "45°": "angle(causal_a[1])",
        "0.316": "cosine",
        "0.269": "causal_weights[1, 0]",
        "0.731": "causal_weights[1, 1]",
        "100,000": "1e5",
        "10,000": "1e4",
    },
    "6-reflection": {
        "0.089": "np.exp(0) / (4 * np.exp(0) + np.exp(1.5) + np.exp(1))",
        "0.413": "ask(sentences['A'])[1][4]",
        "0.251": "ask(sentences['A'])[1][1]",
        "0.152": "ask(sentences['A'])[1][2]",
        "0.092": "ask(sentences['A'])[1][0]",
        "0.181": "ask(sentences['B'])[1][3]",
        "0.299": "ask(sentences['B'])[1][0]",
        "0.110": "ask(sentences['B'])[1][1]",
        "1.64": "ask(sentences['A'])[2][0]",
        "0.25": "ask(sentences['A'])[2][1]",
        "0.30": "ask(sentences['B'])[2][0]",
        "1.08": "ask(sentences['B'])[2][1]",
        "0.5": "0.5",
    },
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?°|\d[\d,]*\.\d+(?:e\d+)?|\d{1,3}(?:,\d{3})+|\d{3,}")


@each_lesson
def test_every_number_of_the_prose_is_computed(name: str) -> None:
    text = " ".join(cell.source for cell in cells(name) if cell.cell_type == "markdown")
    found = set(_NUMBER.findall(re.sub(r"\*\*|\]\([^)]+\)", "", text)))
    assert found == set(NUMBERS[name])
    names = run(name)[0] | {"angle": angle}
    for written, expression in NUMBERS[name].items():
        assert as_written(abs(float(eval(expression, names))), written) == written, expression


def angle(vector: Any) -> float:
    """Return the angle of a vector in degrees, from the first axis towards the second."""
    return float(np.degrees(np.arctan2(vector[1], vector[0])))


def as_written(value: float, like: str) -> str:
    if "e" in like:
        return f"{value:.1e}".replace("e+", "e")
    decimals = len(like.rstrip("°").partition(".")[2])
    return f"{value:{',' if ',' in like else ''}.{decimals}f}" + ("°" if like.endswith("°") else "")
