"""BL8xx: label models (BL80x, BL81x), end models (BL82x, BL83x) and augmentation (BL84x)."""

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    "BL840": (
        "A transformation is applied to a share of the concepts of a document, which is a number "
        "from 0 (never) to 1 (always). Write `rate = 0.3` for three in ten."
    ),
}
