"""Encoders from folders and the package, and attention from the last layer."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from transformers import AutoConfig, AutoModel
from transformers.utils import logging

from biolabel.endmodel import encoder as module
from biolabel.endmodel.encoder import load_encoder, longest_window, quiet
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.store import save
from biolabel.errors import ModelError


def test_attention_and_vectors_are_those_of_the_plain_implementation(encoder: Path) -> None:
    fast, _ = load_encoder(str(encoder))
    fast.train(False)
    with quiet():
        plain = AutoModel.from_pretrained(encoder, attn_implementation="eager")
    ids = torch.tensor([[2, 5, 13, 9, 3], [2, 6, 3, 0, 0]])
    mask = (ids != 0).long()
    with torch.inference_mode():
        one = fast(ids, attention_mask=mask, output_attentions=True)
        other = plain.eval()(ids, attention_mask=mask, output_attentions=True)
    real = mask.bool()
    torch.testing.assert_close(one.last_hidden_state[real], other.last_hidden_state[real])
    torch.testing.assert_close(one.attentions[-1][0], other.attentions[-1][0])
    torch.testing.assert_close(one.attentions[-1][1, :, :3], other.attentions[-1][1, :, :3])
    assert len(one.attentions) < len(other.attentions)


def test_the_shorter_limit_counts(encoder: Path) -> None:
    model, tokenizer = load_encoder(str(encoder))
    assert longest_window(model, tokenizer, 512) == 64
    assert longest_window(model, tokenizer, 20) == 20


def test_a_folder_without_an_encoder(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        load_encoder(str(tmp_path))
    assert caught.value.code == "BL822"
    assert str(tmp_path) in caught.value.message


def test_a_truncated_weights_file(encoder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(encoder, folder)
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match="no encoder can be loaded") as caught:
        load_encoder(str(folder))
    assert caught.value.code == "BL822"


def test_weights_that_can_hold_code_are_not_read(encoder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(encoder, folder)
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"not read")
    with pytest.raises(ModelError) as caught:
        load_encoder(str(folder))
    assert caught.value.code == "BL822"


def test_weights_of_something_else_are_not_taken_for_an_encoder(
    model: EndModel, tmp_path: Path
) -> None:
    save(model, tmp_path / "end")
    with pytest.raises(ModelError, match="are not those of an encoder") as caught:
        load_encoder(str(tmp_path / "end"))
    assert caught.value.code == "BL822"


def test_a_folder_without_a_tokenizer(encoder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(encoder, folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).unlink()
    with pytest.raises(ModelError) as caught:
        load_encoder(str(folder))
    assert caught.value.code == "BL823"
    assert str(folder) in caught.value.message


def test_a_tokenizer_of_another_encoder(encoder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "encoder"
    shutil.copytree(encoder, folder)
    tokenizer = folder / "tokenizer.json"
    tokens = json.loads(tokenizer.read_text(encoding="utf-8"))
    tokens["model"]["vocab"]["unheard"] = len(tokens["model"]["vocab"])
    tokenizer.write_text(json.dumps(tokens), encoding="utf-8")
    with pytest.raises(ModelError, match="knows 30 pieces, the encoder 29") as caught:
        load_encoder(str(folder))
    assert caught.value.code == "BL823"


def test_a_hub_name_without_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, **where: object) -> None:
        raise OSError(f"We couldn't connect to the hub to load {name} with {len(where)} options")

    monkeypatch.setattr(AutoConfig, "from_pretrained", refuse)
    with pytest.raises(ModelError, match="some/encoder") as caught:
        load_encoder("some/encoder")
    assert caught.value.code == "BL822"
    assert "builtin" in caught.value.hint


def test_the_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda _: None)
    with pytest.raises(ModelError) as caught:
        load_encoder("builtin")
    assert caught.value.code == "BL821"
    assert "pip install biolabel[demo]" in caught.value.hint


def test_quiet_restores_the_settings_of_transformers() -> None:
    before = logging.get_verbosity(), logging.is_progress_bar_enabled()
    with quiet():
        assert not logging.is_progress_bar_enabled()
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before


@pytest.mark.slow
def test_the_packaged_encoder_reads_long_abstracts() -> None:
    model, tokenizer = load_encoder("builtin")
    assert longest_window(model, tokenizer, 512) == 512
    assert model.config.hidden_size == 384
