"""Prints messages and modals as the embedded Slack received them, for a terminal.

It reads nothing but their blocks (or their text, where they have no blocks), so what it prints is what Slack would have
shown.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.sandbox.slack.record import Blocks, Message, View
from bot.sandbox.slack.spans import (
    BOLD,
    CODE,
    DIM,
    ITALIC,
    LINK,
    STRIKE,
    UNBROKEN,
    Line,
    Span,
    columns,
    line_columns,
    to_text,
    wrap,
)

WIDTH = 100
#: Columns a cell of a table wants at most before wider tables are squeezed.
_CELL = 60
_EMOJI: Mapping[str, str] = {
    "white_check_mark": "✅",
    "warning": "⚠️",
    "x": "❌",
    "question": "❓",
    "grey_question": "❔",
    "no_entry": "⛔",
    "information_source": "ℹ️",  # noqa: RUF001 - the emoji itself
    "key": "🔑",
    "lock": "🔒",
    "hourglass_flowing_sand": "⏳",
    "large_green_circle": "🟢",
    "large_yellow_circle": "🟡",
    "red_circle": "🔴",
    "white_circle": "⚪",
    "mag": "🔍",
    "zzz": "💤",
}
_MRKDWN = re.compile(
    r"```(?P<pre>.*?)```|`(?P<code>[^`\n]+)`|(?<!\w)\*(?P<bold>[^*\n]+)\*(?!\w)|(?<!\w)_(?P<italic>[^_\n]+)_(?!\w)"
    r"|(?<!\w)~(?P<strike>[^~\n]+)~(?!\w)|<(?P<link>[^>\n]+)>|:(?P<emoji>[a-z0-9_+-]+):",
    re.DOTALL,
)


def render(what: Message | View, *, width: int = WIDTH, styled: bool = False) -> str:
    """Print a message or a modal in lines of at most ``width`` columns."""
    if isinstance(what, View):
        title = what.body["title"]["text"]
        head = [[Span(f"┌─ {title} ", (BOLD,)), Span("─" * max(0, width - columns(title) - 4))]]
        body = [*head, *_indented(_blocks(what.blocks, width - 2), Span("│ "))]
    elif what.blocks:
        body = _blocks(what.blocks, width)
    else:
        body = wrap(_mrkdwn(what.text), width)
    return "\n".join(to_text(line, styled=styled) for line in body)


def words(what: Message | View) -> str:
    """Return everything a reader can read in a message or modal, one text a line, without layout or styles."""
    if isinstance(what, Message) and not what.blocks:
        return html.unescape(what.text)
    return "\n".join(_words(what.blocks))


def _words(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _words(item)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name == "text" and isinstance(value, str):
                yield html.unescape(value) if node.get("type") == "mrkdwn" else value
            else:
                yield from _words(value)


def _blocks(blocks: Blocks, width: int) -> list[Line]:
    lines: list[Line] = []
    for block in blocks:
        lines += _BLOCKS[block["type"]](block, width)
        lines.append([])
    return lines[:-1]


# --- blocks ----------------------------------------------------------------------------------------------------------


def _header(block: dict[str, Any], width: int) -> list[Line]:
    return wrap([Span(block["text"]["text"], (BOLD,))], width)


def _section(block: dict[str, Any], width: int) -> list[Line]:
    lines = wrap(_text(block["text"]), width) if block.get("text") else []
    for field in block.get("fields", ()):
        lines += wrap(_text(field), width)
    if accessory := block.get("accessory"):
        lines += wrap(_element(accessory), width)
    return lines


def _context(block: dict[str, Any], width: int) -> list[Line]:
    spans: list[Span] = []
    for element in block["elements"]:
        if spans:
            spans.append(Span("  "))
        words = [Span(element["alt_text"])] if element["type"] == "image" else _text(element)
        spans += [Span(span.text, (*span.styles, DIM)) for span in words]
    return wrap(spans, width)


def _actions(block: dict[str, Any], width: int) -> list[Line]:
    spans: list[Span] = []
    for element in block["elements"]:
        spans += [*_element(element), Span(" ")]
    return wrap(spans, width)


def _divider(_block: dict[str, Any], width: int) -> list[Line]:
    return [[Span("─" * width, (DIM,))]]


def _image(block: dict[str, Any], width: int) -> list[Line]:
    return wrap([Span(f"[image: {block['alt_text']}]", (DIM,))], width)


def _markdown(block: dict[str, Any], width: int) -> list[Line]:
    return wrap([Span(block["text"])], width)


def _input(block: dict[str, Any], width: int) -> list[Line]:
    return wrap([Span(f"{block['label']['text']}: ", (BOLD,)), *_element(block["element"])], width)


def _rich_text(block: dict[str, Any], width: int) -> list[Line]:
    lines: list[Line] = []
    for part in block["elements"]:
        match part["type"]:
            case "rich_text_list":
                lines += _rich_list(part, width)
            case "rich_text_preformatted":
                inside = wrap([Span(span.text, (CODE,)) for span in _rich(part["elements"])], width - 2)
                lines += _indented(inside, Span("▏ ", (DIM,)))
            case "rich_text_quote":
                lines += _indented(wrap(_rich(part["elements"]), width - 2), Span("┃ ", (DIM,)))
            case _:
                lines += wrap(_rich(part["elements"]), width)
    return lines


def _rich_list(part: dict[str, Any], width: int) -> list[Line]:
    lines: list[Line] = []
    margin = "  " * part.get("indent", 0)
    for number, item in enumerate(part["elements"], part.get("offset", 0) + 1):
        mark = f"{margin}{number}. " if part["style"] == "ordered" else f"{margin}• "
        inside = wrap(_rich(item["elements"]), width - len(mark))
        lines.append([Span(mark), *inside[0]])
        lines += _indented(inside[1:], Span(" " * len(mark)))
    return lines


def _table(block: dict[str, Any], width: int) -> list[Line]:
    count = max(len(row) for row in block["rows"])
    cells = [[_cell(cell) for cell in row] + [[]] * (count - len(row)) for row in block["rows"]]
    widths = _widths([[wrap(cell, _CELL) for cell in row] for row in cells], width - 3 * count - 1)
    lines = [_rule(("┌", "┬", "┐"), widths)]
    for index, row in enumerate(cells):
        styled = [[Span(s.text, (*s.styles, BOLD)) for s in cell] for cell in row] if index == 0 else row
        lines += _row([wrap(cell, size) for cell, size in zip(styled, widths, strict=True)], widths)
        last = index == len(cells) - 1
        lines.append(_rule(("└", "┴", "┘") if last else ("├", "┼", "┤"), widths))
    return lines


def _widths(cells: list[list[list[Line]]], room: int) -> list[int]:
    """Give each column what its widest cell wants, taken from the widest columns where there is not room for all."""
    widths = [max(1, *(line_columns(line) for cell in column for line in cell)) for column in zip(*cells, strict=True)]
    while sum(widths) > max(room, len(widths)):
        widths[widths.index(max(widths))] -= 1
    return widths


def _rule(corners: tuple[str, str, str], widths: list[int]) -> Line:
    left, middle, right = corners
    return [Span(left + middle.join("─" * (size + 2) for size in widths) + right, (DIM,))]


def _row(cells: list[list[Line]], widths: list[int]) -> list[Line]:
    bar = Span("│", (DIM,))
    lines: list[Line] = []
    for index in range(max(len(cell) for cell in cells)):
        line = [bar]
        for cell, size in zip(cells, widths, strict=True):
            inside = cell[index] if index < len(cell) else []
            # Blanks behind the last word of a wrapped line may stand over the edge.
            over = line_columns(inside) - size
            if over > 0:
                inside = [*inside[:-1], Span(inside[-1].text[:-over], inside[-1].styles)]
            line += [Span(" "), *inside, Span(" " * (size - line_columns(inside) + 1)), bar]
        lines.append(line)
    return lines


_BLOCKS: Mapping[str, Callable[[dict[str, Any], int], list[Line]]] = {
    "actions": _actions,
    "context": _context,
    "divider": _divider,
    "header": _header,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "section": _section,
    "table": _table,
}


# --- text ------------------------------------------------------------------------------------------------------------


def _indented(lines: list[Line], margin: Span) -> list[Line]:
    return [[margin, *line] for line in lines]


def _cell(cell: dict[str, Any]) -> list[Span]:
    if cell["type"] == "raw_text":
        return [Span(cell["text"])]
    spans: list[Span] = []
    for part in cell["elements"]:
        if spans:
            spans.append(Span("\n"))
        spans += _rich(part["elements"])
    return spans


def _element(element: dict[str, Any]) -> list[Span]:
    if element["type"] == "image":
        return [Span(f"[image: {element['alt_text']}]", (DIM,))]
    label = element["text"]["text"] if element["type"] == "button" else f"{_placeholder(element)} ▾"
    # A button is not broken over two lines.
    return [Span(f"[ {label} ]".replace(" ", UNBROKEN), (BOLD,))]


def _placeholder(element: dict[str, Any]) -> str:
    return str(element.get("placeholder", {}).get("text", "choose"))


def _text(text: dict[str, Any]) -> list[Span]:
    return list(_mrkdwn(text["text"])) if text["type"] == "mrkdwn" else [Span(text["text"])]


def _rich(elements: list[dict[str, Any]]) -> list[Span]:
    return [Span(_rich_words(element), _rich_styles(element)) for element in elements]


def _rich_words(element: dict[str, Any]) -> str:
    match element["type"]:
        case "text":
            return str(element["text"])
        case "link":
            text, url = element.get("text"), element["url"]
            return f"{text} ({url})" if text and text != url else str(url)
        case "emoji":
            return _emoji(element["name"])
        case "date":
            return str(element.get("fallback") or element["timestamp"])
    target = next(str(value) for name, value in element.items() if name not in ("type", "style"))
    return f"@{target}"


def _rich_styles(element: dict[str, Any]) -> tuple[str, ...]:
    names = {"bold": BOLD, "italic": ITALIC, "strike": STRIKE, "code": CODE}
    own = tuple(names[name] for name, on in element.get("style", {}).items() if on and name in names)
    return (*own, LINK) if element["type"] == "link" else own


def _mrkdwn(text: str) -> Iterator[Span]:
    end = 0
    for found in _MRKDWN.finditer(text):
        if found.start() > end:
            yield Span(html.unescape(text[end : found.start()]))
        yield _formatted(found)
        end = found.end()
    if end < len(text):
        yield Span(html.unescape(text[end:]))


def _formatted(found: re.Match[str]) -> Span:
    styles = {"pre": CODE, "code": CODE, "bold": BOLD, "italic": ITALIC, "strike": STRIKE}
    kind = str(found.lastgroup)
    inside = str(found[kind])
    if kind == "emoji":
        return Span(_emoji(inside))
    if kind != "link":
        return Span(html.unescape(inside), (styles[kind],))
    target, _, label = inside.partition("|")
    if target.startswith(("!", "@", "#")):
        return Span(html.unescape(label or target), (BOLD,))
    return Span(html.unescape(f"{label} ({target})" if label else target), (LINK,))


def _emoji(name: str) -> str:
    return _EMOJI.get(name, f":{name}:")
