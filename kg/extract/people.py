"""People by first and last name, where something besides two capitals says that it is one.

Most pairs of words in capitals are no person, so each name needs a sign: a given name that many
people bear, or a title, a role, a verb of speech beside two words that are no words of the text.

    title       Minister Ada Quill; Dr Ada Quill
    role        Ada Quill, head of tides; Ada Quill (Head of Tides); economist Ada Quill
    member      Ada Quill from the Harbour Agency; Ada Quill (Harbour Agency)
    speech      Ada Quill said
    given       Ada Quill, by her given name alone
    beside      Ada Quill and Bo Reed, where the other is known to be one
    again       a name of the note, wherever else it stands in it
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from kg.countries import places
from kg.extract import Placed
from kg.extract.capitals import CALENDAR, CAPITAL, STARTS, derived, usual, wordset, wrapped
from kg.extract.heads import HEADS, Word
from kg.extract.lazily import pattern
from kg.extract.nouns import CUE
from kg.extract.page import Name, Page, page, placed, plain
from kg.model import Document, Mention

CONFIDENCE = {
    "title": 0.94,
    "role": 0.95,
    "member": 0.92,
    "speech": 0.93,
    "given": 0.94,
    "beside": 0.85,
    "again": 0.9,
}
"""Precision of each rule, on annotated notes and by reading what it finds in others; ``again`` is as good as the name it repeats."""

GIVEN = wordset(
    # English, and what is used in many languages
    "Aaron Abigail Adam Alan Albert Alex Alexander Alexandra Alice Amanda Amelia Amy Andrea Andrew Angela Ann Anna Anne Anthony Audrey Barbara "
    "Ben Benjamin Bernard Beth Betty Brian Caroline Catherine Charles Cheryl Chris Christian Christina Christine Christopher Claire Claudia "
    "Cynthia Dan Daniel David Deborah Dennis Diana Diane Don Donald Douglas Edward Eleanor Elena Elizabeth Ellen Emily Emma Eric Erica Eva "
    "Fiona Frances Fred Frederick Gabriel Gary George Gordon Graham Gregory Hannah Harry Heather Helen Henry Ian Irene Isaac Isabel Jack Jacob "
    "James Jamie Jane Janet Janice Jason Jean Jeff Jeffrey Jennifer Jenny Jeremy Jessica Jim Joanna Joe Joel John Jonathan Joseph Joshua Judith "
    "Julia Julian Karen Kate Katherine Katie Keith Kelly Kenneth Kevin Kim Laura Lauren Lawrence Leo Leonard Linda Lisa Louise Lucas Lucy Luke "
    "Marc Marcus Margaret Maria Marie Mark Martha Martin Mary Matt Matthew Max Michael Michelle Mike Monica Nancy Naomi Natalie Nathan Neil "
    "Nicholas Nick Nicola Nicole Nina Nora Oliver Olivia Oscar Pamela Patricia Patrick Paul Paula Peter Philip Rachel Ralph Raymond Rebecca "
    "Richard Robert Robin Roger Rory Rupert Russell Ruth Ryan Sally Sam Samuel Sandra Sara Sarah Scott Sean Sharon Sheila Simon Sofia Sophia "
    "Sophie Stephanie Stephen Steve Steven Stuart Sue Susan Suzanne Terry Theo Thomas Tim Timothy Toby Tom Tony Valerie Vanessa Veronica "
    "Vincent Walter William "
    # Spanish, Portuguese, Italian, French, Romanian
    "Adriana Alberto Alejandra Alejandro Alessandra Alessandro Ana Andrés Antoine Antonia Antonio António Beatrice Beatriz Bernardo Bruno "
    "Camila Carla Carlo Carlos Carmen Carolina Cecilia Claude Cristina Daniela Daniele Diego Eduardo Emanuele Enrico Enrique Ernesto Fabio "
    "Federico Felipe Fernanda Fernando Francesca Francesco Francisco François Gabriela Gabriele Giorgio Giovanna Giovanni Giulia Giuseppe "
    "Guillaume Gustavo Isabelle Jacques Javier Jean-Pierre Joana Jorge Jose José João Juan Juliana Julien Laurent Leonardo Lorenzo Luca Lucia "
    "Lucía Luigi Luis Luisa Luiz Luís Manuel Manuela Marcelo Marcos Mariana Marina Mario Marta Matteo Michel Michele Miguel Nadia Nicolas Nuno "
    "Olivier Orlando Pablo Paola Paolo Pascal Pedro Philippe Pierre Rafael Raquel Raul Ricardo Rita Roberta Roberto Rodrigo Rosa Rui Sebastian "
    "Sergio Silvia Stefania Stefano Stéphane Susana Thierry Tiago Valentina Vasco Vincenzo Xavier "
    # German, Dutch, Scandinavian, Finnish, Baltic
    "Anders Andreas Anja Annette Antti Arne Astrid Axel Camilla Christoph Claus Erik Felix Franz Fredrik Greta Gustav Hanna Hans Helena Hendrik "
    "Henrik Ingrid Jan Jens Joachim Johan Johanna Johannes Jonas Jörg Jürgen Karin Karl Katarina Kirsten Klaus Kristian Kristina Kristine Lars "
    "Lena Magnus Marianne Markus Mathias Matthias Matti Mette Mikael Mikko Petra Stefan Susanne Sven Timo Ulrich Willem Wolfgang "
    # Slavic, Greek, Turkish, Hungarian
    "Ahmet Aleksandar Aleksandra Anton Boris Dimitris Dmitri Ekaterina Filip Igor Irina Ivan Ivana Jakub Jana Jiří Katerina Luka Magdalena "
    "Marek Marija Marko Martina Mehmet Michal Michał Mikhail Natalia Natasha Nikola Nikolai Olena Olga Pavel Petr Piotr Sergei Svetlana Tamara "
    "Tomasz Tomáš Viktor Vladimir Yulia "
    # Arabic, Hebrew, Persian, South and East Asian, African
    "Abdul Abdullah Aditya Ahmad Ahmed Ali Amal Amir Amit Anil Chen Faisal Fatima Hassan Hiroki Hiroshi Hussein Ibrahim Jamal Kamal Karim Kumar "
    "Leila Mahmoud Mei Mohamed Mohammad Mohammed Muhammad Ngozi Nguyen Omar Priya Rahul Raj Rajesh Sanjay Vijay Vikram Wei Yuki Yusuf"
)
"""Given names that are frequent in some language; written by hand."""

TITLES = wordset(
    "Ambassador Baroness Chancellor Commissioner Congressman Congresswoman Councillor Dame Doctor Dr Dr. General-Secretary Governor Judge Justice Lord Madam Mayor Minister Mr Mr. Mrs Mrs. Ms Ms. "
    "President Premier Prof Prof. Professor Rector Secretary Secretary-General Director-General Senator Sir Sen. Gov. Rep."
)
_ROLE_NAMES = (
    "academic activist adviser advisor ambassador analyst anthropologist architect artist author biologist ceo cfo chair chairman chairperson chairwoman chancellor chief cio columnist commissioner consultant coordinator "
    "councillor counsellor co-chair co-director co-founder cto curator dean deputy designer director director-general doctor economist editor educator engineer entrepreneur ethicist expert facilitator fellow filmmaker founder "
    "governor head historian host innovator instructor inventor journalist judge lawyer lead leader lecturer manager mathematician mayor mep minister moderator mp musician neuroscientist novelist officer "
    "official panelist partner philosopher physician physicist pioneer poet politician practitioner president presenter principal producer professor programmer psychologist psychiatrist rector representative researcher scholar scientist "
    "secretary secretary-general senator sociologist speaker specialist spokesperson statistician strategist student surgeon teacher technologist trainer vice-president writer"
)
ROLES = wordset(_ROLE_NAMES)
_ROLE = "|".join(f"{each[0]}{each[1:]}" for each in _ROLE_NAMES.split())
_SAID = (
    "acknowledge add advise advocate affirm agree announce argue ask assert believe caution characterise characterize cite claim comment compare conclude contend contrast criticise criticize define demonstrate describe "
    "discuss elaborate emphasise emphasize explain express highlight illustrate insist introduce mention note observe outline point present propose question recall recommend reflect remark remind reply report say share shed state "
    "stress suggest summarise summarize talk tell think underline underscore urge view warn wonder write"
)
_PAST = {"say": "said", "tell": "told", "think": "thought", "write": "wrote"}


def _spoken() -> str:
    forms = []
    for verb in _SAID.split():
        past = _PAST.get(verb) or (verb[:-1] + "ied" if verb.endswith(("ply",)) else verb + ("d" if verb.endswith("e") else "ed"))
        forms += [verb[:-1] + "ies" if verb.endswith("ply") else verb + ("es" if verb.endswith(("s", "sh")) else "s"), past]
    return "|".join(forms)


_BARRED = wordset(
    "Act Action Africa African America American Area Asian Assistant Associate Bay Bill Black Blue Bridge Central Chief Christmas Code Community Country Cup Data Deputy Design Digital District "
    "Eastern Energy Europe European Executive Festival Force Future Futures General Global Great Greater Green Guide Health High Home Human Innovation International Island Islands Journal Las League Life "
    "Local London Los Lower Management Managing Market Mountain National New North Northern Open Order Party Prime Public Red Region Regional Republic River Road Royal San Santa Science Sea "
    "Sector Senior Smart Social South Southern Square State States Station Statistics Tax Technology Territory Test Tower Town Trade Treaty United Upper Valley Vice Village War "
    "Western World Year Youth Zero Zone"
)
"""Words in capitals that stand in names of places, bodies and works, and in none of people."""
_AFTER_SOMEBODY = wordset(
    "Algorithm Album Award Ballet Book Conjecture Constant Criterion Curve Disease Distribution Effect Equation Film Formula Function Lemma Line Method Movie Museum Novel Opera Paradox Play Principle "
    "Problem Razor Rule Series Sheet Show Song Syndrome Theme Theorem Theory Trilogy"
)
"""What is called after somebody, and whose name then begins with a given name: the Peter Principle."""
_ARTICLE = pattern(r"\b(?:[Aa]n?|[Tt]he)[ \n]$")
_CUE = pattern(CUE)
_WORD = rf"[{CAPITAL}](?<![\w-].)(?:['’][{CAPITAL}])?[^\W\d_{CAPITAL}]+(?:[{CAPITAL}][^\W\d_{CAPITAL}]+)?(?:-[{CAPITAL}]?[^\W\d_]+)?"
_PARTICLE = r"(?:al|bin|da|dal|de|del|della|den|der|di|do|dos|du|el|la|le|van|vom|von|zu|[A-Z]\.)"
_TOKEN = pattern(r"[^ \n]+")
_ROLE_AFTER = pattern(rf"(?:,| is| was|,? who (?:is|was)) (?:(?:[\w&/’'-]+,? ){{0,6}}?)(?:{_ROLE})(?![\w-])", re.IGNORECASE)
_ROLE_IN = pattern(rf" \((?:[^()\n]*\b)?(?:{_ROLE})\b[^()\n]*\)", re.IGNORECASE)
_ROLE_BEFORE = pattern(rf"(?<![\w-])(?:{_ROLE})(?:,| named| called)? $", re.IGNORECASE)
_BODY = "|".join(sorted(HEADS))
_MEMBER_OF = pattern(rf" (?:from|of|at|with) (?:the )?(?=[{CAPITAL}])")
_MEMBER_IN = pattern(rf",? \((?:[^()\n]*\b)?(?:{_BODY})\b[^()\n]*\)|, (?=[{CAPITAL}])[^,.()\n]{{0,40}}\b(?:{_BODY})\b")
_SPEECH = pattern(rf",? (?:also |further |then |has |have |had |recently |rightly )?(?:{_spoken()})(?![\w-])")
# Two words in capitals at least; what comes after settles what they are, and the group says whether it may.
_RUN = pattern(rf"{_WORD}\.?(?:[ \n](?:{_PARTICLE} ){{0,2}}{_WORD})+(?!\w)(?=(,| \(|{_MEMBER_OF.pattern}|{_SPEECH.pattern})?)")
_ALSO = pattern(r"(?:,|,? and|,? &|,? or|,? with) $")


class People:
    """The extractor of people."""

    name = "people"
    version = "2"
    kinds = ("person",)
    confidence = CONFIDENCE

    def survey(self, document: Document) -> list[Placed]:
        """List the people that a note names.

        >>> from kg import markdown
        >>> from kg.model import Note
        >>> read = markdown.read(Note("a.md", "Professor Ada Quill spoke; Harbour Days were over.", ""))
        >>> [(each.mention.surface, each.mention.rule) for each in People().survey(read)]
        [('Ada Quill', 'title')]
        """
        return _survey(page(document))

    def find(self, text: str) -> list[Mention]:
        """List the people that running text names.

        >>> [mention.surface for mention in People().find("Ada Quill, head of tides, met Maria Reed.")]
        ['Ada Quill', 'Maria Reed']
        """
        return [each.mention for each in _survey(plain(text))]


def _survey(on: Page) -> list[Placed]:
    return placed(on, "person", _found(on), CONFIDENCE, {})


def _found(on: Page) -> Iterator[Name]:
    """Look at every run of words in capitals that has a sign, and at those joined to it."""
    runs = list(_RUN.finditer(on.text))
    done = 0
    for at in [at for at, run in enumerate(runs) if _promising(run)]:
        if at >= done:
            first, done = at, at + 1
            while first and _near(runs[first - 1], runs[first]):
                first -= 1
            while done < len(runs) and _near(runs[done - 1], runs[done]):
                done += 1
            yield from _people(on, runs[first:done])


def _near(run: re.Match[str], following: re.Match[str]) -> bool:
    """Say whether two runs stand so near that one may be joined to the other."""
    return following.start() - run.end() <= len(", with ")


def _promising(run: re.Match[str]) -> bool:
    """Say whether a run may be more than two words in capitals, as three in four are not; it costs a tenth of looking closely."""
    words = run[0]
    return run[1] is not None or "\n" in words or any(map(_sign_itself, words.split(" ")))


@lru_cache(maxsize=16384)
def _sign_itself(word: str) -> bool:
    return _title(word) or _given(word)


def _people(on: Page, joined: list[re.Match[str]]) -> Iterator[Name]:
    """List the people in runs of words in capitals; one without a sign of its own may be joined to one that has it."""
    text = on.text
    certain, doubtful = -1, None
    for run in (each for match in joined for each in _runs(text, match)):
        name, titled = _name(run)
        if not name:
            continue
        start, end = name[0].start, name[-1].end
        rule = _rule(on, name, titled=titled)
        if rule:
            yield Name(start, end, rule)
            if doubtful and _ALSO.fullmatch(text, doubtful[-1].end, start) and _plain(text, doubtful):
                yield Name(doubtful[0].start, doubtful[-1].end, "beside")
            certain, doubtful = end, None
        elif certain > 0 and _ALSO.fullmatch(text, certain, start) and _plain(text, name):
            yield Name(start, end, "beside")
            certain = end
        else:
            doubtful = name


def _runs(text: str, match: re.Match[str]) -> Iterator[list[Word]]:
    """Cut a run of words in capitals where a line ends that is not a wrapped one."""
    start = match.start()
    found = [Word(each[0], start + each.start(), start + each.end()) for each in _TOKEN.finditer(match[0])]
    begin = 0
    for at in range(1, len(found)):
        end = found[at].start - 1
        if text[end] == "\n" and not wrapped(text, end):
            yield found[begin:at]
            begin = at
    yield found[begin:]


def _name(run: list[Word]) -> tuple[list[Word], bool]:
    """Give the words of a run that may be a name, and whether a title stands before them."""
    start = _begin(run)
    titled = start > 0 and _title(run[start - 1].text)
    name = run[start:]
    name = name[: next((at for at, word in enumerate(name) if at and word.text in STARTS), len(name))]
    size = sum(word.text[0].isupper() and word.text[-1] != "." for word in name)
    return (name, titled) if 2 <= size <= 3 else ([], False)


def _title(word: str) -> bool:
    return word in TITLES or word.casefold() in ROLES or word == "General"


def _begin(run: list[Word]) -> int:
    """Find where a name begins in a run: after titles and words that open a sentence, or at a given name."""
    start = 0
    for at, word in enumerate(run[:-1]):
        if _title(word.text) or (word.text in STARTS and word.text != "New"):
            start = at + 1
    for at in range(start, len(run) - 1):
        if _given(run[at].text):
            return at if at - start != 1 or derived(run[start].text) else start
    return start


def _given(word: str) -> bool:
    return word in GIVEN or ("-" in word and word.partition("-")[0] in GIVEN)


def _rule(on: Page, name: list[Word], *, titled: bool) -> str:
    """Name the sign by which a name is that of a person, if there is one."""
    text, start, end = on.text, name[0].start, name[-1].end
    given = _given(name[0].text)
    sign = _sign(on, start, end, given=given, titled=titled)
    if not sign or text[start - 1 : start] in ("-", "/", "#", "@", "_") or text[end : end + 1] in ("-", "/", "_", "@"):
        return ""
    if not given:
        return sign if text[start - 1 : start] not in ('"', "“") and _plain(text, name) else ""
    last = name[-1].text
    if any(_barred(word.text) for word in name[1:]) or (_place(name) and not titled):
        return ""
    if sign in ("given", "speech") and (last in _AFTER_SOMEBODY or _ARTICLE.search(text, max(0, start - 5), start)):
        return ""
    return "" if sign == "given" and (derived(last) or usual(text, last)) else sign


def _sign(on: Page, start: int, end: int, *, given: bool, titled: bool) -> str:
    text = on.text
    if titled:
        return "title"
    following = text[end : end + 2]
    if following[:1] == "," or following == " (" or (given and following[:1] == " "):
        if _ROLE_IN.match(text, end) or _ROLE_AFTER.match(text, end):
            return "role"
        if _MEMBER_IN.match(text, end):
            return "member"
    if given and _ROLE_BEFORE.search(text, max(0, start - 30), start):
        return "role"
    if following[:1] == " " and (given or not on.titled(start)) and _MEMBER_OF.match(text, end):
        return "member"
    if following[:1] in (" ", ",") and _SPEECH.match(text, end):
        return "speech"
    return "given" if given else ""


def _barred(word: str) -> bool:
    """Say whether a word stands in names of bodies, programmes, offices or places, and so in none of people."""
    low = word.casefold()
    return word in _BARRED or word in HEADS or word.rstrip("s") in HEADS or word in CALENDAR or low in ROLES or bool(_CUE.fullmatch(low))


def _place(name: list[Word]) -> bool:
    """Say whether a word of a name is a country, but for a first one that is also a given name: Chad."""
    countries = places()
    spelt = [word.text for word in name]
    first = countries.get(spelt[0])
    return any(word in countries for word in spelt[1:]) or (first is not None and not first.given) or " ".join(spelt) in countries


def _plain(text: str, name: list[Word]) -> bool:
    """Say whether the words of a name are words of nothing else: neither of the note nor by their endings."""
    spelt = [word.text for word in name if word.text[0].isupper()]
    return not any(derived(word) or _barred(word) or usual(text, word) for word in spelt) and not _place(name)


# -- what a note is of ------------------------------------------------------------------------------

# Of a company or a thing it is said as well that it is the leader or a pioneer.
_WHO = "|".join(
    ROLES
    - wordset(
        "academic chair chief expert fellow host innovator judge lead leader lecturer manager moderator official partner pioneer practitioner presenter principal producer representative "
        "speaker specialist trainer"
    )
)
_LIGHT = r"(?!(?:about|after|as|at|by|for|from|in|named|of|on|that|to|which|with)\b)"
_IS = pattern(
    rf"(?:\s\([^()\n]{{0,80}}\))?(?:,|\s(?:is|was))\s(?:(?:an?|the)\s)?(?:{_LIGHT}[\w&/’'-]+,?\s){{0,5}}?(?:{_WHO})(?=[,.;:)]|\s(?:and|at|for|from|in|of|who|whose|with)\b|\s*$)",
    re.IGNORECASE,
)
_BORN = pattern(r"\s\((?:born|b\.)\s")
_HONOUR = pattern(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(TITLES)))})\s$")
_HE = pattern(r"(?:He|She)\s")


def personal(name: str, texts: list[str]) -> bool:
    """Say whether texts, of which the first begins a note, treat the name at its head as a person's, and not as that of a law, a line or a film.

    >>> personal("Mary Quill", ["Mary Quill was a Welsh novelist."]), personal("Mary Quill", ["She wrote of quays."])
    (True, True)
    >>> personal("Peter Principle", ["The Peter Principle is a concept of the educator Laurence Quill."])
    False
    """
    if texts and _HE.match(texts[0]):
        return True
    for text in texts:
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if not text[end : end + 1].isalnum() and (
                _BORN.match(text, end) or (_IS.match(text, end) and (at == 0 or text[end] != ",")) or _HONOUR.search(text, max(0, at - 20), at)
            ):
                return True
            at = text.find(name, end)
    return False
