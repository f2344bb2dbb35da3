"""A test case with a network trained on invented glyphs for a second, a data set made with its heads, and a sweep."""

from sweep_case import OK
from training_case import TrainingCase

IMAGES = ["--images", "glyphs"]
NETWORK = [*IMAGES, "--image-size", 16, "--width", 32, "--query-width", 8, "--heads", "3:2", "--episodes", "12800",
           "--test-episodes", 0]
INPUTS = ("n.h5", "d.h5", "s.h5")


class PruningCase(TrainingCase):
    made = {}  # contents of INPUTS by temperatures

    def make_inputs(self, folder, temperatures=0.5):
        """Leaves n.h5, d.h5 and s.h5 in a folder and runs there; they are made once for all tests."""
        if temperatures in PruningCase.made:
            for name, content in zip(INPUTS, PruningCase.made[temperatures]):
                (folder / name).write_bytes(content)
            return
        data = ["dataset", "one-shot", *IMAGES, "--image-size", 16, "--heads", "n.h5", "--examples", 60, "--test-examples", 100,
                "--validation-examples", 60, "-o", "d.h5"]
        store = ["sweep", "--store", "s.h5", "--task.name", "dataset", "--task.file", "d.h5", "--grid.width", "10 20",
                 "--grid.examples", 60, "--grid.temperature", temperatures]
        for words in (["train", *NETWORK, "-o", "n.h5"], data, store):
            self.assert_code(self.run_program(*words, cwd=folder), OK)
        PruningCase.made[temperatures] = [(folder / name).read_bytes() for name in INPUTS]
