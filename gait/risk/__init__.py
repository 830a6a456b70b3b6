"""From findings to conditions: the evidence table, the runner's profile, the assessment."""

from gait.risk.assess import assess
from gait.risk.evidence_pages import citations_page, condition_page, index_page, table_page
from gait.risk.evidence_reader import load_evidence, parse_evidence
from gait.risk.evidence_table import EvidenceTable
from gait.risk.load import training_load, with_session
from gait.risk.profile import RunnerProfile, answers_of
from gait.risk.profile_reader import parse_profile, profile_of

__all__ = [
    "EvidenceTable",
    "RunnerProfile",
    "answers_of",
    "assess",
    "citations_page",
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
