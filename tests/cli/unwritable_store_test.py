"""Full disks and read-only folders: one line, the right exit code, and what was committed is still there."""

import os
import subprocess
import unittest

from sweep_case import CANNOT_CREATE, OK, OUTPUT_ERROR, SMALL_TASK, SweepCase

GRID = [*SMALL_TASK, "--grid.width", "10 20 30 40 50 60 70 80 90 100", "--grid.examples", "20 40",
        "--grid.temperature", "0.1 1", "--no-samples", "--progress", "none"]
POINTS = 40


class Disk(SweepCase):
    """A test with a small disk of its own at disk/."""

    size = "size=160k"

    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", self.size, "attnpaths-test", str(self.disk)],
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if mounted.returncode != 0:
            self.skipTest(f"a small disk can be mounted by root only: {mounted.stdout.strip()}")
        self.addCleanup(subprocess.run, ["umount", str(self.disk)], check=True)

    def remount(self, options):
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.disk)], check=True)

    def space_left(self):
        disk = os.statvfs(self.disk)
        return disk.f_bavail * disk.f_frsize


class FullDisk(Disk):
    def check(self, ranks):
        result = self.sweep("disk/s.h5", *GRID, ranks=ranks, code=OUTPUT_ERROR)
        self.assert_one_line(result, "disk/s.h5", "No space left on device")
        done = self.finished("disk/s.h5")
        self.assertGreater(done, 0)
        self.assertLess(done, POINTS)
        self.assert_code(self.run_program("verify", self.path("disk/s.h5")), OK)
        before = self.points("disk/s.h5", "point/finished")

        self.remount("size=64m")
        self.sweep("disk/s.h5", *GRID, ranks=ranks)
        self.assert_complete("disk/s.h5", POINTS)
        after = self.points("disk/s.h5", "point/finished")
        self.assertEqual({key: after[key] for key in before}, before)
        self.undisturbed_sweep("whole.h5", *GRID)
        self.assert_identical("disk/s.h5", "whole.h5")

    def test_alone(self):
        self.check(None)

    def test_under_mpirun(self):
        self.check(3)

    def test_a_data_set_that_does_not_fit_leaves_nothing(self):
        result = self.run_program("dataset", "hidden-markov", "-o", self.path("disk/d.h5"))
        self.assert_code(result, OUTPUT_ERROR)
        self.assert_one_line(result, "disk/d.h5", "No space left on device")
        self.assertEqual(os.listdir(self.disk), [])


class FullAtAnyMoment(Disk):
    """Whatever is being written when the space ends, journal or store file, at its beginning or its end."""

    size = "size=1300k"

    def test_ends_with_one_line_and_goes_on_with_more_space(self):
        grid = [*SMALL_TASK, "--grid.width", "10 20", "--grid.examples", 20, "--no-samples", "--progress", "none"]
        for kibibytes in (40, 80, 150, 300, 600, 1300):
            with self.subTest(size=kibibytes):
                self.remount(f"size={kibibytes}k")
                result = self.sweep("disk/s.h5", *grid, code=OUTPUT_ERROR)
                self.assert_one_line(result, "disk/s.h5", "No space left on device")
                self.remount("size=64m")
                self.sweep("disk/s.h5", *grid)
                self.assert_complete("disk/s.h5", 2)
                for name in os.listdir(self.disk):
                    os.remove(self.disk / name)


class NoSpaceAtAll(Disk):
    size = "size=4k"

    def test_nothing_can_even_begin(self):
        (self.disk / "other").write_bytes(bytes(self.space_left()))
        for ranks in (None, 3):
            result = self.run_program("sweep", "--store", self.path("disk/s.h5"), *GRID, ranks=ranks)
            self.assertIn(result.returncode, (CANNOT_CREATE, OUTPUT_ERROR))
            self.assert_one_line(result, "disk/s.h5", "No space left on device")
            self.assertEqual(os.listdir(self.disk), ["other"])


class ReadOnlyFolder(Disk):
    size = "size=16m"

    def test_is_refused_and_can_be_read(self):
        grid = [*SMALL_TASK, "--grid.width", "10 30", "--grid.examples", "20"]
        self.sweep("disk/s.h5", *grid)
        self.remount("ro")
        for ranks in (None, 3):
            result = self.sweep("disk/new.h5", *grid, ranks=ranks, code=CANNOT_CREATE)
            self.assert_one_line(result, "disk/new.h5", "Read-only file system")
            result = self.sweep("disk/s.h5", *grid, "--grid.seed", 2, ranks=ranks, code=CANNOT_CREATE)
            self.assert_one_line(result, "disk/s.h5", "Read-only file system")
        self.assert_complete("disk/s.h5", 2)
        self.assertEqual(len(self.points("disk/s.h5")), 2)
        result = self.run_program("dataset", "hidden-markov", "-o", self.path("disk/d.h5"))
        self.assert_code(result, CANNOT_CREATE)
        self.assert_one_line(result, "disk/d.h5", "Read-only file system")
        result = self.run_program("merge", self.path("disk/m.h5"), self.path("disk/s.h5"))
        self.assert_code(result, CANNOT_CREATE)
        self.assert_one_line(result, "disk/m.h5", "Read-only file system")


if __name__ == "__main__":
    unittest.main()
