"""How numbers are written, in prose and in what programs print, as patterns."""

from __future__ import annotations

import re
from functools import lru_cache

LETTER = r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u052f"
WORD = re.compile(rf"[{LETTER}]{{2,}}")

POWERS = {
    "k": 3,
    "K": 3,
    "thousand": 3,
    "M": 6,
    "million": 6,
    "millions": 6,
    "millones": 6,
    "Millionen": 6,
    "Mio.": 6,
    "B": 9,
    "bn": 9,
    "billion": 9,
    "Mrd.": 9,
    "Milliarden": 9,
    "milliards": 9,
    "trillion": 12,
    "quadrillion": 15,
    "quintillion": 18,
    "lakh": 5,
    "crore": 7,
}

# In English, and written out in German, French and Spanish.
MONTHS = (
    "Jan(?:uary|uar)?|janvier|enero Feb(?:ruary|ruar)?|février|febrero Mar(?:ch)?|März|mars|marzo "
    "Apr(?:il)?|avril|abril May|Mai|mai|mayo June?|Juni|juin|junio July?|Juli|juillet|julio "
    "Aug(?:ust)?|août|agosto Sept?(?:ember)?|septembre|septiembre "
    "Oct(?:ober)?|Oktober|octobre|octubre Nov(?:ember)?|novembre|noviembre "
    "Dec(?:ember)?|Dezember|décembre|diciembre"
).split()
MONTH = rf"\b(?:{'|'.join(MONTHS)})(?![{LETTER}])\.?"
YEAR = r"(?:19|20)[0-9]{2}(?![0-9])"
_DAY = r"[0-9]{1,2}(?:st|nd|rd|th|er)?"
_MONTH_NUMBER, _DAY_NUMBER = "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
# 3/15/2024 and 15/3/2024 · 15.03.2024
SLASHED_DATE = rf"""(?<![0-9./-])(?:{_MONTH_NUMBER}/{_DAY_NUMBER}|{_DAY_NUMBER}/{_MONTH_NUMBER})
  /{YEAR}(?!/)"""
DOTTED_DATE = rf"(?<![0-9./-]){_DAY_NUMBER}\.{_MONTH_NUMBER}\.{YEAR}(?![.][0-9])"
ISO_DATE = r"(?<![0-9])[0-9]{4}(?:-[0-9]{2}-|/[0-9]{2}/)[0-9]{2}(?![0-9])"
# All patterns below are read with re.VERBOSE: a space is [ ].
DATE = rf"""(?:{ISO_DATE} | {SLASHED_DATE} | {DOTTED_DATE}
  | {MONTH}[ ]{_DAY}(?:,?[ ]{YEAR})?(?![.,]?[0-9]|[ ]?%)
  | \b{_DAY}\.?[ ](?:of[ ]|de[ ])?{MONTH}(?:,?[ ](?:de[ ])?{YEAR})?
  | {MONTH}[ ]{YEAR})"""
TIME = r"(?<![0-9:.])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]+)?(?![0-9:])"
WHEN = re.compile(rf"(?P<date>{DATE})|(?P<time>{TIME})", re.VERBOSE)

_PRODUCTS = (
    "Python|Gemini|GPT|Claude|Opus|Sonnet|Llama|Gemma|Grok|NumPy|pandas|SciPy|Jupyter(?:Lab)?|Java"
    "|Windows|macOS|Android|HTTP|ISO|RFC|PEP|UTF|SHA|[Vv]ersion|ver\\."
)
_COUNTED = (
    "step|attempt|part|section|chapter|figure|fig\\.|table|example|question|phase|case|option|task"
    "|exercise|problem|method|approach|scenario|stage|try|appendix|player|round|door|group|cluster"
    "|team"
)
_SUFFIXES = "csv|tsv|txt|md|json|py|ipynb|png|jpe?g|svg|pdf|xlsx?|html?|zip|gz"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_NOT_NUMBERS = (
    # addresses, mail addresses, files
    r"(?:https?://|www\.)\S+",
    r"[\w.+-]{1,64}@[\w.-]{1,64}",
    rf"(?<![\w./\\-])[\w./\\-]{{1,100}}\.(?:{_SUFFIXES})\b",
    # versions: Python 3.12, v2.1, 2.2.1
    rf"(?<!\w)(?:{_PRODUCTS})[ -]?v?[0-9]+(?:\.[0-9x]+)*\+?",
    r"\b[vV][0-9]+(?:\.[0-9]+)*",
    r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,2}){2,}(?![0-9])",
    # 192.168.0.1
    rf"(?<![0-9.]){_OCTET}(?:\.{_OCTET}){{3}}(?![0-9]|\.[0-9])",
    # Step 2, Figure 3
    rf"(?i:\b(?:{_COUNTED})s?[ ]\#?[0-9]{{1,2}}\b)(?![.,][0-9]|[ ]?%)",
    # names with digits: x_1, H2O, Q3, COVID-19
    rf"(?<![{LETTER}0-9_])(?:[{LETTER}]|_)[{LETTER}0-9_]*[0-9][{LETTER}0-9_]*(?:-[0-9]+)*",
    rf"(?<![{LETTER}])[{LETTER}]{{2,}}-[0-9]+(?:\.[0-9]+)?\b",
    # ratios as words: 1/3, 24/7
    r"(?<![0-9.,/])[0-9]{1,2}/[0-9]{1,2}(?![0-9/%]|\.[0-9])",
    # the 68-95-99.7 rule, the 50/30/20 rule
    r"[0-9]+(?:[-–/][0-9]+(?:\.[0-9]+)?){1,5}(?=[ -][Rr]ule)",
    # 007, 0x1f, keycaps
    r"(?<![0-9.,])0[0-9]{2,}(?![0-9]|[.,:/-][0-9])",
    r"\b0x[0-9a-fA-F]+",
    r"[0-9]\ufe0f?\u20e3",
    # ordinals, decades, 3D
    r"[0-9][0-9,]{0,15}(?:st|nd|rd|th)\b",
    r"[0-9]{2,4}0s\b",
    r"[0-9][dD]\b",
    # footnotes: word[1]
    r'(?<=[\w)\]}.,;:!?"”])\[[0-9]{1,2}(?:,[ ]?[0-9]{1,2})*\](?!\()',
    # exponents, subscripts, factorials
    rf"(?<=[{LETTER}0-9)\]}}])(?:\^|_|\*\*)\{{?[-−+]?[0-9]+\}}?",
    r"[0-9]{1,3}!(?=[ ]?[=≈)(×*/]|[ ][a-z])",
)
_SKIP = rf"(?P<skip>(?!{DATE}|{TIME})(?:{'|'.join(_NOT_NUMBERS)}))"

# Groups are counted: without a bound, a long row of them costs the square of its length.
# 1.234,56 € wherever · ₹1,00,000 · 1,234.5 · 1{,}234 · 1.234.567 · 1 234 with a space that does not
# break · 1'234
_RUPEES = "(?:(?<=₹)|(?<=₹[ ])|(?<=Rs[ ])|(?<=Rs\\.[ ])|(?<=INR[ ]))"
_GROUPED = "|".join(
    (
        r"(?:[0-9]{1,3}(?:[. \u00a0\u2009\u202f][0-9]{3}){1,66}|[0-9]+),[0-9]{2}"
        r"(?=[ \u00a0\u2009\u202f]?€)",
        rf"{_RUPEES}[0-9]{{1,2}}(?:,[0-9]{{2}}){{1,66}},[0-9]{{3}}(?![0-9]|,[0-9])(?:\.[0-9]+)?",
        r"[0-9]{1,3}(?:(?:,|\{,\})[0-9]{3}){1,66}(?![0-9]|,[0-9])(?:\.[0-9]+)?",
        r"[0-9]{1,3}(?:\.[0-9]{3}){2,66}(?![0-9.])",
        r"[0-9]{1,3}(?:[\u00a0\u2009\u202f'’_][0-9]{3}){1,66}(?![0-9])(?:[.,][0-9]+)?",
    )
)
# In the same languages a blank may stand between groups: 1 464,10.
_COMMA_GROUPED = r"(?<![0-9][ ])[0-9]{1,3}(?:[ ][0-9]{3}){1,66}(?![0-9]|[ ][0-9])(?:,[0-9]+)?|"
_COMMA_GROUPED += r"[0-9]{1,3}(?:\.[0-9]{3}){1,66}(?!\.?[0-9])(?:,[0-9]+)?|[0-9]+,[0-9]+(?!,?[0-9])"
# Where nothing stands before it, or a $ that opens a formula or a price: $-5$.
_FIRST = r"(?<![\w)\]}%$])"
_SIGN = rf"(?:(?P<sign>(?:{_FIRST}|(?<={_FIRST}\$)|(?<={_FIRST}\$\$))[-−+])[$€£]?)?"
# e-5 · × 10⁻⁵ · \times 10^{6} · and, right behind a 10, ^{6} · ⁶
_EXPONENT = r"""(?P<exp>(?<=(?<![0-9])10)(?:(?:\^|\*\*)\{?[-−]?[0-9]+\}?|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)
  | [eE][-+]?[0-9]+
  | [ ]?(?:×|x|\*|·|\\times|\\cdot)[ ]?10(?:\^|\*\*)?\{?[-−⁻+]?[0-9⁰¹²³⁴⁵⁶⁷⁸⁹]+\}?)?"""
_PERCENT = r"\\?%|percent\b|p(?:er|our)[ ]cent\b|por[ ]ciento\b|percentage[ ]points?\b"
_PERCENT += r"|Prozent(?:punkten?)?\b"
_UNIT = rf"""(?:[ \u00a0\u202f]?(?P<pct>{_PERCENT})
  | [ \u00a0-]?(?P<word>{"|".join(map(re.escape, POWERS))})(?![{LETTER}0-9])|)"""


@lru_cache(maxsize=2)
def in_prose(*, comma: bool = False) -> re.Pattern[str]:
    """Return how a number stands in prose; `comma` where one may stand before decimals: 1.234,5."""
    numbers = f"{_COMMA_GROUPED}|{_GROUPED}" if comma else _GROUPED
    return re.compile(
        rf"""{_SKIP} | (?P<date>{DATE}) | (?P<time>{TIME})
          | (?<![{LETTER}0-9_.^]){_SIGN}(?P<num>{numbers}|[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
            {_EXPONENT}{_UNIT}""",
        re.VERBOSE,
    )


PRINTED = re.compile(
    rf"""(?P<skip>(?<![0-9:.])[0-9]{{1,2}}:[0-9]{{2}}(?![0-9]))|(?P<date>{ISO_DATE})
      | (?<![{LETTER}0-9_.])(?P<sign>(?<![0-9)\]])[-−+])?[$€£]?
        (?P<num>(?<![0-9],)[0-9]{{1,3}}(?:,[0-9]{{3}}){{1,66}}(?![0-9]|,[0-9])(?:\.[0-9]+)?
          |[0-9][0-9_]*(?:\.[0-9]*)?|\.[0-9]+)
        (?P<exp>[eE][-+]?[0-9]{{1,2}})?
        (?:[ ]?(?P<pct>%)|[ ]?(?P<word>[kMB]|bn|million|billion)(?![{LETTER}0-9]|[ ]?[=:])|)""",
    re.VERBOSE,
)

# Longer ones are no numbers that anybody reads, and reading them costs the square of their length.
MOST_DIGITS = 200
