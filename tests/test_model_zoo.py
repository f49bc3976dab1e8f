"""Models from the web: downloaded once, checked by their hash, with a clear error where there is no web."""

import hashlib
import socket

import pytest

import autograd_legacy as torch
from autograd_legacy.utils import model_zoo


@pytest.fixture
def site(tmp_path):
    """A folder as a site, with a state dict in a file named by its hash; its URL."""
    folder = tmp_path / "site"
    folder.mkdir()
    torch.save({"weight": torch.ones(100_000)}, str(folder / "model.pth"))
    digits = hashlib.sha256((folder / "model.pth").read_bytes()).hexdigest()[:8]
    (folder / "model.pth").rename(folder / f"model-{digits}.pth")
    return folder.as_uri(), f"model-{digits}.pth"


def test_downloads_once(site, tmp_path, capsys):
    url, name = site
    kept = tmp_path / "kept"
    assert model_zoo.load_url(f"{url}/{name}", str(kept))["weight"].sum() == 100_000
    assert "100" in capsys.readouterr().err  # the progress
    (tmp_path / "site" / name).unlink()
    assert model_zoo.load_url(f"{url}/{name}", str(kept))["weight"].sum() == 100_000
    assert [path.name for path in kept.iterdir()] == [name]


def test_folder_is_torch_home(site, tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TORCH_MODEL_ZOO", raising=False)
    model_zoo.load_url("/".join(site))
    assert (tmp_path / "home" / "models" / site[1]).exists()


def test_another_hash_is_refused(site, tmp_path):
    url, name = site
    (tmp_path / "site" / name).rename(tmp_path / "site" / "model-00000000.pth")
    with pytest.raises(RuntimeError, match="invalid hash"):
        model_zoo.load_url(f"{url}/model-00000000.pth", str(tmp_path / "kept"))
    assert list((tmp_path / "kept").iterdir()) == []


def test_offline(tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/model-00000000.pth"
        with pytest.raises(RuntimeError, match="cannot download") as caught:
            model_zoo.load_url(url, str(tmp_path))
    assert str(tmp_path / "model-00000000.pth") in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_counts_without_tqdm(capsys):
    with model_zoo._Counted(total=200) as bar:
        bar.update(50)
        bar.update(150)
    assert capsys.readouterr().err.split() == ["25.0%", "100.0%"]
