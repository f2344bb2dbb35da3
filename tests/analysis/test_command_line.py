import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from attnpaths.__main__ import main
from synthetic_store import accuracy, failed_point, order_parameter, point, sampled_point

ANALYSIS = Path(__file__).resolve().parents[2] / "analysis"


def test_figures_are_written(make_store, tmp_path):
    store = make_store([point(width) for width in (10, 100)])
    for arguments in (["figure2"], ["accuracy", "--quantity", "accuracy-mnist"],
                      ["order-parameter", "--where", "width=10"]):
        file = tmp_path / f"{arguments[0]}.png"
        assert main([arguments[0], store, "-o", str(file), *arguments[1:]]) == 0
        assert file.stat().st_size > 10_000


def test_samples_and_draws_are_written(make_store, tmp_path):
    store = make_store([sampled_point(10, draws=20), sampled_point(10, heads=(2, 1))])
    for arguments in (["sampled-order-parameter", "--where", "heads=2"], ["trace", "--where", "heads=2"]):
        file = tmp_path / f"{arguments[0]}.png"
        assert main([arguments[0], store, "-o", str(file), *arguments[1:]]) == 0
        assert file.stat().st_size > 10_000
    assert main(["figure2", store, store, "-o", str(tmp_path / "two.pdf"), "--where", "heads=2"]) == 0
    pytest.importorskip("h5netcdf")
    assert main(["draws", store, "-o", str(tmp_path / "draws.nc"), "--where", "heads=2"]) == 0
    assert (tmp_path / "draws.nc").read_bytes().startswith(b"\x89HDF")


def test_table_shows_failed_points_too(make_store, capsys):
    store = make_store([point(10), failed_point(30, "no minimum")])
    assert main(["table", store, "--columns", "point/width", "point/status", "point/message", "theory/accuracy"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["0", "10.0", "done", f"{accuracy(10):.6f}"]
    assert lines[2].split() == ["1", "30.0", "failed", "no", "minimum", "NaN"]


def test_tables_for_others(make_store, tmp_path, capsys):
    store = make_store([point(100), failed_point(30, "50% & more_"), point(10)])
    columns = ["--columns", "point/width", "point/message", "theory/accuracy", "theory/gradient_norm"]
    assert main(["table", store, "--csv", *columns]) == 0
    text = capsys.readouterr().out
    assert text.splitlines()[:2] == ["point/width,point/message,theory/accuracy,theory/gradient_norm", f"10,,{accuracy(10):.10g},1e-10"]
    assert main(["table", store, "-o", str(tmp_path / "t.csv"), *columns]) == 0 and (tmp_path / "t.csv").read_text() == text
    assert main(["table", store, "--latex", *columns]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == r"\begin{tabular}{rlrr}" and lines[-1] == r"\end{tabular}"
    assert lines[4] == rf"10 &  & {accuracy(10):.5g} & $1\times10^{{-10}}$ \\" and lines[5] == r"30 & 50\% \& more\_ & -- & -- \\"
    assert main(["table", store, "-o", str(tmp_path / "t.doc")]) == 64
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        assert main(["table", store, "-o", str(tmp_path / "t.parquet")]) == 64 and "needs the package pyarrow" in capsys.readouterr().err
    else:
        assert main(["table", store, "-o", str(tmp_path / "t.parquet")]) == 0


def test_report_holds_everything(make_store, tmp_path):
    store = make_store([point(w, temperature=t) for w in (10, 100) for t in (0.01, 0.1)]
                       + [failed_point(30, "K + T I is not <positive definite>")], planned=7)
    file = tmp_path / "report.html"
    assert main(["report", store, "-o", str(file)]) == 0
    text = file.read_text()
    assert "4 of 7 points done, 1 failed, as of the store file" in text and "[grid]\nwidth = 10 100 1000" in text
    assert "K + T I is not &lt;positive definite&gt;" in text
    assert "<td>theory/gradient_norm</td><td>1e-10</td><td>0</td>" in text  # the worst: 1e-9 / N at N = 10
    assert "<td>theory/hessian_min</td><td>0.01</td><td>2</td>" in text  # the worst: 1 / N at N = 100
    images = re.findall(r'src="data:image/png;base64,([^"]*)"', text)
    assert len(images) == 3 and all(base64.b64decode(image).startswith(b"\x89PNG") for image in images)
    assert f"Best test accuracy of the theory: {accuracy(10):.4g}, at width 10, temperature 0.01; best of the Gaussian process" in text
    assert text.index("Summary") < text.index("How good are the predictors?") < text.index("Certificates")
    assert "src=\"http" not in text and "href" not in text


def test_report_of_some_points(make_store, tmp_path):
    store = make_store([point(10), point(100), failed_point(30, "no minimum")])
    assert main(["report", store, "-o", str(tmp_path / "r.html"), "--where", "N>50"]) == 0
    text = (tmp_path / "r.html").read_text()
    assert "Shown are the 1 done and 0 failed with N&gt;50" in text and "no minimum" not in text
    assert "<td>theory/gradient_norm</td><td>1e-11</td><td>1</td>" in text


def test_report_has_the_sampling_diagnostics(make_store, tmp_path):
    records = [sampled_point(10), sampled_point(100, verdict="not-converged", method="weights"), point(1000)]
    file = tmp_path / "report.html"
    assert main(["report", make_store(records), "-o", str(file)]) == 0
    text = file.read_text()
    assert "1 of 2 not converged or failed" in text
    worst = 0.02 * order_parameter(10).max() / 0.01
    row = next(line for line in re.findall(r"<tr>(.*?)</tr>", text, re.S) if "<td>sampled</td>" in line)
    cells = re.findall(r"<td>(.*?)</td>", row)
    assert "order-parameter" in cells and "1.004" in cells and "812.4" in cells and "3" in cells
    assert cells[-1] == f"{worst:.5g}"
    assert "<td>sampling/order-parameter/rhat</td>" in text


def test_report_of_a_store_without_finished_points(make_store, tmp_path):
    assert main(["report", make_store([failed_point(30, "x")]), "-o", str(tmp_path / "r.html")]) == 0


@pytest.mark.parametrize("arguments, code, message", [
    (["figure2", "missing.h5", "-o", "f.png"], 66, "missing.h5: no such file"),
    (["figure2", "STORE", "-o", "f.gif"], 64, "the suffix must be one of png, pdf, svg"),
    (["figure2", "STORE"], 64, "required: -o/--output"),
    (["figure2", "STORE", "-o", "f.png", "--where", "width=7"], 64, "no finished point satisfies width=7"),
    (["accuracy", "STORE", "-o", "no-folder/f.png"], 73, "no-folder/f.png: cannot be written"),
    (["accuracy", "STORE", "-o", "f.png", "--quantity", "beauty"], 64, "no predictor has a column beauty"),
    (["trace", "STORE", "-o", "f.png"], 64, "row 0 was not sampled by the method order-parameter"),
    (["trace", "SAMPLED", "-o", "f.png"], 64, "sweep with [store] draws = order-parameters"),
    (["draws", "SAMPLED", "-o", "f.nc"], 64, "sweep with [store] draws = order-parameters"),
    (["table", "TEXT"], 65, "not an HDF5 file"),
    (["paint", "STORE"], 64, "invalid choice"),
    (["acuracy", "STORE"], 64, "argument COMMAND: acuracy is not one; did you mean accuracy?"),
])
def test_errors_are_one_line_and_a_code(make_store, tmp_path, monkeypatch, capsys, arguments, code, message):
    (tmp_path / "text.h5").write_text("text")
    paths = {"STORE": make_store([point(10)]), "TEXT": str(tmp_path / "text.h5"),
             "SAMPLED": make_store([sampled_point(10)], "sampled.h5")}
    monkeypatch.chdir(tmp_path)
    assert main([paths.get(a, a) for a in arguments]) == code
    said = capsys.readouterr().err
    assert message in said and len(said.splitlines()) == 1


def run(arguments, folder, variables=None, **options):
    """The package as a person runs it, in a folder."""
    environment = {**os.environ, "PYTHONPATH": str(ANALYSIS), **(variables or {})}
    return subprocess.run([sys.executable, "-m", "attnpaths", *arguments], cwd=folder, env=environment,
                          **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options})


def one_line(run):
    lines = run.stderr.decode().splitlines()
    assert len(lines) == 1 and lines[0].startswith("attnpaths: "), run.stderr.decode()
    return lines[0]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("arguments", [["table", "STORE"], ["table", "STORE", "--columns", "point/width"], ["--help"]])
def test_a_full_standard_output_is_one_line(make_store, tmp_path, arguments):
    store = make_store([point(10)])
    with open("/dev/full", "wb") as full:
        ended = run([store if a == "STORE" else a for a in arguments], tmp_path, stdout=full)
    assert ended.returncode == 74
    assert "standard output: writing failed: No space left on device" in one_line(ended)


@pytest.mark.parametrize("locale", [{}, {"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}])
@pytest.mark.parametrize("name", ["breite-ä.h5".encode(), b"breite-\xe4.h5"])
def test_names_in_any_encoding(make_store, tmp_path, locale, name):
    store = os.path.join(os.fsencode(tmp_path), name)
    os.rename(make_store([point(10)]), store)
    ended = run([b"report", store, b"-o", store + b".html"], tmp_path, locale)
    assert ended.returncode == 0, ended.stderr.decode()
    assert b"<title>breite-" in Path(os.fsdecode(store + b".html")).read_bytes()
    assert run([b"figure2", store, b"-o", store + b".png"], tmp_path, locale).returncode == 0
    ended = run([b"table", store, b"--where", "width=ä".encode()], tmp_path, locale)
    assert ended.returncode == 64 and "is not a number" in one_line(ended)


def test_a_fault_of_the_package_is_one_line(monkeypatch, capsys, make_store):
    def broken(*_, **__):
        raise KeyError("two\nlines")
    monkeypatch.setattr("attnpaths.__main__.select_rows", broken)
    assert main(["table", make_store([point(10)])]) == 70
    assert re.fullmatch(r"attnpaths: internal error: KeyError: \S.* \(\S+:\d+\)\n", capsys.readouterr().err)


@pytest.mark.parametrize("command, name", [("report", "f.html"), ("figure2", "f.png"), ("draws", "f.nc")])
def test_files_are_written_as_a_whole_and_links_followed(make_store, tmp_path, command, name):
    if command == "draws":
        pytest.importorskip("h5netcdf")
    store = make_store([sampled_point(10, draws=20)])
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / name).symlink_to(f"elsewhere/{name}")
    for _ in range(2):
        assert main([command, store, "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).is_symlink()
    assert os.listdir(tmp_path / "elsewhere") == [name]
    before = (tmp_path / name).read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", fail)
        assert main([command, store, "-o", str(tmp_path / name)]) == 73
    assert (tmp_path / name).read_bytes() == before
    assert os.listdir(tmp_path / "elsewhere") == [name]
