"""Data sets made of arrays: what the program's data set files hold, from numpy, torch and whatever is like them."""

from .dataset import Dataset
from .examples import Examples

__all__ = ["Dataset", "Examples"]
