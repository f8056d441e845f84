"""What a folder with somebody else's model may not ask for, before transformers reads it.

Transformers follows a folder's files far: to code in it (`auto_map`, which every loader of ours switches
off), to kernels and base models on the hub, to weights outside of the folder. And it raises whatever its
parts raise on files that are wrong, plain `Exception` of the tokenizers among it.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from biolabel.errors import ModelError

_CONFIG, _INDEX, _ADAPTER = "config.json", "model.safetensors.index.json", "adapter_config.json"
_ATTENTION = ("attn_implementation", "_attn_implementation")
_LARGEST = 10_000_000
"""Bytes of the largest `config.json` that is read; those of the hub have some thousands."""
_DEEPEST = 1000
"""Layers of the deepest model that is built; the deepest ones that are used have some hundreds."""


def refusal(folder: Path) -> str:
    """Return why a model folder is not read, or nothing: it is for reading what stays in it."""
    if (folder / _ADAPTER).exists():
        return f"it is an adapter ({_ADAPTER}), which has another model loaded"
    config = _object(folder / _CONFIG)
    if isinstance(config, str):
        return config
    for name in _ATTENTION:
        if "/" in str(config.get(name) or ""):
            return f"{_CONFIG} asks for code from elsewhere: {name} is {config[name]!r}"
    if config.get("quantization_config"):
        return "its weights are quantized, which needs other libraries"
    for name, value in config.items():
        if "layers" in name and isinstance(value, int) and value > _DEEPEST:
            return f"{_CONFIG} asks for {value:,} {name}"
    if not (folder / _INDEX).exists():
        return ""
    index = _object(folder / _INDEX)
    files = index if isinstance(index, str) else index.get("weight_map")
    if not isinstance(files, dict):
        return index if isinstance(index, str) else f"{_INDEX} has no weight_map"
    outside = [name for name in map(str, files.values()) if Path(name).name != name]
    return f"{_INDEX} names weights outside of the folder: {outside[0]}" if outside else ""


@contextmanager
def foreign(code: str, what: str, hint: str = "") -> Iterator[None]:
    """Turn whatever the block raises on somebody's files into a ModelError with a code.

    Raises:
        ModelError: those of the block as they are; else of the code, with the first line of the reason.
    """
    try:
        yield
    except ModelError:
        raise
    except Exception as error:
        first = str(error).strip().partition("\n")[0] or type(error).__name__
        raise ModelError(code, f"{what}: {first}", hint=hint) from error


def _object(path: Path) -> Mapping[str, Any] | str:
    """Return the object of a JSON file, or what is wrong with it."""
    try:
        if path.stat().st_size > _LARGEST:
            return f"{path.name} has more than {_LARGEST:,} bytes"
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return f"it has no {path.name}"
    except (OSError, ValueError, RecursionError) as error:
        return f"{path.name} cannot be read: {error}"
    return found if isinstance(found, dict) else f"{path.name} is no object of JSON"
