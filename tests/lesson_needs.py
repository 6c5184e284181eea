"""What the shipped lessons need beside their prompts: data, pictures, functions, shapes."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from asking import built

from gemini_magic.lessons.lesson import Lesson
from gemini_magic.request.attachment import Attachment
from gemini_magic.request.build import Built
from gemini_magic.request.declarations import declared
from gemini_magic.request.functions import Functions
from gemini_magic.request.schemas import output_of

LIMIT = 10**7
CHART = "A chart: its points and their trend line"
CLOSER = "A chart: cropped, enlarged and marked"
STATIONS, HOURS = "Rides: the station with the longest", "Rides: the hours of the day"
SALES, TABLES = "Sales data from a function", "How many tables the stock is good for"
MEASUREMENTS = "Measurements as JSON"

RIDES = """started,station,minutes
2026-05-04 08:01:00,Park,25
2026-05-04 08:30:00,Park,27
2026-05-04 17:30:00,Harbour,12
2026-05-04 17:45:00,Harbour,1440
2026-05-05 08:05:00,Hill,13
2026-05-05 08:45:00,Hill,14
2026-05-09 14:00:00,Hill,12
2026-05-09 14:20:00,Harbour,13
"""


def get_sales_data() -> dict[str, int]:
    return {"Jan": 1, "Feb": 2, "Mar": 5, "Apr": 9}


def stock(item: str) -> int:
    counts = {"legs": 130, "tops": 40, "screws": 350}
    if item not in counts:
        raise LookupError(f"no {item}")
    return counts[item]


def table(text: str) -> tuple[Attachment, ...]:
    return (Attachment("table.csv", "text/csv", text.encode()),)


def offered(*functions: Callable[..., Any], permits: bool = True) -> Functions:
    by_name = {function.__name__: function for function in functions}
    return Functions(declared(by_name), lambda _: permits, LIMIT)


def chart(
    x: Sequence[float], y: Sequence[float], *, dpi: float = 100, size: float = 6, **axis: Any
) -> tuple[Attachment, ...]:
    """A scatter plot; `axis` goes to its axes, as `ylabel` does."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(size, 3.6), dpi=dpi)
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.scatter(x, y)
    axes.set(**axis)
    axes.grid(color="0.9")
    png = io.BytesIO()
    figure.savefig(png)
    return (Attachment("chart.png", "image/png", png.getvalue()),)


def measurements() -> dict[str, Any]:
    shape = output_of("Stats", {"properties": {"outliers": {"const": [99.0]}}})
    return {"attachments": table("value\n10\n11\n12\n11\n10\n12\n99\n"), "output": shape}


NEEDED: dict[str, Callable[[], dict[str, Any]]] = {
    CHART: lambda: {"attachments": chart(range(12), [80 - 3.5 * x for x in range(12)])},
    CLOSER: lambda: {"attachments": chart(range(6), [1, 4, 2, 9, 3, 5])},
    STATIONS: lambda: {"attachments": table(RIDES)},
    HOURS: lambda: {"attachments": table(RIDES)},
    SALES: lambda: {"functions": offered(get_sales_data)},
    TABLES: lambda: {"functions": offered(stock)},
    MEASUREMENTS: measurements,
}


def asked(lesson: Lesson, **more: Any) -> Built:
    """Return a request that the lesson answers; `more` goes in place of what it would have."""
    return built(lesson.prompts[0], **{**NEEDED.get(lesson.title, dict)(), **more})
