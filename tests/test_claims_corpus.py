"""The numbers of labelled runs are said to be where they are."""

import json
from pathlib import Path

import pytest
from claim_runs import made
from claim_scores import Labelled, of_corpus, of_made, scored

TESTS = Path(__file__).parent
OWN = sorted((TESTS / "data/claims").glob("*.json"))
CORPUS = TESTS.parent.parent / "shared" / "claims" / "corpus.json"


def assert_bounded(score):
    rates = score.rates()
    assert rates["links"] >= 0.99, score.misplaced
    assert rates["right called absent"] <= 0.01, score.missed
    assert rates["absent called found"] <= 0.02, score.found


def test_the_corpus_is_judged_within_the_bounds():
    if not CORPUS.exists():
        pytest.skip("the labelled corpus is not on this machine")
    score = scored(of_corpus(CORPUS))
    assert_bounded(score)
    assert score.misread == []
    assert score.misflagged == []


def test_runs_labelled_by_hand_are_judged_within_the_bounds():
    score = scored(Labelled(**json.loads(path.read_text(encoding="utf-8"))) for path in OWN)
    assert len(OWN) >= 20
    assert_bounded(score)
    assert score.misread == []
    assert score.misflagged == []


def test_faults_planted_in_runs_made_by_chance_are_found():
    score = scored(of_made(made(seed), f"seed {seed}") for seed in range(300))
    assert score.absent > 150
    assert score.linked > 1000
    assert_bounded(score)
    assert score.misread == []
    assert score.misflagged == []
