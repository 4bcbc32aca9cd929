"""What messages are about and when they come, in words."""

from __future__ import annotations

from app.domain.topics import Language, Topic, Way

WAY_WORDS = {
    Way.AT_ONCE: "At once",
    Way.DAILY: "In the day’s e-mail",
    Way.NEVER: "Not by e-mail",
}
LANGUAGE_WORDS = {Language.ENGLISH: "English", Language.WELSH: "Cymraeg (Welsh)"}
DAY_WORDS = (
    ("1", "Monday"),
    ("2", "Tuesday"),
    ("3", "Wednesday"),
    ("4", "Thursday"),
    ("5", "Friday"),
    ("6", "Saturday"),
    ("7", "Sunday"),
)
TOPIC_HINTS = {
    Topic.REQUESTS: "An assessor asks for more, or your application comes back to you.",
    Topic.DECISIONS: "What a panel decides, and what becomes of an award.",
    Topic.CASES: "Cases that you assess, decide on or manage.",
    Topic.COLLEAGUES: "Comments on your answers, and criteria that are handed to you.",
    Topic.EVIDENCE: "Evidence that runs out, and links that cannot be reached.",
    Topic.PLAN: "Actions of the improvement plan that come due.",
    Topic.PASSPORTS: "Certificates of other bodies that run out or are revoked.",
    Topic.FEEDBACK: "Feedback from people who use your service.",
    Topic.SHARING: "Advisers, sites, members of a consortium, and packs that you share.",
    Topic.REGISTER: "Capacity and waiting times on the register that were said long ago.",
    Topic.PEOPLE: "Who joins or leaves, and who leads.",
    Topic.SECURITY: "Your password, your address and how you sign in.",
    Topic.SAFEGUARDING: "A concern for somebody’s safety.",
    Topic.WATCHED: "What changes at providers that you watch.",
    Topic.WATCHED_LOSS: "An award that you watch is suspended, reinstated, withdrawn or given up.",
    Topic.SEARCHES: "What your saved searches have found.",
    Topic.NEEDS: "Needs that fit your services, and answers to needs that you published.",
}


def hour_words(hour: int) -> str:
    """7 am, 12 noon, 3 pm."""
    if hour == 12:
        return "12 noon"
    return f"{hour} am" if hour < 12 else f"{hour - 12} pm"
