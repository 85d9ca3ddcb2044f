"""What `doctor` has to know of nbgrader: the configuration in force and the state of the gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from nbgrader.api import Gradebook
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import inspect, text

from autograder.gradebook import database
from autograder.nbgrader_plugin import config
from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application


@dataclass(frozen=True)
class EffectiveConfig:
    """What nbgrader would use in a course directory, whatever its configuration files say."""

    db_url: str
    preprocessors: tuple[str, ...]

    @property
    def gradebook(self) -> str:
        """The gradebook's address as people may see it."""
        return database.redacted_url(self.db_url)

    @property
    def gradebook_file(self) -> Path | None:
        """The gradebook's file; None where it is a server's database."""
        return database.database_file(self.db_url)

    @property
    def ours_missing(self) -> tuple[str, ...]:
        """The course's own preprocessors that nbgrader would not run."""
        ours = (config.REBUILD, config.JUDGE, config.SAVE_SCORES, config.CLEAN)
        return tuple(one for one in ours if one not in self.preprocessors)


def load_effective_config(root: Path) -> EffectiveConfig:
    """Load the configuration the way every nbgrader command does when it is started in ``root``."""
    with nbgrader_application(root) as app:
        settings = app.config.Autograde
        lists = (settings.get("sanitize_preprocessors", []), settings.get("autograde_preprocessors", []))
        return EffectiveConfig(app.coursedir.db_url, tuple(map(str, [one for some in lists for one in some])))


def gradebook_problem(db_url: str) -> str:
    """Why the gradebook cannot be used; empty where it can, or where it does not exist yet."""
    path = database.database_file(db_url)
    if path and not path.exists():
        return ""
    try:
        with database.connect(db_url) as connection:
            tables = inspect(connection).get_table_names()
            if not tables and not path:
                return ""
            if "alembic_version" not in tables:
                away = "Move the file away; the next grading makes a new one" if path else "Name an empty one in db_url"
                return f"gradebook {database.redacted_url(db_url)}: it holds no gradebook of nbgrader's. {away}"
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except database.DatabaseError as error:
        return str(error)
    newest = ScriptDirectory.from_config(_alembic()).get_current_head()
    if found != newest:
        again = "Make a copy of it, then run: nbgrader db upgrade"
        return f"gradebook {database.redacted_url(db_url)}: it was made by another nbgrader. {again}"
    return ""


@dataclass(frozen=True)
class AssignmentSummary:
    """What the gradebook has of an assignment: its graded cells with their points, and how many submissions."""

    cells: Mapping[str, float]
    submissions: int


def summarize_assignments(db_url: str) -> dict[str, AssignmentSummary]:
    """The assignments that the gradebook knows; none where there is no gradebook yet."""
    path = database.database_file(db_url)
    if path and not path.exists():
        return {}
    with database.connect(db_url) as connection:
        if not inspect(connection).has_table("assignment"):
            return {}
    with Gradebook(db_url) as gradebook:
        return {
            one.name: AssignmentSummary(
                {cell.name: cell.max_score for notebook in one.notebooks for cell in notebook.grade_cells},
                one.num_submissions,
            )
            for one in gradebook.assignments
        }


def _alembic() -> AlembicConfig:
    settings = AlembicConfig()
    settings.set_main_option("script_location", ALEMBIC_DIR)
    return settings
