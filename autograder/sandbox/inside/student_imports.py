"""What a submission's cells can import besides installed packages: files submitted beside them, and stand-ins.

An installed module always comes first. A stand-in replaces a module that is not installed, so that a cell which imports
it for something else than the function still runs: it does nothing while cells load, and raises ModuleNotFoundError as
soon as the function uses it.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Collection, Mapping, Sequence
from typing import Any

_BINARY_OPERATORS = "add sub mul truediv floordiv mod pow matmul and or xor lshift rshift"
_OTHER_OPERATORS = "neg pos abs invert getitem setitem delitem lt le gt ge enter"
# What a stand-in is when Python or numpy converts it: an empty sequence, false, and no number.
_CONVERSIONS = {"iter": iter(()), "len": 0, "bool": False, "exit": None, "array": None, "float": None, "index": None}


class StudentImporter(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Goes last among Python's finders.

    ``files`` are the texts of submitted modules by their dotted names. ``replaceable`` are the names of modules that
    get a stand-in if they are not installed; ``missing`` collects those that did.
    """

    def __init__(self, files: Mapping[str, str], replaceable: Collection[str]) -> None:
        self._files, self._replaceable = files, replaceable
        self._packages = {name[:end] for name in files for end, character in enumerate(name) if character == "."}
        self.missing: list[str] = []
        self.is_loading = True

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a submitted file, or make a stand-in while cells load."""
        if fullname in self._files or fullname in self._packages:
            return importlib.util.spec_from_loader(fullname, self, is_package=fullname in self._packages)
        root, _, submodule = fullname.partition(".")
        if self.is_loading and root in self._replaceable and (not submodule or root in self.missing):
            if not submodule:
                self.missing.append(root)
            return importlib.util.spec_from_loader(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        """Return a stand-in; None stands for Python's own kind of module."""
        return _StandInModule(spec.name, self) if spec.name.partition(".")[0] in self.missing else None

    def exec_module(self, module: types.ModuleType) -> None:
        """Run a submitted file."""
        name = module.__name__
        text = self._files.get(name, self._files.get(f"{name}.__init__", ""))
        if not isinstance(module, _StandInModule):
            exec(compile(text, f"{name}.py", "exec", dont_inherit=True), module.__dict__)


class _StandInModule(types.ModuleType):
    """A module that is not installed."""

    def __init__(self, name: str, importer: StudentImporter) -> None:
        super().__init__(name)
        self.__dict__["_stand_in"] = _StandIn(name, importer)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.__dict__["_stand_in"], name)


class _StandIn:
    """Anything from a module that is not installed: each use gives itself, or raises once the function is called."""

    def __init__(self, name: str, importer: StudentImporter) -> None:
        self._name, self._importer = name, importer

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self()

    def __call__(self, *_args: Any, **_kwargs: Any) -> Any:
        if not self._importer.is_loading:
            raise ModuleNotFoundError(f"No module named {self._name!r}", name=self._name)
        return self

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        return ()


def _conversion(value: Any) -> Any:
    def convert(self: _StandIn, *_args: Any, **_kwargs: Any) -> Any:
        self()
        return value

    return convert


for _name in _OTHER_OPERATORS.split():
    setattr(_StandIn, f"__{_name}__", _StandIn.__call__)
for _name in _BINARY_OPERATORS.split():
    for _prefix in ("", "r", "i"):
        setattr(_StandIn, f"__{_prefix}{_name}__", _StandIn.__call__)
for _name, _value in _CONVERSIONS.items():
    setattr(_StandIn, f"__{_name}__", _conversion(_value))


def install(files: Mapping[str, str], replaceable: Collection[str]) -> StudentImporter:
    """Let cells import these files, and return the finder."""
    importer = StudentImporter(files, replaceable)
    sys.meta_path.append(importer)
    return importer
