"""The problems of the demo are complete, many and harmless."""

import re
from random import Random

import pytest

from console.demo import corpus
from console.demo.names import FAMILY, GIVEN
from console.demo.plans import MAPLE
from tickets.desk import priorities

PROBLEMS = corpus.problems()
STUDENT_NAMED = re.compile(rf"\b[Ss]tudents?,? (?:named |called )?\(?(?:{'|'.join(GIVEN)})\b")


def words() -> list[str]:
    cases = [
        text
        for problem in PROBLEMS
        for case in problem.cases
        for text in (case.subject, case.opening, case.ask, case.answer, case.fix)
    ]
    return cases + [text for problem in PROBLEMS for text in (*problem.notes, *problem.still)]


def test_there_are_at_least_seventy_families_of_problems() -> None:
    assert len({problem.key for problem in PROBLEMS}) == len(PROBLEMS) >= 70


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda problem: problem.key)
def test_a_problem_can_be_told(problem: corpus.Problem) -> None:
    assert len(problem.cases) >= 2
    assert problem.queue in MAPLE.queues
    assert priorities.by_matrix(impact=problem.impact, urgency=problem.urgency)
    for case in problem.cases:
        assert case.subject, problem.key
        assert case.opening, problem.key
        assert case.fix, problem.key
        assert bool(case.ask) == bool(case.answer), case.subject


def test_no_student_is_named() -> None:
    assert [text for text in words() if STUDENT_NAMED.search(text)] == []


def test_names_are_drawn_once_each() -> None:
    from console.demo import names

    drawn = [next(stream) for stream in [names.draw(Random(1), besides={"Rita Shah"})] for _ in range(2000)]
    assert len(set(drawn)) == 2000
    assert {family for _, family in drawn} <= set(FAMILY)
