"""attnpaths.theory in a process with threads, signals and children, and where it is not built."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import attnpaths
from test_theory import ANALYSIS, example, solve, theory


def test_threads_take_turns_and_agree():
    xi, y = example()
    saddle = solve(xi, y)
    expected = (saddle.action, saddle.predict(xi).mean.sum(), theory.next_order(saddle).smallest_eigenvalue)
    found = set()

    def ask():
        for _ in range(100):  # two threads at once in the linear algebra were seen in one of a hundred calls
            own = solve(xi, y)
            found.add((own.action, saddle.predict(xi).mean.sum(), theory.next_order(own).smallest_eigenvalue))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {expected}


def python(code, **environment):
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            env={**os.environ, "PYTHONPATH": f"{ANALYSIS}:{Path(__file__).parent}", **environment})


def test_ctrl_c_ends_long_work():
    process = python("""
        from test_theory import example, theory
        xi, y = example(400, N0=40, heads=(7, 7))
        print("begun", flush=True)
        theory.saddle_point(xi, y, heads=(7, 7), width=100, temperature=1e-3)
        print("done")""")
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0].endswith("KeyboardInterrupt\n")


LONG_WORK_OF_A_THREAD = textwrap.dedent("""
    import os, signal, threading, time
    from test_theory import example, solve, theory
    xi, y = example(400, N0=40, heads=(7, 7))
    long_work = lambda: theory.saddle_point(xi, y, heads=(7, 7), width=100, temperature=1e-3)
    threading.Thread(target=long_work, daemon=True).start()
    time.sleep(0.5)
""")


def test_who_waits_for_a_turn_answers_to_ctrl_c():
    process = python(LONG_WORK_OF_A_THREAD + textwrap.dedent("""
        print("begun", flush=True)
        try:
            solve(*example())
        except KeyboardInterrupt:
            print("left", flush=True)
            os._exit(0)
        print("done")"""))
    assert process.stdout.readline() == "begun\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0] == "left\n"


def test_a_child_process_does_not_wait_for_a_thread_of_its_parent():
    process = python(LONG_WORK_OF_A_THREAD + textwrap.dedent("""
        child = os.fork()
        if child == 0:
            solve(*example())
            os._exit(7)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        os._exit(0)"""))
    assert process.communicate(timeout=60)[0] == "7\n"


def test_a_signal_handler_may_compute():
    process = python("""
        import os, signal, threading
        from test_theory import example, solve, theory
        signal.signal(signal.SIGALRM, lambda *_: (print(solve(*example()).is_certified, flush=True), os._exit(0)))
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        xi, y = example(400, N0=40, heads=(7, 7))
        theory.saddle_point(xi, y, heads=(7, 7), width=100, temperature=1e-3)""")
    assert process.communicate(timeout=60)[0] == "True\n"


def test_where_it_is_not_built_that_is_said(tmp_path):
    (tmp_path / "attnpaths").symlink_to(ANALYSIS / "attnpaths")
    code = f"""
        import sys
        sys.path[0] = {str(tmp_path)!r}
        import attnpaths.compiled
        from pathlib import Path
        attnpaths.compiled.BUILD_TREE = "nowhere"
        import attnpaths.theory"""
    said = python(code, ATTNPATHS_THEORY="").communicate(timeout=60)[0].splitlines()[-1]
    assert said.startswith("ImportError: attnpaths.theory: its compiled part (_theory.") and "pip does not make it" in said
    said = python("import attnpaths.theory", ATTNPATHS_THEORY="/nowhere.so").communicate(timeout=60)[0].splitlines()[-1]
    assert said.startswith("ImportError: /nowhere.so"), said
    assert not hasattr(attnpaths, "compiled_theory")
