import base64
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from attnpaths_analysis.__main__ import main
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
    assert len(images) == 2 and all(base64.b64decode(image).startswith(b"\x89PNG") for image in images)
    assert "src=\"http" not in text and "href" not in text


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
])
def test_errors_are_one_line_and_a_code(make_store, tmp_path, arguments, code, message):
    (tmp_path / "text.h5").write_text("text")
    paths = {"STORE": make_store([point(10)]), "TEXT": str(tmp_path / "text.h5"),
             "SAMPLED": make_store([sampled_point(10)], "sampled.h5")}
    run = subprocess.run([sys.executable, "-m", "attnpaths_analysis", *[paths.get(a, a) for a in arguments]], text=True,
                         cwd=tmp_path, capture_output=True, env={**os.environ, "PYTHONPATH": str(ANALYSIS)})
    assert run.returncode == code and message in run.stderr and len(run.stderr.splitlines()) == 1
