"""Hostile model folders: nothing in them runs, nothing outside is read, and each is told with a code."""

import json
import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from biolabel.endmodel.classifier import classifier
from biolabel.endmodel.encoder import load_encoder
from biolabel.endmodel.folders import foreign, refusal
from biolabel.errors import ModelError

_CODE = """\
open({mark!r}, "w").write("it ran")
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast
class Config(BertConfig): model_type = "evil"
class Model(BertForSequenceClassification): config_class = Config
class Words(PreTrainedTokenizerFast): pass
"""
_MAP = {"AutoConfig": "evil.Config", "AutoModel": "evil.Model"}
_MAP |= {"AutoModelForSequenceClassification": "evil.Model"}


class Evil:
    """What does something when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.mark}",)


@pytest.fixture
def folder(tiny_encoder: Path, tmp_path: Path) -> Path:
    """Return a folder with a classifier that can be read."""
    place = shutil.copytree(tiny_encoder, tmp_path / "model")
    change(place, "config.json", architectures=["BertForSequenceClassification"])
    return place


def change(folder: Path, name: str, **values: Any) -> None:
    path = folder / name
    content = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps(content | values), "utf-8")


def read(folder: Path) -> list[str]:
    """Return the codes with which a classifier and an encoder are refused, empty if they are read."""
    codes = []
    for load in (lambda: classifier(folder), lambda: load_encoder(str(folder))):
        try:
            load()
            codes.append("")
        except ModelError as error:
            codes.append(error.code)
    return codes


def test_code_in_a_folder_never_runs_nor_is_asked_for(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    mark = tmp_path / "mark"
    (folder / "evil.py").write_text(_CODE.format(mark=str(mark)), "utf-8")
    change(folder, "tokenizer_config.json", auto_map={"AutoTokenizer": [None, "evil.Words"]})
    change(folder, "config.json", auto_map=_MAP)
    assert read(folder) == ["", ""]  # of a known kind, so that nobody needs its code
    change(folder, "config.json", model_type="evil")
    assert read(folder) == ["BL855", "BL822"]
    assert not mark.exists()
    assert "[y/N]" not in "".join(capfd.readouterr())


def test_nothing_is_unpickled(folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    torch.save({"a": Evil(mark)}, folder / "pytorch_model.bin")
    assert read(folder) == ["", ""]
    (folder / "model.safetensors").unlink()
    assert read(folder) == ["BL855", "BL822"]
    torch.save({"a": Evil(mark)}, folder / "model.safetensors")
    assert read(folder) == ["BL855", "BL822"]
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.safetensors", struct.pack("<Q", 1 << 60) + b"{}"),
        ("model.safetensors", struct.pack("<Q", 99_000_000) + b"{" * 1000),
        ("model.safetensors", b""),
        ("tokenizer.json", b'{"model": 1}'),
        (
            "tokenizer.json",
            b'{"version": "1.0", "added_tokens": [], "model": {"type": "WordPiece"}}',
        ),
        ("tokenizer.json", b"[" * 100_000),
        ("config.json", b"[" * 100_000),
        ("config.json", b"[]"),
        ("config.json", b'{"hidden_size": ' + b"9" * 5000 + b"}"),
        ("config.json", b'{"a": "' + b"a" * 10_000_001 + b'"}'),
        ("adapter_config.json", b'{"base_model_name_or_path": "/etc"}'),
        ("model.safetensors.index.json", b'{"weight_map": {"a": "../other.safetensors"}}'),
        ("model.safetensors.index.json", b'{"weight_map": {"a": "/etc/passwd"}}'),
        ("model.safetensors.index.json", b"{}"),
    ],
)
def test_files_that_are_wrong(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    assert read(folder) == ["BL855", "BL822"]


@pytest.mark.parametrize(
    "values",
    [
        {"hidden_size": "x"},
        {"hidden_size": 1 << 40},
        {"num_hidden_layers": 10**9},
        {"attn_implementation": "somebody/kernel"},
        {"_attn_implementation": "somebody/kernel"},
        {"quantization_config": {"quant_method": "bitsandbytes"}},
        {"hidden_act": "evil"},
    ],
)
def test_configurations_that_ask_for_too_much(folder: Path, values: dict[str, Any]) -> None:
    change(folder, "config.json", **values)
    assert read(folder) == ["BL855", "BL822"]


def test_a_good_folder_is_read(folder: Path) -> None:
    assert refusal(folder) == ""
    assert read(folder) == ["", ""]


def test_errors_of_ours_pass_and_others_get_a_code() -> None:
    def ours() -> None:
        raise ModelError("BL801", "ours")

    def theirs() -> None:
        raise Exception("first\nsecond")

    with pytest.raises(ModelError, match="ours"), foreign("BL855", "it"):
        ours()
    with pytest.raises(ModelError, match=r"it: first$") as raised, foreign("BL855", "it"):
        theirs()
    assert raised.value.code == "BL855"
