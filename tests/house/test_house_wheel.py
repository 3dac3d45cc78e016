"""The wheel and the sdist work alone: no repository around them, nothing left out of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest
from source_tree import PACKAGE, ROOT

pytestmark = pytest.mark.slow
PARTS = ("pyproject.toml", "README.md", "LICENSE", "NOTICE", "src")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a release is built from, without what lies around it here."""
    folder = tmp_path_factory.mktemp("source")
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(source, folder / name)
    return folder


def build(folder: Path, hook: str, out: Path) -> Path:
    code = f"from setuptools import build_meta as b; print(b.{hook}({str(out)!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return out / done.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def wheel(copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(copy, "build_wheel", tmp_path_factory.mktemp("wheel"))


def shipped_files() -> set[str]:
    return {
        f"tregua/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert sorted(shipped_files() - names) == []
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_sdist_gives_the_same_wheel(copy: Path, wheel: Path, tmp_path: Path) -> None:
    made = build(copy, "build_sdist", tmp_path)
    with tarfile.open(made) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (inner,) = (tmp_path / "unpacked").iterdir()
    again = build(inner, "build_wheel", tmp_path)
    assert sorted(zipfile.ZipFile(again).namelist()) == sorted(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of an environment that holds the wheel and nothing else of ours; libraries are lent by this one."""
    place = tmp_path_factory.mktemp("alone")
    venv.EnvBuilder(with_pip=False).create(place)
    (site,) = place.glob("lib/python*/site-packages")
    zipfile.ZipFile(wheel).extractall(site)
    # A path file of a lent folder is not read, so that an editable install of this repository stays out.
    (site / "lent.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return place / "bin" / "python"


def tregua(python: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    env = {**kept, "TREGUA_CACHE": str(folder / "cache"), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [python, "-m", "tregua", *words], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=600
    )


def test_the_wheel_runs_where_no_repository_is(alone: Path, tmp_path: Path) -> None:
    where = subprocess.run([alone, "-c", "import tregua; print(tregua.__file__)"], cwd=tmp_path, capture_output=True,
                           text=True, check=True, env={"PATH": os.environ["PATH"]}).stdout  # fmt: skip
    assert str(ROOT) not in where
    done = tregua(alone, tmp_path, "run", "two_valleys", "--draws", "2", "--threads", "1", "--quiet")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out" / "two_valleys" / "report.html").read_text(encoding="utf-8")
    assert "Two Valleys" in page
    assert "http://" not in page.split("<body")[0]


def test_every_command_of_a_researcher_works_from_the_wheel(alone: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("mes;homicidios\n2012-01;40\n2012-02;30\n", encoding="utf-8")
    flags = ("--title", "Mine", "--start", "2009", "--end", "2015", "--decision", "2012-03-08", "--no-input")
    said = ("--institution", "police", "--source", "S1", "--revision", "final")
    for words in (
        ("check", "el_salvador_2012"), ("check", "el_salvador_2016"), ("new", "mine", *flags),
        ("import", "mine.csv", "mine", *said), ("check", "mine"), ("cite", "mine"), ("odd", "--lang", "es"),
        ("ledger", "disputed"), ("check", "--schema"),
    ):  # fmt: skip
        done = tregua(alone, tmp_path, *words)
        assert done.returncode == 0, (words, done.stderr[-1500:], done.stdout[-500:])
        assert done.stdout.strip(), words
