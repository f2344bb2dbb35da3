"""attnpaths from Python: data sets in, sweeps, stores as pandas and xarray, figures, an HTML report."""

from .data import Dataset, Examples
from .errors import AnalysisError, DataError, InputError, OutputError, StoreError, UsageError
from .store import Store, open_store

__all__ = ["AnalysisError", "DataError", "Dataset", "Examples", "InputError", "OutputError", "Store", "StoreError", "UsageError",
           "open_store"]
