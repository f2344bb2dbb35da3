"""What the package could not read of a store is said, and damage is an exit code."""

import h5py
import numpy as np
import pytest
from attnpaths import StoreError, open_store
from attnpaths.__main__ import main
from attnpaths.unread import JOURNAL_MAGIC, JOURNAL_VERSION, MARK, JournalReport
from attnpaths.xxh3 import xxh3_64
from synthetic_store import point

HEADER = JOURNAL_MAGIC + JOURNAL_VERSION.to_bytes(4, "little")


def entry(payload):
    return MARK + len(payload).to_bytes(4, "little") + xxh3_64(payload).to_bytes(8, "little") + payload


def sample(length):
    number = np.arange(length, dtype=np.uint64)
    return (((number * np.uint64(2654435761)) & np.uint64(0xFFFFFFFF)) >> np.uint64(13)).astype(np.uint8).tobytes()


# Made with XXH3_64bits of libxxhash 0.8.1.
@pytest.mark.parametrize("length, checksum", [
    (0, "2d06800538d394c2"),
    (1, "c44bdff4074eecdb"),
    (2, "1ca5cfa6a6d57dc2"),
    (3, "a1c4a8259b827291"),
    (4, "bb4e3d89ee0b271d"),
    (5, "dafb9806147ded6f"),
    (8, "79d02238b80e37b1"),
    (9, "f64cecc4271ff461"),
    (12, "69e735c8925ceff1"),
    (16, "222e9aead6bddd51"),
    (17, "47aad6b375eb4bba"),
    (32, "774140158f21ff0a"),
    (33, "537e7ed26d825e92"),
    (64, "70a70e66815e67e5"),
    (65, "4b4ce7050eeb9559"),
    (96, "a97f9ae93c0ff67a"),
    (97, "0dd88db1bbaf7326"),
    (128, "421a9c905c6e66ba"),
    (129, "9e2414800f83768a"),
    (143, "4227bb454d542644"),
    (144, "b851aacca23ec7b6"),
    (145, "8357733c4e175543"),
    (200, "20a87db907ce74e4"),
    (240, "b714c5fd22744964"),
    (241, "bc424a2c480dd281"),
    (256, "2d040b1ab40f0d78"),
    (500, "2443fa9fe4c45045"),
    (1023, "3071307bafa2f8f4"),
    (1024, "1fd15e7d36f5e1bc"),
    (1025, "fe08e5a874d23fd2"),
    (1088, "0ac7cf3a6009bab5"),
    (1089, "b246626fdf150fcb"),
    (2048, "81ec4a6a9ee23d55"),
    (2049, "9156a1fd2d1a8c37"),
    (100003, "25ba638a3c66d20f"),
])
def test_checksums_are_those_of_the_library(length, checksum):
    assert f"{xxh3_64(sample(length)):016x}" == checksum


def test_every_flipped_bit_of_a_journal_is_seen(tmp_path):
    content = HEADER + entry(b"\4plan") + entry(b"\0record") + entry(b"\1key") + entry(b"\0another")
    path = tmp_path / "s.h5.journal"
    path.write_bytes(content)
    whole = JournalReport(path)
    assert (whole.results, whole.damage) == (2, 0)
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 8]) + content[place + 1:])
        if len(JOURNAL_MAGIC) <= place < len(HEADER):
            with pytest.raises(StoreError, match="is a journal of version"):
                JournalReport(path)
        else:
            assert JournalReport(path).damage > 0, place
    for length in range(len(content)):
        path.write_bytes(content[:length])
        assert JournalReport(path).damage == 0, length


def test_a_damaged_journal_is_an_exit_code(make_store, capsys):
    path = make_store([point(10)])
    journal = HEADER + entry(b"\0record") + entry(b"\0another")
    with open(f"{path}.journal", "wb") as file:
        file.write(journal)
    assert main(["table", str(path)]) == 0
    assert "holds 2 results" in capsys.readouterr().err
    with open(f"{path}.journal", "wb") as file:
        file.write(journal[:40] + b"\xff" + journal[41:])
    assert main(["table", str(path)]) == 65
    output = capsys.readouterr()
    assert "bytes are damaged" in output.err and "point/key" in output.out


def test_damage_under_a_seal_is_refused(tmp_path):
    path = tmp_path / "s.h5"
    with h5py.File(path, "w", userblock_size=512) as file:
        file.attrs.update({"format": "attnpaths-store", "version": 2, "points": 0})
    content = path.read_bytes()[512:]
    seal = f"attnpaths-store 1\nchecksum xxh3-64 {xxh3_64(content):016x} of the {len(content)} bytes after these 512\n"
    seal = seal.encode().ljust(512, b"\0")
    path.write_bytes(seal + content)
    open_store(path).close()
    for place in (10, len(content) // 2, len(content) - 1):
        path.write_bytes(seal + content[:place] + bytes([content[place] ^ 1]) + content[place + 1:])
        with pytest.raises(StoreError, match="is damaged"):
            open_store(path)


def test_links_are_not_followed_for_ever(make_store):
    path = make_store([point(10)])
    with h5py.File(path, "r+") as file:
        file["theory/loop"] = h5py.SoftLink("/theory")
    with pytest.raises(StoreError, match="theory/loop is a link"):
        open_store(path).columns


def test_a_journal_of_another_version_is_refused(tmp_path):
    path = tmp_path / "s.h5.journal"
    path.write_bytes(JOURNAL_MAGIC + (JOURNAL_VERSION + 1).to_bytes(4, "little"))
    with pytest.raises(StoreError, match=f"version {JOURNAL_VERSION + 1}, but this package reads version {JOURNAL_VERSION}"):
        JournalReport(path)
