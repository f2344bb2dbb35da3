"""Analysis of attnpaths stores: pandas and xarray views, figures, an HTML report."""

from .errors import AnalysisError, InputError, OutputError, StoreError, UsageError
from .store import Store, open_store

__all__ = ["AnalysisError", "InputError", "OutputError", "Store", "StoreError", "UsageError", "open_store"]
