"""attnpaths from Python: data sets in, sweeps, stores as pandas and xarray, figures, an HTML report."""

from .data import Dataset, Examples
from .errors import AnalysisError, DataError, InputError, OutputError, StoreError, UsageError
from .program import ProgramError, SweepStopped
from .store import Store, open_store
from .sweep import sweep

__all__ = ["AnalysisError", "DataError", "Dataset", "Examples", "InputError", "OutputError", "ProgramError", "Store", "StoreError",
           "SweepStopped", "UsageError", "open_store", "sweep"]
