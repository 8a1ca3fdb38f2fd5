"""What a stranger's machine gets: the wheel serves the collection from any folder, and Binder's files work.

One environment is made from the lock file, as Binder makes it, with every hash checked.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from ..browser.serving import chromium, free_port
from ..conftest import ROOT

pytestmark = pytest.mark.install


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, env=env, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a clone would have: every file git knows, as it stands now."""
    target = tmp_path_factory.mktemp("checkout")
    names = run("git", "ls-files", "-co", "--exclude-standard", cwd=ROOT).splitlines()
    for name in names:
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Path:
    """The bin folder of an environment with what the lock file lists, and nothing of this one."""
    home = tmp_path_factory.mktemp("fresh")
    run(sys.executable, "-m", "venv", home, cwd=home)
    pip = (home / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", "binder/requirements.txt", cwd=checkout)
    return home / "bin"


def environment(bin: Path) -> dict[str, str]:
    """The variables that a login there would have; none of this checkout's."""
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL", "COPTIP", "JUPYTER"))
    }
    return kept | {"PATH": f"{bin}:{os.environ['PATH']}"}


@contextmanager
def running(*command: str | Path, cwd: Path, env: dict[str, str], url: str, log: Path) -> Iterator[None]:
    """A server that answers at ``url``, ended afterwards."""
    with log.open("w") as out:
        server = subprocess.Popen([str(c) for c in command], cwd=cwd, env=env, stdout=out, stderr=out)
    try:
        wait_for(url, server, log)
        yield
    finally:
        server.terminate()
        server.wait(20)


def wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)  # asking again is the condition; there is nothing else to wait on
    raise AssertionError(f"no answer at {url}: {log.read_text()[-2000:]}")


def work_one_exercise(page_url: str, *, path: str) -> None:
    """Open a page and answer something; the kernel's feedback shows that everything behind it works."""
    with chromium() as browser:
        page = browser.new_page()
        page.goto(page_url + path)
        exercise = page.locator("#exercise-is-this-a-menace")
        exercise.scroll_into_view_if_needed()
        exercise.get_by_role("checkbox").first.check()
        exercise.get_by_role("button", name=re.compile("check", re.IGNORECASE)).first.click()
        expect(exercise).to_contain_text(re.compile(r"\d+ of \d+ stand"))


def test_the_wheel_serves_the_collection_from_any_folder(fresh: Path, checkout: Path, tmp_path: Path) -> None:
    run(
        fresh / "python",
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        ".",
        "-w",
        tmp_path,
        cwd=checkout,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    for travels in ("data/modules/1a.yaml", "notebooks/1a-understanding-trafficking.ipynb"):
        assert f"coptip/_collection/{travels}" in names
    assert any(name.endswith("templates/coptip/index.html.j2") for name in names)
    assert "coptip/render/player/player.js" in names
    run(fresh / "python", "-m", "pip", "install", "--quiet", "--no-deps", wheel, cwd=tmp_path)
    elsewhere = tmp_path / "any folder"
    elsewhere.mkdir()
    assert "no faults" in run(fresh / "coptip", "check", cwd=elsewhere, env=environment(fresh))
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    serve = (fresh / "coptip", "serve", "--port", str(port))
    with running(*serve, cwd=elsewhere, env=environment(fresh), url=address, log=tmp_path / "log"):
        work_one_exercise(address, path="m/1a")
    run(fresh / "python", "-m", "pip", "uninstall", "--quiet", "-y", "coptip", cwd=tmp_path)


def test_binder_builds_and_opens_the_pages_behind_a_prefix_with_the_notebooks_beside(
    fresh: Path, checkout: Path, tmp_path: Path
) -> None:
    env = environment(fresh) | {"HOME": str(tmp_path)}
    run(checkout / "binder" / "postBuild", cwd=checkout, env=env)
    port = free_port()
    prefix = f"http://127.0.0.1:{port}/user/someone/"
    jupyter: list[str | Path] = [
        checkout / "binder" / "start", "jupyter", "server", "--allow-root", "--no-browser", f"--port={port}",
        "--ServerApp.base_url=/user/someone/", "--IdentityProvider.token=", "--ServerApp.port_retries=0",
    ]  # fmt: skip
    with running(*jupyter, cwd=checkout, env=env, url=f"{prefix}api", log=tmp_path / "log"):
        work_one_exercise(prefix, path="coptip/m/1a")
        with urllib.request.urlopen(f"{prefix}lab/tree/notebooks/1a-understanding-trafficking.ipynb") as lab:
            assert b"JupyterLab" in lab.read()


def test_the_source_archive_has_what_the_wheel_is_built_from(
    fresh: Path, checkout: Path, tmp_path: Path
) -> None:
    build = "from hatchling.build import build_sdist; import sys; print(build_sdist(sys.argv[1]))"
    name = run(fresh / "python", "-c", build, tmp_path, cwd=checkout).strip().splitlines()[-1]
    with tarfile.open(tmp_path / name) as archive:
        names = {n.partition("/")[2] for n in archive.getnames()}
    assert {"data/modules/1a.yaml", "notebooks/1a-understanding-trafficking.ipynb", "LICENSE-TEXTS"} <= names


def test_a_bundle_installs_without_any_index(fresh: Path, checkout: Path, tmp_path: Path) -> None:
    bundle, target = tmp_path / "bundle", tmp_path / "opt" / "coptip"
    run("sh", checkout / "deploy" / "bundle.sh", fresh / "python", bundle, cwd=checkout)
    target.parent.mkdir()
    # no index, and none that could be reached
    cut = environment(fresh) | {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_NO_INDEX": "1"}
    run("sh", bundle / "install.sh", target, sys.executable, cwd=tmp_path, env=cut)
    # an update is the same again, in the place of the old one
    shutil.copy2(target / "bin" / "coptip", tmp_path / "before")
    assert str(target) in (tmp_path / "before").read_text("utf-8")
    assert not target.with_name("coptip.new").exists()
    env = {k: v for k, v in cut.items() if k != "PATH"} | {"PATH": os.environ["PATH"]}
    assert "content is whole" in run(target / "bin" / "coptip", "doctor", "--port", "0", cwd=tmp_path, env=env)
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    kiosk = (target / "bin" / "coptip", "kiosk", "--port", str(port))
    with running(*kiosk, cwd=tmp_path, env=env, url=address + "health", log=tmp_path / "log"), chromium() as browser:
        page = browser.new_page()
        page.goto(address + "m/1a")
        exercise = page.frame_locator("iframe").locator("#exercise-is-this-a-menace")
        exercise.get_by_role("checkbox").first.check()
        exercise.get_by_role("button", name=re.compile("check", re.IGNORECASE)).first.click()
        expect(exercise).to_contain_text(re.compile(r"\d+ of \d+ stand"))
