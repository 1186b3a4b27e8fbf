"""Of many regions the provinces are listed, and every region is a click further."""

from __future__ import annotations

from collections import Counter

import pytest

from pipelines.oversight import provinces
from pipelines.oversight.provinces import by_province
from tests.built_raw import GROUP
from tests.oversight.conftest import BuiltSite
from tests.oversight.pages import Page, resolved


def region(code: str, name: str, province: str | None) -> dict[str, str | None]:
    return {"region_code": code, "region_name": name, "province_name": province}


REGIONS = [
    (region("000000", "未知地区", None), 1),
    (region("420000", "湖北省", "湖北省"), 2),
    (region("420100", "武汉市", "湖北省"), 3),
    (region("420106", "武昌区", "湖北省"), 4),
    (region("511100", "乐山市", "四川省"), 5),
    (region("990000", "", None), 6),
]


def test_few_regions_are_listed_as_they_are() -> None:
    assert by_province(REGIONS) == ()


def test_many_regions_stand_in_their_provinces_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provinces, "REGIONS_LISTED", len(REGIONS) - 1)
    found = by_province(REGIONS)
    assert [(one.code, one.name) for one in found] == [
        ("000000", "未知地区"),
        ("420000", "湖北省"),
        ("510000", "四川省"),
        ("990000", "990000"),
    ]
    assert [one for province in found for one in province.regions] == REGIONS


def links(name: str, page: Page) -> set[str]:
    return {resolved(name, a.get("href"))[0] for a in page.all("a") if a.get("href")}


def totals(page: Page) -> Counter[int]:
    """The counts of the first table of a page, by column."""
    table = page.all("table")[0]
    found = Counter[int]()
    for row in (one for one in page.all("tr") if table in one.within):
        cells = [one.text.replace(",", "") for one in page.all("td") if one.within[-1] is row]
        found.update({place: int(text) for place, text in enumerate(cells) if text})
    return found


@pytest.mark.xdist_group(GROUP)
@pytest.mark.parametrize(("begin", "folder"), [("index.html", "region"), ("coverage/index.html", "coverage")])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_region_is_two_clicks_away_and_the_provinces_are_their_sums(
    site: BuiltSite, parted_site: BuiltSite, begin: str, folder: str, lang: str
) -> None:
    def listed(built: BuiltSite, name: str) -> set[str]:
        found = {one for one in links(name, built.pages[name]) if one.startswith(f"{lang}/{folder}/")}
        return found - {name, f"{lang}/coverage/index.html"}

    whole, parted = f"{lang}/{begin}", listed(parted_site, f"{lang}/{begin}")
    assert parted
    assert all("/province-" in one for one in parted)
    assert set().union(*(listed(parted_site, one) for one in parted)) == listed(site, whole)
    if folder == "coverage":
        assert totals(parted_site.pages[whole]) == totals(site.pages[whole])
        assert sum((totals(parted_site.pages[one]) for one in parted), Counter()).total() == (
            totals(site.pages[whole]).total()
        )
