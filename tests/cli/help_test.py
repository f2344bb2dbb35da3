"""Help of every command: exit code 0, on standard output, with every option, and no option that does not exist."""

import json
import re
import unittest

from bad_input_case import BadInputCase
from sweep_case import OK, USAGE

OPTIONS = {
    ("sweep",): ["store", "dry-run", "retry-failed", "time-limit", "memory-per-rank", "progress", "wait",
                 "task.name", "task.file", "task.feature_width", "task.tokens", "task.test_examples", "task.beta",
                 "grid.width", "grid.examples", "grid.heads", "grid.depth", "grid.temperature", "grid.seed",
                 "theory.tolerance", "theory.second_start", "theory.spectrum", "theory.sub_networks",
                 "analyses.run", "sampling.chains", "sampling.warmup", "sampling.draws",
                 "theory.variance_input", "theory.variance_layers", "theory.variance_readout",
                 "store.file", "store.predictions", "run.memory_per_rank", "run.time_limit"],
    ("submit",): ["dry-run", "new", "task.name", "task.file", "grid.width", "grid.seed", "theory.tolerance", "analyses.run",
                  "store.predictions"],
    ("status",): ["json", "watch"],
    ("show",): ["csv", "json", "columns"],
    ("select",): ["by", "csv", "json"],
    ("verify",): [],
    ("merge",): [],
    ("train",): ["output", "images", "train-classes", "augment", "image-size", "patch-size", "channels", "layers", "heads",
                 "query-width", "width", "from", "episodes", "batch", "learning-rate", "weight-decay", "seed",
                 "validate-every", "validation-episodes", "test-episodes", "checkpoint-period", "time-limit", "progress"],
    ("prune",): ["images", "train-classes", "point", "width", "examples", "temperature", "dataset", "episodes", "shuffles", "seed",
                 "csv", "output", "write-pruned", "force"],
    ("dataset", "hidden-markov"): ["output", "force", "single-precision", "examples", "heads", "depth", "seed",
                                   "feature-width", "tokens", "test-examples", "beta"],
    ("dataset", "induction"): ["output", "force", "examples", "heads", "seed", "alphabet", "length", "order", "alpha", "classes",
                               "layers", "random-deviation", "test-examples"],
    ("dataset", "chain"): ["output", "examples", "heads", "depth", "seed", "alphabet", "steps", "shown", "random-deviation",
                           "test-examples"],
    ("dataset", "graph"): ["output", "examples", "seed", "nodes", "mean-degree", "homophily", "node-features", "signal",
                           "labelled-nodes", "layers", "eigenvectors", "edges", "features", "labels"],
    ("dataset", "one-shot"): ["output", "force", "images", "mnist", "fashion-mnist", "heads", "random-heads", "head-width",
                              "examples", "test-examples", "validation-examples", "train-classes", "augment",
                              "image-size", "patch-size", "channels", "seed"],
    ("dataset", "check"): [],
    ("help",): ["man", "completion"],
}


def options_in(text):
    return set(re.findall(r"^  (?:-\w \[ )?--([\w.-]+)", text, re.MULTILINE))


class Help(BadInputCase):
    def help_of(self, *words):
        result = self.run_program(*words, cwd=self.work)
        self.assert_code(result, OK)
        self.assertEqual(result.stderr, "")
        self.assertEqual(self.files(), {})
        return result.stdout

    def test_program(self):
        texts = {self.help_of(word) for word in ("--help", "-h", "help")}
        self.assertEqual(len(texts), 1)
        (text,) = texts
        for command in {words[0] for words in OPTIONS}:
            self.assertRegex(text, rf"(?m)^  {command} ")
        for code in (64, 65, 66, 70, 73, 75):
            self.assertIn(str(code), text)

    def test_of_an_analysis(self):
        text = self.help_of("help", "predictor")
        for part in ("predictor: ", "source: ", "cost: ", "needs:  saddle-point", "store.predictions", "theory/accuracy",
                     "predictor/mean"):
            self.assertIn(part, text)
        self.assertIn('run by: --analyses.run "default weight-samples"', self.help_of("help", "weight-samples"))
        self.assert_refused(USAGE, ["help", "guess"], 'there is no command or analysis "guess"; there are sweep, ')
        self.assert_refused(USAGE, ["help", "swep"], "did you mean sweep?")
        self.assertEqual(self.help_of("help", "merge"), self.help_of("merge", "--help"))

    def test_registries_as_json(self):
        registries = json.loads(self.help_of("help", "--json"))
        settings = {setting["name"]: setting for group in registries["setting_groups"] for setting in group["settings"]}
        self.assertEqual(settings.keys(), {option for option in options_in(self.help_of("sweep", "--help")) if "." in option})
        self.assertEqual(settings["theory.tolerance"]["default"], "1e-10")
        for task in registries["tasks"]:
            self.assertIn(f"{task['name']}: {task['summary']}", settings["task.name"]["description"])
        for analysis in registries["analyses"]:
            with self.subTest(analysis["name"]):
                text = self.help_of("help", analysis["name"])
                self.assertIn(f"cost:   {analysis['cost_seconds']:.2g} s ", text)
                for column in analysis["columns"]:
                    self.assertIn(f"  {column['name']} ", text)
        self.assertIn("point/temperature", {column["name"] for column in registries["point_columns"]})

    def test_commands_tell_usage_and_every_option(self):
        for words, options in OPTIONS.items():
            with self.subTest(words):
                text = self.help_of(*words, "--help")
                self.assertEqual(self.help_of(*words, "-h"), text)
                self.assertTrue(text.startswith(f"usage: attnpaths {' '.join(words)} "), text)
                self.assertEqual({*options, "help"} - options_in(text), set())
        text = self.help_of("dataset", "--help")
        for kind in ("hidden-markov", "one-shot", "check"):
            self.assertRegex(text, rf"(?m)^  {kind} ")

    def test_every_option_in_a_help_text_exists(self):
        for words in OPTIONS:
            for option in options_in(self.help_of(*words, "--help")) - {"help"}:
                if words in (("sweep",), ("submit",)) and "." in option:
                    continue
                with self.subTest(words, option=option):
                    topic = ["predictor"] if words == ("help",) else []    # with which no option of help goes
                    result = self.run_program(*words, *topic, f"--{option}", cwd=self.work)
                    self.assert_code(result, USAGE)
                    self.assertNotRegex(result.stderr, "unknown|unrecogni[sz]ed")

    def test_every_key_in_the_help_of_sweep_is_one_of_the_configuration_file(self):
        keys = sorted(option for option in options_in(self.help_of("sweep", "--help")) if "." in option)
        self.assertGreater(len(keys), 25)
        lines = [f"[{key.split('.')[0]}]\n{key.split('.')[1]} = ?\n" for key in keys]
        self.file("all.ini", "".join(lines))
        self.assert_refused(USAGE, ["sweep", "all.ini"], "all.ini:", "\"?\"")

    def test_help_wins_over_other_words(self):
        self.assertIn("usage: attnpaths sweep", self.run_program("sweep", "missing.ini", "--colour", "--help").stdout)

    def test_version(self):
        for word in ("--version", "-v"):
            self.assertRegex(self.help_of(word), r"^attnpaths \d+\.\d+\.\d+ \(\S+, [\d-]+\)\nbuild ")

    def test_no_command_is_a_mistake_that_shows_the_help(self):
        result = self.run_program()
        self.assert_code(result, USAGE)
        self.assertEqual(result.stdout, "")
        self.assertIn("usage: attnpaths COMMAND", result.stderr)


if __name__ == "__main__":
    unittest.main()
