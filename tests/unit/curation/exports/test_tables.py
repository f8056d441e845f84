import json
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

from biolabel.curation.assertions import Assertion
from biolabel.curation.exports.tables import ASSERTIONS, DECISIONS, write_jsonl, write_tsv
from biolabel.curation.review import Reviewed
from biolabel.curation.table import COLUMNS, cells_of, read_assertions


def table(path: Path) -> list[dict[str, str]]:
    head, *lines, end = path.read_text(encoding="utf-8").split("\n")
    assert end == ""
    names = head.split("\t")
    return [dict(zip(names, cells_of(line), strict=True)) for line in lines]


def test_tables_hold_everything(
    tmp_path: Path, accepted: Reviewed, rejected: Reviewed, undecided: Reviewed
) -> None:
    every = (accepted, rejected, undecided)
    assertions, decisions = write_tsv(tmp_path, every)
    rows = table(assertions)
    assert [row["state"] for row in rows] == ["accepted"] * 3 + ["rejected", "undecided"]
    assert [row["evidence"] for row in rows] == [id_ for r in every for id_ in r.evidence_ids]
    # The columns of the run's own table are read back by its reader.
    plain = tmp_path / "plain.tsv"
    at = len(ASSERTIONS) - len(COLUMNS)
    lines = assertions.read_text(encoding="utf-8").split("\n")
    plain.write_text("\n".join("\t".join(line.split("\t")[at:]) for line in lines))
    assert read_assertions(plain) == tuple(each.assertion for each in every)
    made = [decision for each in every for decision in each.decisions]
    found = table(decisions)
    assert [row["comment"] for row in found] == [decision.comment for decision in made]
    assert [datetime.fromisoformat(row["at"]) for row in found] == [d.at for d in made]
    assert list(found[0]) == list(DECISIONS)


def test_an_assertion_without_evidence_has_a_line(tmp_path: Path, rejected: Reviewed) -> None:
    bare = Reviewed("x", "cid", replace(rejected.assertion, evidence=()))
    assertions, _ = write_tsv(tmp_path, [bare])
    (row,) = table(assertions)
    assert (row["id"], row["subject"], row["document"]) == ("x", bare.assertion.subject, "")


def test_json_lines_hold_everything(tmp_path: Path, accepted: Reviewed, rejected: Reviewed) -> None:
    gone = replace(accepted, gone_evidence={"e": accepted.assertion.evidence[1]})
    (path,) = write_jsonl(tmp_path, [gone, rejected])
    lines = path.read_bytes().split(b"\n")
    first, second = (json.loads(line) for line in lines[:-1])
    a = accepted.assertion
    said = {name: first["assertion"][name] for name in first["assertion"]}
    expected = json.loads(json.dumps(asdict(a)))
    assert said | {"evidence": expected["evidence"]} == expected
    assert [row.pop("id") for row in first["evidence"]] == list(accepted.evidence_ids)
    assert first["evidence"] == expected["evidence"]
    assert [row["id"] for row in first["gone_evidence"]] == ["e"]
    assert (first["outcome"]["state"], second["outcome"]["state"]) == ("accepted", "rejected")
    assert [each["by"] for each in first["decisions"]] == ["ana", "b c"]
    assert set(Assertion.__dataclass_fields__) - {"evidence"} == set(first["assertion"])
