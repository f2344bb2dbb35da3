"""A store that is damaged, foreign or of another version is refused, and left as it is."""

import random
import signal
import unittest

from bad_input_case import BadInputCase
from sweep_case import BAD_DATA, MEDIUM_TASK, OK, SMALL_TASK

GRID = [*SMALL_TASK, "--grid.width", "10 30 100", "--grid.examples", "20 40", "--progress", "none"]

# Points of some tens of milliseconds.
KILLED = [*MEDIUM_TASK, "--no-samples", "--grid.width", "10..49", "--theory.tolerance", "1e-8"]


class BadStore(BadInputCase):
    def setUp(self):
        super().setUp()
        self.undisturbed_sweep("good.h5", *GRID)
        self.content = (self.folder / "good.h5").read_bytes()

    def refuse_to_sweep(self, *words):
        self.assert_refused(BAD_DATA, ["sweep", *GRID, "--store", "s.h5"], "s.h5", *words)

    def test_one_hundred_damaged_bytes_anywhere(self):
        generator = random.Random(1)
        length = len(self.content)
        places = [0, 17, 100, 450, 512, length - 100, *(generator.randrange(length - 100) for _ in range(8))]
        for place in places:
            with self.subTest(place=place):
                damage = bytes(byte ^ generator.randrange(1, 256) for byte in self.content[place:place + 100])
                self.file("s.h5", self.content[:place] + damage + self.content[place + 100:])
                self.refuse_to_sweep()
                result = self.run_program("verify", "s.h5", cwd=self.work)
                self.assert_code(result, BAD_DATA)
                self.assertIn("s.h5", result.stdout + result.stderr)
                # Those that do not read every byte may not notice; they must not crash.
                for command in ("status", "show"):
                    self.assertIn(self.run_program(command, "s.h5", cwd=self.work).returncode, (OK, BAD_DATA))

    def test_one_flipped_bit(self):
        for place in range(0, len(self.content), len(self.content) // 5):
            with self.subTest(place=place):
                self.file("s.h5", self.content[:place] + bytes([self.content[place] ^ 1]) + self.content[place + 1:])
                self.refuse_to_sweep()

    def test_cut_short(self):
        for length in (0, 1, 511, 512, 5000, len(self.content) - 1):
            with self.subTest(length=length):
                self.file("s.h5", self.content[:length])
                self.refuse_to_sweep()
                for command in ("status", "show"):
                    self.assert_refused(BAD_DATA, [command, "s.h5"], "s.h5")

    def test_of_another_version(self):
        self.assertTrue(self.content.startswith(b"attnpaths-store 2\n"))
        self.file("s.h5", self.content.replace(b"attnpaths-store 2\n", b"attnpaths-store 9\n", 1))
        self.refuse_to_sweep("is a store of version 9, but this program reads version 2")
        for command in ("status", "show"):
            self.assert_refused(BAD_DATA, [command, "s.h5"], "is a store of version 9, but this program reads version 2")

    def test_not_a_store(self):
        for content in ("notes of an afternoon\n", "\x89HDF\r\n\x1a\n and so on"):
            with self.subTest(content):
                self.file("s.h5", content)
                self.refuse_to_sweep("is not an attnpaths store")
                for command in ("status", "show"):
                    self.assert_refused(BAD_DATA, [command, "s.h5"], "is not an attnpaths store")

    def test_a_journal_of_another_version(self):
        self.file("s.h5", self.content)
        self.file("s.h5.journal", b"attnpaths-journal\n" + bytes([9, 0, 0, 0]))
        self.refuse_to_sweep("s.h5.journal", "version 9")


class DamagedJournal(BadInputCase):
    def test_what_was_in_the_damaged_bytes_is_computed_again(self):
        running = self.start_sweep("s.h5", *KILLED)
        self.wait_for_points("s.h5", 25)  # of 40: what is left is computed after every damage
        running.send(signal.SIGKILL)
        running.wait()
        self.sweep("whole.h5", *KILLED)
        journal = self.folder / "s.h5.journal"
        content = journal.read_bytes()
        generator = random.Random(2)
        for place in (generator.randrange(22, len(content) - 100) for _ in range(3)):
            with self.subTest(place=place):
                for name in ("s.h5", "s.h5.lock"):
                    (self.folder / name).unlink(missing_ok=True)
                damage = bytes(byte ^ generator.randrange(1, 256) for byte in content[place:place + 100])
                journal.write_bytes(content[:place] + damage + content[place + 100:])
                result = self.sweep("s.h5", *KILLED)
                self.assertIn("damaged", result.stderr)
                self.assert_complete("s.h5", 40)
                self.assert_identical("s.h5", "whole.h5")

    def test_every_reader_says_what_it_could_not_read(self):
        running = self.start_sweep("s.h5", *KILLED)
        self.wait_for_points("s.h5", 10)
        running.send(signal.SIGKILL)
        running.wait()
        (self.folder / "s.h5.lock").unlink(missing_ok=True)
        journal = self.folder / "s.h5.journal"
        content = journal.read_bytes()
        rows = len(self.points("s.h5"))
        commands = (["show", "--csv"], ["status"], ["status", "--json"], ["merge"], ["verify"])
        for place in range(22, len(content), max(1, len(content) // 12)):
            journal.write_bytes(content[:place] + bytes([content[place] ^ 16]) + content[place + 1:])
            for command in commands:
                with self.subTest(place=place, command=command):
                    out = [self.path("joined.h5")] if command == ["merge"] else []
                    result = self.run_program(command[0], *out, self.path("s.h5"), *command[1:])
                    self.assert_code(result, BAD_DATA)
                    self.assertIn("s.h5.journal: ", result.stdout if command == ["verify"] else result.stderr)
                    self.assertFalse((self.folder / "joined.h5").exists())
        journal.write_bytes(content)
        self.assertEqual(len(self.points("s.h5")), rows)


if __name__ == "__main__":
    unittest.main()
