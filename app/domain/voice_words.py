"""Every sentence of the feedback form, in each of its languages."""

from collections.abc import Mapping

FORM_LANGUAGES = ("en", "cy")
NAMES = {"en": "English", "cy": "Cymraeg"}

_ENGLISH = {
    "skip": "Skip to main content",
    "demo": "Demonstration. Every organisation and person here is invented, and nobody reads what you write.",
    "title": "What do you think of {provider}?",
    "about": "About:",
    "intro": "It takes about three minutes. You need no account, and you can leave out any question.",
    "private_title": "Who reads this",
    "private_1": "{provider} sees how many people said what, and what people wrote, once at least {minimum} have answered. "
    "It cannot see who wrote it.",
    "private_2": "Please do not write names. {provider} cannot change, hide or choose answers. If it wants an award, "
    "the people who check it see the results too.",
    "private_3": "We do not keep your name, address or internet address with your answers.",
    "who": "Who is filling this in?",
    "who_self": "I am, for myself",
    "who_helped": "I am helping somebody: the answers are theirs",
    "who_carer": "I am a carer or relative: the answers are mine",
    "statements": "How often is this true?",
    "statements_hint": "Choose the words that fit best for you.",
    "from_framework": "More about how things are done",
    "from_framework_hint": "The standard that the provider works to asks about these.",
    "words": "In your own words",
    "words_hint": "You can leave this empty. Please do not write names here.",
    "concern_title": "Is anybody being harmed?",
    "concern": "Are you, or is somebody else, being harmed or unsafe?",
    "concern_now": "If somebody is in danger now, call 999.",
    "concern_who": "What you write here does not go to {provider}. It goes to the people who run the quality scheme, and "
    "they pass it on to those who can help. You can also call your council and ask for the safeguarding team.",
    "concern_no": "No",
    "concern_yes": "Yes",
    "concern_text": "What is happening? You can leave this empty.",
    "concern_contact": "How can somebody reach you? You can leave this empty.",
    "concern_contact_hint": "A phone number or an e-mail address. Only the people who look into it see it.",
    "send": "Send",
    "early_title": "This has not begun yet",
    "early": "You can say what you think from {day}.",
    "over_title": "This has ended",
    "over": "The time to answer is over. Thank you for wanting to say what you think. You can tell the provider directly.",
    "used_title": "This link was used already",
    "used": "Each personal link works once, so that everybody counts once. If you have answered: thank you.",
    "unknown_title": "We do not know this link",
    "unknown": "Check the address on the poster or in the message. Letters and numbers must be exactly as they stand there.",
    "own_title": "This is for the people you support",
    "own": "You are signed in as somebody of this organisation, so you cannot fill this in. Sign out first if somebody who "
    "uses the service wants to answer on this device.",
    "thanks_title": "Thank you",
    "thanks": "What you said is counted. Nobody can see who said it.",
    "thanks_next": "The provider reads the results once enough people have answered, and should tell people what it does "
    "about them.",
    "told": "What you told us about harm has gone to the people who run the quality scheme, and not to the provider.",
    "only_told": "What you told us about harm has gone to the people who run the quality scheme, and not to the provider. "
    "If you answered questions too, those are not counted: too many answers came from here, or the time is over.",
    "another": "Fill it in for somebody else",
    "help_title": "Where to get help",
    "help_999": "In danger now: call 999.",
    "help_council": "Worried that an adult or a child is being harmed: call your council and ask for the safeguarding team.",
    "help_111": "Unwell and it cannot wait: call 111.",
    "help_talk": "Somebody to talk to, day or night: Samaritans, 116 123. It is free.",
    "help_complain": "To complain about a service: ask the service how, or ask Citizens Advice.",
    "problem": "There is a problem",
    "error": "Error:",
    "nothing_said": "Choose an answer or write something before you send it.",
    "too_long": "Keep this under {most:,} characters. It has {has:,}.",
    "throttled": "Many answers came from here in a short time. Your words are still here: wait a few minutes, then send them.",
    "left": "You can write up to {most:,} characters.",
    "privacy": "Privacy",
}

_WELSH = {
    "skip": "Neidio i'r prif gynnwys",
    "demo": "Arddangosiad yw hwn. Mae pob sefydliad a pherson yma wedi'i ddyfeisio, ac nid oes neb yn darllen yr hyn a ysgrifennwch.",
    "title": "Beth yw eich barn am {provider}?",
    "about": "Am:",
    "intro": "Mae'n cymryd tua thair munud. Does dim angen cyfrif, a gallwch adael unrhyw gwestiwn allan.",
    "private_title": "Pwy sy'n darllen hwn",
    "private_1": "Mae {provider} yn gweld faint o bobl ddywedodd beth, a'r hyn a ysgrifennodd pobl, ar ôl i o leiaf "
    "{minimum} ateb. Ni all weld pwy ysgrifennodd beth.",
    "private_2": "Peidiwch ag ysgrifennu enwau. Ni all {provider} newid, cuddio na dewis atebion. Os yw am gael dyfarniad, "
    "mae'r bobl sy'n ei asesu yn gweld y canlyniadau hefyd.",
    "private_3": "Nid ydym yn cadw eich enw, eich cyfeiriad na'ch cyfeiriad rhyngrwyd gyda'ch atebion.",
    "who": "Pwy sy'n llenwi hwn?",
    "who_self": "Fi, drosof fy hun",
    "who_helped": "Rwy'n helpu rhywun: eu hatebion nhw ydyn nhw",
    "who_carer": "Rwy'n ofalwr neu'n berthynas: fy atebion i ydyn nhw",
    "statements": "Pa mor aml mae hyn yn wir?",
    "statements_hint": "Dewiswch y geiriau sy'n ffitio orau i chi.",
    "from_framework": "Mwy am sut mae pethau'n cael eu gwneud",
    "from_framework_hint": "Mae'r safon y mae'r darparwr yn gweithio iddi yn gofyn am y rhain.",
    "words": "Yn eich geiriau eich hun",
    "words_hint": "Gallwch adael hwn yn wag. Peidiwch ag ysgrifennu enwau yma.",
    "concern_title": "Oes rhywun yn cael niwed?",
    "concern": "Ydych chi, neu rywun arall, yn cael niwed neu ddim yn ddiogel?",
    "concern_now": "Os oes rhywun mewn perygl nawr, ffoniwch 999.",
    "concern_who": "Nid yw'r hyn rydych yn ei ysgrifennu yma yn mynd at {provider}. Mae'n mynd at y bobl sy'n rhedeg y "
    "cynllun ansawdd, ac maen nhw'n ei drosglwyddo i'r rhai a all helpu. Gallwch hefyd ffonio eich cyngor a gofyn am y "
    "tîm diogelu.",
    "concern_no": "Nac ydw / Nac oes",
    "concern_yes": "Ydw / Oes",
    "concern_text": "Beth sy'n digwydd? Gallwch adael hwn yn wag.",
    "concern_contact": "Sut gall rhywun gysylltu â chi? Gallwch adael hwn yn wag.",
    "concern_contact_hint": "Rhif ffôn neu gyfeiriad e-bost. Dim ond y bobl sy'n edrych i mewn i'r peth sy'n ei weld.",
    "send": "Anfon",
    "early_title": "Nid yw hyn wedi dechrau eto",
    "early": "Gallwch ddweud eich barn o {day}.",
    "over_title": "Mae hyn wedi dod i ben",
    "over": "Mae'r amser i ateb ar ben. Diolch am fod eisiau dweud eich barn. Gallwch siarad â'r darparwr yn uniongyrchol.",
    "used_title": "Mae'r ddolen hon wedi'i defnyddio'n barod",
    "used": "Mae pob dolen bersonol yn gweithio unwaith, fel bod pawb yn cyfrif unwaith. Os ydych wedi ateb: diolch.",
    "unknown_title": "Nid ydym yn adnabod y ddolen hon",
    "unknown": "Edrychwch eto ar y cyfeiriad ar y poster neu yn y neges. Rhaid i'r llythrennau a'r rhifau fod yn union fel "
    "y maen nhw yno.",
    "own_title": "I'r bobl rydych yn eu cefnogi y mae hwn",
    "own": "Rydych wedi mewngofnodi fel rhywun o'r sefydliad hwn, felly ni allwch lenwi hwn. Allgofnodwch yn gyntaf os yw "
    "rhywun sy'n defnyddio'r gwasanaeth am ateb ar y ddyfais hon.",
    "thanks_title": "Diolch",
    "thanks": "Mae'r hyn a ddywedoch wedi'i gyfrif. Ni all neb weld pwy a'i dywedodd.",
    "thanks_next": "Mae'r darparwr yn darllen y canlyniadau ar ôl i ddigon o bobl ateb, a dylai ddweud wrth bobl beth mae'n "
    "ei wneud yn eu cylch.",
    "told": "Mae'r hyn a ddywedoch wrthym am niwed wedi mynd at y bobl sy'n rhedeg y cynllun ansawdd, ac nid at y darparwr.",
    "only_told": "Mae'r hyn a ddywedoch wrthym am niwed wedi mynd at y bobl sy'n rhedeg y cynllun ansawdd, ac nid at y "
    "darparwr. Os atebasoch gwestiynau hefyd, nid yw'r rheini'n cael eu cyfrif: daeth gormod o atebion o'r fan hon, neu mae'r "
    "amser ar ben.",
    "another": "Llenwi ar ran rhywun arall",
    "help_title": "Ble i gael help",
    "help_999": "Mewn perygl nawr: ffoniwch 999.",
    "help_council": "Yn poeni bod oedolyn neu blentyn yn cael niwed: ffoniwch eich cyngor a gofyn am y tîm diogelu.",
    "help_111": "Yn sâl ac ni all aros: ffoniwch 111.",
    "help_talk": "Rhywun i siarad ag ef, ddydd neu nos: y Samariaid, 116 123. Mae am ddim.",
    "help_complain": "I gwyno am wasanaeth: gofynnwch i'r gwasanaeth sut, neu gofynnwch i Cyngor ar Bopeth.",
    "problem": "Mae problem",
    "error": "Gwall:",
    "nothing_said": "Dewiswch ateb neu ysgrifennwch rywbeth cyn ei anfon.",
    "too_long": "Cadwch hwn o dan {most:,} o nodau. Mae ganddo {has:,}.",
    "throttled": "Daeth llawer o atebion o'r fan hon mewn amser byr. Mae eich geiriau yma o hyd: arhoswch ychydig funudau, yna "
    "anfonwch nhw.",
    "left": "Gallwch ysgrifennu hyd at {most:,} o nodau.",
    "privacy": "Preifatrwydd",
}

_WORDS: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH, "cy": _WELSH}


def words_in(language: str) -> Mapping[str, str]:
    """The form's sentences in that language; in English where the form does not speak it."""
    return _WORDS.get(language, _ENGLISH)
