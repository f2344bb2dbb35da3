"""Images that are missing or broken are refused in one line that names the file; so are wrong options."""

import gzip
import os
import unittest

from bad_input_case import BadInputCase
from image_files import bar, idx_images, idx_labels, png, write_digits, write_omniglot
from sweep_case import BAD_DATA, CANNOT_CREATE, NO_INPUT, OK, USAGE


class BadImages(BadInputCase):
    def setUp(self):
        super().setUp()
        self.digits = self.work / "digits"
        self.digits.mkdir()
        write_digits(self.digits)

    def options(self, changes):
        """Words of a small data set with other options, None to leave one out."""
        given = {"--images": "glyphs", "--random-heads": "1:1", "--examples": 8, "--test-examples": 2,
                 "--validation-examples": 2, "-o": "d.h5", **changes}
        return ["dataset", "one-shot", *(word for pair in given.items() if pair[1] is not None for word in pair)]

    def refuse(self, code, changes, *words):
        self.assert_refused(code, self.options(changes), *words)

    def refuse_digits(self, code, *words):
        self.refuse(code, {"--mnist": "digits"}, *words)

    def test_good_images_are_taken(self):
        self.assert_code(self.run_program(*self.options({"--mnist": "digits"}), cwd=self.work), OK)

    def test_missing_file(self):
        (self.digits / "t10k-labels-idx1-ubyte.gz").unlink()
        self.refuse_digits(NO_INPUT, "digits: has neither t10k-labels-idx1-ubyte nor t10k-labels-idx1-ubyte.gz", "download")
        self.refuse(NO_INPUT, {"--images": "nowhere"}, "nowhere: no such folder")
        (self.work / "empty").mkdir()
        self.refuse(NO_INPUT, {"--images": "empty"}, "empty: holds no images that are known")

    def test_truncated_gz(self):
        file = self.digits / "train-images-idx3-ubyte.gz"
        content = file.read_bytes()
        for part in (0.3, 0.6, 0.95):
            file.write_bytes(content[:int(part * len(content))])
            with self.subTest(part):
                self.refuse_digits(BAD_DATA, "digits/train-images-idx3-ubyte.gz: its compressed data end too soon")

    def test_wrong_magic_number(self):
        (self.digits / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx_labels(range(20))))
        self.refuse_digits(BAD_DATA, "train-images-idx3-ubyte.gz: starts with the number 0x00000801 of labels", "0x00000803")

    def test_size_against_header(self):
        images = idx_images([bar(number) for number in range(12)])
        for content, words in ((images[:-1], "but it holds 2351"), (images + b"x", "but it holds more")):
            (self.digits / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(content))
            self.refuse_digits(BAD_DATA, "promises 12 images of 14 x 14 pixels, 2352 bytes", words)

    def test_labels_and_images_of_different_counts(self):
        (self.digits / "train-labels-idx1-ubyte.gz").write_bytes(gzip.compress(idx_labels([0, 1, 0, 1, 1])))
        self.refuse_digits(BAD_DATA, "train-labels-idx1-ubyte.gz: has 5 labels", "train-images-idx3-ubyte.gz has 12 images")

    def test_too_few_images(self):
        self.refuse(USAGE, {"--mnist": "digits", "--test-examples": 8}, "mnist: 8 test examples", "choose at most 6")

    def test_broken_png(self):
        files = write_omniglot(self.work / "omniglot")
        good = files[7].read_bytes()
        for content in (good[:-20], good[:40], b"", b"GIF89a" + good):
            files[7].write_bytes(content)
            self.refuse(BAD_DATA, {"--images": "omniglot"}, "character01/0003_02.png: is not a whole PNG image")
        files[7].write_bytes(png(bar(1, side=15)))
        self.refuse(BAD_DATA, {"--images": "omniglot"}, "0003_02.png: has 15 x 15 pixels, the images before it 14 x 14")

    def test_fewer_classes_than_asked(self):
        write_omniglot(self.work / "omniglot")
        self.refuse(USAGE, {"--images": "omniglot", "--train-classes": 3},
                    "3 training classes were asked for, there are 2; choose at most 2")
        self.refuse(USAGE, {"--images": "digits"}, "digits: has 1 class for training")

    def test_unwritable_output(self):
        self.refuse(CANNOT_CREATE, {"-o": "missing/d.h5"}, "missing/d.h5: cannot be created")
        self.file("there.h5", "precious")
        self.refuse(CANNOT_CREATE, {"-o": "there.h5"}, "there.h5: is there already", "--force")

    @unittest.skipIf(os.geteuid() == 0, "root may write everywhere")
    def test_read_only_folder(self):
        (self.work / "locked").mkdir(mode=0o555)
        self.refuse(CANNOT_CREATE, {"-o": "locked/d.h5"}, "locked/d.h5: cannot be created")

    def test_options(self):
        for option, value, words in (
                ("--examples", 7, "examples = 7: half of the examples"),
                ("--test-examples", 3, "--test-examples = 3"),
                ("--validation-examples", -2, "--validation-examples = -2"),
                ("--patch-size", 5, "--patch-size = 5 does not divide --image-size = 32"),
                ("--image-size", 0, "--image-size = 0 is out of range"),
                ("--channels", 0, "--channels = 0 is out of range"),
                ("--train-classes", 1, "an episode needs two classes"),
                ("--augment", "mirrors", "--augment = mirrors is not known"),
                ("--heads", "a.h5", "either --heads FILE"),
                ("--random-heads", None, "--random-heads 4:4"),
                ("--random-heads", "2:0", "--random-heads"),
                ("--images", None, "'--images' is required"),
                ("--seed", -1, "--seed = -1 is negative")):
            with self.subTest(option=option, value=value):
                self.refuse(USAGE, {option: value}, words)

    def test_heads_of_another_network(self):
        def heads(*options):
            (self.work / "heads.h5").unlink(missing_ok=True)
            self.assert_code(self.run_program("dataset", *options, "-o", str(self.work / "heads.h5")), OK)
            return ["dataset", "one-shot", "--images", "glyphs", "--heads", "heads.h5", "-o", "d.h5"]
        one_shot = ["one-shot", "--images", "glyphs", "--train-classes", 2, "--random-heads", "1:1", "--examples", 2,
                    "--test-examples", 2, "--validation-examples", 0]
        self.assert_refused(USAGE, heads(*one_shot, "--patch-size", 4), "--patch-size = 8 but the heads in heads.h5 are for 4")
        self.assert_refused(USAGE, heads(*one_shot, "--image-size", 40), "--image-size = 32", "for 40")
        self.assert_refused(USAGE, heads("hidden-markov", "--feature-width", 6, "--tokens", 4, "--examples", 2,
                                         "--test-examples", 2), "heads.h5: heads are for tokens of width N0 = 11", "have 192")


if __name__ == "__main__":
    unittest.main()
