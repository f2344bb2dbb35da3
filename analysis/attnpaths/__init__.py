"""attnpaths from Python: data sets in, sweeps, stores as pandas and xarray, figures, a page to look at; attnpaths.theory: the physics as
functions."""

import sys

from .requirements import needed_modules

with needed_modules(for_command=sys.argv[:1] == ["-m"]):  # so it is while `python3 -m` imports us
    from .data import Dataset, Examples
    from .errors import AnalysisError, DataError, InputError, NumericalError, OutputError, StoreError, UsageError
    from .page import serve
    from .program import ProgramError, SweepStopped
    from .store import Store, open_store
    from .sweep import sweep

__all__ = ["AnalysisError", "DataError", "Dataset", "Examples", "InputError", "NumericalError", "OutputError", "ProgramError", "Store",
           "StoreError", "SweepStopped", "UsageError", "open_store", "serve", "sweep"]
