import datasets
import pandas as pd
import polars as pl
import pyarrow as pa

from biolabel.api.tabular import Tabular, head_of


class Two(Tabular):
    """A table of two rows."""

    def table(self) -> pa.Table:
        """Return it."""
        return pa.table({"rule": ["a", "b"], "labels": [["x"], ["x", "y"]]})


def test_one_table_is_a_frame_and_a_data_set() -> None:
    assert isinstance(Two().pandas(), pd.DataFrame)
    assert isinstance(Two().polars(), pl.DataFrame)
    found = Two().dataset()
    assert isinstance(found, datasets.Dataset)
    assert Two().pandas()["rule"].tolist() == Two().polars()["rule"].to_list() == found["rule"][:]


def test_a_vote_for_several_labels_is_shown_as_one_of_them() -> None:
    shown = str(head_of(Two().table(), ("rule", "labels"), most=1))
    assert ">a<" in shown
    assert ">b<" not in shown
    assert "and 1 more" in shown
    assert "x or y" in str(head_of(Two().table(), ("labels",)))
