"""Runs: sealed inputs, deterministic awards, bundles that recompute, nothing partial."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.rooms.restitution.plans import example
from tests.rooms.restitution.runs import HUBER, inputs, run, victims

from recoup.ground import Refused, sha256_file
from recoup.restitution.run import compute, read_bundle, read_money, verify_bundle, write_bundle
from recoup.restitution.run.bundle import FILES, read_secret


def faults(folder: Path, rows: list[str], **rest: object) -> str:
    with pytest.raises(Refused) as refused:
        run(folder, rows, **rest)  # type: ignore[arg-type]
    return str(refused.value)


def test_awards_and_record(tmp_path: Path) -> None:
    found = run(tmp_path, HUBER)
    assert found.awards.tolist() == [0, 15_000, 45_000]
    record = found.record
    assert (record.amount("pool"), record.amount("awards"), record.data["level"]) == (60_000, 60_000, "3/10")
    assert record.data["inputs"]["claims"] == sha256_file(tmp_path / "claims.csv")  # type: ignore[index]


def test_the_same_inputs_give_the_same_seal_and_any_other_another(tmp_path: Path) -> None:
    seal = run(tmp_path, HUBER).record.seal
    assert run(tmp_path, HUBER).record.seal == seal
    assert run(tmp_path, HUBER[::-1]).awards.tolist() == [0, 15_000, 45_000]
    others = [
        run(tmp_path, HUBER[::-1]).record.seal,
        run(tmp_path, HUBER, pool=60_001).record.seal,
        run(tmp_path, HUBER, example(plan__title="x")).record.seal,
        run(tmp_path, HUBER, seed="x").record.seal,
    ]
    assert len({seal, *others}) == 5


def test_split_identities_are_joined_before_sharing(tmp_path: Path) -> None:
    rows = ["a,p,100,0,,,,", "b,p-alias,100,200,,,,", "c,q,100,0,,,,"]
    link = ["p,p-alias,same-person,confirmed,reviewer,same passport"]
    assert run(tmp_path, rows, pool=100).awards.tolist() == [50, 0, 50]
    joined = run(tmp_path, rows, links=link, pool=100)
    assert joined.awards.tolist() == [0, 0, 100]
    assert (joined.record.data["claims"], joined.record.data["beneficiaries"]) == (3, 2)


def test_unconsolidated_input_is_refused(tmp_path: Path) -> None:
    link = ["p1,p2,same-person,suggested,,"]
    assert "only suggested" in faults(tmp_path, list(HUBER), links=link)


def test_one_bad_row_stops_everything(tmp_path: Path) -> None:
    said = faults(tmp_path, [*HUBER, "c4,p4,-1,0,,,,", "c5,,1,0,,,,"])
    assert "claims.csv:5: row rejected" in said
    assert "claims.csv:6: row rejected" in said


def test_disputed_claims_are_reserved_and_denied_ones_left_out(tmp_path: Path) -> None:
    plan = example(sharing__rule="pro-rata", sharing__parameters={})
    rows = ["a,p,100,0,,,,", "b,q,0,0,300,disputed,,", "c,r,500,0,,denied,,"]
    found = run(tmp_path, rows, plan, pool=100)
    assert (found.claims, found.awards.tolist(), found.held.tolist()) == (("a", "b"), [25, 0], [0, 75])
    assert (found.record.amount("reserve"), found.record.data["held"]) == (75, "75")


def test_a_dispute_of_one_claim_among_several_of_a_person(tmp_path: Path) -> None:
    plan = example(sharing__rule="pro-rata", sharing__parameters={})
    rows = ["a,p,100,0,,,,", "b,p,0,0,100,disputed,,", "c,r,200,0,,,,"]
    found = run(tmp_path, rows, plan, pool=200)
    assert (found.awards.tolist(), found.record.data["held"]) == ([50, 0, 100], "50")


def test_waterfall_with_costs_under_the_plans_cap(tmp_path: Path) -> None:
    classes = [{"name": "owners"}, {"name": "victims", "rule": "rising-tide"}]
    plan = example(sharing__rule="waterfall", sharing__parameters={"classes": classes})
    rows = ["a,p,100,0,,,owners,", "b,q,300,0,,,victims,", "c,r,600,0,,,victims,"]
    found = run(tmp_path, rows, plan, pool=450, costs={"due": 80, "taken": 0, "recoveries": 1000})
    assert (found.record.amount("costs"), found.awards.tolist()) == (50, [100, 100, 200])
    assert "class 'x' is not in the plan" in faults(tmp_path, ["a,p,1,0,,,x,"], plan=plan)


def test_leximin_pools(tmp_path: Path) -> None:
    plan = example(sharing__rule="leximin-pools", sharing__parameters={})
    rows = ["a,p,100,0,,,,n", "b,q,100,0,,,,n;s", "c,r,100,0,,,,s"]
    assert run(tmp_path, rows, plan, pools={"n": 60, "s": 60}).awards.tolist() == [40, 40, 40]
    assert "pool 'x' is not among" in faults(tmp_path, ["a,p,1,0,,,,x"], plan=plan, pools={"n": 60})
    mixed = ["a,p,1,0,,,,n", "b,p,1,0,,,,s"]
    assert "has another pools than" in faults(tmp_path, mixed, plan=plan, pools={"n": 60, "s": 1})


def test_shapes_that_a_run_does_not_take_are_said(tmp_path: Path) -> None:
    plan = example(sharing__rule="sipa", sharing__parameters={})
    assert "a run does not share by sipa" in faults(tmp_path, list(HUBER), plan=plan)
    assert "takes neither costs nor pools" in faults(tmp_path, list(HUBER), costs={"due": 5})
    talmud = example(sharing__rule="talmud", sharing__parameters={})
    assert "need another rule" in faults(tmp_path, ["b,q,0,0,300,disputed,,"], plan=talmud)


@pytest.mark.parametrize(
    ("money", "words"),
    [
        ("{}", "run is missing"),
        ('{"run": "r", "as_at": "x"}', "neither pool nor pools"),
        ('{"run": "r", "as_at": "x", "pool": 1.5}', "at /pool: 1.5"),
        ('{"run": "r", "as_at": "x", "pool": 5, "pools": {"a": 4}}', "not the sum of the pools"),
        ('{"run": "r", "as_at": "x", "pool": 5, "cost": {}}', "Did you mean 'costs'?"),
        ('{"run": "r", "as_at": "x", "pool": 5, "rounding": "up"}', "Write one of: interim, final"),
    ],
)
def test_money_that_cannot_be_read(money: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        read_money(money, "money.json")
    assert words in str(refused.value)


def bundle(folder: Path) -> Path:
    given = inputs(folder, victims(40), pool=500_000)
    write_bundle(given, compute(given), folder / "bundle")
    return folder / "bundle"


def test_a_bundle_recomputes(tmp_path: Path) -> None:
    path = bundle(tmp_path)
    assert {each.name for each in path.iterdir()} == set(FILES)
    (tmp_path / "claims.csv").unlink()
    assert verify_bundle(path) == ()
    assert read_bundle(path)[1].seal == compute(read_bundle(path)[0]).record.seal


def test_another_version_may_verify(tmp_path: Path) -> None:
    path = bundle(tmp_path)
    record = json.loads((path / "record.json").read_text()) | {"code": "recoup 99"}
    (path / "record.json").write_text(json.dumps(record))
    assert verify_bundle(path) == ()


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("awards.csv", "c00003,", "c00003,1", "awards.csv:5"),
        ("claims.csv", "c00003,p00003,", "c00003,p00003,1", "record.json /awards_file"),
        ("money.json", "500000", "500001", "record.json /pool"),
        ("plan.json", "Example fund", "Exemple fund", "record.json /plan"),
        ("record.json", '"undivided": "', '"undivided": "1', "record.json /undivided"),
        ("secret", "00", "01", "record.json /tree"),
    ],
)
def test_every_change_in_a_bundle_is_named(tmp_path: Path, name: str, old: str, new: str, words: str) -> None:
    path = bundle(tmp_path)
    text = (path / name).read_text()
    assert old in text
    (path / name).write_text(text.replace(old, new, 1))
    assert any(str(each).startswith(words) for each in verify_bundle(path))


def test_a_bundle_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = inputs(tmp_path, HUBER)
    found = compute(given)

    def fails(*_: object) -> str:
        raise OSError("no space left on device")

    monkeypatch.setattr("recoup.restitution.run.bundle.awards_csv", fails)
    with pytest.raises(OSError, match="no space"):
        write_bundle(given, found, tmp_path / "out")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["claims.csv"]
    monkeypatch.undo()
    write_bundle(given, found, tmp_path / "out")
    with pytest.raises(Refused, match="exists already"):
        write_bundle(given, found, tmp_path / "out")


def test_bundles_that_cannot_be_read(tmp_path: Path) -> None:
    path = bundle(tmp_path)
    (path / "record.json").write_text("{")
    with pytest.raises(Refused, match="is not JSON"):
        verify_bundle(path)
    (path / "money.json").unlink()
    with pytest.raises(Refused, match=r"lacks money.json"):
        verify_bundle(path)
    with pytest.raises(Refused, match="32 bytes in hex"):
        read_secret("00", "secret")


def test_names_with_commas_and_quotes_stay_one_field(tmp_path: Path) -> None:
    rows = ['"Doe, ""Jo""",p,100,0,,,,']
    given = inputs(tmp_path, rows, pool=50)
    write_bundle(given, compute(given), tmp_path / "out")
    assert '"Doe, ""Jo""",50,0' in (tmp_path / "out" / "awards.csv").read_text()
    assert verify_bundle(tmp_path / "out") == ()
