"""The sentences of the base policy are in the catalogues: pages show them in the reader's language."""

from banyan.access.policies import load
from banyan.apps.access.words import POLICY_SENTENCES


def test_every_sentence_of_the_base_policy_is_offered_for_translation() -> None:
    assert {policy.says for policy in load().policies} == set(POLICY_SENTENCES)
