"""The nbgrader configuration that is effective in a course directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.gradebook import database
from autograder.nbgrader_plugin.config import REQUIRED_PREPROCESSORS
from autograder.nbgrader_plugin.nbgrader_commands import nbgrader_application


@dataclass(frozen=True)
class EffectiveConfig:
    """What nbgrader would use in a course directory, whatever its configuration files say."""

    db_url: str
    preprocessors: tuple[str, ...]
    is_group_shared: bool
    ignored: tuple[str, ...]  # patterns of the files that are not copied

    @property
    def gradebook(self) -> str:
        """The gradebook's address without its password."""
        return database.redacted_url(self.db_url)

    @property
    def gradebook_file(self) -> Path | None:
        """The gradebook's file; None if it is a database on a server."""
        return database.database_file(self.db_url)

    @property
    def missing_preprocessors(self) -> tuple[str, ...]:
        """The course's preprocessors that nbgrader would not run."""
        return tuple(name for name in REQUIRED_PREPROCESSORS if name not in self.preprocessors)


def load_effective_config(root: Path) -> EffectiveConfig:
    """Load the configuration as every nbgrader command does when it is started in ``root``."""
    with nbgrader_application(root) as app:
        settings = app.config.Autograde
        preprocessors = [
            *settings.get("sanitize_preprocessors", []),
            *settings.get("autograde_preprocessors", []),
        ]
        directory = app.coursedir
        return EffectiveConfig(
            directory.db_url, tuple(map(str, preprocessors)), directory.groupshared, tuple(directory.ignore)
        )
