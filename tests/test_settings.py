"""Settings come from a config file, the environment and %config."""

import re
from ast import literal_eval

import pytest
from traitlets import TraitError
from traitlets.config import Config

from gemini_magic.errors import OptionError
from gemini_magic.options.settings import GeminiMagic


def test_a_config_file_sets_the_model():
    assert GeminiMagic(config=Config({"GeminiMagic": {"model": "m"}})).model == "m"


def test_the_environment_beats_the_file(monkeypatch):
    monkeypatch.setenv("GEMINI_MAGIC_MODEL", "from-env")
    monkeypatch.setenv("GEMINI_MAGIC_STATIC", "1")
    settings = GeminiMagic(config=Config({"GeminiMagic": {"model": "from-file"}}))
    assert (settings.model, settings.static) == ("from-env", True)


@pytest.mark.parametrize("name", ["REPLAY", "RUN_CODE", "INSERT"])
def test_an_environment_that_names_no_choice_is_one_line_with_each_once(monkeypatch, name):
    monkeypatch.setenv(f"GEMINI_MAGIC_{name}", "sometimes")
    line = rf"^GEMINI_MAGIC_{name}='sometimes' cannot be read: it takes any of (\[.*\])$"
    with pytest.raises(OptionError, match=line) as caught:
        GeminiMagic()
    choices = literal_eval(re.match(line, str(caught.value))[1])
    assert len(choices) == len(set(choices)) > 1


def test_an_environment_that_cannot_be_read_is_one_line(monkeypatch):
    monkeypatch.setenv("GEMINI_MAGIC_TEMPERATURE", "hot")
    with pytest.raises(OptionError, match="GEMINI_MAGIC_TEMPERATURE='hot' cannot be read"):
        GeminiMagic()


def test_a_value_of_the_wrong_type_leaves_the_setting_as_it_was():
    settings = GeminiMagic()
    with pytest.raises(TraitError):
        settings.temperature = "hot"
    assert settings.temperature is None


@pytest.mark.parametrize("trait", GeminiMagic.class_traits(config=True).values())
def test_every_setting_says_what_it_is(trait):
    assert trait.help.endswith(".")
