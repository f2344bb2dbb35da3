"""Metadata of the Python package as installers write it: python_metadata.py PYPROJECT VERSION FOLDER.

Of pyproject.toml's table [project]; the version must be the program's. Python's importlib.metadata, and with it xarray's search for
engines, reads METADATA and entry_points.txt.
"""

import sys
import tomllib
from pathlib import Path


def metadata(project: dict) -> str:
    lines = ["Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {project['version']}", f"Summary: {project['description']}",
             f"Requires-Python: {project['requires-python']}"]
    lines += [f"Requires-Dist: {dependency}" for dependency in project["dependencies"]]
    for extra, dependencies in project.get("optional-dependencies", {}).items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f'Requires-Dist: {dependency} ; extra == "{extra}"' for dependency in dependencies]
    return "\n".join(lines) + "\n"


def entry_points(project: dict) -> str:
    groups = {**project.get("entry-points", {}), "console_scripts": project.get("scripts", {})}
    return "\n".join(f"[{group}]\n" + "".join(f"{name} = {place}\n" for name, place in names.items())
                     for group, names in groups.items() if names)


def main() -> None:
    pyproject, version, folder = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    project = tomllib.loads(pyproject.read_text())["project"]
    if project["version"] != version:
        sys.exit(f"{pyproject}: version {project['version']}, but CMakeLists.txt has {version}; give both the same")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "entry_points.txt").write_text(entry_points(project))
    (folder / "INSTALLER").write_text("cmake\n")
    (folder / "METADATA").write_text(metadata(project))


main()
