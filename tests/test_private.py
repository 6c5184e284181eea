"""What a model is told of data that stays: no value of it, however code writes one."""

import base64
import bz2
import codecs
import json
import lzma
import re
import unicodedata
import zlib
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import polars as pl
import pytest
from growing import seconds
from heard import here, runs, says, told, words
from hypothesis import assume, example, given
from hypothesis import strategies as st
from loopback import GENERATE, said, stream
from torture import sampled

from gemini_magic.answer.parts import OK, Note
from gemini_magic.engines.here import KEPT
from gemini_magic.engines.private import spelling
from gemini_magic.engines.private.mask import MASK, Mask
from gemini_magic.engines.private.spelling import plain
from gemini_magic.errors import RequestError
from gemini_magic.request.kept import Telling, hold
from gemini_magic.runs.text import to_text
from gemini_magic.views.host import Host

CANARY = "CANARY-Quartz-88"
FRAME = pd.DataFrame(
    {
        "name": [CANARY, "Zoë Ünverdorben", "DE"],
        "amount": [73519.25, 0.1234567891, 42.0],
        "born": pd.to_datetime(["2031-07-09", "1987-02-28", "1999-12-31"]),
    }
)


def held(value):
    return hold({"value": value}, (), 10**7, Telling())[0]


def masked(text, value=FRAME):
    return Mask(held(value)).applied(text)[0]


PLAIN = {
    "as it is": CANARY,
    "a part of it": CANARY[3:12],
    "in an error": f"KeyError: {CANARY!r}",
    "in small letters": CANARY.lower(),
    "backwards": CANARY[::-1],
    "letter by letter": " ".join(CANARY),
    "a line a letter": "\n".join(CANARY),
    "with marks between": "*".join(CANARY),
    "rot13": codecs.encode(CANARY, "rot13"),
    "beyond ASCII": "ZOË ÜNVERDORBEN",
    "in full width": "".join(chr(ord(c) + 0xFEE0) for c in CANARY if c.isalnum()),
    "short": "from DE.",
    "a day": "2031-07-09 00:00:00",
    "a day in words": str(pd.Timestamp("2031-07-09").value),
    "a number": "73519.25",
    "grouped": "73,519.25",
    "with an exponent": "7.351925e+04",
    "rounded": "0.123457",
    "cut off": "0.12345",
    "rounded to a whole": "73519",
    "its digits": "7 3 5 1 9 2 5",
    "of float.hex": (73519.25).hex(),
    "a number backwards": "73519.25"[::-1],
}
ENCODED = {
    "base64": lambda b: base64.b64encode(b).decode(),
    "base64 of more": lambda b: base64.b64encode(b"xy" + b + b"z").decode(),
    "base64 on lines": lambda b: base64.encodebytes(b"\n".join([b] * 9)).decode(),
    "base64 backwards": lambda b: base64.b64encode(b).decode()[::-1],
    "base64 twice": lambda b: base64.b64encode(base64.b64encode(b)).decode(),
    "base64 of it backwards": lambda b: base64.b64encode(b[::-1]).decode(),
    "urlsafe": lambda b: base64.urlsafe_b64encode(b).decode(),
    "base32": lambda b: base64.b32encode(b).decode(),
    "base85": lambda b: base64.b85encode(b).decode(),
    "ascii85": lambda b: base64.a85encode(b).decode(),
    "hex": lambda b: b.hex(),
    "hex of more": lambda b: "a" + b.hex(),
    "hex in pairs": lambda b: b.hex(" "),
    "hex escaped": lambda b: "".join(f"\\x{each:02x}" for each in b),
    "url-quoted": lambda b: "".join(f"%{each:02X}" for each in b),
    "numbers": lambda b: str(list(b)),
    "bits": lambda b: " ".join(f"{each:08b}" for each in b),
    "octal": lambda b: "".join(f"\\{each:03o}" for each in b),
    "entities": lambda b: "".join(f"&#{each};" for each in b),
    "compressed": lambda b: base64.b64encode(zlib.compress(b)).decode(),
    "unicode escapes": lambda b: "".join(f"\\u{each:04x}" for each in b),
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_value_is_masked_as_it_may_be_printed(name):
    text = masked(f"here: {PLAIN[name]} :there")
    left = re.sub(re.escape(MASK), "", text)
    assert MASK in text
    assert not re.search(r"\d{3}|[A-Z]{2}|uart", left.replace("00:00:00", "")), text


@pytest.mark.parametrize("name", ENCODED)
@pytest.mark.parametrize("value", [CANARY, "73519.25"])
def test_a_value_is_masked_in_the_simple_encodings(name, value):
    assert MASK in masked(f"here\n{ENCODED[name](value.encode())}\nthere")


@pytest.mark.parametrize(
    "text",
    [
        "the mean is 17.2 of 3 rows",
        "0.123",
        "name (str), amount (float64)",
        "Traceback (most recent call last):\n  File \"<string>\", line 1\nKeyError: 'x'",
    ],
)
def test_what_is_no_value_is_told(text):
    assert masked(text) == text


@pytest.mark.parametrize(
    "value",
    [
        {"who": [{"name": CANARY}]},
        [CANARY],
        pd.Series([CANARY, "x"], name="s"),
        pd.Series(pd.Categorical([CANARY, "x"])),
        FRAME.set_index("name"),
        FRAME.astype({"name": object}).assign(other=[1, [CANARY], None]),
        CANARY,
    ],
)
def test_values_of_all_that_can_be_given_are_known(value):
    assert masked(f"it is {CANARY}", value) == f"it is {MASK}"


@pytest.mark.parametrize("write", [hex, bin, oct, "{:#X}".format])
def test_a_whole_number_is_known_in_any_base(write):
    assert masked(f"it is {write(4711)} then", [4711]) == f"it is {MASK} then"


def test_arrays_and_whole_numbers_are_known():
    assert masked("7 4711 815", np.array([[4711, 3], [5, 815]])) == f"7 {MASK} {MASK}"


def test_a_file_is_known_by_its_cells(tmp_path):
    path = tmp_path / "secret.csv"
    path.write_text(f"name,amount\n{CANARY},73519.25\n")
    mask = Mask(hold({}, [str(path)], 10**7, Telling())[0])
    assert mask.applied(f"{CANARY} and 73519.25") == (f"{MASK} and {MASK}", 2)


def test_a_value_in_pieces_is_found_at_its_second_piece():
    mask = Mask(held(FRAME))
    assert mask.applied("CANA") == ("CANA", 0)
    assert mask.applied("RY-Q") == (MASK, 1)
    assert mask.applied("uart")[1] == 1
    backwards = Mask(held(FRAME))
    assert backwards.applied("z-88") == ("z-88", 0)
    assert backwards.applied("uart") == (MASK, 1)


def test_the_model_is_told_no_value_and_the_user_sees_what_it_saw(there, session):
    there.on(GENERATE, runs("print(frame[0]['name'], 'and', 17.2)"), says("Masked."))
    run = here(session, give={"frame": FRAME}, private=True)
    (result,) = run.steps[0].results
    assert result.output == f"{CANARY} and 17.2\n"
    assert result.seen == f"{MASK} and 17.2\n"
    assert told(there) == [
        {
            "outcome": OK,
            "output": f"{MASK} and 17.2\n",
            "masked": "1 value is of the data masked: statistics are told if they are rounded to "
            "3 digits",
        }
    ]
    assert "the model saw 18 of 26 characters, 1 value masked" in to_text(run)
    assert CANARY not in json.dumps([asked.body for asked in there.prompts])


def test_what_a_function_returns_is_masked_too(there, session):
    def look_up(row: int) -> str:
        return FRAME["name"][row]

    call = {"functionCall": {"name": "look_up", "args": {"row": 0}}}
    there.on(GENERATE, stream(said(call, finishReason="STOP")), says("Masked."))
    run = here(session, give={"frame": FRAME}, offer={"look_up": look_up}, private=True)
    assert CANARY not in json.dumps(there.prompts[1].body)
    assert Note("1 value is masked in what look_up() told the model") in run.parts


def test_what_a_function_returns_is_bounded_beside_private_data(there, session):
    def look_up(row: int) -> str:
        return "long " * 1_000_000

    call = {"functionCall": {"name": "look_up", "args": {"row": 0}}}
    there.on(GENERATE, stream(said(call, finishReason="STOP")), says("Long."))
    run = here(session, give={"frame": FRAME}, offer={"look_up": look_up}, private=True)
    assert len(json.dumps(there.prompts[1].body)) < 25_000
    (note,) = (part.text for part in run.parts if "of look_up()" in getattr(part, "text", ""))
    assert re.fullmatch(r"the model saw 20,0\d\d of 5,000,014 characters of look_up\(\)", note)


def test_a_frame_is_not_put_into_the_prompt(there, session):
    there.on(GENERATE, says("Fine."))
    here(session, "sum {frame}", names={"frame": FRAME}, data=("frame",), private=True)
    assert words(there)[-1] == "sum {frame}"


def test_what_was_private_in_a_chat_stays_so(there, session):
    there.on(
        GENERATE, runs("print(1)"), says("1"), runs("print(frame[0]['name'])"), says("Masked.")
    )
    here(session, give={"frame": FRAME}, private=True, chat="c")
    here(session, chat="c")
    assert CANARY not in json.dumps([asked.body for asked in there.prompts])


@pytest.mark.science
def test_no_figure_is_sent(there, session):
    from gemini_magic.engines.kept_sandboxes import KeptSandboxes

    session.sandboxes = KeptSandboxes(science=True)
    code = "import matplotlib.pyplot as plt\nplt.title(frame.name[0])\nplt.show()"
    there.on(GENERATE, runs(code), says("Drawn."))
    run = here(session, give={"frame": FRAME}, private=True)
    assert len(run.images) == 1
    assert "inlineData" not in json.dumps(there.prompts[1].body)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"run_code": "there"}, "--private is about code that runs here: add --run here"),
        (
            {"code": False},
            "with --no-code nothing here reads data, and with --run here none is sent",
        ),
        ({"sample": 3}, "--sample tells the model values of the data"),
        ({"ranges": True}, "--ranges tells the model values of the data"),
    ],
)
def test_what_would_tell_a_value_is_refused(there, session, options, line):
    with pytest.raises(RequestError) as caught:
        here(session, give={"frame": FRAME}, private=True, **options)
    assert str(caught.value).startswith(line)
    assert there.prompts == []


def test_a_picture_is_not_sent_beside_private_data(there, session, tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\nphoto")
    with pytest.raises(RequestError, match="leave it out with --private"):
        here(session, files=(str(tmp_path / "a.png"),), private=True)


class Answers(Host):
    """A host whose user gives these answers."""

    def __init__(self, *answers):
        super().__init__()
        self.asked = []
        self._answers = list(answers)

    @property
    def can_answer(self):
        return bool(self._answers)

    def ask(self, question, waiting=None):
        self.asked.append(question)
        return self._answers.pop(0)


def test_a_result_that_is_not_approved_stays_here(there, session):
    session.host = host = Answers("y", "n")
    there.on(GENERATE, runs("print(1)"), runs("print(22222)"), says("I see one."))
    run = here(session, approve=True)
    assert "tell_the_model(output='1" in host.asked[0]
    assert "22222" not in json.dumps(there.prompts[2].body["contents"][-1])
    assert told(there)[0]["error"] == "the user keeps this result to themselves: go on without it"
    assert Note(KEPT) in run.parts
    assert run.output == "22222\n"
    assert [len(step.results) for step in run.steps] == [1, 1]
    assert "the model saw 0 of 6 characters" in to_text(run)


def test_what_a_function_gives_is_approved_too(there, session):
    def count(what: str) -> int:
        """Count."""
        return 22222

    session.host = host = Answers("y", "n", "n")
    call = {"functionCall": {"name": "count", "args": {"what": "rows"}}}
    asks = stream(said(call, finishReason="STOP"))
    there.on(GENERATE, asks, asks, says("I see nothing."))
    run = here(session, offer={"count": count}, approve=True)
    assert "count(what='rows')" in host.asked[0]
    assert "tell_the_model(result=22222)" in host.asked[1]
    assert "count(what='rows')" in host.asked[2]
    assert len(host.asked) == 3  # what was not called has nothing to tell
    assert "22222" not in json.dumps([asked.body for asked in there.prompts])
    assert Note(KEPT) in run.parts


def test_where_nobody_can_answer_nothing_is_approved(there, session):
    session.host = Answers()
    there.on(GENERATE, runs("print(22222)"), says("I see nothing."))
    here(session, approve=True)
    assert "22222" not in json.dumps(there.prompts[1].body["contents"][-1])


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_can_be_masked(text):
    Mask(held(["canary"])).applied(text)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=6, max_size=30))
@example("000::\N{CIRCLED HANGUL KIYEOK}")
def test_a_cell_never_stays_in_what_is_masked(cell):
    spelled = plain(cell)
    assume(len(spelled) > 1)
    seen, _ = Mask(held([cell, "other"])).applied(f"({cell})")
    assert spelled not in plain(seen.replace(MASK, ""))


def apart(text):
    return unicodedata.normalize("NFD", text)


SPELLED = {
    "accents that stand apart": ("Éçàüö", apart("Éçàüö")),
    "held with accents apart": (apart("Éçàüö"), apart("Éçàüö")),
    "without accents": ("Éçàüö", "Ecauo"),
    "syllables in letters": ("김철수박영희", apart("김철수박영희")),
    "held in letters": (apart("김철수박영희"), apart("김철수박영희")),
    "a short one in letters": (apart("김철수"), apart("김철수")),
    "a name in a sentence without blanks": ("王小明", "客户王小明的余额"),
    "a name with what ends it": ("김철수", "김철수는"),
    "in capitals that two letters share": ("Işıkçı", "IŞIKÇI"),
    "bytes of UTF-8": ("Zoë Ünv", str("Zoë Ünv".encode())),
    "names of letters": ("Иванов", "Иванов".encode("ascii", "namereplace").decode()),
    "halves of a letter": ("𐌰𐌱𐌲𐌳𐌴𐌵", json.dumps("𐌰𐌱𐌲𐌳𐌴𐌵")),
    "two bytes a letter": ("Иванов", "Иванов".encode("utf-16-be").hex()),
    "two bytes a letter, the low first": ("Иванов", "Иванов".encode("utf-16-le").hex()),
    "four bytes a letter": ("Иванов", "Иванов".encode("utf-32").hex()),
    "codes in hex": ("Иванов", str([hex(ord(each)) for each in "Иванов"])),
    "codes in bits": ("Иванов", " ".join(f"{ord(each):b}" for each in "Иванов")),
    "one whole number": (CANARY, str(int.from_bytes(CANARY.encode(), "big"))),
    "digits that are signs": (73519.25, "⑦③⑤①⑨ …"),
    "digits in black circles": (73519.25, "❼❸❺❶❾"),
    "raised digits": (73519.25, "⁷³⁵¹⁹ ﬃ"),
    "digits on keys": (73519.25, "7\ufe0f\u20e33\ufe0f\u20e35\ufe0f\u20e31\ufe0f\u20e39"),
    "marks between digits that nobody sees": (73519.25, "735\u200f19.25 7\u00ad3519.25"),
    "marks of other languages": (7351923, "٧٬٣٥١٬٩٢٣ 7’351’923"),
    "the week of a day": ("2031-07-09", str(date(2031, 7, 9).isocalendar())),
    "the week in short": ("2031-07-09", f"{date(2031, 7, 9):%G-W%V-%u}"),
    "the day of the year": ("2031-07-09", f"{date(2031, 7, 9):%Y-%j}"),
}


LETTERS = pd.Series([*CANARY])
CODES = LETTERS.map(ord)
NUMBERED = {
    "a series of letters": LETTERS.to_string(),
    "letters with their places": str([*enumerate(CANARY)]),
    "letters before their places": " ".join(f"{each}{at}" for at, each in enumerate(CANARY)),
    "letters as JSON": LETTERS.to_json(),
    "a series of codes": CODES.to_string(),
    "codes with their places": str([*enumerate(CODES)]),
    "codes in hex in a column": "\n".join(f"{at} {code:02x}" for at, code in enumerate(CODES)),
    "codes as a dict": str(CODES.to_dict()),
    "a base64 in a column": "\n".join(
        f"{at} {each.decode()}" for at, each in enumerate([base64.b64encode(CANARY.encode())] * 3)
    ),
    "packed by bzip2": base64.b64encode(bz2.compress(CANARY.encode())).decode(),
    "packed by xz": base64.b64encode(lzma.compress(CANARY.encode())).decode(),
}


@pytest.mark.parametrize("name", NUMBERED)
def test_a_text_is_masked_with_numbers_between_its_letters_and_packed(name):
    left = masked(NUMBERED[name], [CANARY, "other"]).replace(MASK, "")
    assert sum(each.isalpha() for each in left) < 3, left
    assert len(re.findall(r"\d{2,}", left)) < 20, left


@pytest.mark.parametrize("name", SPELLED)
def test_a_value_is_masked_in_other_letters_and_digits(name):
    value, text = SPELLED[name]
    left = masked(f"({text})", [value, "other"]).replace(MASK, "")
    assert not re.search(r"(?i)[abce]{2}|[а-я]{2}|[가-힣]{3}|小|\d{3}|nv", plain(left)), left


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=5, max_size=12))
def test_a_text_has_one_spelling_however_it_is_changed(text):
    changes = [str.upper, str.lower, str.title, str.casefold]
    changes += [partial(unicodedata.normalize, form) for form in ("NFC", "NFD", "NFKC", "NFKD")]
    for change in changes:
        seen = change(text)
        letters, spans = spelling.letters(seen, [(at, at + 1) for at in range(len(seen))])
        assert len(letters) == len(spans)
        assert plain(letters) == plain(text)


PIECES = {
    "two letters each": (CANARY, re.findall("..", "CANARYQuartz"), 2),
    "one letter each": (CANARY, "CANARYQuartz", 4),
    "from the end": (CANARY, re.findall("..", "CANARYQuartz")[::-1], 2),
    "a number": (73519.25, ["735", "19.", "25"], 1),
    "a number from its end": (73519.25, ["25", "19.", "735"], 2),
    "digits of a number": (73519.25, "73519", 4),
    "base64": (CANARY, re.findall(".{1,6}", base64.b64encode(CANARY.encode()).decode()), 1),
    "hex": (CANARY, re.findall(".{1,8}", CANARY.encode().hex()), 1),
    "a number in base64": (73519.25, ["NzM1", "MTku", "MjU="], 2),
}


@pytest.mark.parametrize("name", PIECES)
def test_pieces_over_several_outputs_are_found_together(name):
    value, pieces, told = PIECES[name]
    mask = Mask(held([value, "other"]))
    outputs = [mask.applied(f"{piece}\n")[0] for piece in pieces]
    assert sum(MASK not in output for output in outputs) <= told, outputs


def test_words_that_decode_to_short_values_by_chance_are_told():
    mask = Mask(held(["DE", "FR", "US"]))
    for output in ("hello", "The execution", "mean", "360500", "100000.000000"):
        assert mask.applied(output) == (output, 0)


def test_numbers_that_follow_each_other_are_not_taken_for_one():
    mask = Mask(held(np.random.default_rng(1).uniform(1, 100_000, 100_000)))
    for output in ("100000", "3.41", "52", "57.3", "0.12", "7"):
        assert mask.applied(output) == (output, 0)


LASTED = pd.Timedelta("7351 days 08:24:36")


@pytest.mark.parametrize("lasted", [LASTED, -LASTED])
@pytest.mark.parametrize(
    "write",
    [
        lambda lasted: pd.DataFrame({"lasted": [lasted]}).to_string(),
        lambda lasted: repr(lasted.to_pytimedelta()),
        lambda lasted: f"{lasted / pd.Timedelta(1, 'D')} days",
        lambda lasted: f"{lasted / pd.Timedelta(1, 'h'):.2f} hours, {lasted.total_seconds()} s",
        lambda lasted: f"{lasted / pd.Timedelta(1, 'm'):.1f} minutes, {lasted.days}",
    ],
)
def test_how_long_something_lasted_is_masked_in_any_unit(lasted, write):
    left = masked(write(lasted), pd.DataFrame({"lasted": [lasted]})).replace(MASK, "")
    assert not re.search(r"\d{3}|\d\d:\d\d", left), left


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("11:02:59", 39_779),
        ("125:01", 450_060),
        ("2031-07-09 13:45:12", 1_941_371_112),
        ("09.07.2031 13:45", 1_941_371_100_000),
        ("28/02/1987", 541_468_800_000_000),
    ],
)
def test_what_is_written_as_a_time_is_masked_as_its_seconds(value, seconds):
    assert masked(f"it is {seconds} or {seconds:.1f}", [value]) == f"it is {MASK} or {MASK}"


MOMENT = pd.Timestamp("2031-07-09 13:45:12")
WRITTEN = {
    "as Python shows it": "[{'born': datetime.datetime(2031, 7, 9, 13, 45, 12)}]",
    "as Python shows a date": "datetime.date(2031, 7, 9)",
    "day first": "09.07.2031",
    "month first": "7/9/2031",
    "with two digits of the year": "09/07/31",
    "with a name": "9 July 2031",
    "with a short name": "Jul 9, 2031",
    "as ctime does": "Wed Jul  9",
    "the time alone": "13:45:12",
    "as a count of days": str(MOMENT.toordinal()),
    "as a count from 1970": str(MOMENT.toordinal() - 719_163),
    "as a tuple": str(MOMENT.timetuple()),
}


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize(
    "value",
    [
        pd.DataFrame({"born": [MOMENT]}),
        pd.DataFrame({"born": [MOMENT.tz_localize("America/Los_Angeles")]}),
        [str(MOMENT)],
        ["09.07.2031 13:45:12"],
    ],
    ids=["moments", "moments of a zone", "texts", "texts, day first"],
)
def test_a_day_is_masked_however_it_is_written(name, value):
    assert MASK in masked(WRITTEN[name], value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (["Al\nBo Ek"], "['Al\\nBo Ek']"),
        (["ab\tcd\tef"], r'{"a": "ab\\tcd\\tef"}'),
        ([b"Quartz"], "b'Quartz'"),
        (pd.DataFrame({"raw": [b"Quartz"]}), "b'Quartz'"),
        ([10**400 + 7], str(10**400 + 7)),
        (pd.DataFrame({"took": pd.to_timedelta(["2 days 01:23:45"])}), "2 days 01:23:45"),
    ],
)
def test_a_value_is_masked_as_python_shows_it(value, text):
    left = re.sub(re.escape(MASK), "", masked(text, value))
    assert not re.search(r"Bo|cd|uart|0000|23:45", left), left


@pytest.mark.parametrize(
    ("name", "text", "output"),
    [
        ("a.tsv", "who\tn\nAl Bo\t73519.25\n", "Al Bo 73,519.3"),
        ("a.json", '{"who": "CAN\\u00c4RY", "n": 73519.25}', "CANÄRY 73519"),
        ("a.jsonl", '{"who": "x"}\n{"who": "\\u00c4\\u00d6\\u00dcxy"}\n', "ÄÖÜXY"),
        ("a.txt", "the balance of Canary was 73519.25 then", "Canary: 73519.3"),
    ],
)
def test_a_file_of_any_form_is_known(tmp_path, name, text, output):
    (tmp_path / name).write_text(text, encoding="utf-8")
    left = Mask(hold({}, [str(tmp_path / name)], 10**7, Telling())[0]).applied(output)[0]
    assert not re.search(r"\w{2}", left.replace(MASK, "")), left


@pytest.mark.parametrize(
    "line", ["Jo Doe,73519.25", "Jo Doe,2031-07-09", "jo@doe.org,x", "Jo Doe,Oslo\nJo Doe,Rome"]
)
def test_a_first_line_of_data_is_not_told(there, session, tmp_path, line):
    (tmp_path / "a.csv").write_text(f"{line}\nAnn Lee,4\n")
    there.on(GENERATE, says("Two columns."))
    here(session, files=(str(tmp_path / "a.csv"),), private=True)
    sent = json.dumps(there.prompts[0].body)
    assert not re.search("(?i)jo.doe", sent)
    assert "2 columns" in sent
    assert "its first line does not read as names of columns, and is not told" in sent


def test_names_of_a_files_columns_are_told(there, session, tmp_path):
    (tmp_path / "a.csv").write_text("name,amount 2031\nAnn Lee,4\n")
    there.on(GENERATE, says("Two columns."))
    here(session, files=(str(tmp_path / "a.csv"),), private=True)
    assert "columns: name (text), amount 2031 (integer)" in words(there)[0]


@pytest.mark.parametrize("data", [b"SQLite format 3\0", "name\nÄ\n".encode("utf-16"), b"\xc4\n"])
def test_a_file_whose_values_nobody_finds_is_refused(there, session, tmp_path, data):
    (tmp_path / "a.db").write_bytes(data)
    with pytest.raises(RequestError, match=r"a\.db' is not UTF-8 text, so --private does not find"):
        here(session, files=(str(tmp_path / "a.db"),), private=True)
    assert there.prompts == []


def test_the_type_of_a_sparse_column_tells_no_value(there, session):
    column = pd.arrays.SparseArray([73519.25, 73519.25, 1.0], fill_value=73519.25)
    there.on(GENERATE, says("Sparse."))
    here(session, give={"frame": pd.DataFrame({"a": column})}, private=True)
    assert "a (Sparse[float64])" in words(there)[0]


def test_the_type_of_a_series_tells_no_value(there, session):
    filled = pd.Series(pd.arrays.SparseArray([73519.25, 1.0], fill_value=73519.25))
    names = pl.Series("name", [CANARY], dtype=pl.Enum([CANARY]))
    there.on(GENERATE, says("Two."))
    here(session, give={"filled": filled, "names": names}, private=True)
    told = "\n".join(words(there))
    assert "a series of 2 values, Sparse[float64]," in told
    assert "a series of 1 values, Enum," in told
    assert CANARY not in told


@pytest.mark.growth
@pytest.mark.parametrize("text", sampled(["a", "0", "!", "1'111", "&", "a ", "1 22 ", "a 1\n"], 3))
def test_a_long_line_of_one_letter_is_masked_in_seconds(text):
    mask = Mask(held(["canary"]))
    mask.applied("warm")
    # Where it took up to twenty-five.
    assert seconds(lambda size: mask.applied((text * size)[:size]), 10_000) < 5
