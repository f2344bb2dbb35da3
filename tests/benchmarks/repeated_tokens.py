"""Writes a data set file of many tokens in seconds: a few compressed chunks of examples, repeated.

usage: repeated_tokens.py FILE GIGABYTES        (of 64-bit numbers; on disk about a fiftieth)
"""

import sys
import zlib

import h5py
import numpy as np

WIDTH, TOKENS = 16, 40
CHUNK = 512  # examples
DIFFERENT = 8  # chunks


def main(path: str, gigabytes: float) -> None:
    random = np.random.default_rng(1)
    chunks = -(-round(gigabytes * 1e9 / (8 * WIDTH * TOKENS)) // CHUNK)
    examples = chunks * CHUNK
    with h5py.File(path, "w") as file:
        file.attrs["format"] = "attnpaths-dataset"
        file.attrs["version"] = 2
        file.attrs["readout"] = "last"
        file.attrs["attention"] = "softmax"
        file["heads/layer1/W"] = random.normal(size=(2, WIDTH, WIDTH))
        for group, count in (("train", examples), ("test", CHUNK)):
            x = file.create_dataset(
                f"{group}/x",
                (count, WIDTH, TOKENS),
                dtype="f8",
                chunks=(CHUNK, WIDTH, TOKENS),
                compression="gzip",
            )
            blocks = [random.integers(0, 2, (CHUNK, WIDTH, TOKENS)).astype("f8") for _ in range(DIFFERENT)]
            packed = [zlib.compress(block.tobytes(), 9) for block in blocks]
            for number in range(count // CHUNK):
                x.id.write_direct_chunk((number * CHUNK, 0, 0), packed[number % DIFFERENT])
            # Alternating, so that both classes are everywhere in the file.
            file[f"{group}/y"] = np.resize([1.0, -1.0], count)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
