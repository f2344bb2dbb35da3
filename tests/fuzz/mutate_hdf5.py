"""Damages HDF5 files at random and reads them through the command line: mutate_hdf5.py [SECONDS [SEED]]   (default: 30, 1)

Valid files of several layouts are made first: data sets, a trained network, a store, which is damaged both under its old seal and
under a new one. A finding is an end by a signal, a run of more than 20 s of processor time, exit code 70, or a refusal without its
one line. The file of a finding is kept in the present folder, and the exit code is 1."""

import collections
import ctypes
import ctypes.util
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

try:
    import h5py
    import numpy
except ImportError:
    print("making HDF5 files needs h5py (Debian package python3-h5py)")
    sys.exit(77)

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from launch import program

INTERNAL = 70
PROCESSOR_SECONDS = 20
WALL_SECONDS = 120  # the machine may be busy with other work
SEAL_BYTES = 512

ONE_SHOT = ["--images", "glyphs", "--image-size", "16"]


def data_set(path, kind):
    """A small data set as h5py writes it, its texts of variable length."""
    numbers = numpy.random.default_rng(0)
    examples, width, tokens, paths = 12, 5, 4, 4
    storage = {"chunks": (5, 5, 2), "compression": "gzip"} if kind == "chunked" else {}
    with h5py.File(path, "w", libver="latest" if kind == "latest" else None) as file:
        file.attrs.update({"format": "attnpaths-dataset", "version": 1, "readout": "average", "attention": "softmax"})
        for name in ("train", "test"):
            x = numbers.standard_normal((examples, width, tokens))
            y = numpy.arange(examples) % 2
            if kind == "xi":
                file.create_dataset(f"{name}/xi", data=x[:, :, :paths])
            else:
                file.create_dataset(f"{name}/x", data=x.astype("f2") if kind == "half" else x, **storage)
            file[f"{name}/y"] = y > 0 if kind == "bool" else 2.0 * y - 1
        if kind == "xi":
            file.attrs["heads"] = "2:2"
        else:
            for layer in ("layer1", "layer2"):
                file[f"heads/{layer}/W"] = numbers.standard_normal((2, width, width))
                file[f"heads/{layer}/names"] = ["copy", "random"]


def checksum():
    """XXH3 of 64 bits from the library that the program uses."""
    library = ctypes.CDLL(ctypes.util.find_library("xxhash"))
    library.XXH3_64bits.restype = ctypes.c_uint64
    library.XXH3_64bits.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
    return lambda content: library.XXH3_64bits(bytes(content), len(content))


def seal_anew(content):
    """Puts the right checksum and length of damaged content into a store's first block."""
    if len(content) <= SEAL_BYTES:
        return content
    words = bytes(content[:SEAL_BYTES]).split(b" of the ")[0].split(b" ")
    rest = content[SEAL_BYTES:]
    head = b" ".join(words[:-1]) + b" %016x of the %d bytes after these %d\n" % (checksum()(rest), len(rest), SEAL_BYTES)
    return bytearray(head.ljust(SEAL_BYTES, b"\0")) + rest


def mutate(content, chance, first):
    """Flips, overwrites, copies or cuts bytes from `first` on; most of it where the structures of a small file are."""
    content = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 4, 16))):
        if len(content) <= first + 16:
            break
        limit = chance.choice((len(content), min(len(content), first + 4096)))
        place = chance.randrange(first, limit)
        length = min(chance.choice((1, 2, 4, 8, 16)), len(content) - place)
        action = chance.randrange(6)
        if action == 0:
            content[place] ^= 1 << chance.randrange(8)
        elif action == 1:
            content[place] = chance.randrange(256)
        elif action == 2:
            content[place:place + length] = bytes([chance.choice((0, 0xff))]) * length
        elif action == 3:
            content[place:place + length] = chance.randbytes(length)
        elif action == 4:
            source = chance.randrange(first, len(content) - length)
            content[place:place + length] = content[source:source + length]
        elif chance.random() < 0.2:
            del content[place:]
    return content


class Fuzzer:
    def __init__(self, folder, seed):
        self.folder = Path(folder)
        self.chance = random.Random(seed)
        self.counts = collections.Counter()
        self.findings = 0
        self.environment = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
        self.cases = self.make_seeds()

    def make(self, *words):
        subprocess.run([program(), *map(str, words)], cwd=self.folder, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def make_seeds(self):
        """Name of each valid file, where its damage may begin, whether it is sealed anew, and the commands that read it."""
        check = [["dataset", "check", "FILE"]]
        cases = []
        for kind in ("plain", "chunked", "latest", "bool", "half", "xi"):
            data_set(self.folder / f"{kind}.h5", kind)
            cases.append((f"{kind}.h5", 0, False, check))
        self.make("dataset", "hidden-markov", "--feature-width", 6, "--tokens", 4, "--examples", 20, "--test-examples", 10,
                  "-o", "own.h5")
        cases.append(("own.h5", 0, False, check))
        self.make("train", *ONE_SHOT, "--width", 16, "--query-width", 8, "--heads", 2, "--episodes", 512, "--test-episodes", 0,
                  "--validate-every", 512, "--validation-episodes", 100, "-o", "network.h5")
        reads_network = [["dataset", "one-shot", *ONE_SHOT, "--heads", "FILE", "--examples", "4", "--test-examples", "4",
                          "--validation-examples", "4", "--force", "-o", "made.h5"],
                         ["prune", "FILE", "store.h5", "--width", "10", "--images", "glyphs", "--dataset", "none",
                          "--episodes", "20"]]
        cases.append(("network.h5", 0, False, reads_network))
        self.make("sweep", "--store", "store.h5", "--grid.width", "10 20", "--grid.examples", 20, "--task.feature_width", 20,
                  "--task.tokens", 8)
        reads_store = [["status", "FILE"], ["show", "FILE", "--csv"], ["verify", "FILE"]]
        cases.append(("store.h5", 0, False, reads_store))
        cases.append(("store.h5", SEAL_BYTES, True, reads_store))
        for name, _, _, commands in cases:
            for command in commands:
                code, errors, what = self.run([name if word == "FILE" else word for word in command])
                if what or (code != 0 and command[0] != "prune"):
                    raise SystemExit(f"{name} is valid, but {' '.join(command)} answers {code}: {errors}")
        return cases

    def run(self, words):
        """Exit code, standard error, and what is wrong with the answer."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        process = subprocess.Popen([program(), *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        try:
            output, errors = (text.decode(errors="replace") for text in process.communicate(timeout=WALL_SECONDS))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return process.returncode, "", f"no end within {WALL_SECONDS} s"
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        code = process.returncode
        lines = errors.strip("\n").count("\n") + 1 if errors.strip() else 0
        what = ""
        if code < 0:
            what = f"signal {-code}"
        elif code == INTERNAL:
            what = "exit code 70"
        elif code != 0 and lines != 1 and not (words[0] == "verify" and output.strip()):
            what = f"exit code {code} with {lines} lines"  # verify prints its verdict
        elif seconds > PROCESSOR_SECONDS:
            what = f"{seconds:.0f} s of processor time"
        return code, errors, what

    def step(self):
        name, first, is_sealed, commands = self.chance.choice(self.cases)
        content = mutate((self.folder / name).read_bytes(), self.chance, first)
        if is_sealed:
            content = seal_anew(content)
        damaged = self.folder / "damaged.h5"
        damaged.write_bytes(content)
        for command in commands:
            code, errors, what = self.run(["damaged.h5" if word == "FILE" else word for word in command])
            self.counts[" ".join(command[:2]) if command[0] == "dataset" else command[0], code] += 1
            for word in ("library crash", "busy without end"):
                self.counts["in the reader process", word] += word in errors
            if what:
                self.findings += 1
                kept = f"finding-{self.findings}.h5"
                shutil.copy(damaged, kept)
                print(f"{kept} ({name}): {' '.join(command)}: {what}: {errors.strip()[:300]}", flush=True)


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(folder, seed)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            fuzzer.step()
        for (command, outcome), count in sorted(fuzzer.counts.items(), key=str):
            print(f"{command}: {outcome}: {count}")
        print(f"{fuzzer.findings} findings")
        return 1 if fuzzer.findings else 0


if __name__ == "__main__":
    sys.exit(main())
