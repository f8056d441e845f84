from biolabel.kb.obograph import curies_of_iris, tail_of


def test_addresses_become_curies() -> None:
    iris = ["http://purl.obolibrary.org/obo/DOID_4", "DOID:5", "http://x.org/thing", "", "no"]
    assert curies_of_iris(iris) == ("DOID:4", "DOID:5")


def test_the_tail_of_an_address() -> None:
    assert tail_of("http://a.b/c#d") == "d"
    assert tail_of("http://a.b/c") == "c"
    assert tail_of("hasExactSynonym") == "hasExactSynonym"
