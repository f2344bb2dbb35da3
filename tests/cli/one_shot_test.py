"""The one-shot experiment from images to a sweep, with invented glyphs and with files as image sets are published."""

import gzip
import re
import unittest

from image_files import bar, idx_images, write_digits, write_omniglot
from sweep_case import OK, SweepCase

try:
    import h5py
except ImportError:
    h5py = None

needs_h5py = unittest.skipIf(h5py is None, "looking into HDF5 files needs h5py (Debian package python3-h5py)")

SMALL = ["--examples", 40, "--test-examples", 20, "--validation-examples", 10, "--random-heads", "2:1", "--head-width", 16]


class OneShot(SweepCase):
    def dataset(self, name, *options, images="glyphs"):
        result = self.run_program("dataset", "one-shot", "--images", images, *options, "-o", self.path(name))
        self.assert_code(result, OK)
        return result

    def check(self, name):
        """What `dataset check` prints, without the file's name."""
        result = self.run_program("dataset", "check", self.path(name))
        self.assert_code(result, OK)
        return result.stdout.partition("\n")[2]

    def test_glyphs_to_a_sweep(self):
        result = self.dataset("d.h5", *SMALL)
        self.assertEqual(result.stderr, "")
        self.assertIn("40 training episodes of 64 classes of glyphs; tests test 20 validation 10; heads 2:1", result.stdout)
        text = self.check("d.h5")
        self.assertIn("20 with y = 1, 20 with y = -1", text)
        self.assertRegex(text, r"(?m)^classes +64 train, 16 validation, 16 test$")
        self.assertRegex(text, r"(?m)^positions +mean 0.3957812767, deviation 0.5859986704 ")
        self.assertNotIn("not used", text)
        self.sweep("s.h5", "--task.name", "dataset", "--task.file", self.path("d.h5"), "--grid.width", "10 100",
                   "--grid.examples", "20 40", "--grid.temperature", 0.5)
        self.assert_complete("s.h5", 4)
        for point in self.points("s.h5", "theory/accuracy", "theory/accuracy-validation").values():
            self.assertGreater(point["theory/accuracy"], 0)

    def test_the_same_command_gives_the_same_data(self):
        self.dataset("a.h5", *SMALL)
        self.dataset("b.h5", *SMALL)
        self.dataset("c.h5", *SMALL, "--seed", 2)
        self.assertEqual(self.check("a.h5"), self.check("b.h5"))
        self.assertNotEqual(self.check("a.h5"), self.check("c.h5"))

    def test_published_files(self):
        (self.folder / "digits").mkdir()
        write_digits(self.folder / "digits")
        write_omniglot(self.folder / "omniglot")
        self.dataset("d.h5", "--examples", 8, "--test-examples", 4, "--validation-examples", 2, "--random-heads", "1:1",
                     "--mnist", self.path("digits"), "--fashion-mnist", self.path("digits"), images=self.path("omniglot"))
        text = self.check("d.h5")
        for name, examples in (("test", 4), ("validation", 2), ("mnist", 4), ("fashion-mnist", 4)):
            self.assertRegex(text, rf"(?m)^{name} +{examples} examples, 48 tokens of width 192, 1 output; ")
        self.assertRegex(text, r"(?m)^classes +2 train, 2 validation, 2 test$")
        self.assertIn("first image of images_background/Greek/character01", text)

    def test_folders_and_one_file_of_omniglot_give_the_same_data(self):
        files = write_omniglot(self.folder / "omniglot")
        table = self.folder / "table"
        table.mkdir()
        lines = ["set\talphabet\tcharacter\tfirst_image\tvinyals_split\n"]
        splits = {"Greek": "train", "Hebrew": "val", "Tibetan": "test"}
        for number in range(6):
            part, alphabet, character = files[3 * number].parts[-4:-1]
            lines.append(f"{part}\t{alphabet}\t{character}\t{3 * number}\t{splits[alphabet]}\n")
        (table / "omniglot-classes.tsv").write_text("".join(lines))
        images = [bar(10 * number + drawer) for number in range(6) for drawer in range(3)]
        (table / "omniglot-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx_images(images)))
        few = ["--examples", 8, "--test-examples", 4, "--validation-examples", 2, "--random-heads", "1:1"]
        self.dataset("a.h5", *few, images=self.path("omniglot"))
        self.dataset("b.h5", *few, images=self.path("table"))
        self.assertEqual(self.check("a.h5"), self.check("b.h5"))

    def test_heads_bring_their_label_vectors(self):
        self.dataset("trained.h5", *SMALL, "--seed", 3)
        result = self.dataset("d.h5", "--heads", self.path("trained.h5"), "--examples", 40, "--test-examples", 20,
                              "--validation-examples", 10, "--seed", 3)
        self.assertEqual(result.stderr, "")
        self.assertEqual(self.check("d.h5"), self.check("trained.h5"))
        # Other episodes, the same network.
        self.dataset("e.h5", "--heads", self.path("trained.h5"), "--examples", 40, "--test-examples", 20,
                     "--validation-examples", 10, "--seed", 4)
        self.assertNotEqual(self.check("e.h5"), self.check("trained.h5"))
        if h5py is not None:
            with h5py.File(self.path("e.h5")) as other, h5py.File(self.path("trained.h5")) as trained:
                for name in ("one-shot/labels", "heads/layer1/Q", "heads/layer2/K"):
                    self.assertEqual(other[name][:].tolist(), trained[name][:].tolist())

    @needs_h5py
    def test_heads_without_label_vectors_are_told(self):
        self.dataset("trained.h5", *SMALL)
        with h5py.File(self.path("trained.h5"), "r+") as file:
            del file["one-shot"]
        result = self.dataset("d.h5", "--heads", self.path("trained.h5"), "--examples", 40, "--test-examples", 20)
        self.assertIn("has no label vectors (/one-shot/labels)", result.stderr)

    def test_rotations_and_fewer_classes(self):
        self.dataset("d.h5", *SMALL, "--train-classes", 12, "--augment", "rotations")
        self.assertRegex(self.check("d.h5"), r"(?m)^classes +48 train, 3 validation, 3 test$")

    def test_other_sizes(self):
        self.dataset("d.h5", *SMALL, "--image-size", 20, "--patch-size", 5, "--channels", 1)
        self.assertTrue(re.search(r"^train +40 examples, 48 tokens of width 25,", self.check("d.h5"), re.MULTILINE))


if __name__ == "__main__":
    unittest.main()
