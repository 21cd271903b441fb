"""Sentences are pieces of the text, in order, and nothing but space lies between them."""

# ruff: noqa: RUF001 - letters of other scripts look like Latin ones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from windvane.claims.sentences import split_sentences

prose = st.text(alphabet=st.sampled_from("ab Z.!?。！\n\r\t\"'»—😀é한\u3000\u200b\x85\u2028"), max_size=80) | st.text(
    max_size=60
)


@given(text=prose, language=st.sampled_from(["en", "de", "zh", "ja", "th", "ko", "ar", "und", "xx", ""]))
def test_spans_cut_the_text(text: str, language: str) -> None:
    """Spans rise without overlap, hold no space at their ends, and lose no character that is not space."""
    spans = split_sentences(text, language)
    position = 0
    for span in spans:
        assert position <= span.start < span.end <= len(text)
        assert not text[position : span.start].strip()
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        position = span.end
    assert not text[position:].strip()


def pieces(text: str, language: str) -> list[str]:
    """Return the sentences themselves."""
    return [text[span.start : span.end] for span in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Mr. Kim met Dr. Smith at 5 p.m. on Monday.", "They talked for 2.5 hours!", "Did it help?"]),
        ("de", ["Am 3. Oktober kam z. B. Herr Dr. Müller.", "Er blieb nicht lange."]),
        ("ja", ["北朝鮮が派兵を提案した。", "ロシアは受け入れた。"]),
        ("zh", ["朝鲜提出派兵。", "俄罗斯接受了！", "为什么？"]),
        ("ru", ["Об этом сообщил г-н Иванов в 2024 г. в Москве.", "Кремль молчит."]),
        ("ko", ["북한이 파병을 제안했다.", "러시아는 받아들였다."]),
    ],
)
def test_sentences_of_a_language(language: str, expected: list[str]) -> None:
    """Abbreviations and decimals end nothing; scripts without spaces are split at their own full stops."""
    assert pieces(("" if language in {"ja", "zh"} else " ").join(expected), language) == expected


def test_thai_sentences_end_with_a_space() -> None:
    """A space after a clause divides; one around a number, after a title or a repetition does not."""
    expected = [
        "รัสเซียขอให้เกาหลีเหนือส่งทหารไปช่วยรบ",
        "เปียงยางเสนอส่งกำลังพลเองตั้งแต่ต้น",
        "นักวิเคราะห์กล่าวว่าทหารราว 11,000 นายอยู่ในคูร์สค์",
        "นาย คิม จองอึน เดินทางไปต่าง ๆ ในรัสเซีย",
    ]
    assert pieces(" ".join(expected), "th") == expected


def test_headlines_and_bylines_are_sentences_of_their_own() -> None:
    """A line break ends a sentence where lines are paragraphs."""
    text = "TROOPS SENT TO RUSSIA\nBy the foreign desk\n\nSeoul said on Friday that troops had moved. Moscow was silent.\nMore soon"
    assert pieces(text, "en") == [
        "TROOPS SENT TO RUSSIA",
        "By the foreign desk",
        "Seoul said on Friday that troops had moved.",
        "Moscow was silent.",
        "More soon",
    ]


def test_lines_of_fixed_width_are_joined() -> None:
    """A break that only keeps lines short ends nothing."""
    sentence = "The troops moved across the border in the night and reached the training grounds near the coast"
    text = f"{sentence}. {sentence}. {sentence}."
    wrapped = "\n".join(text[start : start + 60] for start in range(0, len(text), 60))
    assert len(pieces(wrapped, "en")) == 3


def test_nothing_gives_nothing() -> None:
    """An empty text, or one of spaces, has no sentences."""
    assert split_sentences("", "en") == split_sentences(" \n ", "en") == []
