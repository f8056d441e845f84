"""Hugging Face classifiers from a local folder as models that rules may ask."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoModelForTokenClassification,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)

from biolabel.data.corpus import Corpus
from biolabel.data.models import Answers, Model, Spans
from biolabel.endmodel.encoder import quiet
from biolabel.endmodel.folders import foreign, refusal
from biolabel.errors import ModelError

BATCH = 32
"""Texts a batch, sorted by length so that little is padded."""


def classifier(folder: Path) -> Model:
    """Return a classifier that was saved with `save_pretrained` as a model.

    A sequence classifier judges the `marked` texts of candidates and documents, every label with
    its probability; a token classifier finds spans sentence by sentence, neighboring tokens of one
    label (with or without `B-` and `I-`) being one span with the mean of their probabilities. Only
    safetensors are read, and no code from the folder is run.

    Raises:
        ModelError: BL855 for a folder that holds no such classifier.
    """
    if not folder.is_dir():
        raise ModelError("BL855", f"there is no folder {folder} with a classifier")
    where: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    with foreign("BL855", f"the classifier in {folder} cannot be read"):
        if reason := refusal(folder):
            raise ModelError("BL855", f"the classifier in {folder} cannot be read: {reason}")
        config = AutoConfig.from_pretrained(folder, **where)
        kind = " ".join(config.architectures or ())
        token = "ForTokenClassification" in kind
        if not token and "ForSequenceClassification" not in kind:
            raise ModelError("BL855", f"{folder} holds {kind or 'no architecture'}, no classifier")
        auto = AutoModelForTokenClassification if token else AutoModelForSequenceClassification
        with quiet():
            network = auto.from_pretrained(folder, use_safetensors=True, **where)
        tokenizer = AutoTokenizer.from_pretrained(folder, **where)
    network.eval()
    if token:
        return Model(find=lambda corpus: _spans(network, tokenizer, corpus))
    return Model(judge=lambda table: _answers(network, tokenizer, table))


def _labels(network: PreTrainedModel) -> tuple[str, ...]:
    names = network.config.id2label or {}
    return tuple(str(name) for _, name in sorted(names.items()))


def _answers(
    network: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, table: pa.Table
) -> Answers:
    texts = table["marked"].to_pylist()
    different = sorted(set(texts), key=len)
    labels = _labels(network)
    many = network.config.problem_type == "multi_label_classification"
    scores = np.zeros((len(different), len(labels)))
    with torch.inference_mode():
        for start in range(0, len(different), BATCH):
            batch = tokenizer(
                different[start : start + BATCH], truncation=True, padding=True, return_tensors="pt"
            )
            logits = network(**batch).logits.float()
            probabilities = logits.sigmoid() if many else logits.softmax(-1)
            scores[start : start + BATCH] = probabilities.numpy()
    number = {text: i for i, text in enumerate(different)}
    of_row = scores[[number[text] for text in texts]].reshape(len(texts), len(labels))
    row, label = np.indices(of_row.shape)
    return Answers(
        row.reshape(-1).astype(np.int32),
        label.reshape(-1).astype(np.int32),
        of_row.reshape(-1),
        labels,
    )


def _spans(network: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, corpus: Corpus) -> Spans:
    names = _labels(network)
    found: list[tuple[int, int, int, str, float]] = []
    order = np.argsort(corpus.sentence_end - corpus.sentence_start, kind="stable").tolist()
    with torch.inference_mode():
        for start in range(0, len(order), BATCH):
            sentences = order[start : start + BATCH]
            batch = tokenizer(
                [corpus.sentence_text(i) for i in sentences],
                truncation=True, padding=True, return_tensors="pt", return_offsets_mapping=True,
            )  # fmt: skip
            offsets = batch.pop("offset_mapping").tolist()
            scores, best = network(**batch).logits.float().softmax(-1).max(-1)
            for sentence, places, labels, certain in zip(
                sentences, offsets, best.tolist(), scores.tolist(), strict=True
            ):
                tagged = [
                    (a, b, names[label], score)
                    for (a, b), label, score in zip(places, labels, certain, strict=True)
                    if b > a
                ]
                doc, at = int(corpus.sentence_doc[sentence]), int(corpus.sentence_start[sentence])
                found += [
                    (doc, at + a, at + b, name, score) for a, b, name, score in joined(tagged)
                ]
    found.sort()
    labels = tuple(sorted({name for *_, name, _ in found}))
    number = {name: i for i, name in enumerate(labels)}
    places = np.array([row[:3] for row in found], dtype=np.int32).reshape(-1, 3)
    return Spans(
        places[:, 0],
        places[:, 1],
        places[:, 2],
        np.array([number[row[3]] for row in found], dtype=np.int32),
        np.array([row[4] for row in found], dtype=np.float64),
        labels,
    )


def joined(tagged: list[tuple[int, int, str, float]]) -> list[tuple[int, int, str, float]]:
    """Return spans (start, end, label, mean score) of tagged tokens; the label `O` is outside."""
    spans: list[list[tuple[int, int, str, float]]] = []
    before = "O"
    for token in tagged:
        tag = token[2]
        label = tag.removeprefix("B-").removeprefix("I-")
        goes_on = label == before and not tag.startswith("B-")
        before = label if tag != "O" else "O"
        if tag == "O":
            continue
        if goes_on:
            spans[-1].append(token)
        else:
            spans.append([token])
    return [
        (
            span[0][0],
            span[-1][1],
            span[0][2].removeprefix("B-").removeprefix("I-"),
            sum(token[3] for token in span) / len(span),
        )
        for span in spans
    ]
