"""A pytest plugin: alembic is started once, for nbgrader asks for its version at each new gradebook."""

from __future__ import annotations

import functools

import nbgrader.api

nbgrader.api.get_alembic_version = functools.cache(nbgrader.api.get_alembic_version)
