"""Where the compiled part of the package is: attnpaths._theory, which the program's build makes (src/python)."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

NAME = "attnpaths._theory"
BUILD_TREE = "build/release/src/python"  # beside the folder analysis of a checkout


def _load(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(NAME, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path}: is no module of Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[NAME]
        raise
    return module


def compiled_theory() -> ModuleType:
    """The module $ATTNPATHS_THEORY, or the one of the installed package, or the build tree's of this checkout.

    Raises ImportError, which says what to do, if there is none.
    """
    named = os.environ.get("ATTNPATHS_THEORY")
    if named:
        return _load(named)
    here = Path(__file__).resolve()
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    built = here.parents[2] / BUILD_TREE / f"_theory{suffix}"
    try:
        return importlib.import_module(NAME)
    except ModuleNotFoundError:
        if built.exists():
            return _load(str(built))
    raise ImportError(f"attnpaths.theory: its compiled part (_theory{suffix}) is neither in {here.parent} nor built ({built}). pip does not "
                      "make it: build the program with pybind11 (packages pybind11-dev and python3-dev; cmake --preset release, cmake --build "
                      "build/release) and install that, or set ATTNPATHS_THEORY to the file; for another Python than it was built for, "
                      "configure with -DATTNPATHS_PYTHON=...")
