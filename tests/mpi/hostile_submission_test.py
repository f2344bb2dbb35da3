"""Another user who may write the submission folder, and means ill: nothing he leaves there ends the sweep, changes a file of its
user's, passes for somebody else, or keeps a signal from being answered. Needs root, to make that user."""

import json
import os
import pwd
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

import launch
from submit_case import QUICK, SubmitCase
from sweep_case import OK

INTRUDER = "attnpathsintruder"
LONG_AGO = 1600000000


def submission(parts, asked_by="root@vm"):
    return {"format": "attnpaths-submission", "version": 1, "id": "x", "asked_by": asked_by, "at": "2026-01-01T00:00:00Z",
            "parts": parts, "keys": []}


def part(**settings):
    return [{"name": "", "settings": {key.replace("__", "."): [value, "intruder.ini:1"] for key, value in settings.items()}}]


@unittest.skipUnless(os.geteuid() == 0, "needs root to make a second user")
class AnIntruder(SubmitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        subprocess.run(["useradd", "--no-create-home", "--shell", "/bin/false", INTRUDER], check=False, capture_output=True)
        cls.user = pwd.getpwnam(INTRUDER)
        cls.addClassCleanup(subprocess.run, ["userdel", INTRUDER], check=False, capture_output=True)

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)
        self.running = self.start_waiting("s.h5", "--progress", "none", ranks=2)
        self.box = Path(self.path("s.h5.queue"))
        self.box.mkdir(exist_ok=True)
        self.box.chmod(0o777)

    def as_intruder(self, code, *arguments):
        """Runs Python as the other user in the submission folder."""
        def become():
            os.setgroups([])
            os.setgid(self.user.pw_gid)
            os.setuid(self.user.pw_uid)
        subprocess.run([sys.executable, "-c", code, *map(str, arguments)], cwd=self.box, preexec_fn=become, check=True)

    def leave(self, name, text):
        """The intruder writes a file, as old as if it had always been there."""
        source = self.folder / "scratch" / "text"
        source.write_text(text)
        source.chmod(0o644)
        (self.folder / "scratch").chmod(0o755)
        self.as_intruder("import os, shutil, sys\nshutil.copyfile(sys.argv[1], '.part')\n"
                         f"os.utime('.part', ({LONG_AGO}, {LONG_AGO}))\nos.rename('.part', sys.argv[2])", source, name)

    def reason(self, name, timeout=60):
        """Why a submission was set aside, once it is."""
        file = self.box / f"{name}.rejected"
        launch.wait_until(file.exists, timeout, f"{name} to be set aside")
        return json.loads(file.read_text())["rejected"]

    def assert_sweep_goes_on(self):
        result = self.submit("s.h5", *QUICK, "--grid.width", "10")
        self.assertIn("takes it", result.stdout)
        launch.wait_until(lambda: self.finished("s.h5") >= 1, 60, "the point of an honest submission")

    def test_broken_and_hostile_submissions_are_set_aside_at_once(self):
        attacks = {
            "deep": ('{"format": "attnpaths-submission", "version": 1, "asked_by": "x@y", "at": "", "parts": '
                     + "[" * 100000 + "]" * 100000 + "}", "nested more than"),
            "garbage": ("\x00\x01 not json", "is not a whole submission"),
            "large": ("x" * (17 << 20), "a submission has 16777216 at most"),
            "crash": (json.dumps(submission(part(task__name="rehearsal", task__crash_widths="10", grid__width="10"))),
                      "cannot be submitted"),
            "hang": (json.dumps(submission(part(task__name="rehearsal", task__hang_widths="10", grid__width="10"))),
                     "cannot be submitted"),
            "paths": (json.dumps(submission(part(grid__width="10", grid__depth="64"))), ""),
            "grid": (json.dumps(submission(part(grid__width=" ".join(map(str, range(1, 3000))),
                                                grid__seed=" ".join(map(str, range(3000))),
                                                grid__temperature=" ".join(f"{i}e-3" for i in range(1, 900))))), ""),
            "keys": (json.dumps({**submission(part(grid__width="10")), "keys": 3}), "asks for more than"),
        }
        for name, (text, _) in attacks.items():
            self.leave(f"{name}.json", text)
        for name, (_, reason) in attacks.items():
            self.assertIn(reason, self.reason(name, 300))
        self.assert_sweep_goes_on()
        self.end_waiting(self.running)

    def test_links_and_pipes_lead_nowhere(self):
        precious = self.folder / "precious"
        precious.write_text("precious")
        secret = self.folder / "secret.json"
        secret.write_text(json.dumps(submission(part(grid__width="10"))))
        secret.chmod(0o600)
        self.as_intruder("import os, sys\nos.mkfifo('pipe.json')\nos.symlink(sys.argv[2], 'link.json')\n"
                         "os.mkdir('folder.json')\nos.symlink(sys.argv[1], '.bad.rejected.tmp')\n"
                         "os.symlink(sys.argv[1], 'bad.rejected')\nos.symlink('/dev/zero', 'zero.json')", precious, secret)
        self.leave("bad.json", "not json")
        for name, reason in {"pipe": "is a pipe", "link": "symbolic link", "zero": "symbolic link",
                             "bad": "not a whole submission"}.items():
            self.assertIn(reason, self.reason(name))
        self.assertEqual(precious.read_text(), "precious")
        self.assert_sweep_goes_on()
        self.end_waiting(self.running)

    def test_nobody_passes_for_somebody_else(self):
        settings = {QUICK[i][2:].replace(".", "__"): str(QUICK[i + 1]) for i in range(0, len(QUICK), 2)}
        self.leave("forged.json", json.dumps(submission(part(**settings, grid__width="20"), asked_by="root@\x1b[31mvm\u202e")))
        launch.wait_until(lambda: self.finished("s.h5") >= 1, 60, "the point of the forged submission")
        points = self.points("s.h5", "point/asked_by")
        for point in points.values():
            self.assertTrue(point["point/asked_by"].startswith(INTRUDER + "@"), point)
            self.assertNotIn("\x1b", point["point/asked_by"])
            self.assertNotIn("\u202e", point["point/asked_by"])
        self.end_waiting(self.running)

    def test_a_signal_is_answered_while_data_are_read_that_never_end(self):
        data = self.folder / "endless.h5"
        os.mkfifo(data)
        data.chmod(0o666)
        self.leave("endless.json", json.dumps(submission(part(task__name="dataset", task__file=str(data), grid__width="10"))))
        time.sleep(2)
        start = time.monotonic()
        self.end_waiting(self.running)
        self.assertLess(time.monotonic() - start, 20)


if __name__ == "__main__":
    unittest.main()
