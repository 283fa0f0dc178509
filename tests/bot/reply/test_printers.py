"""The printers say the same: every word of a reply is in its blocks, in the terminal's text and in Slack's fallback."""

import json
from collections.abc import Iterator

import pytest

from bot.reply import text, word
from bot.reply.buttons import Press, decode
from bot.reply.nouns import (
    Bullets,
    Button,
    Code,
    Heading,
    Line,
    Note,
    Paragraph,
    Reply,
    Span,
    Style,
    Table,
    bold,
    code,
    line,
    link,
)
from bot.reply.wording.phrases import DETAILS_TITLE
from handlers import blocks
from tests.bot.reply import samples

WIDE = 100_000


def _lines(reply: Reply) -> Iterator[str]:
    yield _of(reply.headline)
    for part in reply.parts:
        match part:
            case Heading(said) | Code(said):
                yield said
            case Paragraph(said_line) | Note(said_line):
                yield _of(said_line)
            case Bullets(items):
                yield from map(_of, items)
            case Table(_, rows, more):
                yield from (_of(cell) for row in rows for cell in row)
                yield more


def _of(said: Line) -> str:
    return "".join(span.text for span in said)


def _squeezed(said: str) -> str:
    return "".join(said.split())


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


@pytest.mark.parametrize("name", samples.ANSWERS)
def test_every_word_of_a_reply_is_in_every_print(name: str) -> None:
    answer = samples.ANSWERS[name]()
    for reply in (word.answer(answer), word.details(answer), word.query(answer), word.policies(answer)):
        # All details are for a modal; as a message they may be cut.
        in_blocks = _squeezed("".join(_texts(blocks.message(reply))))
        in_modal = _squeezed("".join(_texts(blocks.modal(reply))))
        # Links are followed by their addresses in plain text.
        urls = "".join(span.url for part in reply.parts for said in _spans(part) for span in said if span.url)
        terminal = _squeezed(text.plain(reply, WIDE))
        fallback = _squeezed(text.fallback(reply).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
        for said in map(_squeezed, _lines(reply)):
            if reply.title != DETAILS_TITLE:
                assert said in in_blocks
            assert said in in_modal
            if not urls:
                assert said in terminal
                assert said in fallback


def _spans(part: object) -> Iterator[Line]:
    match part:
        case Paragraph(said) | Note(said):
            yield said
        case Bullets(items):
            yield from items


def test_spans_become_elements_in_their_styles() -> None:
    reply = Reply(
        line("Keep ", code("role")), (Paragraph(line(bold("Now"), " at ", link("Source", "https://a.example/b"))),)
    )
    [block] = blocks.message(reply)
    headline, paragraph = block["elements"]
    assert headline["elements"] == [
        {"type": "text", "text": "Keep ", "style": {"bold": True}},
        {"type": "text", "text": "role", "style": {"code": True}},
    ]
    assert paragraph["elements"] == [
        {"type": "text", "text": "Now", "style": {"bold": True}},
        {"type": "text", "text": " at "},
        {"type": "link", "url": "https://a.example/b", "text": "Source"},
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://a.example", "https://a b", "https://" + "a" * 3000])
def test_an_address_that_slack_would_not_take_is_shown_as_text(url: str) -> None:
    [block] = blocks.message(Reply(line(Span("Source", url=url))))
    assert block["elements"][0]["elements"][0]["type"] == "text"


def test_a_person_is_mentioned_by_id_alone() -> None:
    reply = Reply(line("By ", Span("U0ALICE001", user="U0ALICE001")))
    [block] = blocks.message(reply)
    assert block["elements"][0]["elements"][1] == {"type": "user", "user_id": "U0ALICE001"}
    assert text.fallback(reply) == "By <@U0ALICE001>"
    forged = Reply(line(Span("!channel", user="!channel")))
    assert text.fallback(forged) == "!channel"
    assert '"user"' not in json.dumps(blocks.message(forged))


def test_the_fallback_escapes_what_slack_reads_as_markup() -> None:
    assert text.fallback(Reply(line("<!channel> & <b>"))) == "&lt;!channel&gt; &amp; &lt;b&gt;"


def test_a_second_table_becomes_a_list_since_a_message_has_one() -> None:
    table = Table(("A", "B"), ((line("1"), line("2")),), "… and 3 more")
    kinds = [block["type"] for block in blocks.message(Reply(line("x"), (table, table)))]
    assert kinds == ["rich_text", "table", "context", "rich_text"]
    assert "table" not in json.dumps(blocks.modal(Reply(line("x"), (table,))))


def test_empty_text_never_reaches_slack() -> None:
    table = Table(("A", ""), ((line(""), ()),))
    printed = blocks.message(Reply((), (Paragraph(()), Bullets(()), Code(""), table, Note(()), Heading(""))))
    assert "" not in set(_texts(printed))


def test_buttons_carry_their_question_and_a_number_where_there_are_several() -> None:
    reply = Reply(line("x"), buttons=(Button("a", Press.CHOOSE, "v", 0), Button("b", Press.CHOOSE, "w", 1)))
    [_, actions] = blocks.message(reply)
    assert [(b["action_id"], b["value"]) for b in actions["elements"]] == [("choose-0", "v"), ("choose-1", "w")]


def test_the_buttons_of_an_answer_ask_by_arn() -> None:
    answer = samples.in_use()
    reply = word.answer(answer)
    assert [button.label for button in reply.buttons] == ["Share", "All details", "CloudTrail query", "Refresh"]
    assert {decode(button.value).subject for button in reply.buttons} == {answer.evidence.connector.arn}


def test_a_policy_is_offered_only_where_one_is_missing() -> None:
    assert Press.POLICY in {button.press for button in word.answer(samples.paused()).buttons}
    assert Press.POLICY not in {button.press for button in word.answer(samples.in_use()).buttons}


def test_a_shared_answer_has_no_button_that_would_change_it_for_everybody() -> None:
    presses = {button.press for button in word.shared(samples.in_use(), "U0ALICE001").buttons}
    assert not presses & {Press.SHARE, Press.REFRESH}


def test_an_answer_made_offline_has_no_buttons() -> None:
    assert word.answer(samples.offline()).buttons == ()


def test_a_table_for_a_terminal_keeps_to_its_width() -> None:
    wide = Table(("Activity", "Path"), ((line("word " * 60), line("arn:" + "x" * 50)), (line("短い 🌩️"), line("b"))))
    printed = text.plain(Reply(line("x"), (wide,)), 60)
    assert all(len(row) <= 60 for row in printed.splitlines())
    assert "x" * 20 in printed


def test_styles_are_those_of_rich_text() -> None:
    assert set(Style) == {"plain", "bold", "code"}
