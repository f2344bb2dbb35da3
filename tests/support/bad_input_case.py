"""A test case for input that must be refused: one line, the right exit code, and nothing written."""

from sweep_case import SweepCase


class BadInputCase(SweepCase):
    def setUp(self):
        super().setUp()
        self.work = self.folder / "work"
        self.work.mkdir()

    def file(self, name, content=""):
        """Writes a file into the folder in which programs run."""
        path = self.work / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content)
        return path

    def files(self):
        return {path.name: path.read_bytes() for path in self.work.iterdir() if path.is_file()}

    def assert_refused(self, code, arguments, *words, ranks=None):
        """The program answers with one line that says these words, this exit code, and no change to any file."""
        before = self.files()
        result = self.run_program(*arguments, ranks=ranks, cwd=self.work, timeout=60)
        self.assert_code(result, code)
        self.assert_one_line(result, *words)
        self.assertEqual(result.stdout, "")
        self.assertEqual(self.files().keys(), before.keys())
        self.assertEqual(self.files(), before)
