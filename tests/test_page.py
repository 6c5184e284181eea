"""An exported page in a browser: light and dark, on paper, and for those who cannot see it."""

from __future__ import annotations

import re

import pytest
from browser import AXE, stored
from playwright.sync_api import Browser, expect

from gemini_magic.runs.run import Run

NAMES = ("traced", "mended", "hostile")
# What is folded away, once the page was laid out.
HIDDEN = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(
    [...document.querySelectorAll('details > :not(summary)')]
        .filter(each => !each.checkVisibility({contentVisibilityAuto: true})).length))))"""
VIOLATIONS = """() => axe.run().then(({violations}) =>
    violations.flatMap(({id, nodes}) => nodes.map(node => `${id}: ${node.html}`)))"""


def page_of(name: str) -> str:
    return Run.from_dict(stored(name)).to_html()


def test_on_paper_all_that_is_folded_is_open(chromium: Browser):
    page = chromium.new_page()
    for name in NAMES:
        page.emulate_media(media="screen")
        page.set_content(page_of(name))
        assert page.evaluate(HIDDEN) > 0
        page.emulate_media(media="print")
        assert page.evaluate(HIDDEN) == 0
    page.context.close()


def test_without_a_script_an_attempt_opens_and_closes(chromium: Browser):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(page_of("mended"))
    # What it printed: the line that opens it names the exception, too.
    failed = page.locator("pre").filter(has_text="KeyError: 'July'")
    expect(failed).to_be_hidden()
    page.get_by_text("Attempt 1").click()
    expect(failed).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_can_be_read_by_everybody(chromium: Browser, scheme):
    # The policy of the page keeps out the script that looks, too.
    page = chromium.new_page(color_scheme=scheme, bypass_csp=True)
    for name in NAMES:
        page.set_content(page_of(name))
        page.add_script_tag(path=AXE)
        assert page.evaluate(VIOLATIONS) == []
    page.context.close()


def test_every_colour_of_the_saved_form_has_one_for_light_and_one_for_dark():
    for name in NAMES:
        style, _, body = page_of(name).partition("</style>")
        used = set(re.findall(r"[;\"]color:(#[0-9a-f]{6})", body))
        assert used
        assert {colour for colour in used if f'[style*="color:{colour}"]' not in style} == set()
