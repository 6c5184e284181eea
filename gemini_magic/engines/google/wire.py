"""What comes over the wire, as parts; and at its end, what was wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...answer.files import file_of
from ...answer.parts import (
    UNKNOWN,
    Code,
    Event,
    File,
    Image,
    Note,
    Part,
    Query,
    Reply,
    Result,
    Source,
    Text,
    Thought,
    Usage,
)
from ...errors import (
    AnswerCut,
    AnswerUnreadable,
    Blocked,
    CallMalformed,
    EngineError,
    Recited,
)
from ...request.request import Request
from ..shaping import Shaping

if TYPE_CHECKING:
    from google.genai import types

_READ = "URL_RETRIEVAL_STATUS_SUCCESS"
_FINE = ("STOP", "FINISH_REASON_UNSPECIFIED", "")
# What it is where it is not set, as Vertex AI and the Developer API write it.
_NOT_SET = ("BLOCKED_REASON_UNSPECIFIED", "BLOCK_REASON_UNSPECIFIED")
_ELSEWHERE = "say it differently"
_UNNAMED = "a source without a name"
_FINISHES: dict[str, tuple[type[EngineError], str]] = {
    "MAX_TOKENS": (
        AnswerCut,
        "the answer reached its bound of tokens: raise --max-output-tokens, or lower --thinking",
    ),
    "CONTINUATION": (AnswerCut, "the answer is longer than one request may be: ask for less"),
    "SAFETY": (Blocked, f"the answer was stopped by the safety filter: {_ELSEWHERE}"),
    "PROHIBITED_CONTENT": (Blocked, f"the answer holds prohibited content: {_ELSEWHERE}"),
    "BLOCKLIST": (Blocked, f"the answer holds a blocked term: {_ELSEWHERE}"),
    "SPII": (Blocked, f"the answer may hold personal data: {_ELSEWHERE}"),
    "IMAGE_SAFETY": (Blocked, f"a picture was stopped by the safety filter: {_ELSEWHERE}"),
    "IMAGE_PROHIBITED_CONTENT": (Blocked, f"a picture shows prohibited content: {_ELSEWHERE}"),
    "LANGUAGE": (Blocked, "the answer is in a language that is not supported: use another"),
    "MODEL_ARMOR": (Blocked, "the answer was stopped by your project's Model Armor"),
    "ESCALATION": (Blocked, f"the request was filtered by a rule: {_ELSEWHERE}"),
    "PUP_LIMITED_DISABLED": (Blocked, "the account is limited for breaking the use policy"),
    "RECITATION": (Recited, f"the answer would have quoted its sources: {_ELSEWHERE}"),
    "IMAGE_RECITATION": (Recited, f"a picture would have copied its source: {_ELSEWHERE}"),
    "MALFORMED_FUNCTION_CALL": (
        CallMalformed,
        "the model wrote a call that cannot be read: run the cell again",
    ),
    "UNEXPECTED_TOOL_CALL": (
        CallMalformed,
        "the model called a tool that it was not given: run the cell again",
    ),
    "TOO_MANY_TOOL_CALLS": (CallMalformed, "the model called tools without an end: ask for less"),
    "MALFORMED_RESPONSE": (AnswerUnreadable, "the answer came out malformed: run the cell again"),
    "MISSING_THOUGHT_SIGNATURE": (
        AnswerUnreadable,
        "a thought of an earlier turn was sent without its signature: use --fresh",
    ),
}
NO_DATA = Note("a picture or a file came without its data")
# By the kinds of parts that are not an answer; blank text and code are as good as nothing.
_NO_ANSWERS = {"thought": "only what the model thought", "note": "a picture without its data"}
_OTHER = (AnswerUnreadable, "the model ended its answer for a reason of its own: run it again")


class Answer:
    """One answer while it comes: what each chunk adds to it.

    Only the end of the stream is the end: some models say that they are finished in the middle.
    Calls of functions that the request offers are no parts of it: whoever makes them tells them.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._finish = ""
        self._message = ""
        self._block = ""
        # What came that is an answer, and what came that is none.
        self._answered = False
        self._came: list[str] = []
        self._files = 0
        self._reply = Reply()
        self._sources: set[Part] = set()
        self._shaping = Shaping(request)

    def parts(self, chunk: types.GenerateContentResponse) -> Iterator[Event]:
        """Yield what `chunk` adds."""
        if feedback := chunk.prompt_feedback:
            reason = feedback.block_reason.value if feedback.block_reason else ""
            words = ("" if reason in _NOT_SET else reason, feedback.block_reason_message)
            self._block = ": ".join(filter(None, words)) or self._block
        if chunk.candidates:
            yield from self._candidate(chunk.candidates[0])
        if chunk.usage_metadata and chunk.usage_metadata.total_token_count:
            yield usage_of(chunk.usage_metadata)
        reply = Reply(
            chunk.response_id or self._reply.response_id,
            chunk.model_version or self._reply.model_version,
        )
        if reply != self._reply:
            self._reply = reply
            yield reply

    def _candidate(self, candidate: types.Candidate) -> Iterator[Part]:
        for sent in (candidate.content and candidate.content.parts) or ():
            if sent.function_call and self._request.offered:
                self._answered = True
            elif (part := part_of(sent, self._files)) is not None:
                self._files += isinstance(part, File)
                self._count(part, is_thought=bool(sent.thought))
                yield self._shaping.shaped(part)
        for source in sources_of(candidate):
            if source not in self._sources:
                self._sources.add(source)
                yield source
        if candidate.finish_reason:
            self._finish = candidate.finish_reason.value
            self._message = candidate.finish_message or ""

    def _count(self, part: Part, *, is_thought: bool) -> None:
        """Count a part as an answer, or as something that is none."""
        # Models that draw send what they try on the way: it is shown, and no answer.
        drawn = is_thought and isinstance(part, Image | File)
        if _is_answer(part) and not drawn:
            self._answered = True
            return
        kind = Thought.kind if drawn else part.kind
        if kind in _NO_ANSWERS and kind not in self._came:
            self._came.append(kind)

    @property
    def is_blank(self) -> bool:
        """Whether it ended well and nothing of it can be shown, not even why."""
        fine = self._finish in _FINE and not self._block
        return fine and not (self._answered or self._came or self._sources)

    def close(self) -> Iterator[Part]:
        """Yield what is left to say at the end of the stream, or raise what was wrong."""
        if self._block:
            raise Blocked(f"the prompt was refused ({self._block}): {_ELSEWHERE}")
        if self._finish not in _FINE:
            kind, words = _FINISHES.get(self._finish, _OTHER)
            said = f": {self._message}" if self._message else ""
            raise kind(f"{words} ({self._finish}{said})")
        if not self._answered:
            what = " and ".join(map(_NO_ANSWERS.__getitem__, self._came)) or "empty"
            raise AnswerUnreadable(
                f"the answer is {what}, without text, code or picture: run the cell again"
            )
        if not self._finish:
            yield Note("the stream ended without saying that the answer is complete")


def _is_answer(part: Part) -> bool:
    if isinstance(part, Text):
        return bool(part.text.strip())
    if isinstance(part, Code):
        return bool(part.code.strip())
    return not isinstance(part, Thought) and part != NO_DATA


def part_of(part: types.Part, files: int = 0) -> Part | None:
    """Return a part of the SDK as ours; None for one that holds nothing.

    `files` is how many came before it. A part of a kind that the SDK does not know comes empty.
    """
    # Before `thought`: code and results are marked so too, and are code and results still.
    if part.executable_code:
        code = part.executable_code
        language = code.language.value if code.language else "PYTHON"
        return Code(code.code or "", language, code.id or "")
    if part.code_execution_result:
        result = part.code_execution_result
        outcome = result.outcome.value if result.outcome else UNKNOWN
        return Result(outcome, result.output or "", result.id or "")
    if part.text is not None:
        kind = Thought if part.thought else Text
        return kind(part.text) if part.text else None
    if part.inline_data:
        return _data(part.inline_data, files)
    return _unshown(part)


def _data(sent: types.Blob, files: int) -> Part:
    # Of any case, and with parameters: https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1
    mime_type, data = (sent.mime_type or "").partition(";")[0].strip().lower(), sent.data or b""
    if not data:
        return NO_DATA
    if mime_type.startswith("image/"):
        return Image(mime_type, data)
    return file_of(sent.display_name or "", mime_type, data, files)


def _unshown(part: types.Part) -> Note | None:
    if part.function_call:
        return Note(f"the model called {part.function_call.name}(), which nobody here runs")
    if part.file_data and part.file_data.file_uri:
        return Note(f"the answer names a file: {part.file_data.file_uri}")
    # A built-in tool at work, beside functions: what it found is told by the grounding.
    kinds = part.model_fields_set - {"thought", "thought_signature", "tool_call", "tool_response"}
    held = sorted(kind for kind in kinds if getattr(part, kind) is not None)
    return Note(f"a part came that cannot be shown: {', '.join(held)}") if held else None


def sources_of(candidate: types.Candidate) -> Iterator[Query | Source | Note]:
    """Yield what was searched, and the pages that `candidate` rests on or quotes."""
    for citation in (candidate.citation_metadata and candidate.citation_metadata.citations) or ():
        uri, licence = citation.uri or "", citation.license or ""
        # A licence binds without an address, too, and a book has none.
        if named := citation.title or uri or (licence and _UNNAMED):
            yield Source(named, uri, licence)
    grounding = candidate.grounding_metadata
    yield from map(Query, (grounding and grounding.web_search_queries) or ())
    for chunk in (grounding and grounding.grounding_chunks) or ():
        page = chunk.web or chunk.retrieved_context or chunk.maps
        if page and page.uri:
            yield Source(page.title or page.uri, page.uri)
    pages = candidate.url_context_metadata
    for read in (pages and pages.url_metadata) or ():
        address = read.retrieved_url or ""
        status = read.url_retrieval_status.value if read.url_retrieval_status else ""
        if status == _READ:
            yield Source(address, address)
        elif address:
            yield Note(f"the page {address} could not be read ({status or 'no reason was given'})")


def usage_of(sent: types.GenerateContentResponseUsageMetadata) -> Usage:
    """Return the server's count of tokens."""
    return Usage(
        prompt=sent.prompt_token_count or 0,
        candidates=sent.candidates_token_count or 0,
        thoughts=sent.thoughts_token_count or 0,
        tool_use_prompt=sent.tool_use_prompt_token_count or 0,
        cached_content=sent.cached_content_token_count or 0,
        total=sent.total_token_count or 0,
    )
