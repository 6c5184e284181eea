"""What hinders a client from being made is one line, which names the variable and the remedy."""

import json
import os
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from asking import KEY, MODEL, failure_of, request_of, run_of
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from google.auth.exceptions import DefaultCredentialsError, RefreshError
from IPython.core.interactiveshell import InteractiveShell
from loopback import Answer, event, refusal, said, serving

from gemini_magic.engines.google.client_errors import CERTIFICATES, client_error
from gemini_magic.engines.google.clients import CLIENTS
from gemini_magic.engines.google.connection import Connection
from gemini_magic.engines.google.gemini import Gemini
from gemini_magic.engines.replay import Replay
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
        # One that a test before made has read the environment of that test.
        CLIENTS.forget(Connection(KEY))
        for name in CERTIFICATES:
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


@pytest.mark.parametrize(("variables", "words"), ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_what_needs_no_network_does_not_care(environment, tmp_path, variables, words):
    environment(variables)
    assert "POST https://" in Gemini(Connection(KEY), MODEL).preview(request_of("add"))
    path = tmp_path / "answer.sse"
    path.write_bytes(event(said({"text": "ok"}, finishReason="STOP")))
    assert run_of(Replay(path)).text == "ok"


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


def test_of_several_proxies_the_bad_one_is_named(environment):
    environment({"HTTPS_PROXY": "http://127.0.0.1:1", "ALL_PROXY": "nonsense://x"})
    error = str(failure_of(Gemini(Connection(KEY), MODEL), ConnectionLost))
    assert "the proxy in ALL_PROXY cannot" in error
    assert "HTTPS_PROXY" not in error


@pytest.mark.parametrize("bad", CERTIFICATES[:1] + CERTIFICATES[2:])
def test_of_several_certificates_the_bad_ones_are_named(environment, tmp_path, bad):
    good = str(certificate(tmp_path, "good")[0])
    environment({**dict.fromkeys(CERTIFICATES, good), "SSL_CERT_DIR": str(tmp_path), bad: MISSING})
    error = str(client_error(OSError(2, "no such file")))
    assert [name for name in CERTIFICATES if name in error] == [bad]


def test_a_proxy_that_nobody_answers_at_is_named(environment):
    environment({"HTTPS_PROXY": "http://127.0.0.1:1"})
    error = str(failure_of(Gemini(Connection(KEY), MODEL, attempts=1), ConnectionLost))
    assert "the proxy in HTTPS_PROXY" in error


def test_a_proxys_password_is_not_shown(environment):
    environment({"HTTPS_PROXY": "nonsense://name:secret@proxy:1"})
    assert "secret" not in str(failure_of(Gemini(Connection(KEY), MODEL), ConnectionLost))


SECRET = "s3cr3t-of-a-gateway"
WITH_PASSWORDS = {
    "as it should be": f"http://name:{SECRET}@127.0.0.1:1",
    "a password alone": f"http://:{SECRET}@127.0.0.1:1",
    "an at sign": f"http://name:{SECRET}@{SECRET}@127.0.0.1:1",
    "a slash": f"http://name:{SECRET}/x@127.0.0.1:1",
    "a hash": f"http://name:{SECRET}#x@127.0.0.1:1",
    "half a bracket": f"http://name:{SECRET}@[",
    "a port of words": f"http://name:{SECRET}@127.0.0.1:port",
    "another scheme": f"nonsense://name:{SECRET}@127.0.0.1:1",
    "a quote": f"http://name:'{SECRET}'@127.0.0.1:1",
}


@pytest.mark.parametrize("address", WITH_PASSWORDS.values(), ids=WITH_PASSWORDS)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_password_in_a_proxys_address_is_not_shown(environment, name, address):
    environment({name: address})
    error = failure_of(Gemini(Connection(KEY), MODEL, attempts=1), ConnectionLost)
    assert name in str(error)
    assert SECRET not in str(error)
    assert SECRET not in str(error.run.to_dict())


@pytest.mark.parametrize("address", WITH_PASSWORDS.values(), ids=WITH_PASSWORDS)
@pytest.mark.parametrize("vertex", [False, True])
def test_a_password_in_a_base_url_is_not_shown(environment, address, vertex):
    environment({})
    connection = Connection(KEY, vertex=vertex, base_url=address)
    engine = Gemini(connection, MODEL, attempts=1)
    error = failure_of(engine, ConnectionLost)
    assert connection.base_url_name in str(error)
    assert "…@" in str(error)
    assert SECRET not in str(error)
    assert SECRET not in str(error.run.to_dict())
    assert SECRET not in repr(engine)
    with pytest.raises(ConnectionLost) as caught:
        engine.models()
    assert SECRET not in str(caught.value)


ANSWERS = {
    "a page": Answer((b"<html>Log in</html>",)),
    "no page": Answer((b"<html>404</html>",), 404),
    "no model": refusal(404, "NOT_FOUND", "no"),
    "a redirect": Answer((b"moved",), 302, {"Location": f"http://a:{SECRET}@elsewhere.example/"}),
    "its own words": refusal(400, "INVALID", f"not by http://a:{SECRET}@elsewhere.example/"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_a_password_in_a_base_url_is_not_shown_by_what_came_back(server, answer):
    server.on("POST", answer)
    server.on("GET", answer)
    base_url = server.url.replace("://", f"://name:{SECRET}@")
    engine = Gemini(Connection(KEY, base_url=base_url), MODEL)
    with pytest.raises(GeminiError) as caught:
        run_of(engine)
    assert SECRET not in str(caught.value)
    assert SECRET not in str(caught.value.run.to_dict())


def test_a_password_in_a_base_url_is_used_and_not_shown_before_sending(server):
    server.streams(said({"text": "ok"}, finishReason="STOP"))
    base_url = server.url.replace("://", f"://name:{SECRET}@")
    engine = Gemini(Connection(KEY, base_url=base_url), MODEL)
    shown = engine.preview(request_of("look at http://a:b@c"))
    assert shown.startswith(f"POST {server.url.replace('://', '://…@')}/")
    assert SECRET not in shown
    assert "look at http://a:b@c" in shown
    assert run_of(engine).text == "ok"
    assert server.asked[0].headers["authorization"].startswith("Basic ")


NO_ADDRESSES = (
    *(
        "http://[",
        "http://[::1",
        "http://",
        "http:///v1",
        "127.0.0.1:1",
        "x",
        "ftp://x",
        "http://..",
    ),
    *("http://x:99999", "http://x:port", "http://x:-1", "http://\u2603.:1/", "\x00", "http://[x]"),
)


@pytest.mark.parametrize("address", NO_ADDRESSES)
@pytest.mark.parametrize("vertex", [False, True])
def test_a_base_url_that_is_no_address_is_named_with_its_variable(environment, address, vertex):
    environment({})
    connection = Connection(KEY, vertex=vertex, base_url=address)
    engine = Gemini(connection, MODEL)
    line = str(failure_of(engine, ConnectionLost))
    assert f"{address!r} is no address" in line
    assert f"mend {connection.base_url_name}" in line
    for ask in (engine.models, lambda: engine.preview(request_of("add"))):
        with pytest.raises(ConnectionLost) as caught:
            ask()
        assert str(caught.value) == line


MALFORMED = (
    *("x", "//x", "x:99999", "http://x:99999", "http://x:-1", "http://", "http://u:p@ss@x"),
    *("u:p@ss@127.0.0.1:1", "http://u:p@ss@127.0.0.1:1", "http://..:1", "http://a b:1"),
)


@pytest.mark.parametrize("address", MALFORMED)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "all_proxy"])
def test_a_malformed_proxy_is_asked_once_and_named(environment, address, name):
    environment({name: address})
    error = failure_of(Gemini(Connection(KEY), MODEL), ConnectionLost)
    assert f"the proxy in {name} cannot be used" in str(error)
    assert "give it as http://host:port" in str(error)
    assert error.run.parts == []


def test_a_malformed_proxy_of_another_scheme_is_not_blamed(environment):
    environment({"HTTPS_PROXY": "x"})
    engine = Gemini(Connection(KEY, base_url="http://127.0.0.1:1"), MODEL, attempts=1)
    assert "cannot be used" not in str(failure_of(engine, ConnectionLost))


@pytest.mark.parametrize("address", ["http://127.0.0.1:1", "127.0.0.1:1", "http://127.0.0.1"])
def test_a_proxy_with_an_address_is_asked_again(environment, address):
    environment({"HTTPS_PROXY": address})
    run = failure_of(Gemini(Connection(KEY), MODEL, attempts=2), ConnectionLost).run
    assert "attempt 2 of 2" in run.parts[0].text


CREDENTIALS = {
    "missing": None,
    "empty": "",
    "no JSON": "{",
    "of no type": "{}",
    "not text": b"\xff\xfe\x00",
    "a list": "[]",
    "a number": "1",
    "a folder": ...,
    "half": '{"type": "service_account", "client_email": "a@b"}',
}


@pytest.mark.parametrize("text", CREDENTIALS.values(), ids=CREDENTIALS)
def test_bad_credentials_name_their_variable(environment, tmp_path, text):
    path = tmp_path / "credentials.json"
    if text is ...:
        path.mkdir()
    elif text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
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


def certificate(folder, name):
    """Write a certificate for this machine that nobody signed, and its key; return both paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / f"{name}.pem", folder / f"{name}.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem, private


@pytest.fixture
def secure(tmp_path):
    """A server of TLS on this machine, and its certificate; who connected is in `connected`."""
    pem, private = certificate(tmp_path, "server")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, private)
    connected = []
    context.sni_callback = lambda *_: connected.append(True)
    with serving(context) as server:
        server.streams(said({"text": "ok"}, finishReason="STOP"))
        yield server.url, pem, connected


@pytest.mark.parametrize("other", [False, True])
def test_a_certificate_that_is_not_accepted_names_the_file_and_is_asked_for_once(
    environment, secure, tmp_path, other
):
    address, _, connected = secure
    wrong = {"SSL_CERT_FILE": str(certificate(tmp_path, "other")[0])} if other else {}
    environment(wrong)
    error = failure_of(Gemini(Connection(KEY, base_url=address), MODEL), ConnectionLost)
    assert "certificate is not accepted" in str(error)
    assert "SSL_CERT_FILE" in str(error)
    assert connected == [True]


def test_what_is_mended_is_read_by_the_next_request(environment, secure):
    address, pem, _ = secure
    environment({})
    engine = Gemini(Connection(KEY, base_url=address), MODEL)
    failure_of(engine, ConnectionLost)
    environment({"SSL_CERT_FILE": str(pem)})
    assert run_of(engine).text == "ok"


def test_with_its_certificate_the_server_is_asked(environment, secure):
    address, pem, _ = secure
    environment({"SSL_CERT_FILE": str(pem)})
    assert run_of(Gemini(Connection(KEY, base_url=address), MODEL)).text == "ok"


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_what_fetches_a_token_of_google_cloud_names_its_certificates(environment, tmp_path, name):
    key = rsa.generate_private_key(65537, 2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path / "account.json"
    account = {
        "type": "service_account",
        "client_email": "a@b.example",
        "token_uri": "https://localhost:1/token",
        "private_key": key.decode(),
        "project_id": "p",
    }
    path.write_text(json.dumps(account))
    environment({"GOOGLE_APPLICATION_CREDENTIALS": str(path), name: str(tmp_path / "none.pem")})
    engine = Gemini(Connection(vertex=True, project="p"), MODEL, attempts=1)
    assert name in str(failure_of(engine, ConnectionLost))
