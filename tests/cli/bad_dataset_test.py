"""A data set that is missing, broken or too small is refused in one line by `sweep` and by `dataset check`."""

import shutil
import unittest

from bad_input_case import BadInputCase
from sweep_case import BAD_DATA, NO_INPUT, OK, USAGE

try:
    import h5py
except ImportError:
    h5py = None

needs_h5py = unittest.skipIf(h5py is None, "writing broken HDF5 files needs h5py (Debian package python3-h5py)")


class BadDataset(BadInputCase):
    def setUp(self):
        super().setUp()
        result = self.run_program("dataset", "hidden-markov", "--feature-width", 6, "--tokens", 4, "--examples", 20,
                                  "--test-examples", 10, "-o", self.path("good.h5"))
        self.assert_code(result, OK)
        self.good = self.folder / "good.h5"

    def refuse(self, code, *words, check=True):
        """Both `sweep` and `dataset check` refuse work/data.h5."""
        self.assert_refused(code, ["sweep", "--task.name", "dataset", "--task.file", "data.h5", "--grid.width", "10"],
                            "data.h5", *words)
        if check:
            self.assert_refused(code, ["dataset", "check", "data.h5"], "data.h5", *words)

    def broken(self, change):
        """Puts a changed copy of the good data set at work/data.h5."""
        shutil.copy(self.good, self.work / "data.h5")
        with h5py.File(self.work / "data.h5", "r+") as file:
            change(file)

    def test_missing(self):
        self.refuse(NO_INPUT, "no such file")

    def test_not_hdf5(self):
        self.file("data.h5", "width,accuracy\n10,0.9\n")
        self.refuse(BAD_DATA, "is not an HDF5 file")
        self.file("data.h5", "")
        self.refuse(BAD_DATA)

    def test_truncated(self):
        content = self.good.read_bytes()
        for part in (0.1, 0.5, 0.9):
            with self.subTest(part):
                self.file("data.h5", content[:int(part * len(content))])
                self.refuse(BAD_DATA)
        self.file("data.h5", content[:-1])
        self.refuse(BAD_DATA)

    def test_a_store_is_no_data_set(self):
        self.sweep("s.h5", "--task.feature_width", 20, "--task.tokens", 8, "--grid.width", 10, "--grid.examples", 20)
        shutil.copy(self.path("s.h5"), self.work / "data.h5")
        self.refuse(BAD_DATA)

    def test_grid_that_the_data_set_cannot_serve(self):
        shutil.copy(self.good, self.work / "data.h5")
        for key, text, words in (("grid.examples", "1000", "the largest possible is 20"), ("grid.examples", "7", "7"),
                                 ("grid.heads", "3", "3 heads in layer 1 are not in the data set"),
                                 ("grid.depth", "3", "depth 3 is not in the data set"),
                                 ("task.tokens", "8", "is not a key of the dataset task")):
            with self.subTest(key=key, text=text):
                self.assert_refused(USAGE, ["sweep", "--task.name", "dataset", "--task.file", "data.h5", "--grid.width", "10",
                                            f"--{key}", text], f"--{key}", words)

    @needs_h5py
    def test_nan_in_x(self):
        def change(file):
            file["train/x"][3, 2, 1] = float("nan")
        self.broken(change)
        self.refuse(BAD_DATA, "/train/x: example 3, feature 2, token 1", "nan")

    @needs_h5py
    def test_head_of_the_wrong_shape(self):
        def change(file):
            del file["heads/layer2/W"]
            file["heads/layer2/W"] = [[[1.0, 0.0, 0.0]] * 3] * 2
        self.broken(change)
        self.refuse(BAD_DATA, "/heads/layer2/W", "[2, 3, 3]")

    @needs_h5py
    def test_missing_targets_and_another_version(self):
        def without_targets(file):
            del file["train/y"]
        self.broken(without_targets)
        self.refuse(BAD_DATA, "/train/y is missing")

        def of_version_2(file):
            file.attrs["version"] = 2
        self.broken(of_version_2)
        self.refuse(BAD_DATA, "version 2", "version 1")


if __name__ == "__main__":
    unittest.main()
