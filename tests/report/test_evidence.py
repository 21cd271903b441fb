"""Which claims are quoted."""

import polars as pl

from tests.report.cases import make_claims
from windvane.report.evidence import choose_quotes, quote_in_order

CLAIMS = make_claims(["asked"] * 30)


def test_every_quote_has_its_own_story() -> None:
    """Two copies of one report never stand side by side."""
    quotes = choose_quotes(CLAIMS, most=8)
    stories = CLAIMS.filter(pl.col("text").is_in([quote.text for quote in quotes]))["story_id"]
    assert len(quotes) == 8
    assert stories.n_unique() == 8


def test_quotes_span_languages_and_outlets() -> None:
    """With three languages and five outlets at hand, three quotes show three of each."""
    quotes = choose_quotes(CLAIMS, most=3)
    assert len({quote.language for quote in quotes}) == 3
    assert len({quote.outlet for quote in quotes}) == 3


def test_quotes_stand_in_order_of_date() -> None:
    """A reader sees the earliest first."""
    dates = [quote.datetime for quote in choose_quotes(CLAIMS, most=8)]
    assert dates == sorted(dates)


def test_the_order_of_rows_does_not_matter() -> None:
    """Shuffled claims give the same quotes."""
    assert choose_quotes(CLAIMS.sample(fraction=1, shuffle=True, seed=1)) == choose_quotes(CLAIMS)


def test_the_most_copied_story_is_shown_and_counted() -> None:
    """A story with many copies is quoted once, with their number."""
    copied = CLAIMS.with_columns(
        pl.when(pl.int_range(pl.len()) < 9).then(pl.lit("big")).otherwise(pl.col("story_id")).alias("story_id")
    )
    assert any(quote.spread.startswith("one of 9 claims") for quote in choose_quotes(copied, most=1))


def test_no_claim_gives_no_quote() -> None:
    """Nothing is made up where nothing was said."""
    assert choose_quotes(CLAIMS.head(0)) == ()
    assert quote_in_order(CLAIMS, ["unknown"]) == ()


def test_first_claims_keep_their_order() -> None:
    """What the shift test says was first stands first."""
    ids = CLAIMS["claim_id"].to_list()[:4]
    texts = CLAIMS["text"].to_list()[:4]
    assert [quote.text for quote in quote_in_order(CLAIMS, ids)] == texts
