"""Each operation of Cognito's model that tells something is decided about."""

from __future__ import annotations

import inspect
import re

import botocore.session
import pytest

from cognito_standby.configuration.adapters import reading, reading_clients
from cognito_standby.configuration.domain.document import Section
from cognito_standby.configuration.domain.operations import NOT_READ, OF_WAF, READ

MODEL = botocore.session.get_session().get_service_model("cognito-idp")
TELLS = re.compile(r"(Admin)?(Describe|Get|List)[A-Z]")


def snake(operation: str) -> str:
    return "_".join(botocore.xform_name(operation).split("_"))


def test_each_is_read_or_has_the_reason_why_not() -> None:
    telling = {each for each in MODEL.operation_names if TELLS.match(each)}
    assert READ.keys() | NOT_READ.keys() == telling
    assert not READ.keys() & NOT_READ.keys()
    assert all(NOT_READ.values())


def test_each_section_is_made_of_an_answer() -> None:
    made = {section for sections in READ.values() for section in sections}
    assert made | {Section.WEB_ACL} == set(Section)


@pytest.mark.parametrize("operation", [*READ, OF_WAF])
def test_what_is_read_is_asked(operation: str) -> None:
    source = inspect.getsource(reading) + inspect.getsource(reading_clients)
    assert re.search(rf'["._]{snake(operation)}["(),]', source), operation
