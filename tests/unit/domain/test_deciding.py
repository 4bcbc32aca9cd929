"""How votes become a decision."""

from app.domain.deciding import RECOMMENDABLE, Ballot, Verdict, Vote, count, departs, open_to
from app.domain.terms import ChairVotes, PanelTerms

SILVER = Ballot(Verdict.AWARD, "silver")
BRONZE = Ballot(Verdict.AWARD, "bronze")
REFUSE = Ballot(Verdict.REFUSE)
ABSTAIN = Ballot(Verdict.ABSTAIN)


def votes(*ballots, lay=()):
    return [Vote(member, member in lay, ballot) for member, ballot in enumerate(ballots, 1)]


def counted(*ballots, lay=(), chair=1, terms=None):
    return count(votes(*ballots, lay=lay), chair, terms or PanelTerms(quorum=3, lay_members=1))


def test_more_than_half_carries_and_names_its_level():
    result = counted(SILVER, SILVER, REFUSE)
    assert result.carried == SILVER
    assert not result.casting


def test_the_same_outcome_at_two_levels_is_two_outcomes():
    result = counted(SILVER, BRONZE, REFUSE)
    assert result.carried is None
    assert "talk again" in result.majority_sentence


def test_a_tie_goes_as_the_chair_voted():
    assert counted(REFUSE, SILVER, chair=1).carried == REFUSE
    tied = counted(REFUSE, SILVER, chair=2)
    assert tied.carried == SILVER
    assert tied.casting


def test_a_chair_who_abstains_breaks_no_tie():
    assert counted(ABSTAIN, SILVER, REFUSE, chair=1).carried is None


def test_half_against_two_quarters_is_no_tie_for_the_chair_to_break():
    assert counted(SILVER, SILVER, BRONZE, REFUSE, chair=1).carried is None


def test_abstaining_makes_the_quorum_but_no_outcome():
    result = counted(SILVER, ABSTAIN, ABSTAIN, lay={3})
    assert result.quorate
    assert result.carried == SILVER
    assert result.abstained == 2
    assert counted(ABSTAIN, ABSTAIN, ABSTAIN).carried is None


def test_a_quorum_without_its_lay_member_is_none_and_says_so():
    result = counted(SILVER, SILVER, SILVER)
    assert not result.quorate
    assert result.quorum_sentence == (
        "The quorum is not met: it takes 3 members, 1 of them lay, and 3 members have voted, none of them lay."
    )


def test_one_member_too_few_is_no_quorum():
    assert not counted(SILVER, SILVER, lay={1}).quorate


def test_a_decision_departs_where_its_level_is_not_the_computed_one():
    conditions = Ballot(Verdict.AWARD_WITH_CONDITIONS, "silver")
    assert not departs(SILVER, "silver")
    assert not departs(conditions, "silver")
    assert departs(BRONZE, "silver")
    assert departs(SILVER, None)
    assert departs(REFUSE, "bronze")
    assert departs(Ballot(Verdict.DEFER), "bronze")
    assert not departs(REFUSE, None)
    assert not departs(Ballot(Verdict.DEFER), None)


def test_a_chair_who_only_breaks_ties_is_counted_nowhere_else():
    terms = PanelTerms(quorum=3, chair_votes=ChairVotes.TIES)
    tied = counted(SILVER, SILVER, REFUSE, chair=1, terms=terms)
    assert dict(tied.tally) == {SILVER: 1, REFUSE: 1}
    assert (tied.carried, tied.casting, tied.present) == (SILVER, True, 3)
    assert counted(SILVER, REFUSE, REFUSE, chair=1, terms=terms).carried == REFUSE
    assert counted(ABSTAIN, SILVER, REFUSE, chair=1, terms=terms).carried is None
    assert counted(SILVER, ABSTAIN, ABSTAIN, chair=1, terms=terms).carried is None


def test_a_chair_who_never_votes_breaks_no_tie_and_fills_the_quorum():
    terms = PanelTerms(quorum=3, chair_votes=ChairVotes.NEVER)
    tied = counted(SILVER, SILVER, REFUSE, chair=1, terms=terms)
    assert (tied.carried, tied.quorate, tied.abstained) == (None, True, 0)
    assert counted(REFUSE, SILVER, SILVER, chair=1, terms=terms).carried == SILVER


def test_only_what_the_scheme_opens_can_be_decided_in_the_usual_order():
    assert open_to(PanelTerms()) == RECOMMENDABLE
    assert open_to(PanelTerms(outcomes=("refuse", "award"))) == (Verdict.AWARD, Verdict.REFUSE)
