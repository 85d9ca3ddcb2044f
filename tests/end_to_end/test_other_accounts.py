"""A course on a machine with many accounts: students reach the exchange only, and a second grader can grade."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.authoring.student_kit import student_config
from autograder.course import seeds
from autograder.course.settings import load_course
from tests.helpers.accounts import (
    GROUP,
    OTHER_STUDENT,
    OWNER,
    SECOND_GRADER,
    STUDENT,
    Account,
    can_act_as_others,
    public_folder,
)
from tests.helpers.classroom import RIGHT, WRONG, fill_notebook

pytestmark = pytest.mark.slow
NAME = "3-softmax"


@pytest.fixture(autouse=True, scope="module")
def _needs_other_accounts() -> None:
    if not can_act_as_others():
        pytest.skip("only root can act as other accounts")


class Hub:
    """A course of ``OWNER`` with an exchange beside it, as on a JupyterHub; each command is a new process."""

    def __init__(self, folder: Path, *, shared: bool) -> None:
        self.course, self.exchange, self.home = folder / "a course", folder / "exchange", folder / "novak"
        for path, account, mode in (
            (self.course, OWNER, 0o2770 if shared else 0o777),
            (self.exchange, OWNER, 0o3777),
            (self.home, STUDENT, 0o755),
        ):
            path.mkdir()
            os.chown(path, account.number, GROUP if shared else account.number)
            path.chmod(mode)
        self.run("autograder", "init", ".")
        course_yml = self.course / "course.yml"
        course_yml.write_text(course_yml.read_text().replace("exchange: exchange", f"exchange: {self.exchange}"))
        (self.home / "nbgrader_config.py").write_text(student_config(load_course(self.course)))
        self.run("nbgrader", "generate_assignment", NAME, "--force")

    def run(self, *words: str, account: Account = OWNER, cwd: Path | None = None, statuses: str = "0") -> str:
        """Run a command in the course folder, and return what it printed."""
        done = account.run(*words, cwd=cwd or self.course, home=cwd)
        assert str(done.returncode) in statuses, f"{words} exited {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def submit(self, student: str, answer: str) -> None:
        """Put a submission where `nbgrader collect` would put it."""
        target = self.course / "submitted" / student / NAME / f"{NAME}.ipynb"
        target.parent.mkdir(parents=True)
        fill_notebook(self.course / "assignments" / NAME / f"{NAME}.ipynb", target, softmax=answer)
        for path, mode in (
            (target.parents[2], 0o2770),
            (target.parents[1], 0o2770),
            (target.parent, 0o2770),
            (target, 0o660),
        ):
            os.chown(path, OWNER.number, GROUP)
            path.chmod(mode)

    def modes(self) -> dict[str, list[str]]:
        """The modes of all files and folders of the course, the course folder's too, with those that have them."""
        modes: dict[str, list[str]] = {}
        for path in (self.course, *self.course.rglob("*")):
            modes.setdefault(f"{stat.S_IMODE(path.stat().st_mode):o}", []).append(str(path.relative_to(self.course)))
        return modes

    def doctor(self) -> str:
        """Return what doctor says about permissions."""
        lines = self.run("autograder", "doctor", statuses="01").splitlines()
        return "\n".join(
            line for line in lines if any(word in line for word in ("other account", "graders:", "exchange", "chmod"))
        )


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    """A course in which a student's submission came through the exchange, and went all the way to the feedback."""
    with public_folder() as folder:
        hub = Hub(folder, shared=False)
        hub.run("nbgrader", "release_assignment", NAME)
        hub.run("nbgrader", "fetch_assignment", NAME, account=STUDENT, cwd=hub.home)
        notebook = hub.home / NAME / f"{NAME}.ipynb"
        fill_notebook(notebook, notebook, softmax=WRONG)
        hub.run("nbgrader", "submit", NAME, account=STUDENT, cwd=hub.home)
        hub.run("nbgrader", "collect", NAME)
        hub.run("nbgrader", "autograde", NAME)
        hub.run("autograder", "grade", NAME, "--feedback", "--force", statuses="01")
        hub.run("nbgrader", "release_feedback", NAME)
        hub.run("nbgrader", "export")
        hub.run("autograder", "init", "--exercise", "layer_norm")
        hub.run("autograder", "build")
        hub.run("autograder", "kit")
        yield hub


def test_only_the_owner_can_use_what_any_command_has_written(hub: Hub) -> None:
    assert hub.modes().keys() == {"700", "600"}, hub.modes()
    assert "no other account can read or write the course's files" in hub.doctor()
    assert "students on this machine can use it" in hub.doctor()
    assert "problem" not in hub.doctor()


def test_another_account_reads_the_exchange_and_nothing_of_the_course(hub: Hub) -> None:
    private = [
        hub.course,
        *(hub.course / name for name in ("solutions", "exercises", "submitted", "autograded", "feedback", "kit")),
        *(hub.course / name for name in ("grades.csv", "gradebook.db", "course.yml", seeds.SECRET_FILE)),
        *hub.course.rglob("*"),
        *(hub.exchange / "attention" / name for name in ("inbound", "feedback")),
    ]
    assert all(path.exists() for path in private)
    assert OTHER_STUDENT.readable(private) == []
    released = hub.exchange / "attention" / "outbound" / NAME
    assert OTHER_STUDENT.readable([released, released / f"{NAME}.ipynb"]) == [released, released / f"{NAME}.ipynb"]


def test_a_student_can_fetch_the_feedback_of_a_closed_course(hub: Hub) -> None:
    hub.run("nbgrader", "fetch_feedback", NAME, account=STUDENT, cwd=hub.home)
    (page,) = hub.home.rglob(f"{NAME}.html")
    assert STUDENT.readable([page]) == [page]


def test_an_open_course_stays_open_until_its_owner_runs_the_advice(hub: Hub) -> None:
    with public_folder() as folder:
        opened = folder / "an open course"
        shutil.copytree(hub.course, opened)
        for path in (opened, *opened.rglob("*")):
            os.chown(path, OWNER.number, OWNER.number)
            path.chmod(0o777)
        OWNER.run("nbgrader", "export", cwd=opened)
        names = ("", "solutions", "exercises", "grades.csv", "gradebook.db", "submitted", "kit", seeds.SECRET_FILE)
        paths = [opened / name for name in names]
        assert OTHER_STUDENT.readable(paths) == paths
        report = OWNER.run("autograder", "doctor", cwd=opened).stdout.splitlines()
        (place,) = [number for number, line in enumerate(report) if "other accounts can read or write" in line]
        assert all(name in report[place] for name in names)
        done = OWNER.run("sh", "-c", report[place + 1], cwd=folder)
        assert done.returncode == 0, done.stderr
        assert OTHER_STUDENT.readable(paths) == []
        assert "other accounts can read or write" not in OWNER.run("autograder", "doctor", cwd=opened).stdout


def test_a_second_account_without_the_secret_removes_no_graded_copy(hub: Hub) -> None:
    with public_folder() as folder:
        opened = folder / "course"
        shutil.copytree(hub.course, opened)
        for path in (opened, *opened.rglob("*")):
            path.chmod(0o777)
        (opened / seeds.SECRET_FILE).chmod(0o600)
        copy = opened / "autograded" / "novak" / NAME / f"{NAME}.ipynb"
        before = copy.read_bytes()
        done = SECOND_GRADER.run("nbgrader", "autograde", NAME, "--force", cwd=opened)
        assert done.returncode == 1
        assert "Nothing was graded, and nothing was removed" in done.stderr
        assert f"{seeds.SECRET_FILE} cannot be used: Permission denied" in done.stderr
        assert "Traceback" not in done.stderr
        assert copy.read_bytes() == before


def test_a_second_grader_of_the_folders_group_can_do_everything() -> None:
    with public_folder() as folder:
        hub = Hub(folder, shared=True)
        hub.submit("novak", WRONG)
        hub.run("nbgrader", "release_assignment", NAME)
        hub.run("autograder", "grade", NAME, "--feedback", statuses="01")
        hub.submit("popa", RIGHT)
        for words in (
            ("autograder", "grade", NAME, "--feedback", "--force"),
            ("nbgrader", "autograde", NAME, "--force"),
            ("nbgrader", "generate_feedback", NAME, "--force"),
            ("nbgrader", "release_assignment", NAME, "--force"),
            ("nbgrader", "export"),
            ("autograder", "build"),
        ):
            hub.run(*words, account=SECOND_GRADER, statuses="01" if words[0] == "autograder" else "0")
        hub.run("autograder", "grade", NAME, "--force", statuses="01")
        hub.run("nbgrader", "export")
        assert hub.modes().keys() == {"2770", "660"}, hub.modes()
        assert {path.stat().st_gid for path in hub.course.rglob("*")} == {GROUP}
        assert OTHER_STUDENT.readable([hub.course, *hub.course.rglob("*")]) == []
        assert "problem" not in hub.doctor()
        assert "graders: the group graders of the course folder (owner, second)" in hub.doctor()
