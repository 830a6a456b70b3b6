"""From findings to conditions: the evidence table, the runner's profile, the assessment."""

from gait.risk.assess import assess
from gait.risk.load import training_load, with_session
from gait.risk.pages import condition_page, index_page, table_page
from gait.risk.profile import RunnerProfile, answers_of
from gait.risk.profile_reading import parse_profile, profile_of
from gait.risk.reading import load_evidence, parse_evidence
from gait.risk.table import EvidenceTable

__all__ = [
    "EvidenceTable",
    "RunnerProfile",
    "answers_of",
    "assess",
    "condition_page",
    "index_page",
    "load_evidence",
    "parse_evidence",
    "parse_profile",
    "profile_of",
    "table_page",
    "training_load",
    "with_session",
]
