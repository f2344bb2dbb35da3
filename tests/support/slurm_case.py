"""A test case that submits sweeps to the Slurm of tests/slurm/cluster.sh, and finds and watches their jobs and processes."""

import os
import re
import subprocess
import time
from pathlib import Path

import launch
from sweep_case import SweepCase

ROOT = Path(__file__).resolve().parents[2]
ENDED = {"COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "NODE_FAIL", "OUT_OF_MEMORY", "BOOT_FAIL", "PREEMPTED"}
ASKED_EACH = 0.2  # seconds: each question to Slurm is a process


class SlurmCase(SweepCase):
    def setUp(self):
        super().setUp()
        if "SLURM_CONF" not in os.environ:
            self.fail("no Slurm to test with: start tests/slurm/run.sh, which brings one up")
        self.config = self.path("sweep.ini")
        Path(self.config).write_text("# All keys come from the command line.\n")
        self.addCleanup(self.cancel_all)

    def cancel_all(self):
        self.slurm("scancel", "--full", "--signal=KILL", "--user=root", check=False)
        self.slurm("scancel", "--user=root", check=False)
        launch.wait_until(lambda: not self.slurm("squeue", "-h").strip(), 60, "the end of all jobs", ASKED_EACH)

    @staticmethod
    def slurm(*words, check=True):
        """Output of a command of Slurm."""
        result = subprocess.run(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
        if check and result.returncode != 0:
            raise AssertionError(f"{words}: {result.stderr}")
        return result.stdout

    def submit(self, store, grid, *options, after=(), **environment):
        """Submits a sweep by jobs/submit.sh. `options` go before `--`, `after` behind it. Returns the number of the job."""
        words = ["bash", str(ROOT / "jobs" / "submit.sh"), self.config, "--store", self.path(store),
                 *map(str, options), *map(str, grid), *(["--", *after] if after else [])]
        result = subprocess.run(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.folder,
                                env={**os.environ, "ATTNPATHS_BINARY": launch.program(), **environment})
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertIn("+ sbatch ", result.stdout)
        return int(re.search(r"^job (\d+)$", result.stdout, re.MULTILINE).group(1))

    def log(self, store, job):
        """What a job has printed so far, over all its requeues."""
        path = Path(self.path(f"{store.removesuffix('.h5')}.slurm-{job}.log"))
        return path.read_text(errors="replace") if path.exists() else ""

    def job(self, job):
        """Fields of `scontrol show job`."""
        return dict(word.split("=", 1) for word in self.slurm("scontrol", "show", "job", "-o", str(job)).split() if "=" in word)

    def wait_for_end(self, job, timeout):
        """Waits until a job has ended for good. Returns its fields."""
        launch.wait_until(lambda: self.job(job)["JobState"] in ENDED, timeout, f"the end of job {job}", ASKED_EACH)
        return self.job(job)

    def wait_until_running(self, job, timeout=60):
        launch.wait_until(lambda: self.job(job)["JobState"] == "RUNNING", timeout, f"the start of job {job}", ASKED_EACH)

    def assert_completed(self, job, log):
        self.assertEqual((job["JobState"], job["ExitCode"]), ("COMPLETED", "0:0"), log)

    @staticmethod
    def all_processes(job):
        """pids of a job's script and of all that it started, by the raw number of the job; without Slurm's own daemons."""
        return [pid for pid in processes_of_cluster() if launch.environment_of(pid).get("SLURM_JOB_ID") == str(job)]

    @classmethod
    def ranks_on(cls, node, job):
        """pids of a job's ranks on a node."""
        return [pid for pid in cls.all_processes(job)
                if launch.runs_program(pid) and launch.environment_of(pid).get("SLURMD_NODENAME") == node]

    @staticmethod
    def daemons_of(node, job):
        """pids of Slurm's daemons of a job's steps on a node, which have the ranks as children."""
        parents = {int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
                   for pid in SlurmCase.ranks_on(node, job)}
        return [pid for pid in parents if Path(f"/proc/{pid}/comm").read_text().strip() == "slurmstepd"]

    @staticmethod
    def processes(job):
        """pids of a job: 'master', 'workers' (a list), 'srun', and 'stepd', the daemons of its latest step (a list)."""
        found = {"master": None, "workers": [], "srun": None, "stepd": []}
        steps = {}
        for pid in processes_of_cluster():
            try:
                name = Path(f"/proc/{pid}/comm").read_text().strip()
                title = Path(f"/proc/{pid}/cmdline").read_text(errors="replace")
            except OSError:
                continue
            if name == "slurmstepd":
                step = re.search(r"\[(\d+)\.(\d+)\]", title)
                if step and step.group(1) == str(job):
                    steps.setdefault(int(step.group(2)), []).append(pid)
            elif name == "srun" or launch.runs_program(pid):
                environment = launch.environment_of(pid)
                if environment.get("SLURM_JOB_ID") != str(job) or not launch.is_alive(pid):
                    continue
                if name == "srun":
                    # srun has a child of its own, of the same name.
                    found["srun"] = min(pid, found["srun"] or pid)
                elif environment.get("PMIX_RANK") == "0":
                    found["master"] = pid
                elif "PMIX_RANK" in environment:
                    found["workers"].append(pid)
        if steps:
            found["stepd"] = steps[max(steps)]
        return found


def processes_of_cluster():
    """pids of what belongs to the Slurm under test, and not to another one of this machine, whose jobs have the same numbers."""
    return [pid for pid in (int(name) for name in os.listdir("/proc") if name.isdigit())
            if launch.environment_of(pid).get("SLURM_CONF") == os.environ["SLURM_CONF"]]
