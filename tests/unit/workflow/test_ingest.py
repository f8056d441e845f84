import shutil
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from biolabel.data.documents import Document, Passage
from biolabel.errors import CorpusError
from biolabel.text import store, store_changes
from biolabel.text.pipeline import Pipeline
from biolabel.text.rejects import read_rejects
from biolabel.text.trained import version_of
from biolabel.workflow.ingest import counts_of, ingest, open_ingested, pipeline_of
from biolabel.workflow.job import Job, Which
from biolabel.workflow.settings import Documents, Task, TaskFolder

T = TypeVar("T")
PIPELINE = Pipeline(sentences="naive", abbreviations=False)
TASK = TaskFolder(folder=Path("tiny"), task=Task(name="x", title="X"))
GOOD = "1|t|Tremor after lithium\n1|a|He shook.\n"
BAD = "2|t|Rash\n2|a|It went.\n2\t0\t9\tRash\tDisease\tD005076\n"


def job_of(tmp_path: Path, text: str) -> Job:
    """Return a job over a corpus with this text."""
    path = tmp_path / "a.pubtator"
    path.write_text(text, encoding="utf-8")
    return Job(TASK, tmp_path / "workspace", {"corpus": path}, code="1")


def test_documents_become_a_corpus(tmp_path: Path) -> None:
    note = ingest(job_of(tmp_path, GOOD), "corpus", PIPELINE)
    corpus = open_ingested(note).whole()
    assert corpus.ids == ("1",)
    assert corpus.texts[0] == "Tremor after lithium He shook."
    assert counts_of(note) == {"documents": 1, "rejected": {}}


def test_the_same_documents_are_read_once(tmp_path: Path) -> None:
    ingest(job_of(tmp_path, GOOD), "corpus", PIPELINE)
    assert ingest(job_of(tmp_path, GOOD), "corpus", PIPELINE).reused


def test_other_documents_labels_or_processing_are_read_anew(tmp_path: Path) -> None:
    first = ingest(job_of(tmp_path, GOOD), "corpus", PIPELINE)
    job = job_of(tmp_path, GOOD.replace("shook", "fell"))
    assert ingest(job, "corpus", PIPELINE).key != first.key
    job = job_of(tmp_path, GOOD)
    (tmp_path / "a.pubtator.topics.tsv").write_text("1\ttopic\tharm\n", encoding="utf-8")
    labeled = ingest(job, "corpus", PIPELINE)
    assert labeled.key != first.key
    assert open_ingested(labeled).whole().topics == ({"topic": "harm"},)
    (tmp_path / "a.pubtator.topics.tsv").unlink()
    other = Pipeline(tokens="x", sentences="naive", abbreviations=False)
    with pytest.raises(CorpusError, match="not installed"):
        ingest(job_of(tmp_path, GOOD), "corpus", other)


def test_what_is_rejected_is_kept_and_counted(tmp_path: Path) -> None:
    note = ingest(job_of(tmp_path, GOOD + "\nnonsense\n\n" + BAD), "corpus", PIPELINE)
    assert counts_of(note) == {"documents": 2, "rejected": {"line": 1, "mention": 1}}
    rows = read_rejects(note.folder / "rejects.tsv").rows
    assert [(row.line, row.lost) for row in rows] == [(4, "line"), (8, "mention")]


def test_a_file_without_documents_leaves_no_stage(tmp_path: Path) -> None:
    with pytest.raises(CorpusError) as caught:
        ingest(job_of(tmp_path, ""), "corpus", PIPELINE)
    assert caught.value.code == "BL602"
    assert list((tmp_path / "workspace" / "stages" / "ingest").iterdir()) == []


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    job = job_of(tmp_path, GOOD)
    (tmp_path / "a.pubtator").unlink()
    (tmp_path / "b.pubtator").touch()
    with pytest.raises(CorpusError, match="no such file") as caught:
        ingest(job, "corpus", PIPELINE)
    assert caught.value.code == "BL601"
    assert caught.value.hint == f"did you mean {tmp_path / 'b.pubtator'}?"


def test_rule_files_say_how_texts_are_processed() -> None:
    assert pipeline_of({}) == Pipeline()
    found = pipeline_of({"sentences": ("naive",), "abbreviations": ("off",)})
    assert found == PIPELINE
    assert pipeline_of({"tokens": ("spacy", "en_x")}).tokens == "en_x"
    assert pipeline_of({"sections": ("pubmed",)}).sections == "pubmed"
    found = pipeline_of({"tagger": ("spacy", "en_x"), "parser": ("off",)})
    assert found == Pipeline(tagger="en_x")


def test_abstracts_are_split_where_the_pipeline_says_so(tmp_path: Path) -> None:
    text = "1|t|Tea\n1|a|AIM: To see. RESULTS: None died.\n\n"
    given = open_ingested(ingest(job_of(tmp_path, text), "corpus", PIPELINE)).whole()
    assert set(given.section_headings) == {""}
    pipeline = replace(PIPELINE, sections="pubmed")
    split = open_ingested(ingest(job_of(tmp_path, text), "corpus", pipeline)).whole()
    assert [split.section_headings[i] for i in split.section_heading] == ["", "AIM", "RESULTS"]
    assert split.texts[0] == given.texts[0]
    with pytest.raises(CorpusError) as caught:
        ingest(job_of(tmp_path, text), "corpus", replace(PIPELINE, sections="medline"))
    assert caught.value.code == "BL613"


def test_a_tagger_that_rules_need_is_another_stage(tmp_path: Path) -> None:
    job = job_of(tmp_path, GOOD)
    plain = ingest(job, "corpus", PIPELINE)
    assert not open_ingested(plain).whole().lemmas
    tagged = ingest(job, "corpus", replace(PIPELINE, tagger="en_core_web_sm"))
    assert tagged.key != plain.key
    assert "shake" in open_ingested(tagged).whole().lemmas
    assert tagged.inputs["trained"] == {"en_core_web_sm": version_of("en_core_web_sm")}
    again = job_of(tmp_path, GOOD)
    assert ingest(again, "corpus", PIPELINE).reused
    assert ingest(again, "corpus", replace(PIPELINE, tagger="en_core_web_sm")).reused


def test_types_are_renamed_and_all_files_count(tmp_path: Path) -> None:
    (tmp_path / "x_abstracts.tsv").write_text("1\tTin\tZincase.\n", encoding="utf-8")
    entities = tmp_path / "x_entities.tsv"
    task = TaskFolder(folder=tmp_path, task=Task(name="x", title="X", types={"GENE-Y": "GENE"}))
    notes = []
    for line in ("1\tT1\tGENE-Y\t4\t11\tZincase\n", "1\tT1\tGENE-Y\t0\t3\tTin\n"):
        entities.write_text(line, encoding="utf-8")
        files: dict[Which, Path] = {"corpus": tmp_path / "x_abstracts.tsv"}
        notes.append(ingest(Job(task, tmp_path / "work", files, code="1"), "corpus", PIPELINE))
    assert open_ingested(notes[0]).whole().mention_types == ("GENE",)
    assert notes[0].key != notes[1].key


def test_a_folder_of_files_is_read_anew_when_one_changes(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    for name in ("a", "b"):
        (folder / name).mkdir(parents=True)
        (folder / name / "part.pubtator").write_text(f"{name}|t|Zinc\n", encoding="utf-8")
    job = Job(TASK, tmp_path / "workspace", {"corpus": folder}, code="1")
    first = ingest(job, "corpus", PIPELINE)
    assert open_ingested(first).whole().ids == ("a", "b")
    assert ingest(job, "corpus", PIPELINE).key == first.key
    (folder / "a" / "part.pubtator").write_text("c|t|Zinc\n", encoding="utf-8")
    assert open_ingested(ingest(job, "corpus", PIPELINE)).whole().ids == ("c", "b")


def test_the_format_of_the_task_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_text("Zinc\tO\n", encoding="utf-8")
    task = Task.model_validate({"name": "x", "title": "X", "documents": {"format": "conll"}})
    found = TaskFolder(folder=Path("tiny"), task=task)
    job = Job(found, tmp_path / "workspace", {"corpus": tmp_path / "a.dat"}, code="1")
    assert open_ingested(ingest(job, "corpus", PIPELINE)).whole().ids == ("a-1",)


def test_progress_knows_how_much_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIOLABEL_CACHE", str(tmp_path / "cache"))
    totals: list[int | None] = []

    def noting(items: Iterable[T], *, name: str, total: int | None = None) -> Iterator[T]:
        assert name == "processing texts"
        totals.append(total)
        return iter(items)

    for pipeline in (Pipeline(sentences="naive"), PIPELINE):
        ingest(replace(job_of(tmp_path, GOOD), progress=noting), "corpus", pipeline)
    assert totals == [1, None]
    assert len(list((tmp_path / "cache" / "annotations").glob("*.sqlite"))) == 1


def test_a_store_is_a_corpus_too(tmp_path: Path) -> None:
    job = job_of(tmp_path, GOOD)
    made = ingest(job, "corpus", PIPELINE)
    again = replace(job, files={"corpus": made.folder / "corpus"})
    note = ingest(again, "corpus", PIPELINE)
    assert open_ingested(note).content_hash == open_ingested(made).content_hash
    assert note.inputs["format"] == "store"
    assert ingest(replace(again, notes={}), "corpus", PIPELINE).reused
    store_changes.add(made.folder / "corpus", [Document("7", (Passage("title", 0, "Tea"),))])
    assert open_ingested(ingest(again, "corpus", PIPELINE)).ids == ("1", "7")


@pytest.mark.parametrize("sections", ["given", "pubmed"])
def test_a_damaged_store_is_not_taken_over(tmp_path: Path, sections: str) -> None:
    made = ingest(job_of(tmp_path, GOOD), "corpus", PIPELINE)
    place = tmp_path / "store"
    shutil.copytree(made.folder / "corpus", place)
    (file,) = place.glob("shards/*/documents.arrow")
    file.write_bytes(file.read_bytes().replace(b"lithium", b"lithiun"))
    job = replace(job_of(tmp_path, GOOD), files={"corpus": place})
    with pytest.raises(CorpusError) as caught:
        ingest(job, "corpus", replace(PIPELINE, sections=sections))
    assert caught.value.code == "BL664"
    assert str(file) in caught.value.message


def test_a_store_that_fits_is_taken_over_without_processing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = job_of(tmp_path, GOOD)
    made = ingest(job, "corpus", PIPELINE).folder / "corpus"
    tagged = replace(PIPELINE, tagger="en_core_web_sm")
    text = (made / "corpus.json").read_text(encoding="utf-8")
    richer = tmp_path / "richer"
    shutil.copytree(made, richer)
    more = text.replace('"tagger": ""', '"tagger": "en_core_web_sm"')
    (richer / "corpus.json").write_text(more, encoding="utf-8")
    monkeypatch.setattr("biolabel.text.store.write", None)
    for source, pipeline in ((made, PIPELINE), (richer, PIPELINE), (richer, tagged)):
        note = ingest(replace(job, files={"corpus": source}, notes={}), "corpus", pipeline)
        taken = open_ingested(note)
        assert taken.ids == ("1",)
        (path,), (old,) = (p.glob("shards/*/rows.arrow") for p in (note.folder / "corpus", source))
        assert path.samefile(old)
        assert counts_of(note) == {"documents": 1, "rejected": {}}
    other = (
        replace(job, files={"corpus": made}, notes={}),
        replace(
            job,
            files={"corpus": made},
            notes={},
            task=TaskFolder(folder=Path("x"), task=Task(name="x", title="X", types={"A": "B"})),
        ),
    )
    for task, pipeline in zip(other, (tagged, PIPELINE), strict=True):
        with pytest.raises(TypeError):
            ingest(task, "corpus", pipeline)


def test_a_store_needs_no_format_of_the_task(tmp_path: Path) -> None:
    made = ingest(job_of(tmp_path, GOOD), "corpus", PIPELINE).folder / "corpus"
    documents = Documents(format="jsonl")
    task = Task(name="x", title="X", documents=documents)
    files: dict[Which, Path] = {"corpus": made}
    job = Job(TaskFolder(folder=Path("x"), task=task), tmp_path / "w", files, code="1")
    assert open_ingested(ingest(job, "corpus", PIPELINE)).ids == ("1",)


def test_a_store_that_does_not_fit_is_processed_again_in_shards_of_its_own_size(
    tmp_path: Path,
) -> None:
    texts = [Document(str(n), (Passage("title", 0, "Tea"),)) for n in range(5)]
    store.write(tmp_path / "s", texts, replace(PIPELINE, sections="pubmed"), shard_documents=2)
    job = replace(job_of(tmp_path, GOOD), files={"corpus": tmp_path / "s"})
    note = ingest(job, "corpus", replace(PIPELINE, tokens="blank"))
    assert [shard.documents for shard in open_ingested(note).shards] == [2, 2, 1]
    assert counts_of(note)["again"] == ["tokens", "sections"]


def test_numbers_are_identifiers_of_the_vocabulary_of_their_type(tmp_path: Path) -> None:
    text = "1|t|EGFR\n1|a|It grew.\n1\t0\t4\tEGFR\tGene\t1956\n"
    plain = ingest(job_of(tmp_path, text), "corpus", PIPELINE)
    known = ingest(job_of(tmp_path, text), "corpus", PIPELINE, {"Gene": "NCBIGENE"})
    assert open_ingested(plain).whole().mention_concepts == (("MESH:1956",),)
    assert open_ingested(known).whole().mention_concepts == (("NCBIGENE:1956",),)
