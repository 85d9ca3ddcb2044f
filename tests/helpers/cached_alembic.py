"""A pytest plugin that starts alembic once: nbgrader asks for its version, always the same, at each new gradebook."""

from __future__ import annotations

import functools

import nbgrader.api

nbgrader.api.get_alembic_version = functools.cache(nbgrader.api.get_alembic_version)
