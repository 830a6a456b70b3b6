"""Every target by its name."""

from benchmarks.trust.codecs import codec_targets
from benchmarks.trust.files import file_targets
from benchmarks.trust.requests import request_targets
from benchmarks.trust.rosters import roster_targets
from benchmarks.trust.target import Target

TARGETS: dict[str, Target] = {
    target.name: target
    for target in (*codec_targets(), *file_targets(), *roster_targets(), *request_targets())
}
