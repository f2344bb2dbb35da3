"""Completion as the shells do it: commands, options and values come from the registries, files where files are asked for."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRAM = os.environ["ATTNPATHS_BINARY"]

# What is typed, with the word that is being written last; what must be offered, and what must not.
CASES = [
    (["sw"], {"sweep"}, {"show"}),
    (["s"], {"sweep", "show", "status", "select", "submit"}, {"merge"}),
    (["sweep", "--grid.t"], {"--grid.temperature"}, {"--grid.width"}),
    (["sweep", "--progress", ""], {"auto", "bar", "lines", "none"}, {"store.h5"}),
    (["sweep", "--analyses.run", "next"], {"next-order"}, {"predictor"}),
    (["sweep", "x.ini", "--task.name", ""], {"hidden-markov", "induction"}, {"store.h5"}),
    (["sweep", "--analyses.samples", ""], {"true", "false"}, set()),
    (["sweep", "--grid.width", ""], set(), {"--store", "store.h5"}),
    (["show", "sto"], {"store.h5"}, {"--csv"}),
    (["show", "store.h5", "--c"], {"--csv", "--columns", "--compare"}, {"store.h5", "--json"}),
    (["dataset", "ind"], {"induction"}, {"chain"}),
    (["dataset", "chain", "--ste"], {"--steps"}, set()),
    (["dataset", "chain", "-o", "sto"], {"store.h5"}, set()),
    (["help", "saddle"], {"saddle-point"}, set()),
    (["help", "--completion", ""], {"bash", "zsh", "fish"}, set()),
    (["prune", "--by", ""], {"scores", "evidence"}, set()),
]

# Answers of zsh's own functions, as lines: what _describe, compadd and _files are told.
ZSH = r"""
_describe() { local -a items=("${(@P)2}"); print -rl -- "${(@)items%%:*}" }
compadd() { shift; print -rl -- "$@" }
_files() { print -rl -- *(N) }
_message() { : }
compset() { PREFIX=${PREFIX#*=} }
words=(attnpaths "$@"); CURRENT=$#words; PREFIX=$words[CURRENT]
functions[_all]="$(<script)"
_all
"""


class Completion(unittest.TestCase):
    def setUp(self):
        self.work = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.work)
        (self.work / "store.h5").touch()

    def script(self, shell):
        text = subprocess.run([PROGRAM, "help", "--completion", shell], check=True, capture_output=True, text=True).stdout
        (self.work / "script").write_text(text)

    def lines(self, *words):
        result = subprocess.run(words, cwd=self.work, capture_output=True, text=True, check=False,
                                env={**os.environ, "HOME": str(self.work), "XDG_CONFIG_HOME": str(self.work)})
        self.assertEqual(result.stderr, "")
        return result.stdout.splitlines()

    def hold_cases(self, offered):
        for typed, wanted, unwanted in CASES:
            with self.subTest(typed):
                words = {word for word in offered(typed) if word.startswith(typed[-1])}
                self.assertLessEqual(wanted, words)
                self.assertEqual(words & unwanted, set())

    def test_bash(self):
        self.script("bash")
        (line,) = self.lines("bash", "--norc", "-c", "source ./script; complete -p attnpaths")
        self.assertEqual(line, "complete -F _attnpaths attnpaths")
        complete = 'source ./script; COMP_WORDS=(attnpaths "$@"); COMP_CWORD=$#; _attnpaths; printf "%s\\n" "${COMPREPLY[@]}"'
        self.hold_cases(lambda typed: self.lines("bash", "--norc", "-c", complete, "bash", *typed))
        for typed in (["sweep", "--progress", "="], ["sweep", "--progress", "=", "ba"]):
            self.assertIn("bar", self.lines("bash", "--norc", "-c", complete, "bash", *typed))

    @unittest.skipUnless(shutil.which("fish"), "there is no fish")
    def test_fish(self):
        self.script("fish")

        def offered(typed):
            command = "source ./script; complete -C 'attnpaths " + " ".join(typed) + "'"
            return [line.split("\t")[0] for line in self.lines("fish", "--no-config", "-c", command)]
        self.hold_cases(offered)

    @unittest.skipUnless(shutil.which("zsh"), "there is no zsh")
    def test_zsh(self):
        self.script("zsh")
        self.hold_cases(lambda typed: self.lines("zsh", "-f", "-c", ZSH, "zsh", *typed))
        self.assertIn("lines", self.lines("zsh", "-f", "-c", ZSH, "zsh", "sweep", "--progress=li"))


if __name__ == "__main__":
    unittest.main()
