"""The files of this machine that student code needs: Python, its standard library, a few packages, system libraries."""

from __future__ import annotations

import re
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

_PACKAGES = ("numpy", "matplotlib", "ipython")  # what cells may import besides the standard library, in every course
_OWN_DISTRIBUTION = "attention-course"
_BACKEND = "matplotlib-inline"  # matplotlib reads in its metadata that it can draw in notebooks
_NAME = re.compile(r"[\w.-]*\w")  # the name at the start of a requirement: "numpy>=1.23; python_version..."
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo")


def interpreter() -> Path:
    """Return the path of this Python, links resolved."""
    return Path(sys.executable).resolve()


def library_paths() -> list[Path]:
    """Return the folders and files of the system's libraries and of the standard library."""
    standard = Path(sysconfig.get_path("stdlib")).resolve()
    own_library = standard.parent if standard.parent.name == "lib" else standard
    return [*(path for path in map(Path, _SYSTEM) if path.exists()), own_library]


@cache
def importable_packages(packages: tuple[str, ...] = ()) -> dict[str, Path]:
    """Return the modules and packages that cells may import, by name: numpy, matplotlib, IPython and what they need.

    ``packages`` names installed packages that a course allows besides, with what they need in turn.
    """
    paths: dict[str, Path] = {}
    for installed in _with_requirements(_PACKAGES):
        paths |= _top_level_paths(installed, with_metadata=_same_name(installed.name, _BACKEND))
    for installed in _with_requirements(packages):
        paths |= _top_level_paths(installed, with_metadata=True)
    return paths


@cache
def modules_of_package(package: str) -> tuple[str, ...]:
    """Return the modules by which an installed package is imported.

    Raises `ValueError` with what to do if it is not installed, or would show cells the hidden tests.
    """
    try:
        installed = distribution(package)
    except (PackageNotFoundError, ValueError):
        by_module = packages_distributions().get(package, [_OWN_DISTRIBUTION])[0]
        is_named_otherwise = by_module != _OWN_DISTRIBUTION
        advice = f"Write {by_module}." if is_named_otherwise else f"Install it: python -m pip install {package}"
        raise ValueError(f"no package {package} is installed here. {advice}") from None
    if any(_same_name(needed.name, _OWN_DISTRIBUTION) for needed in _with_requirements([package])):
        raise ValueError(f"{package} contains the hidden tests, so cells cannot import it. Delete this line.")
    files = (name.removesuffix(".py").split(".")[0] for name in _top_level_paths(installed, with_metadata=False))
    return tuple(sorted({name for name in files if name.isidentifier()}))


def _with_requirements(packages: Iterable[str]) -> Iterator[Distribution]:
    """Yield the installed packages among these, and those that they require."""
    names, visited = list(packages), set()
    while names:
        name = names.pop()
        if name in visited:
            continue
        visited.add(name)
        try:
            installed = distribution(name)
        except (PackageNotFoundError, ValueError):
            continue
        names += _required_names(installed)
        yield installed


def _same_name(name: str, other: str) -> bool:
    return re.sub(r"[-_.]+", "-", name).lower() == other


def _required_names(installed: Distribution) -> Iterator[str]:
    for requirement in installed.requires or ():
        match = _NAME.match(requirement)
        if match and "extra ==" not in requirement:
            yield match.group()


def _top_level_paths(installed: Distribution, *, with_metadata: bool) -> dict[str, Path]:
    lines = (installed.read_text("RECORD") or installed.read_text("top_level.txt") or installed.name).splitlines()
    paths = {}
    for top in {line.split(",")[0].split("/")[0] for line in lines}:
        path = Path(str(installed.locate_file(top)))
        hidden = top.startswith((".", "__pycache__")) or (top.endswith("-info") and not with_metadata)
        if not hidden and path.exists():
            paths[top] = path.resolve()
    return paths


def other_accounts_can_read(packages: tuple[str, ...] = ()) -> bool:
    """Whether another account can read this Python, its packages and temporary folders; not if it is in root's home."""
    temporary = Path(tempfile.gettempdir(), "folder")
    paths = [interpreter(), *library_paths(), *importable_packages(packages).values(), temporary]
    folders = {folder for path in paths for folder in path.resolve().parents}
    return all(folder.stat().st_mode & 0o001 for folder in folders)


def without_folder(path: Path, hidden: Path) -> Iterable[Path]:
    """Yield ``path``, or if it contains ``hidden``, everything in it except ``hidden``."""
    if not hidden.is_relative_to(path):
        yield path
    elif path != hidden:
        for part in path.iterdir():
            yield from without_folder(part, hidden)
