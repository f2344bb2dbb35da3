"""A test case that trains a network small enough to learn invented glyphs in about a second."""

import subprocess

from sweep_case import OK, SweepCase

# 12 tokens of 8 x 8 pixels; 87 % of unseen glyphs after 50,000 episodes.
SMALL_NETWORK = ["--images", "glyphs", "--image-size", 16, "--width", 64, "--query-width", 16, "--heads", 2]
SMALL_RUN = [*SMALL_NETWORK, "--episodes", "12800", "--validate-every", "2560", "--validation-episodes", 500,
             "--test-episodes", 1000]

# Everything in a training file but the time it took.
DECISIVE = ["/heads", "/network", "/one-shot", "/training/weights", "/training/adam_mean", "/training/adam_square",
            "/training/curve/train_loss", "/training/curve/validation_accuracy"]


class TrainingCase(SweepCase):
    def train(self, name, *options, ranks=None, code=OK):
        result = self.run_program("train", *options, "-o", self.path(name), ranks=ranks)
        self.assert_code(result, code)
        return result

    def start_training(self, name, *options, ranks=None):
        return self.start_program("train", *options, "-o", self.path(name), ranks=ranks)

    def differences(self, name, other, tolerance=0):
        """What differs between two training files, as h5diff has it."""
        text = ""
        for item in DECISIVE:
            words = ["h5diff", *(["-d", str(tolerance)] if tolerance else []), self.path(name), self.path(other), item]
            result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if result.returncode != 0:
                text += f"{item}: {result.stdout}"
        return text

    def assert_same_training(self, name, other, tolerance=0):
        self.assertEqual(self.differences(name, other, tolerance), "")
