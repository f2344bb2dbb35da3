#!/usr/bin/env python3
"""Does the theory tell which heads of a trained transformer can go? Heads are removed from small GPT-like classifiers in the orders of
the theory and of its rivals, without training again. Run again, it goes on where it was stopped.

    PYTHONPATH=analysis jobs/transformer.py --mnist /data/mnist results/transformer
    PYTHONPATH=analysis jobs/transformer.py --quick /tmp/transformer          # a minute, no data, to try it out
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if (ROOT / "CMakeLists.txt").exists():
    PACKAGES, PROGRAM = ROOT / "analysis", ROOT / "build/release/src/cli/attnpaths"
else:  # PREFIX/share/attnpaths, of an installation
    PACKAGES, PROGRAM = ROOT.parents[1] / "lib/python3/dist-packages", ROOT.parents[1] / "bin/attnpaths"
sys.path.insert(0, str(PACKAGES))
os.environ.setdefault("ATTNPATHS_BINARY", str(PROGRAM))

import torch  # noqa: E402

from head_removal.case import FULL, QUICK, Case, Trained  # noqa: E402
from head_removal.results import draw, table  # noqa: E402
from head_removal.theory import study_orders_of_the_theory  # noqa: E402

ARCHITECTURES = ((2, 4), (3, 6))  # layers, heads of each


def cases(options: argparse.Namespace) -> list[Case]:
    """Models to train, in the order of their seeds, so that what is there at any time compares all tasks."""
    tasks = ["recall", *(["mnist"] if options.mnist else [])]
    architectures = ARCHITECTURES[:1] if options.quick else ARCHITECTURES
    return [Case(task, layers, heads, seed, options.output, QUICK if options.quick else FULL, options.mnist)
            for seed in range(1, options.seeds + 1) for layers, heads in architectures for task in tasks]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path, metavar="FOLDER", help="where models, orders, table and figure go")
    parser.add_argument("--mnist", type=Path, metavar="FOLDER", help="its idx files, compressed or not; without it: generated sequences "
                                                                      "alone")
    parser.add_argument("--seeds", type=int, default=5, help="models of each kind (default: %(default)s)")
    parser.add_argument("--quick", action="store_true", help="tiny models of the first architecture: does it all work?")
    options = parser.parse_args()
    torch.set_num_threads(1)
    # Norms come first, where torch has no fast path for padding, and says so.
    warnings.filterwarnings("ignore", message="enable_nested_tensor is True")
    todo = cases(options)
    for number, case in enumerate(todo, start=1):
        trained = Trained(case)
        trained.study_orders_of_the_model()
        study_orders_of_the_theory(trained)
        print(f"{number}/{len(todo)} {case.folder}", flush=True)
    text = table(options.output)
    (options.output / "table.txt").write_text(text)
    print(text, end="")
    print(f"figure: {draw(options.output)}")


if __name__ == "__main__":
    main()
