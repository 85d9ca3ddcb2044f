"""Doctor names what other accounts can use, and each command that it prints closes that."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.commands.access_checks import check_course_access, check_exchange
from autograder.commands.finding import Finding
from autograder.course import seeds
from autograder.course.settings import Course, load_course
from tests.helpers.accounts import public_folder
from tests.helpers.small_course import small_course

CLOSED = "no other account can read or write the course's files"


@pytest.fixture
def course() -> Iterator[Course]:
    """A closed course in a folder that every account can reach; its name has to be quoted in a shell."""
    with public_folder() as folder:
        course = small_course(folder / "my course")
        for name in ("solutions", "submitted/novak", "kit"):
            (course.root / name).mkdir(parents=True)
        for name in ("grades.csv", "gradebook.db", "gradebook.db-wal", seeds.SECRET_FILE):
            (course.root / name).touch()
        set_modes(course.root, 0o700, 0o600)
        yield course


def set_modes(root: Path, folder_mode: int, file_mode: int) -> None:
    """Give every folder and every file in a course a mode."""
    for path in (root, *root.rglob("*")):
        path.chmod(folder_mode if path.is_dir() else file_mode)


def problems(findings: Iterator[Finding]) -> list[Finding]:
    return [finding for finding in findings if not finding.ok]


def run(command: str) -> None:
    subprocess.run(["sh", "-c", command], check=True, cwd="/")


def test_a_closed_course_has_no_problem(course: Course) -> None:
    closed, graders = check_course_access(course)
    assert closed.text == CLOSED
    assert graders.text.startswith("graders: only ")


@pytest.mark.parametrize("modes", [(0o755, 0o644), (0o711, 0o604), (0o777, 0o666), (0o750, 0o640), (0o773, 0o602)])
def test_an_open_course_is_closed_by_the_command_that_is_printed(course: Course, modes: tuple[int, int]) -> None:
    set_modes(course.root, *modes)
    (problem,) = problems(check_course_access(course))
    names = "solutions/, submitted/, kit/, exercises/, grades.csv, gradebook.db-wal, .autograder-secret"
    assert set(names.split(", ")) <= set(problem.text.split(": ")[1].split(", "))
    assert "the course folder" in problem.text
    run(problem.advice)
    assert problems(check_course_access(course)) == []
    assert {path.stat().st_mode & 0o077 for path in course.root.rglob("*")} == {0}


def test_only_what_is_open_is_named(course: Course) -> None:
    course.root.chmod(0o711)
    (course.root / "submitted").chmod(0o711)
    (course.root / "submitted" / "novak").chmod(0o711)
    (course.root / "grades.csv").chmod(0o644)
    (problem,) = problems(check_course_access(course))
    assert problem.text == "other accounts can read or write: the course folder, grades.csv, submitted/"


def test_a_course_in_a_folder_that_everybody_can_write_to_is_a_problem(course: Course) -> None:
    course.root.parent.chmod(0o777)
    (problem,) = problems(check_course_access(course))
    assert f"because they can write to {course.root.parent}" in problem.text
    course.root.parent.chmod(0o1777)
    assert problems(check_course_access(course)) == []


def test_groupshared_in_a_course_that_is_not_shared_is_a_problem(course: Course) -> None:
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write("c.CourseDirectory.groupshared = True\n")
    (problem,) = problems(check_course_access(course))
    assert "groupshared is set, but the course folder is not shared" in problem.text
    assert problems(check_course_access(shared(course))) == []


def test_files_in_a_folder_that_nobody_else_enters_are_closed(course: Course) -> None:
    set_modes(course.root, 0o755, 0o644)
    course.root.chmod(0o700)
    assert problems(check_course_access(course)) == []


def test_a_gradebook_outside_the_course_is_looked_at_with_its_journal(course: Course) -> None:
    outside = course.root.parent / "marks.db"
    journal = outside.with_name("marks.db-journal")
    for path in (outside, journal):
        path.touch()
        path.chmod(0o644)
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write(f"c.CourseDirectory.db_url = 'sqlite:///{outside}'\n")
    (problem,) = problems(check_course_access(course))
    assert problem.text == f"other accounts can read or write: {outside}, {journal}"
    run(problem.advice)
    assert problems(check_course_access(course)) == []


def test_the_files_behind_a_link_are_looked_at(course: Course) -> None:
    course.root.chmod(0o711)
    elsewhere = course.root.parent / "elsewhere"
    shutil.move(course.root / "submitted", elsewhere)
    elsewhere.chmod(0o755)
    (course.root / "submitted").symlink_to(elsewhere)
    (problem,) = problems(check_course_access(course))
    run(problem.advice)
    assert elsewhere.stat().st_mode & 0o077 == 0


def shared(course: Course) -> Course:
    set_modes(course.root, 0o2770, 0o660)
    return course


def test_a_shared_course_names_the_group_that_can_grade(course: Course) -> None:
    findings = list(check_course_access(shared(course)))
    assert problems(iter(findings)) == []
    assert "graders: the group " in findings[1].text


@pytest.mark.parametrize(("name", "mode"), [("grades.csv", 0o600), ("submitted/novak", 0o770), ("solutions", 0o2750)])
def test_what_a_second_grader_cannot_use_is_shared_by_the_advice(course: Course, name: str, mode: int) -> None:
    (shared(course).root / name).chmod(mode)
    (problem,) = problems(check_course_access(course))
    assert "cannot use all of: " in problem.text
    assert name.split("/")[0] in problem.text
    run(problem.advice)
    assert problems(check_course_access(course)) == []
    assert course.root.stat().st_mode & 0o7777 == 0o2770


def test_a_shared_course_that_others_can_read_is_closed_for_them(course: Course) -> None:
    set_modes(course.root, 0o2775, 0o664)
    found = problems(check_course_access(course))
    assert found[0].text.startswith("other accounts can read or write: the course folder, ")
    run(found[0].advice)
    assert problems(check_course_access(course)) == []
    assert {path.stat().st_mode & 0o7777 for path in course.root.rglob("*")} == {0o2770, 0o660}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to any group")
def test_a_file_of_another_group_is_given_to_the_graders_group(course: Course) -> None:
    os.chown(shared(course).root / "grades.csv", -1, 60100)
    (problem,) = problems(check_course_access(course))
    assert problem.text.endswith("cannot use all of: grades.csv")
    run(problem.advice)
    assert problems(check_course_access(course)) == []


def move_exchange(course: Course, folder: Path) -> Course:
    (course.root / "course.yml").write_text(f"title: A course\nlessons: [9-centre-rows]\nexchange: {folder}\n")
    folder.mkdir(exist_ok=True)
    return load_course(course.root)


def test_an_exchange_inside_the_course_is_not_for_students_here(course: Course) -> None:
    course.exchange.mkdir()
    finding = list(check_exchange(course))[-1]
    assert finding.ok
    assert "name a folder outside the course in course.yml" in finding.advice
    assert "chmod" not in finding.advice
    course.root.chmod(0o711)
    assert [problem.advice for problem in problems(check_exchange(course))] == [finding.advice]
    for problem in problems(check_course_access(course)):
        run(problem.advice)
    assert problems(check_exchange(course)) == []


def test_a_missing_exchange_is_a_problem(course: Course) -> None:
    assert f"mkdir -p '{course.exchange}'" in str(problems(check_exchange(course))[0])


def test_no_advice_opens_a_folder_above_the_exchange(course: Course) -> None:
    home = course.root.parent / "home"
    home.mkdir(mode=0o700)
    findings = list(check_exchange(move_exchange(course, home / "exchange")))
    assert findings[-1].ok
    assert "only this account can reach it" in findings[-1].text
    assert not any("chmod" in finding.advice for finding in findings)


def test_a_new_exchange_outside_is_opened_by_the_advice(course: Course) -> None:
    course = move_exchange(course, course.root.parent / "an exchange")
    course.exchange.chmod(0o755)
    advice = list(check_exchange(course))[-1].advice
    run(advice.removeprefix("For them: "))
    assert course.exchange.stat().st_mode & 0o7777 == 0o1777
    assert list(check_exchange(course))[-1].text == "exchange: students on this machine can use it"


def test_an_exchange_in_which_students_replace_each_others_files_is_closed(course: Course) -> None:
    course = move_exchange(course, course.root.parent / "exchange")
    course.exchange.chmod(0o777)
    folder = course.exchange / course.course_id
    for name in ("outbound", "inbound", "feedback"):
        (folder / name).mkdir(parents=True)
        (folder / name).chmod(0o777)
    folder.chmod(0o775)
    found = problems(check_exchange(course))
    assert len(found) == 5
    for problem in found:
        run(problem.advice)
    assert problems(check_exchange(course)) == []
    modes = [(folder / name).stat().st_mode & 0o777 for name in (".", "outbound", "inbound", "feedback")]
    assert modes == [0o755, 0o755, 0o733, 0o711]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files to any group")
def test_the_exchange_of_a_shared_course_belongs_to_its_graders(course: Course) -> None:
    course = move_exchange(shared(course), course.root.parent / "exchange")
    course.exchange.chmod(0o1777)
    os.chown(course.exchange, -1, 60100)
    (problem,) = problems(check_exchange(course))
    assert "does not pass on the graders' group" in problem.text
    run(problem.advice)
    assert problems(check_exchange(course)) == []
