"""A newcomer runs the demo: both real cases, verified, with figures on stdout and words on stderr."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from recoup.cli.main import recoup


def run(*words: str) -> Result:
    return CliRunner().invoke(recoup, ["demo", *words])


def test_the_demo_shows_both_cases_verifies_them_and_says_where_the_reports_are(tmp_path: Path) -> None:
    ran = run("--out", str(tmp_path))
    assert ran.exit_code == 0, ran.output
    for name in ("colonial-pipeline", "jrny-twitter"):
        assert (tmp_path / name / "report.html").is_file()
        assert f"{name}/report.html" in ran.stdout.replace("\n", "")
    assert ran.stdout.count("no difference") == 2
    assert "recomputing the exhibit" in ran.stderr


def test_the_colonial_table_shows_each_rule_to_the_satoshi(tmp_path: Path) -> None:
    ran = run("colonial-pipeline", "--out", str(tmp_path))
    for figure in ("61.46816619", "60.03750526", "58.28829110", "63.69996546", "0.00003454", "5.90422177"):
        assert figure in ran.stdout
    assert "accounts for every unit of 63.70000000 BTC claimed" in ran.stdout


def test_the_same_demo_gives_the_same_bytes(tmp_path: Path) -> None:
    for place in ("a", "b"):
        assert run("colonial-pipeline", "--out", str(tmp_path / place)).exit_code == 0
    files = [path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file()]
    assert len(files) > 10
    for path in files:
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes(), path


def test_a_directory_that_is_no_bundle_is_not_overwritten(tmp_path: Path) -> None:
    mine = tmp_path / "colonial-pipeline"
    mine.mkdir()
    (mine / "letter.txt").write_text("mine", encoding="utf-8")
    ran = run("colonial-pipeline", "--out", str(tmp_path))
    assert ran.exit_code != 0
    assert (mine / "letter.txt").read_text(encoding="utf-8") == "mine"


def test_an_unknown_case_is_wrong_use() -> None:
    assert run("mt-gox").exit_code == 2
