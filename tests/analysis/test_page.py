"""The page without a browser: what it embeds, what it leaves out, and how the live page follows a journal."""

import base64
import gzip
import json
import re
import struct
import threading
import urllib.error
import urllib.request

import numpy as np
import pytest
from attnpaths import InputError, OutputError, open_store, serve
from attnpaths.__main__ import main
from attnpaths.page import page_html
from attnpaths.page.journal_tail import LOST, PLAN, RECORD, STARTED, JournalTail, decode_record
from attnpaths.page.live_store import LiveStore
from attnpaths.page.packing import Packer
from attnpaths.unread import JOURNAL_MAGIC, JOURNAL_VERSION, MARK
from attnpaths.xxh3 import xxh3_64
from synthetic_store import order_parameter, point, sampled_point, write_store

HEADER = JOURNAL_MAGIC + JOURNAL_VERSION.to_bytes(4, "little")


def unpack(data):
    """What analysis/page/src/payload.ts and table.ts read: (header, scalars, arrays), lists with an element per row."""
    content = gzip.decompress(data)
    length = int.from_bytes(content[:4], "little")
    header = json.loads(content[4:4 + length])
    rows = header["rows"]

    def numbers(place):
        return np.frombuffer(content, "<" + place["type"], place["count"], 4 + length + place["at"])

    scalars = {}
    for column in header["scalars"]:
        values = column.get("values")
        scalars[column["name"]] = ([values[code] for code in numbers(column["codes"])] if "codes" in column else values * rows if values
                                   else numbers(column["data"]).tolist())
    arrays = {}
    for column in header["arrays"]:
        shapes = numbers(column["shapes"]).reshape(rows, -1) if "shapes" in column else [column["shape"]] * rows
        data, at, found = numbers(column["data"]), 0, []
        for shape in shapes:
            size = int(np.prod(shape))
            found.append(data[at:at + size].reshape(shape))
            at += 0 if column.get("same") else size
        arrays[column["name"]] = found
    return header, scalars, arrays


def embedded(html):
    return unpack(base64.b64decode(re.search(r'id="data">([^<]*)<', html)[1]))


def text(value):
    return len(value.encode()).to_bytes(4, "little") + value.encode()


def encoded(record):
    """A record as src/base/record.cpp writes it."""
    content = b"\x01" + len(record).to_bytes(4, "little")
    for name, value in sorted(record.items()):
        content += text(name)
        if isinstance(value, float):
            content += b"\x00" + struct.pack("<d", value)
        elif isinstance(value, (int, np.integer)):
            content += b"\x01" + struct.pack("<q", int(value))
        elif isinstance(value, str):
            content += b"\x02" + text(value)
        else:
            array = np.asarray(value, dtype="<f8")
            content += b"\x03" + struct.pack(f"<B{array.ndim}Q", array.ndim, *array.shape) + array.tobytes()
    return content


def entry(kind, payload):
    payload = bytes([kind]) + payload
    return MARK + len(payload).to_bytes(4, "little") + xxh3_64(payload).to_bytes(8, "little") + payload


def plan(planned=9, ranks=3):
    return entry(PLAN, text(json.dumps({"planned": planned, "ranks": ranks, "program_version": "0.1.0", "git_hash": "", "configuration": ""})))


@pytest.fixture(autouse=True)
def no_program(monkeypatch):
    """No test here asks the program."""
    monkeypatch.setenv("ATTNPATHS_BINARY", "/nowhere/attnpaths")


def test_scalars_and_arrays_come_back(make_store):
    records = [point(width, seed, heads=heads) for seed in (0, 1) for width in (10, 100) for heads in ((2, 2), (3, 1))]
    del records[3]["theory/accuracy"]
    with open_store(make_store(records)) as store:
        header, scalars, arrays = embedded(page_html(store))
    assert header["rows"] == len(records) and header["left_out"] == []
    assert scalars["point/width"] == [record["point/width"] for record in records]
    assert [None if value != value else value for value in scalars["theory/accuracy"]] == [record.get("theory/accuracy") for record in records]
    assert scalars["point/status"] == ["done"] * len(records)
    for record, U, scores in zip(records, arrays["theory/order_parameter"], arrays["theory/head_scores"]):
        np.testing.assert_array_equal(U, record["theory/order_parameter"])
        np.testing.assert_array_equal(scores, record["theory/head_scores"])


def test_what_nobody_looks_at_is_not_embedded(make_store):
    with open_store(make_store([point(10), point(100)])) as store:
        header, scalars, arrays = embedded(page_html(store))
    assert not {"point/key", "point/attempts", "point/message"} & set(scalars)  # an empty message of all is no column either
    assert "predictor/mean" not in arrays and "theory/overlaps" not in arrays


def test_arrays_beyond_the_room_are_left_out_whole_and_named(make_store, tmp_path):
    path = make_store([sampled_point(width, draws=50) for width in (10, 30, 100)])
    assert main(["page", path, "-o", str(tmp_path / "p.html"), "--details", "0.001"]) == 0
    header, _, arrays = embedded((tmp_path / "p.html").read_text())
    assert "theory/order_parameter" in arrays and "sampling/order-parameter/draws_order_parameter" in header["left_out"]
    assert not set(header["left_out"]) & set(arrays)


def test_where_chooses_points_and_rows_keep_their_numbers(make_store, tmp_path):
    path = make_store([point(width) for width in (10, 30, 100)])
    assert main(["page", path, "-o", str(tmp_path / "p.html"), "--where", "width>=30"]) == 0
    header, scalars, _ = embedded((tmp_path / "p.html").read_text())
    assert scalars["point/width"] == [30, 100] and header["store_rows"] == [1, 2]


def test_the_file_asks_nobody_and_is_text_of_no_store(make_store):
    record = {**point(10), "point/message": "</script><script>alert(1)</script>", "point/status": "failed"}
    with open_store(make_store([record, point(30)], name="{{data}}<b>.h5")) as store:
        html = page_html(store)
    assert "default-src 'none'" in html and "connect-src 'none'" in html
    assert not re.search(r'(src|href)="(?!data:|#)', html)
    assert html.count("</script>") == 3 and "alert(1)" not in html  # what a store says is compressed
    assert "<title>{{data}}&lt;b&gt;.h5</title>" in html


def test_an_empty_store_has_a_page(make_store):
    with open_store(make_store([{"point/status": "failed", "point/message": "no", "point/width": 1.0, "point/key": "a"}])) as store:
        header, scalars, arrays = embedded(page_html(store))
    assert header["rows"] == 1 and arrays == {}
    assert unpack(Packer(0, True).bytes({}))[0]["rows"] == 0


def test_numbers_have_64_bits_until_there_are_many():
    import pandas as pd
    values = pd.Series(np.random.default_rng(0).normal(size=1000))
    for wide, kind in ((True, "f8"), (False, "f4")):
        packer = Packer(1000, wide)
        packer.add_scalar("x", values)
        header, scalars, _ = unpack(packer.bytes({}))
        assert header["scalars"][0]["data"]["type"] == kind
        np.testing.assert_allclose(scalars["x"], values, rtol=1e-7 if not wide else 0)


def test_records_of_the_journal_are_read(tmp_path):
    record = {**point(10), "point/width": 10.0, "theory/iterations": -(1 << 63)}
    decoded = decode_record(encoded(record))
    assert decoded.keys() == record.keys()
    np.testing.assert_array_equal(decoded["theory/order_parameter"], order_parameter(10))
    assert decoded["point/temperature"] == 0.01 and decoded["point/examples"] == 100
    with pytest.raises(struct.error):
        decode_record(encoded(record)[:-3])


def test_the_tail_takes_every_entry_once_and_waits_for_what_is_torn(tmp_path):
    path = tmp_path / "s.h5.journal"
    tail = JournalTail(str(path))
    assert tail.poll() == (False, [])
    whole = entry(STARTED, text("a"))
    path.write_bytes(HEADER + whole + whole[:9])
    assert [payload for _, payload in tail.poll()[1]] == [whole[16:]]
    assert tail.poll() == (False, [])
    path.write_bytes(HEADER + whole + whole)
    (offset, payload), = tail.poll()[1]
    assert tail.read_at(offset) == payload
    with path.open("ab") as file:
        file.write(b"damaged bytes" + whole)
    assert len(tail.poll()[1]) == 1
    # Put in its place: another journal, read from its beginning.
    (tmp_path / "new").write_bytes(HEADER + whole)
    (tmp_path / "new").replace(path)
    assert tail.poll() == (True, [(len(HEADER), whole[16:])])


def test_live_rows_stay_in_their_places(tmp_path):
    path, journal = tmp_path / "s.h5", tmp_path / "s.h5.journal"
    first, second, third = (point(width) for width in (10, 30, 100))
    write_store(path, [first], planned=9)
    journal.write_bytes(HEADER + plan() + entry(STARTED, text(second["point/key"])))
    live = LiveStore(path)

    def look(after):
        live._looked = -1.0  # at once
        return live.changes(after)

    answer = look(0)
    assert answer["rows"] == [] and answer["change"] == 0
    assert {key: answer["state"][key] for key in ("planned", "done", "failed", "in_work", "workers")} == {
        "planned": 9, "done": 1, "failed": 0, "in_work": 1, "workers": 2}
    with journal.open("ab") as file:
        file.write(entry(RECORD, encoded(second)) + entry(LOST, text("x") + text("worker 1 died")))
    answer = look(0)
    (row,) = answer["rows"]
    assert (row["row"], row["values"]["point/width"]) == (1, 30) and "theory/order_parameter" not in row["values"]
    assert answer["state"]["in_work"] == 0 and answer["state"]["losses"] == ["worker 1 died"]
    np.testing.assert_array_equal(live.point(1)["theory/order_parameter"]["values"], order_parameter(30).ravel())
    # The sweep writes the store anew, in another order and with a point that was never seen in the journal.
    write_store(path, [third, second, first], planned=9)
    (tmp_path / "new").write_bytes(HEADER + plan())
    (tmp_path / "new").replace(journal)
    answer = look(answer["change"])
    assert [(row["row"], row["values"]["point/width"]) for row in answer["rows"]] == [(2, 100)]
    for row, width in enumerate((10, 30, 100)):
        np.testing.assert_array_equal(live.point(row)["theory/order_parameter"]["values"], order_parameter(width).ravel())
    _, scalars, arrays = unpack(live.pack())
    assert scalars["point/width"] == [10, 30, 100] and arrays == {}
    assert live.point(3) is None and live.point(-1) is None
    live.close()


def test_a_point_computed_again_replaces_its_row(tmp_path):
    path, journal = tmp_path / "s.h5", tmp_path / "s.h5.journal"
    write_store(path, [point(10)])
    journal.write_bytes(HEADER + plan(1) + entry(RECORD, encoded({**point(10), "evidence/ratio": -5.0, "theory/accuracy": float("nan")})))
    live = LiveStore(path)
    (row,) = live.changes(0)["rows"]
    assert row["row"] == 0 and row["values"]["evidence/ratio"] == -5.0 and row["values"]["theory/accuracy"] is None
    assert live.changes(0)["state"]["done"] == 1
    live.close()


def test_serving_needs_the_token_and_many_may_look_at_once(tmp_path):
    path = tmp_path / "s.h5"
    write_store(path, [point(width) for width in (10, 30)])
    with serve(str(path)) as server:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{24}/", server.address)

        def get(address, **headers):
            return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=20)

        with get(server.address) as answer:
            assert "no-store" in answer.headers["Cache-Control"] and "connect-src 'self'" in answer.read().decode()
        for address, headers in ((server.address[:-2], {}), (server.address.rsplit("/", 2)[0] + "/points", {}), (server.address, {"Host": "evil.example"})):
            with pytest.raises(urllib.error.HTTPError) as error:
                get(address, **headers)
            assert error.value.code == 404
        rows = []
        threads = [threading.Thread(target=lambda: rows.append(unpack(get(server.address + "points").read())[0]["rows"])) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert rows == [2] * 8
        assert server.address in server._repr_html_()
        with pytest.raises(OutputError, match="cannot serve on 127.0.0.1"):
            serve(str(path), port=int(server.address.split(":")[2].split("/")[0]))
    with pytest.raises(urllib.error.URLError):
        get(server.address)


def test_errors_are_one_line(make_store, tmp_path, capsys):
    path = make_store([point(10)])
    for words, code in ((["page", path], 64), (["page", path, "--live", "-o", "x.html"], 64), (["page", path, "-o", "x.html", "--details", "-1"], 64),
                        (["page", str(tmp_path / "none.h5"), "--live"], 66), (["page", path, "-o", str(tmp_path / "no/x.html")], 73),
                        (["page", path, "--live", "--port", "70000"], 73)):
        assert main(words) == code, words
        error = capsys.readouterr().err
        assert error.startswith("attnpaths: ") and error.count("\n") == 1, error


def test_the_first_points_of_a_sweep_need_no_store(tmp_path):
    path = tmp_path / "s.h5"
    with pytest.raises(InputError, match="start the sweep first"):
        LiveStore(path)
    (tmp_path / "s.h5.journal").write_bytes(HEADER + plan(2) + entry(RECORD, encoded(point(10))))
    live = LiveStore(path)
    assert unpack(live.pack())[0]["rows"] == 0
    assert [row["row"] for row in live.changes(0)["rows"]] == [0]
    live.close()
