"""A small transformer with random weights, for tests that want any."""

from pathlib import Path

TINY_WORDS = (
    *(
        "aspirin",
        "heparin",
        "ibuprofen",
        "lithium",
        "metformin",
        "morphine",
        "naproxen",
        "phenytoin",
    ),
    *(
        "warfarin",
        "bleeding",
        "fever",
        "headache",
        "hemorrhage",
        "nausea",
        "osteoarthritis",
        "pain",
    ),
    *("rash", "seizures", "thrombosis", "tremor", "vomiting", "after", "against", "caused", "for"),
    *("how", "induced", "provoked", "relieved", "who"),
)
"""The words that the tiny encoder tells apart: names and cues."""


def write_tiny_encoder(folder: Path) -> Path:
    """Write a BERT with one layer of width 32, random weights and few words; return its folder."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *TINY_WORDS]
    tokenizer = Tokenizer(
        models.WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=128,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        BertModel(config).save_pretrained(folder)
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        model_max_length=128,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    ).save_pretrained(folder)
    return folder
