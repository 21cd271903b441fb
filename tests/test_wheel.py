"""The wheel works where nothing but it and what it depends on is installed."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

from windvane import __version__

ROOT = Path(__file__).parents[1]
NEEDED = ("pyproject.toml", "README.md", "src")

pytestmark = pytest.mark.model


def call(*command: object, cwd: Path) -> str:
    """Run a command as a stranger would: with no path to this tree."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(  # noqa: S603 - our own words
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the tree, with the tools that are installed."""
    source = tmp_path_factory.mktemp("source")
    for name in NEEDED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, source / name)
    options = ("--no-build-isolation", "--no-deps", "--no-index", "--disable-pip-version-check", "--quiet")
    call(sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", "dist", ".", cwd=source)
    (built,) = (source / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install it alone; its dependencies are lent from the environment that runs the tests."""
    home = tmp_path_factory.mktemp("home") / "env"
    venv.create(home, with_pip=False)
    folder = Path(sysconfig.get_path("purelib", vars={"base": str(home)}))
    folder.joinpath("lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    options = ("--no-deps", "--no-index", "--disable-pip-version-check", "--quiet")
    python = Path(sysconfig.get_path("scripts", vars={"base": str(home)})) / "python"
    call(sys.executable, "-m", "pip", "--python", python, "install", *options, wheel, cwd=home)
    return python.parent


def test_the_wheel_holds_what_is_not_code(wheel: Path) -> None:
    """Templates, style, script, sample and the mark of annotated packages; no tests."""
    names = set(ZipFile(wheel).namelist())
    here = {
        path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src" / "windvane").rglob("*") if path.is_file()
    }
    assert names >= {name for name in here if "__pycache__" not in name}
    assert {name.partition("/")[0] for name in names} == {"windvane", f"windvane-{__version__}.dist-info"}


def test_the_sample_runs_from_the_wheel(programs: Path, tmp_path: Path) -> None:
    """From a folder of its own, by the installed command: version, first configuration, check, report."""
    python, windvane = programs / "python", programs / "windvane"
    where = call(python, "-c", "import windvane; print(windvane.__file__)", cwd=tmp_path).strip()
    assert Path(where).is_relative_to(programs.parent)
    assert call(windvane, "--version", cwd=tmp_path) == f"windvane {__version__}\n"
    sample = call(python, "-c", "from windvane.samples import claims_path; print(claims_path())", cwd=tmp_path).strip()
    assert Path(sample).is_relative_to(programs.parent)
    call(windvane, "init", "first.yaml", "--question", "Who asked for the troops?", "--documents", sample, cwd=tmp_path)
    assert "466 records read" in call(windvane, "check", "first.yaml", cwd=tmp_path)
    config = (ROOT / "configs" / "sample.yaml").read_text(encoding="utf-8")
    config = config.replace("../src/windvane/samples/data/nk_deployment/claims.jsonl", sample)
    (tmp_path / "sample.yaml").write_text(config, encoding="utf-8")
    assert "466 claims" in call(windvane, "run", "sample.yaml", cwd=tmp_path)
    assert (tmp_path / "reports" / "sample" / "report.html").stat().st_size > 100_000
