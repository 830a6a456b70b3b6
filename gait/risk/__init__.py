"""From findings to conditions: the evidence table, the runner's profile, the assessment."""

from gait.risk.reading import load_evidence, parse_evidence
from gait.risk.table import EvidenceTable

__all__ = ["EvidenceTable", "load_evidence", "parse_evidence"]
