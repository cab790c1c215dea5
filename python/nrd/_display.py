"""Results for people: titled tables as text (rich) and HTML. The only place that rounds."""

from __future__ import annotations

import html as _html
import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 110


@dataclass(frozen=True)
class Section:
    """A titled table, or a titled paragraph where it has no columns."""

    title: str
    header: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()
    note: str = ""


def number(value: float | None, digits: int = 2) -> str:
    """A number for reading: groups of three, few decimals, blank for missing."""
    if value is None:
        return ""
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def chance(value: float | None) -> str:
    """A p-value for reading: four decimals, the smallest as a bound; blank for missing."""
    if value is None:
        return ""
    return f"{value:.4f}" if value >= 0.0001 or value == 0 else "< 0.0001"


def between(low: float | None, high: float | None, digits: int = 2) -> str:
    """One number where the bounds agree, else both."""
    if low is None or low == high:
        return number(low, digits)
    return f"{number(low, digits)}–{number(high, digits)}"


def text(sections: Sequence[Section], *, width: int = WIDTH) -> str:
    """Draw sections as plain text."""
    from rich.console import Console

    out = io.StringIO()
    # A notebook asks for colours by its environment; text for people has no codes in it.
    plain = {"force_terminal": False, "force_jupyter": False, "color_system": None}
    console = Console(file=out, width=width, highlight=False, **plain)
    draw(sections, console)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def draw(sections: Sequence[Section], console: Any) -> None:
    """Draw sections on a rich console."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    for section in sections:
        console.print(Text(f"\n{section.title}", style="bold"))
        if section.header:
            table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
            for i, head in enumerate(section.header):
                if i and all(_is_numeric(row[i]) for row in section.rows):
                    # A number is never cut; its header gives way instead.
                    longest = max(map(len, head.split()), default=1)
                    lines = "\n".join(textwrap.wrap(head, longest))
                    table.add_column(Text(lines), justify="right", no_wrap=True)
                else:
                    table.add_column(Text(head), overflow="fold")
            for row in section.rows:
                table.add_row(*(Text(_cell(value)) for value in row))
            console.print(table)
        if section.note:
            console.print(Text(section.note))


def html(sections: Sequence[Section]) -> str:
    """Draw sections as HTML for a notebook."""
    parts = []
    for section in sections:
        parts.append(f"<h4>{_html.escape(section.title)}</h4>")
        if section.header:
            head = "".join(f"<th>{_html.escape(name)}</th>" for name in section.header)
            body = "".join(
                "<tr>"
                + "".join(f"<td>{_html.escape(_cell(v))}</td>" for v in row)
                + "</tr>"
                for row in section.rows
            )
            parts.append(
                f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            )
        if section.note:
            parts.append(f"<p>{_html.escape(section.note)}</p>")
    return "\n".join(parts)


def _cell(value: Any) -> str:
    return (
        number(value) if isinstance(value, float) else "" if value is None else str(value)
    )


def _is_numeric(value: Any) -> bool:
    shown = _cell(value).replace("–", "").replace(",", "").replace("%", "").strip("-")
    return shown == "" or shown.replace(".", "").isdigit()
