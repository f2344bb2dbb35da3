"""Where a module is missing, command line and import say so in one line."""

import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = str(Path(__file__).parents[2] / "analysis")


@pytest.fixture
def run_without(tmp_path):
    """Runs Python where one module, which stands first on its path, is not to be found."""
    def run(module, *words):
        (tmp_path / f"{module}.py").write_text(f"raise ModuleNotFoundError(\"No module named '{module}'\", name='{module}')\n")
        return subprocess.run([sys.executable, *words], capture_output=True, text=True, timeout=60,
                              env={"PYTHONPATH": f"{tmp_path}:{PACKAGES}", "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"})
    return run


@pytest.mark.parametrize("module", ["h5py", "matplotlib"])
def test_a_command_says_which_module_is_missing_and_ends(run_without, module):
    result = run_without(module, "-m", "attnpaths", "table", "s.h5")
    assert result.returncode == 70
    assert result.stderr.startswith(f"attnpaths: the Python module {module} is missing for {sys.executable}; install it")
    assert result.stderr.count("\n") == 1


def test_an_import_says_so_too(run_without):
    result = run_without("h5py", "-c", "import attnpaths")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith("ImportError: the Python module h5py is missing")
