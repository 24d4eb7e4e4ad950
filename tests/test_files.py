"""Files are written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

import supplyroutes as sr
from supplyroutes.files import new_folder, write_all, write_whole


def test_text_and_bytes_are_written_as_given(tmp_path):
    """Text is UTF-8 and its line ends stay; bytes are bytes."""
    write_whole(tmp_path / "text", "é\r\n\n")
    write_whole(tmp_path / "bytes", b"\xff\x00")
    assert (tmp_path / "text").read_bytes() == b"\xc3\xa9\r\n\n"
    assert (tmp_path / "bytes").read_bytes() == b"\xff\x00"


def test_nothing_but_the_file_is_left(tmp_path):
    """The temporary file is gone after the write."""
    write_whole(tmp_path / "file", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_old_file_is_replaced_and_keeps_its_permissions(tmp_path):
    """Who could read the file can read the new one."""
    target = tmp_path / "file"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    write_whole(target, "new")
    assert target.read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_of_the_mask(tmp_path):
    """A temporary file is private; the file is not."""
    mask = os.umask(0o027)
    try:
        write_whole(tmp_path / "file", "new")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


@pytest.mark.parametrize("name", ["missing/file", "taken/file", "folder", "x" * 300, "a\0b"])
def test_what_cannot_be_written_is_an_output_error(tmp_path, name):
    """No folder, a file in its place, a folder in the file's place, impossible names."""
    (tmp_path / "taken").write_text("", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    with pytest.raises(sr.errors.OutputError, match="cannot be written"):
        write_whole(tmp_path / name, "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "taken"]


def test_a_device_or_pipe_is_not_replaced(tmp_path):
    """Writing to /dev/null as root must not put a plain file in its place."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(sr.errors.OutputError, match="not a file"):
        write_whole(pipe, "new")
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_text_that_utf8_cannot_hold_is_an_output_error(tmp_path):
    """Half a surrogate pair cannot be written; the old file stays."""
    target = tmp_path / "file"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(sr.errors.OutputError):
        write_whole(target, "\ud800")
    assert target.read_text(encoding="utf-8") == "old"


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    """Ctrl-C in the middle passes on, and takes the temporary file away."""
    target = tmp_path / "file"
    target.write_text("old", encoding="utf-8")

    def interrupted(_handle):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(target, "new")
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_rel_035_a_link_is_followed_and_stays(tmp_path):
    """Who links a file wants what it leads to written; the link is no file of its own."""
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "file", tmp_path / "link"
    target.write_text("old", encoding="utf-8")
    link.symlink_to(target)
    write_whole(link, "new")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"
    target.unlink()
    write_whole(link, "made")
    assert target.read_text(encoding="utf-8") == "made"
    assert [path.name for path in (tmp_path / "far").iterdir()] == ["file"]


def test_rel_035_links_in_a_circle_lead_to_no_file(tmp_path):
    """They are refused, and stay."""
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(sr.errors.OutputError, match="not a file"):
        write_whole(tmp_path / "one", "new")
    assert (tmp_path / "one").is_symlink()


def test_files_of_a_folder_are_written_together_or_not_at_all(tmp_path):
    """One that cannot be written keeps the others as they were."""
    write_all(tmp_path, {"a": "1", "b": b"2"})
    (tmp_path / "c").mkdir()
    with pytest.raises(sr.errors.OutputError, match="c: cannot be written: it is not a file"):
        write_all(tmp_path, {"a": "3", "b": "4", "c": "5"})
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b", "c"}
    assert [(tmp_path / name).read_text(encoding="utf-8") for name in "ab"] == ["1", "2"]


def test_rel_035_a_link_out_of_the_folder_is_refused_and_one_inside_followed(tmp_path):
    """A folder from somebody else must not lead a write to a file of mine."""
    place, mine = tmp_path / "case", tmp_path / "mine"
    place.mkdir()
    mine.write_text("mine", encoding="utf-8")
    (place / "out").symlink_to(mine)
    (place / "in").symlink_to("file")
    for name in ("out", "../mine"):
        with pytest.raises(sr.errors.OutputError, match="out of the folder"):
            write_all(place, {"file": "new", name: "theirs"})
    assert mine.read_text(encoding="utf-8") == "mine"
    assert not (place / "file").exists()
    write_all(place, {"in": "new"})
    assert (place / "in").is_symlink()
    assert (place / "file").read_text(encoding="utf-8") == "new"


def test_a_linked_folder_is_a_folder(tmp_path):
    """The folder itself may be a link: whoever names it chose it."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write_all(tmp_path / "link", {"a": "1"})
    assert (tmp_path / "real" / "a").read_text(encoding="utf-8") == "1"


def test_new_folder_stands_there_when_it_is_whole(tmp_path):
    """Before that nothing has its name; it has the permissions of the mask."""
    target = tmp_path / "deep" / "new"
    mask = os.umask(0o027)
    try:
        with new_folder(target) as place:
            write_whole(place / "file", "new")
            assert not target.exists()
    finally:
        os.umask(mask)
    assert stat.S_IMODE(target.stat().st_mode) == 0o750
    assert [path.name for path in target.parent.iterdir()] == ["new"]


def test_an_empty_folder_that_came_first_stays(tmp_path):
    """Renaming alone would take its place without a word."""
    target = tmp_path / "new"

    def fill():
        with new_folder(target) as place:
            write_whole(place / "file", "new")
            target.mkdir()

    with pytest.raises(sr.errors.OutputError, match="exists"):
        fill()
    assert [path.name for path in tmp_path.rglob("*")] == ["new"]


@pytest.mark.parametrize("name", ["a" * 240 + ".md", "é" * 120 + ".csv"])
def test_a_long_name_that_the_disk_takes_is_written(tmp_path, name, monkeypatch):
    """And what a killed run left for it is removed."""
    monkeypatch.setattr(os, "getpid", lambda: 2**22 + 7)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        patch.setattr(os, "fsync", fail)
        with pytest.raises(sr.errors.OutputError, match="cannot be written"):
            write_whole(tmp_path / name, "half")
    assert len(list(tmp_path.iterdir())) == 1
    write_whole(tmp_path / name, "new")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "new"


def fail(_):
    """Fail as a full disk does."""
    raise OSError(28, "No space left on device")


def test_new_folder_that_fails_leaves_nothing(tmp_path):
    """The message names the folder that was asked for; a folder that came first stays."""
    target = tmp_path / "new"

    def fill(name):
        with new_folder(target) as place:
            write_whole(place / name, "new")
            (target / "taken").mkdir(parents=True)

    for name in ("none/file", "file"):
        with pytest.raises(sr.errors.OutputError, match=f"^{target}"):
            fill(name)
        left = sorted(path.name for path in tmp_path.rglob("*"))
        assert left == ([] if name == "none/file" else ["new", "taken"])
    with pytest.raises(sr.errors.OutputError, match="cannot be written"), new_folder("a\0b"):
        pytest.fail("no folder has such a name")
