"""Many rows as a document has them."""

from gemini_magic.answer.rows import ROW_STATES, VERSION, Row, Rows

LONGEST = 4000  # characters of a text that a page reads: labextension/src/contract/rows.ts


def listed(document):
    """Return the rows of a document of ours, which a page reads only if they are in order."""
    held = dict(document)
    assert held.pop("version") == VERSION
    rows = [Row(**{"text": "", **row}) for row in held.pop("rows")]
    assert [row.number for row in rows] == sorted({row.number for row in rows})
    assert {row.state for row in rows} | {*held["counts"]} <= {*ROW_STATES}
    return Rows(**held, rows=tuple(rows))
