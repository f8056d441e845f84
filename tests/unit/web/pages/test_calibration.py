from xml.etree import ElementTree

from biolabel.web.pages.calibration import calibration_key, calibration_plot
from biolabel.web.service.overview import Bin, Calibration

SHOWN = [
    Calibration("<cid>", "fused", 0.05, (Bin(10, 0.0, 0.0), Bin(5, 1.0, 1.0))),
    Calibration("<cid>", "label_model", 0.2, (Bin(3, 0.5, 0.25),)),
]


def test_the_plot_is_well_formed_and_says_what_it_shows() -> None:
    figure = ElementTree.fromstring(calibration_plot(SHOWN))
    [svg] = figure
    said = svg.attrib["aria-label"]
    assert said == "calibration of <cid>: fused: error 0.050; label model: error 0.200"
    circles = svg.findall("circle")
    assert len(circles) == 3
    assert circles[2][0].text == "label model: 3 of 0.50, 0.25 came true"


def test_the_diagonal_is_honest() -> None:
    [svg] = ElementTree.fromstring(calibration_plot(SHOWN))
    size = float(svg.attrib["viewBox"].split()[2])
    for circle in svg.findall("circle")[:2]:
        assert float(circle.attrib["cx"]) + float(circle.attrib["cy"]) == size


def test_every_line_has_its_key() -> None:
    shown = calibration_key(SHOWN)
    assert "fused 0.050" in shown
    assert "label model 0.200" in shown
