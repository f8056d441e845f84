"""A tiny encoder, made here, and tiny documents with soft labels."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from biolabel.data.documents import Mention
from biolabel.data.labels import Task
from biolabel.data.rows import rows_of
from biolabel.data.training import LabeledDocument, PairLabels, TopicLabels, WordLabels
from biolabel.endmodel.model import EndModel
from biolabel.endmodel.settings import Settings
from biolabel.endmodel.train import train

NAMES = Task("names", "entity", ("Chemical", "Disease", "none"))
CAUSES = Task("causes", "relation", ("causes", "none"))
KIND = Task("kind", "document", ("adverse", "other"))

CHEMICALS = ("aspirin", "heparin", "lithium", "morphine")
DISEASES = ("tremor", "bleeding", "nausea", "coma")
VOCABULARY = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
    *(*CHEMICALS, *DISEASES, "causes", "treats", "severe", "in", "mice", "and"),
    *(".", ",", "(", ")", "trem", "##or", "##in", "a", "##a", "x"),
)


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """Keep tiny tensors on one thread, which is faster than sharing them out."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def tokenizer() -> PreTrainedTokenizerFast:
    """Return a word piece tokenizer of a handful of words."""
    made = Tokenizer(
        models.WordPiece({piece: i for i, piece in enumerate(VOCABULARY)}, unk_token="[UNK]")
    )
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=made,
        model_max_length=64,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )


@pytest.fixture(scope="session")
def encoder(tokenizer: PreTrainedTokenizerFast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a BERT with two layers of width 32 and random weights."""
    folder = tmp_path_factory.mktemp("encoder")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        model = BertModel(
            BertConfig(
                vocab_size=len(VOCABULARY),
                hidden_size=32,
                num_hidden_layers=2,
                num_attention_heads=2,
                intermediate_size=64,
                max_position_embeddings=64,
            )
        )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def settings(encoder: Path) -> Settings:
    """Return settings under which the tiny encoder learns in a second."""
    return Settings(
        encoder=str(encoder),
        overlap=8,
        epochs=12,
        updates=0,
        rate=5e-3,
        head_rate=5e-3,
        dropout=0.0,
        batch_pieces=64,
    )


def labeled(
    name: str, chemical: str, disease: str, verb: str, tail: str = "in mice ."
) -> LabeledDocument:
    """Return "CHEMICAL VERB DISEASE TAIL" with labels: only "causes" relates, and is adverse."""
    text = f"{chemical} {verb} {disease} {tail}"
    start = text.index(disease)
    mentions = (
        Mention(0, len(chemical), "Chemical", (f"C:{chemical}",)),
        Mention(start, start + len(disease), "Disease", (f"D:{disease}",)),
    )
    words, _ = rows_of(text)
    labels = np.zeros((len(words), 3), dtype=np.float32)
    labels[:, 2] = 1
    labels[0], labels[2] = (0.9, 0.05, 0.05), (0.05, 0.9, 0.05)
    positive = verb == "causes"
    soft = np.array([0.95, 0.05] if positive else [0.05, 0.95], dtype=np.float32)
    return LabeledDocument(
        name,
        text,
        words,
        mentions,
        {"names": WordLabels(labels, np.ones(len(words), dtype=np.float32))},
        {
            "causes": PairLabels(
                ((f"C:{chemical}", f"D:{disease}"),), soft[None], np.ones(1, dtype=np.float32)
            )
        },
        {"kind": TopicLabels(soft, 1.0)},
    )


@pytest.fixture(scope="session")
def documents() -> list[LabeledDocument]:
    """Return 32 documents: every chemical with every disease, causing and treating it."""
    return [
        labeled(f"{verb}{i}{j}", chemical, disease, verb)
        for i, chemical in enumerate(CHEMICALS)
        for j, disease in enumerate(DISEASES)
        for verb in ("causes", "treats")
    ]


@pytest.fixture(scope="session")
def tasks() -> tuple[Task, Task, Task]:
    """Return the entity, relation and document task of the documents."""
    return NAMES, CAUSES, KIND


@pytest.fixture(scope="session")
def model(
    documents: list[LabeledDocument], tasks: tuple[Task, ...], settings: Settings
) -> EndModel:
    """Return a model trained on the documents."""
    return train(documents, tasks, settings, np.random.default_rng(0))
