"""docs/doctor.md lists every code that the doctor can say, with the severity that it has."""

from __future__ import annotations

import re

from cognito_standby.adoption.domain.findings import Severity
from cognito_standby.adoption.domain.judging import CATALOGUE
from tests.docs import doctor

PAGE = doctor.PATH.read_text(encoding="utf-8")


def test_its_tables_are_fresh() -> None:
    assert doctor.text() == PAGE, "run: python -m tests.docs.doctor"


def test_each_code_is_there_once() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \| (\w+) \|", PAGE, re.MULTILINE)
    assert sorted(told) == sorted((each.code, each.severity) for each in CATALOGUE.values())


def test_each_severity_is_explained() -> None:
    told = re.findall(r"^\| \*\*(\w+)\*\* \|", PAGE, re.MULTILINE)
    assert told == [each.value for each in Severity]
