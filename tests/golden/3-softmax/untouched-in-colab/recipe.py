"""Colab saved an untouched notebook."""

from __future__ import annotations

from pathlib import Path

from tests.golden.recipes import COLAB_BADGE, released, save, text, without_ids


def submit(folder: Path) -> None:
    save(folder, without_ids({**released(), "cells": [text(COLAB_BADGE), *released()["cells"]]}))
