"""What `doctor` has to know of nbgrader: the configuration in force and the state of the gradebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from nbgrader.api import Gradebook
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from autograder.bridge import config
from autograder.bridge.commands import application


@dataclass(frozen=True)
class InForce:
    """What nbgrader would use in a course directory, whatever its configuration files say."""

    db_url: str
    preprocessors: tuple[str, ...]

    @property
    def ours_missing(self) -> tuple[str, ...]:
        """The course's own preprocessors that nbgrader would not run."""
        ours = (config.REBUILD, config.JUDGE, config.SAVE_SCORES, config.CLEAN)
        return tuple(one for one in ours if one not in self.preprocessors)


def in_force(root: Path) -> InForce:
    """Load the configuration the way every nbgrader command does when it is started in ``root``."""
    with application(root) as app:
        settings = app.config.Autograde
        lists = (settings.get("sanitize_preprocessors", []), settings.get("autograde_preprocessors", []))
        return InForce(app.coursedir.db_url, tuple(map(str, [one for some in lists for one in some])))


def gradebook_file(db_url: str) -> Path | None:
    """The file of the gradebook; None where it is a server's database."""
    path = db_url.removeprefix("sqlite:///")
    return Path(path) if path != db_url else None


def gradebook_problem(db_url: str) -> str:
    """Why the gradebook cannot be used; empty where it can, or where it does not exist yet."""
    path = gradebook_file(db_url)
    if path and not path.exists():
        return ""
    engine = create_engine(db_url)
    try:
        with engine.connect() as connection:
            if "alembic_version" not in inspect(connection).get_table_names():
                return "it holds no gradebook of nbgrader's. Move the file away; the next grading makes a new one"
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError as error:
        return (
            f"it cannot be opened ({str(error.__cause__ or error).splitlines()[0]}). Check db_url and the file's owner"
        )
    finally:
        engine.dispose()
    newest = ScriptDirectory.from_config(_alembic()).get_current_head()
    if found != newest:
        return "it was made by another nbgrader. Make a copy of it, then run: nbgrader db upgrade"
    return ""


@dataclass(frozen=True)
class Known:
    """What the gradebook has of an assignment: its graded cells with their points, and how many submissions."""

    cells: Mapping[str, float]
    submissions: int


def assignments(db_url: str) -> dict[str, Known]:
    """The assignments that the gradebook knows; none where there is no gradebook yet."""
    path = gradebook_file(db_url)
    if path and not path.exists():
        return {}
    with Gradebook(db_url) as gradebook:
        return {
            one.name: Known(
                {cell.name: cell.max_score for notebook in one.notebooks for cell in notebook.grade_cells},
                one.num_submissions,
            )
            for one in gradebook.assignments
        }


def _alembic() -> AlembicConfig:
    settings = AlembicConfig()
    settings.set_main_option("script_location", ALEMBIC_DIR)
    return settings
