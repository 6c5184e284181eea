"""What hinders a client from being made is one line, which names the variable and the remedy."""

import os
import ssl
import subprocess
import sys

import pytest
from asking import KEY, MODEL, failure_of
from google.auth.exceptions import DefaultCredentialsError, RefreshError
from IPython.core.interactiveshell import InteractiveShell

from gemini_magic.engines.google.client_errors import client_error
from gemini_magic.engines.google.clients import Connection
from gemini_magic.engines.google.gemini import Gemini
from gemini_magic.errors import ConnectionLost, GeminiError, KeyInvalid, KeyMissing

EMPTY, BINARY, FOLDER, MISSING = "empty.pem", "binary.pem", ".", "missing.pem"
ENVIRONMENTS = {
    "a SOCKS proxy": ({"ALL_PROXY": "socks5://127.0.0.1:1"}, "httpx2[socks]"),
    "a SOCKS proxy in small letters": ({"https_proxy": "socks5h://127.0.0.1:1"}, "https_proxy"),
    "a proxy of no scheme": ({"HTTPS_PROXY": "nonsense://x"}, "HTTPS_PROXY"),
    "a proxy with a bad port": ({"HTTPS_PROXY": "http://proxy:port"}, "HTTPS_PROXY"),
    "a proxy that is no address": ({"HTTPS_PROXY": "http://[::1"}, "HTTPS_PROXY"),
    "a missing CA": ({"SSL_CERT_FILE": MISSING}, "SSL_CERT_FILE"),
    "an empty CA": ({"SSL_CERT_FILE": EMPTY}, "SSL_CERT_FILE"),
    "a CA that is none": ({"SSL_CERT_FILE": BINARY}, "SSL_CERT_FILE"),
    "a CA that is a folder": ({"SSL_CERT_FILE": FOLDER}, "SSL_CERT_FILE"),
}


@pytest.fixture
def environment(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / EMPTY).touch()
    (tmp_path / BINARY).write_bytes(bytes(range(256)))

    def put(variables):
        for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return put


@pytest.mark.parametrize(("variables", "words"), ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_what_the_environment_says_wrongly_is_named(environment, variables, words):
    environment(variables)
    error = failure_of(Gemini(Connection(KEY), MODEL, attempts=1), ConnectionLost)
    assert words in str(error)
    assert next(iter(variables)) in str(error)
    assert "GOOGLE_GEMINI_BASE_URL" not in str(error)


@pytest.mark.parametrize(("variables", "words"), ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_what_lists_models_says_the_same(environment, variables, words):
    environment(variables)
    with pytest.raises(ConnectionLost) as caught:
        Gemini(Connection(KEY), MODEL).models()
    assert words in str(caught.value)


@pytest.mark.parametrize("code", ["%%gemini_exec --engine gemini\nadd", "%gemini models"])
def test_a_magic_says_it_in_a_line(environment, monkeypatch, capsys, code):
    environment({"ALL_PROXY": "socks5://127.0.0.1:1"})
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    shell = InteractiveShell.instance()
    try:
        shell.run_line_magic("load_ext", "gemini_magic")
        capsys.readouterr()
        result = shell.run_cell(code)
        shown = "".join(capsys.readouterr())
    finally:
        InteractiveShell.clear_instance()
    assert isinstance(result.error_in_exec, GeminiError)
    assert "Traceback" not in shown
    assert "ALL_PROXY" in shown


def test_the_command_says_it_in_a_line():
    environment = {
        **{name: value for name, value in os.environ.items() if not name.lower().endswith("proxy")},
        "GEMINI_API_KEY": KEY,
        "ALL_PROXY": "socks5://127.0.0.1:1",
    }
    program = "from gemini_magic.cli import main; raise SystemExit(main())"
    ended = subprocess.run(
        [sys.executable, "-c", program, "run", "add"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "ConnectionLost: the proxy in ALL_PROXY speaks SOCKS" in ended.stderr


def test_a_proxys_password_is_not_shown(environment):
    environment({"HTTPS_PROXY": "nonsense://name:secret@proxy:1"})
    assert "secret" not in str(failure_of(Gemini(Connection(KEY), MODEL), ConnectionLost))


CREDENTIALS = {
    "missing": None,
    "empty": "",
    "no JSON": "{",
    "of no type": "{}",
    "half": '{"type": "service_account", "client_email": "a@b"}',
}


@pytest.mark.parametrize("text", CREDENTIALS.values(), ids=CREDENTIALS)
def test_bad_credentials_name_their_variable(environment, tmp_path, text):
    path = tmp_path / "credentials.json"
    if text is not None:
        path.write_text(text)
    environment({"GOOGLE_APPLICATION_CREDENTIALS": str(path)})
    engine = Gemini(Connection(vertex=True, project="p"), MODEL)
    with pytest.raises(GeminiError) as caught:
        engine.models()
    assert "GOOGLE_APPLICATION_CREDENTIALS" in str(caught.value)
    assert "gcloud auth application-default login" in str(caught.value)


RAISED = [
    OSError(2, "no such file"),
    PermissionError(13, "denied"),
    FileNotFoundError(2, "none"),
    ImportError("no module"),
    ModuleNotFoundError("none"),
    ssl.SSLError("no certificate"),
    ssl.SSLCertVerificationError("self-signed"),
    ValueError("odd"),
    TypeError("odd"),
    KeyError("odd"),
    RuntimeError("odd"),
    UnicodeError("odd"),
    AttributeError("odd"),
    DefaultCredentialsError("none"),
    RefreshError("expired"),
    Exception("anything"),
]


@pytest.mark.parametrize("raised", RAISED, ids=lambda exc: type(exc).__name__)
@pytest.mark.parametrize("variable", [None, "SSL_CERT_FILE", "HTTPS_PROXY"])
def test_whatever_is_raised_is_one_line(environment, raised, variable):
    environment({variable: "x"} if variable else {})
    error = client_error(raised)
    assert isinstance(error, ConnectionLost | KeyInvalid | KeyMissing)
    assert "\n" not in str(error)
    assert len(str(error)) < 500
