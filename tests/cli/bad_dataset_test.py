"""A data set that is missing, broken or too small is refused in one line by `sweep` and by `dataset check`."""

import os
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

        def of_version_3(file):
            file.attrs["version"] = 3
        self.broken(of_version_3)
        self.refuse(BAD_DATA, "version 3", "versions 1 to 2")

    @needs_h5py
    def test_numbers_that_are_not_in_the_file(self):
        def never_written(file):
            del file["train/y"]
            file.create_dataset("train/y", shape=(20,), dtype="f8")
        self.broken(never_written)
        self.refuse(BAD_DATA, "/train/y: was created and never written")

        def virtual(file):
            shape = file["test/x"].shape
            del file["test/x"]
            layout = h5py.VirtualLayout(shape=shape, dtype="f8")
            layout[...] = h5py.VirtualSource("gone.h5", "x", shape=shape)
            file.create_virtual_dataset("test/x", layout)
        self.broken(virtual)
        self.refuse(BAD_DATA, "/test/x: is a virtual data set")

        def external(file):
            del file["train/y"]
            file.create_dataset("train/y", shape=(20,), dtype="u1", external=[("/etc/passwd", 0, 20)])
        self.broken(external)
        self.refuse(BAD_DATA, "/train/y: keeps its numbers in another file")

    @needs_h5py
    def test_sizes_that_no_file_holds(self):
        def wraps(file):
            del file["train/x"]
            file.create_dataset("train/x", shape=(2**32, 1, 2**32), dtype="f8", chunks=(1, 1, 1))
        self.broken(wraps)
        self.refuse(BAD_DATA, "/train/x: its shape asks for more numbers than any memory holds")

        def rows(file):
            del file["train/y"]
            file.create_dataset("train/y", shape=(2**61,), dtype="u1", chunks=(1,))
        self.broken(rows)
        self.refuse(BAD_DATA, "/train/y: its shape asks for more numbers than any memory holds")

    @needs_h5py
    def test_links(self):
        def circle(file):
            del file["train/y"]
            file["train/y"] = h5py.SoftLink("/train/y")
        self.broken(circle)
        self.refuse(BAD_DATA, "/train/y: is a link that leads to no object")

        def dead(file):
            del file["train/y"]
            file["train/y"] = h5py.SoftLink("/nowhere")
        self.broken(dead)
        self.refuse(BAD_DATA, "/train/y: is a link to something that is not in the file")

    def test_pipe(self):
        os.mkfifo(self.work / "data.h5")
        self.refuse(NO_INPUT, "is a pipe, socket or device")

    @needs_h5py
    def test_a_test_set_without_a_class_of_its_own(self):
        def three(file):
            for name, labels in (("train/y", [0, 1, 2, 0] * 5), ("test/y", [0, 1, 3, 0, 1] * 2)):
                del file[name]
                file[name] = labels
        self.broken(three)
        self.refuse(BAD_DATA, "/test/y: example 2 (counted from 0) has the label 3", "0, 1 and 2")

    @needs_h5py
    def test_classes_have_names_and_quantities_have_no_accuracy(self):
        def relabel(train, test, **attributes):
            def change(file):
                for name, labels in (("train/y", train), ("test/y", test)):
                    del file[name]
                    file[name] = labels
                file.attrs["version"] = 2
                file.attrs.update(attributes)
            self.broken(change)
            result = self.run_program("dataset", "check", "data.h5", cwd=self.work)
            self.assert_code(result, OK)
            self.sweep(self.work / "s.h5", "--task.name", "dataset", "--task.file", self.work / "data.h5", "--grid.width", 10)
            with h5py.File(self.work / "s.h5") as store:
                accuracy = store["theory/accuracy"][0] if "theory/accuracy" in store else None
            for path in self.work.iterdir():
                path.unlink()
            return result.stdout, accuracy

        text, accuracy = relabel(["owl", "cat", "dog", "cat", "owl"] * 4, ["owl", "cat"] * 5)
        self.assertIn("8 of class cat (output 1), 4 of class dog (output 2), 8 of class owl (output 3)", text)
        self.assertGreaterEqual(accuracy, 0)
        text, accuracy = relabel([False, True] * 10, [True, False] * 5)
        self.assertIn("10 of class 1 (y = 1), 10 of class 0 (y = -1)", text)
        text, accuracy = relabel([0.5, 1, 3, 2] * 5, [0.25] * 10)
        self.assertIn("regression targets", text)
        self.assertIsNone(accuracy, "an accuracy of quantities must be missing")
        text, accuracy = relabel(list(range(20)), list(range(10)), target="regression")
        self.assertIn("regression targets", text)
        self.assertIsNone(accuracy)

    @needs_h5py
    def test_labels_of_any_two_values_give_the_accuracy_of_plus_and_minus_one(self):
        def accuracy(data):
            store = str(data) + ".store"
            result = self.run_program("sweep", "--task.name", "dataset", "--task.file", data, "--store", store,
                                      "--grid.width", 10)
            self.assert_code(result, OK)
            with h5py.File(store) as file:
                return file["theory/accuracy"][0], file["gp/accuracy"][0], result.stderr
        expected = accuracy(self.good)
        for low, high, kind in ((0, 1, "u1"), (1, 2, "i4"), (0, 255, "u1"), (-0.5, 0.5, "f4"), (0, 1, bool)):
            with self.subTest(low=low, high=high, kind=kind):
                def relabel(file):
                    for name in ("train/y", "test/y"):
                        y = file[name][...]
                        del file[name]
                        file[name] = [high if value > 0 else low for value in y]
                        if kind is bool:
                            del file[name]
                            file[name] = y > 0
                self.broken(relabel)
                theory, gp, errors = accuracy(self.work / "data.h5")
                self.assertEqual((theory, gp), expected[:2])
                self.assertIn("are taken as the classes -1 and +1", errors)
                for path in self.work.iterdir():
                    path.unlink()

    @needs_h5py
    def test_unequal_classes_and_content_that_is_not_read_are_said_before_any_work(self):
        def change(file):
            for name in ("train/x", "train/y"):
                values = file[name][...][:-1]
                del file[name]
                file[name] = values
            file["heads/layer1/mask"] = [1.0]
        self.broken(change)
        result = self.run_program("dataset", "check", "data.h5", cwd=self.work)
        self.assert_code(result, OK)
        self.assertRegex(result.stdout, "largest P +18, 9 of each class; 1 with y = -?1 left out")
        self.assertIn("/heads/layer1/mask is not read", result.stdout)
        self.assert_refused(USAGE, ["dataset", "check", "data.h5", "--examples", "20"], "the largest possible is 18")
        result = self.run_program("sweep", "--dry-run", "--task.name", "dataset", "--task.file", "data.h5",
                                  "--grid.width", 10, cwd=self.work)
        self.assert_code(result, OK)
        self.assertIn("grid.examples is not given: P = 18", result.stderr)
        self.assertIn("/heads/layer1/mask is not read", result.stderr)
        result = self.run_program("submit", "new.h5", "--new", "--dry-run", "--task.name", "dataset", "--task.file", "data.h5",
                                  "--grid.width", 10, cwd=self.work)
        self.assert_code(result, OK)
        self.assertIn("P = 18", result.stderr)


if __name__ == "__main__":
    unittest.main()
