import gzip
from pathlib import Path

import pytest

from biolabel.errors import KnowledgeError
from biolabel.kb.chebi import read_chebi
from biolabel.kb.named import named
from biolabel.kb.sources import Source, read_ontology
from biolabel.kb.tables import RowFilter

OLD = """\
ID\tSTATUS\tCHEBI_ACCESSION\tSOURCE\tPARENT_ID\tNAME\tDEFINITION\tMODIFIED_ON\tCREATED_BY\tSTAR
15365\tC\tCHEBI:15365\tChEBI\tnull\tacetylsalicylic acid\tA "salicylate".\t2020-01-01\tx\t3
2594\tS\tCHEBI:2594\tKEGG COMPOUND\t15365\tnull\tnull\t2020-01-01\tx\t3
9\tD\tCHEBI:9\tChEBI\tnull\tnothing\tnull\t2020-01-01\tx\t1
"""
OLD_NAMES = """\
ID\tCOMPOUND_ID\tTYPE\tSOURCE\tNAME\tADAPTED\tLANGUAGE
1\t15365\tIUPAC NAME\tIUPAC\t2-(acetyloxy)benzoic acid\tF\ten
2\t2594\tSYNONYM\tKEGG COMPOUND\tAcetosal\tF\ten
3\t15365\tINN\tWHO MedNet\tacide acetylsalicylique\tF\tfr
4\t15365\tBRAND NAME\tDrugBank\t"Easprin"\tF\ten
"""
NEW = """\
id\tname\tstatus_id\tsource\tparent_id\tmerge_type\tchebi_accession\tdefinition\tascii_name\tstars\tmodified_on
16236\tH<sub>3</sub>C ethanol\t1\tChEBI\t\t\tCHEBI:16236\t\tH3C ethanol\t3\t2025-01-01
"""
NEW_NAMES = """\
id\tcompound_id\tname\ttype\tstatus_id\tadapted\tlanguage_code\tascii_name
1\t16236\t<em>ethyl</em> alcohol\tSYNONYM\t1\tfalse\ten\tethyl alcohol
2\t16236\t\u00c4thanol\tSYNONYM\t1\tfalse\tde\tAethanol
"""


def files(folder: Path, *texts: str) -> list[Path]:
    paths = [folder / f"{number}.tsv.gz" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_bytes(gzip.compress(text.encode()))
    return paths


def test_names_of_old_releases(tmp_path: Path) -> None:
    paths = files(tmp_path, OLD_NAMES, OLD)
    found = read_chebi(paths)
    assert found.names == {
        "CHEBI:15365": (
            *("acetylsalicylic acid", "2-(acetyloxy)benzoic acid", "Acetosal", '"Easprin"'),
        )
    }
    assert found.kinds["CHEBI:15365"] == {"Acetosal": "related", '"Easprin"': "related"}
    assert found.replaced == {"CHEBI:2594": "CHEBI:15365"}
    assert found.obsolete == {"CHEBI:2594", "CHEBI:9"}
    brands = read_ontology(
        Source("chebi", tuple(map(str, paths)), where=(RowFilter("tag", "=", "BRAND NAME"),))
    )
    assert brands.names == {"CHEBI:15365": ('"Easprin"',)}


def test_names_of_new_releases_are_plain(tmp_path: Path) -> None:
    found = read_chebi(files(tmp_path, NEW, NEW_NAMES))
    assert found.names == {"CHEBI:16236": ("H3C ethanol", "ethyl alcohol")}


def test_compounds_alone(tmp_path: Path) -> None:
    (path,) = files(tmp_path, OLD)
    assert named(str(path)).ontology().names == {"CHEBI:15365": ("acetylsalicylic acid",)}


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ((OLD_NAMES,), "has no compounds"),
        ((OLD, "id\tname\n1\tx\n"), "neither the compounds nor the names"),
        (
            (OLD.replace("2594\tS", "15365\tS").replace("\t15365\tnull", "\tnull\tx"),),
            "defined again",
        ),
        ((OLD + "1\tC\n",), "0.tsv.gz:5 cannot be read"),
    ],
)
def test_bad_input(tmp_path: Path, texts: tuple[str, ...], said: str) -> None:
    with pytest.raises(KnowledgeError, match=said) as raised:
        read_chebi(files(tmp_path, *texts))
    assert raised.value.code in ("BL705", "BL721")
