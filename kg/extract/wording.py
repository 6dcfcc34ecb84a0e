"""What English words do in a heading: name its subject, frame it, judge it, or make a sentence of it.

Closed lists of general words and a few endings; no word here belongs to one subject.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kg.countries import is_country, places


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Of things said about a subject, those that also stand after it: Estuary Lessons.
_TALK = (
    "achievement advice aim answer aspect background basis case caveat checklist commentary commitment comparison conclusion consideration context contribution "
    "debate definition description detail discussion edition example experience explanation finding history implication introduction item journey landscape learnings "
    "lesson methodology milestone objective observation outlook overview package perspective project question reason recommendation reflection result review "
    "story study suggestion summary takeaway testimonial thought tip version walkthrough"
)
# And those that also stand beside it: Estuaries and Future Challenges.
_BESIDE = (
    "application approach barrier benefit challenge concept direction driver effect effort feature future goal impact initiative insight innovation issue lever limitation "
    "need opportunity pitfall practice principle prospect resource response risk role scope significance solution step strategy success tool trend type way"
)
_NOUNS = {
    "talk": _set(_TALK),
    "beside": _set(f"{_TALK} {_BESIDE}"),
    # What is said about a subject, which is none itself: Role of, Challenges in.
    "frame": _set(f"{_TALK} {_BESIDE}") - _set("innovation edition package version")
    | _set(
        "action activity advantage alternative area argument attribute basics call category characteristic component concern condition consequence core criterion criteria "
        "critique determinant difference difficulty dimension distinction element emergence emphasis evidence evolution extent facet fact factor focus form foundation function "
        "guideline hurdle idea imperative importance increase influence instance key kind level magnitude matter meaning mechanism message method myth nature necessity note "
        "obstacle option origin outcome paradox part path pathway pattern phase pillar place point position possibility potential power priority problem process progress "
        "promise property pros cons purpose rationale reality relevance requirement shift situation speed stage stance state status target task technique tension term "
        "theme thing time timeline topic update urgency usage use value variable view viewpoint vision weakness work workshop world strength"
    ),
    # Something in a phrase, but by itself too little.
    "thin": _set(
        "access adaptability analogy analysis audience balance behavior behaviour budget capability capacity change choice citizen clarity "
        "community competence complexity continuity control cost country crisis culture declaration demand design development duration "
        "effectiveness efficiency environment evaluation execution experiment facilitation feedback flexibility frequency gap government group "
        "implementation improvement incentive individual inspiration institution instrument intervention investment investor kit leader location "
        "management map market material mindset model moment motivation nation network novelty organisation organization other output participant "
        "patience people permission plan planning policy policymaker practitioner presence pressure procedure quality reach relationship research "
        "researcher sample sector service size society stakeholder standard structure support system team timing treatment user variation version"
    ),
    # Who does something in a matter: the matter is the subject.
    "actor": _set(
        "citizen city community country expert government group individual institution leader leadership organisation organization people policymaker practitioner public "
        "regulator researcher user"
    ),
    # In capitals, the last words of the names of bodies and of what they run.
    "body": _set(
        "academy act administration agency alliance association authority award bank barometer board bureau center centre charter college commission committee consortium "
        "corporation council declaration department directorate forum foundation fund group hub inc incubator index initiative institute institution kit lab laboratory "
        "league ministry municipality navigator network observatory office organisation organization parliament platform playbook portal prize program programme project "
        "school summit toolkit treasury union university"
    ),
}
_WORDS = {
    # What narrows a frame and adds nothing to a subject.
    "vague": _set(
        "a an the this that these those its their our your his her my some any all each every both many most several various different diverse other another such own same "
        "key main core major minor general overall broad broader wide wider current existing early earlier initial future next last final recent past previous new old "
        "emerging evolving growing common specific particular country country-specific sector-specific context-specific real-world real practical important critical crucial "
        "essential central fundamental foundational basic best better good great greater big biggest successful effective further additional possible related relevant "
        "underlying overarching primary principal significant unique pivotal historical ongoing concrete selected featured notable immediate upcoming dual personal expert "
        "first second third fourth fifth one two three four five six seven eight nine ten learned learnt faced identified needed forward moving proposed perceived potential "
        "expected observed known necessary required distinct interesting high-level detailed brief short full complete whole true actual multiple numerous certain guiding "
        "promising focused defined explained explicit unprecedented participating"
    ),
    "small": _set(
        "a an and as at between by de for from in into of on onto or over per the to towards under via vs with within & / about across against their its"
    ),
    "preposition": _set(
        "of in into for to on with from around behind about across within by during under between regarding towards among over against"
    ),
    # Verbs in their base form, which begin advice.
    "advice": _set(
        "accelerate accept achieve acknowledge act activate adapt add address adjust adopt advance agree align allow analyse analyze anticipate "
        "apply articulate ask assess assign assume attract avoid be become begin beware blend boost break bridge bring broaden build buy call "
        "capture carry celebrate challenge change check choose click clone collaborate collect combat combine commit communicate compare complement "
        "complete conduct configure confront connect consider consult contact continue contribute convene convince cook coordinate copy cover "
        "create cultivate curate cut decide define delegate delete deliver demand demonstrate depend deploy describe design develop devise diffuse "
        "disable discover discuss disseminate distinguish do document don't don’t download draw drink eat edit educate elevate eliminate embed "
        "embrace emphasise employ empower enable encourage engage enhance ensure enter equip establish evaluate examine expand experiment explain "
        "explore expose express extend facilitate fail find fix focus follow formalise formulate foster frame gather generate get give go grow "
        "guarantee harness have help hire hold implement improve include incorporate increase inform innovate insert inspire install "
        "institutionalise integrate introduce invest investigate invite involve iterate join keep know launch lead learn let leverage listen load "
        "look maintain make manage map maximise measure meet minimise mitigate mix mobilise monitor move navigate nurture observe offer open "
        "operate optimise organise overcome participate partner pay personalise persuade pick pilot plan plant pour practice practise prepare "
        "present preserve press prevent prioritise process promote protect prototype prove provide publish pursue push put raise re-evaluate reach "
        "read recognise reconsider redefine redesign reduce refine reflect reframe reimagine reinforce reinvent reinvest remain remember remove "
        "repeat replace repurpose require research respect respond rest restart rethink reuse review reward run safeguard save say scale secure see "
        "seek select sell send serve set share shift show sit sleep socialise solve speak spend standardise start stay stimulate stop streamline "
        "strengthen suggest support sustain switch tackle tailor take talk target teach tell test think tolerate train transform treat trim trust "
        "try turn uncover understand uninstall unlock update upgrade uphold upload use utilise validate value visit wait walk wash watch welcome "
        "work write"
    ),
    # Some of them are nouns too: verbs where an object follows, or where the labels around are advice.
    "noun-too": _set(
        "address advance blend break bridge call challenge change check complement contact cook copy cover cut demand design document download "
        "drink edit experiment fix focus form frame help hold increase lead map measure mix monitor offer open partner pilot plan plant practice "
        "present press process prototype push reach research rest review reward run scale set share shift show sleep support switch target test "
        "train trust turn update upgrade value walk wash watch work"
    ),
    "object": _set(
        "a an the this that these those your our their its on with from by into at across all everyone people what how small early together beyond between within"
    ),
    # The rest of a phrase that begins with one of these is no name.
    "opener": _set(
        "why how what who whom whose when where which did can could should would will if because while although unless until no never always just beyond by as for with without "
        "in on at into out up down off only also even yet so then than too more less fewer very during after before since through under among like about within across between "
        "against despite per via let's let’s there here to"
    ),
    # A phrase with one of these is a sentence, and so it is with a modal that does not stand last (Political Will).
    "finite": _set(
        "is are was were be been must should cannot can't can’t won't won’t would could has have had does do did isn't aren't doesn't don't isn’t aren’t doesn’t don’t not never "
        "we you your i it they our my us"
    ),
    "modal": _set("can will may might"),
    # What claims that something grew, is better or is missing.
    "claim": _set(
        "increased increasing enhanced improved accelerated expanded reduced decreased sustained continued strengthened weakened shortened faster easier better stronger higher "
        "lower greater clearer smaller larger cheaper deeper smarter harder slower simpler quicker limited insufficient inadequate excessive undeveloped unclear incomplete poor "
        "unexpected difficult"
    ),
    "comparing": _set("more less fewer"),
    "claim-noun": _set(
        "lack absence need risk shortage difficulty inability reliance over-reliance overreliance resistance decline reduction foundation alignment obligation ability push "
        "pressure readiness willingness failure shift misalignment uneasiness back start room space time end return predictability"
    ),
    # What praises or blames; the subject is the same without it.
    "judgement": _set(
        "clear strong robust flexible dedicated effective efficient inconsistent outdated rapid weak rigid proper solid sound strict timely consistent"
    ),
    "ing-noun": _set(
        "learning training funding budgeting planning monitoring housing upskilling reskilling crowdsourcing storytelling prototyping testing feeling engineering "
        "manufacturing financing marketing policymaking problem-solving sense-making sensemaking decision-making policy-making teleworking networking benchmarking "
        "banking nudging outsourcing ageing aging farming mining thinking reporting sharing framing"
    ),
    "ing-adjective": _set(
        "emerging existing ongoing growing evolving changing overarching living pre-existing forward-looking rising conflicting competing differing long-standing aging "
        "ageing working guiding underlying remaining surrounding cross-cutting self-driving slow-moving participating"
    ),
    # What a gerund does to its object: Integrating Wetlands into Planning, Linking Wetlands to Floods.
    "after-object": _set("into through towards toward via from"),
    "joining": _set("linking applying comparing connecting translating tying bringing moving relating extending"),
    "adverb": _set(
        "together ahead first early behind forward back up down out away again abroad online offline everywhere differently started involved"
    ),
    "and": _set("and or &"),
    "article": _set("the a an"),
    "known": _set("the this these its"),
    "where": _set("the and eu europe"),
}
_EVERYDAY = _set(
    "AI API CEO CIO COVID COVID-19 Covid-19 DIY FAQ GDP GovTech CivicTech FinTech EdTech HR ICT ID IP IT IoT LLM ML NGO OK PC PDF PhD Q&A R&D SME TV UX VR XR 5G"
)
_NO_NOUN = (
    "able", "ible", "ed", "ful", "less", "ous", "ive", "tial", "ntal", "nal", "cal", "ral", "tic", "mic", "ular", "ly",
    "friendly", "oriented", "based", "led", "trusting", "driven", "centric", "er-term",
)  # fmt: skip
_ADJECTIVES = _set(
    "private open simple easy fast slow hard soft safe clear strong weak free new old good bad big small high low long short early late immediate adequate appropriate "
    "concrete complete remote separate corporate accurate transparent consistent persistent efficient resilient different independent relevant important ready rare wide"
)
_NOUNS_AFTER_ALL = _set(
    "table variable timetable vegetable perspective initiative directive incentive objective narrative alternative archive drive executive collective potential "
    "credential material journal festival signal individual renewal withdrawal removal proposal approval appraisal capital referral trial professional public "
    "topic fabric metric traffic clinic pandemic epidemic music republic arithmetic academic critic logic need speed feed collaborative cooperative "
    "family assembly supply monopoly anomaly reply ally bully"
)
_PLAIN_S = _set("basics cons pros learnings")
_THIRD = _set("drives uses works does says starts moves stops tests looks finds reads invites acts")


def _by_word(lists: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for kind, words in lists.items():
        for word in words:
            found.setdefault(word, set()).add(kind)
    return {word: frozenset(kinds) for word, kinds in found.items()}


_KINDS_OF_WORD, _KINDS_OF_NOUN = _by_word(_WORDS), _by_word(_NOUNS)
_NOTHING: frozenset[str] = frozenset()


@lru_cache(maxsize=16384)
def kinds(word: str) -> frozenset[str]:
    """Name everything that a word does or may do, whatever stands around it.

    >>> sorted(kinds("Challenges")), sorted(kinds("Larch's"))
    (['beside', 'frame', 'frames'], ['content', 'frames', 'names', 'owner'])
    """
    low = word.casefold()
    found = set(_KINDS_OF_WORD.get(low, _NOTHING) | _KINDS_OF_NOUN.get(singular(low), _NOTHING))
    if low.endswith(("'s", "’s", "s'", "s’")) and word[0].isupper():
        found.add("owner")
    if word in _first_of_places():
        found.add("opens-place")
    if is_country(word):
        found |= {"country", "where"}
    plain = word.isalpha() and (word.islower() or word.istitle())
    if (
        not plain
        and word not in _EVERYDAY
        and (any(mark in word for mark in ".[]|{}") or any(map(str.isdigit, word)) or any(map(_inner_capital, word.split("-"))))
    ):
        found.add("names")
    if found & {"owner", "country"}:
        found.add("names")
    if found & {"vague", "and", "frame", "owner"} or low == "international":
        found.add("frames")
    if not found & {"small", "vague", "frame"} and any(map(str.isalpha, word)):
        found.add("content")
    if low.endswith("ing") and len(low) > 4 and "ing-adjective" not in found:
        found.add("gerund")
    if (low.endswith(_NO_NOUN) and not low.endswith("eed") and low not in _NOUNS_AFTER_ALL) or "adverb" in found or low in _ADJECTIVES:
        found.add("no-noun")
    if low.endswith(("ize", "ify")) and not low.endswith(("size", "prize")):
        found.add("advice")
    if low.endswith("s") and low not in _THIRD:
        verb = _KINDS_OF_WORD.get(low[:-1], _NOTHING)
        if "advice" in verb and "noun-too" not in verb:
            found.add("third")
    if low.partition("/")[0] in _WORDS["claim"]:
        found.add("claim")
    return frozenset(found)


def _inner_capital(part: str) -> bool:
    plain = re.sub(r"['’]?s?['’]?$", "", part)
    return "/" not in part and any(map(str.isupper, part[1:])) and plain not in _EVERYDAY


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """Make the singular of a noun in small letters, roughly.

    >>> singular("strategies"), singular("analysis"), singular("approaches")
    ('strategy', 'analysis', 'approach')
    """
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    plain = not word.endswith("s") or word.endswith(("ss", "us", "is")) or word in _PLAIN_S
    return word if plain else word[:-1]


@lru_cache(maxsize=1)
def _first_of_places() -> frozenset[str]:
    return frozenset(place.partition(" ")[0] for place in places() if " " in place)
