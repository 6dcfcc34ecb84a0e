"""Countries by their names, demonyms, abbreviations and capitals, from ``ontology/countries.ttl``.

The file holds the words and the neighbours that change their meaning; the rules here are those that
no list can hold. A word that means a country is refused as

    a product      e-Portugal
    a language     translated into Swedish, speaks Danish; but not in "in Danish hospitals"
    a person       Kathy Jordan, Mr. London, Kenya Wright, thank you Chad, Present: Maria, Chad; Georgia to send the slides
    a dish         Turkey, 5 kg
    a town         Lebanon, Ohio; Athens, GA; but not in a list: "Denmark, California and Ontario"
    a treaty       the Oslo Accords, the Treaty of Lisbon
    a pronoun      JOIN US, Contact US

Measured on the development notes: see docs/decisions/0004-countries.md.
"""

from __future__ import annotations

import re
from itertools import groupby
from operator import attrgetter

from kg import lexicon, ontology
from kg.countries import ALSO_PEOPLE, DISHES
from kg.extract import Placed, inside, joined, texts
from kg.extract.between import Backticks
from kg.extract.lazily import pattern
from kg.lexicon import shouted
from kg.model import Document, Mention


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# -- languages -------------------------------------------------------------------------------------

_FLUENCY = r"(?:(?:a little|some|only|basic|good|better|perfect|broken|fluent|native)\s)*"
_LANGUAGE = pattern(
    rf"\b(?:in|into|from|to|and|of|[Ff]luent|[Mm]y|your|[Hh]is|[Hh]er|our|their|(?:handle|know|learn|read|speak|study|support|teach|understand|write)(?:s|ing|ed)?"
    rf"|learnt|spoken?|studie[sd]|taught|understood|wrote)\s{_FLUENCY}"
    r"(?:[A-Z]\w+(?:,| and| or|, and|, or)\s(?:a\slittle\s)?)*$"
)
_SPOKEN = pattern(r"\b(?:speak|spoke|learn|taught|teach|translat|subtitle|fluent|language)", re.IGNORECASE)
# What comes after the demonym, and others joined to it, says whether it is an adjective of something.
_NOUN_AFTER = pattern(
    r"(?:(?:,| and| or|, and|, or)[ \n][A-Z]\w+)*[ \n]"
    r"(?!(?:and|or|to|into|from|with|for|by|as|but|on|at|in|of|if|is|was|are|were|be|will|would|can|could|should|may|might|must|has|have|had|does|did"
    r"|that|which|who|when|while|because|so|then|than|too|also|only|well|better|about|within|during|before|after|since|not|first|again|via|through|poorly|badly|fluently|perfectly|properly)\b)[\w-]"
)
_LANGUAGE_AFTER = pattern(
    r"[ \n](?:captions|classes|dictionar(?:y|ies)|grammar|language|lessons?|speakers?|subtitles|translation|version|vocabulary)|-(?:speaking|language)"
    r"|(?:(?:,| and| or|, and)[ \n][A-Z]\w+)*[ \n](?:is|are|was|were)[ \n](?:[a-z]+[ \n]){0,3}(?:languages?|spoken|taught|understood)\b"
)
_GERMAN = pattern(r"\b(?:[Ii]ns|[Ii]m|[Dd]em|[Vv]om|[Dd]as|[Zz]um)\s$")  # ins Deutsche, but: im Deutschen Bundestag
_PASTRY = pattern(r"\b(?:an?|one)\s$")  # a Danish; of people it is a Dane
_SPEAKERS_OF = pattern(r"\bspeakers? of\s$", re.IGNORECASE)

# In French, Italian, Portuguese and Spanish the adjective comes after the noun, and is the language as well.
_AFTER_NOUN = ("es", "fr", "it", "pt")
_PRIOR = pattern(r"([^\W\d_]+(?:['’-][^\W\d_]+)*)(,?\s(?:(?:e|ed|et|o|ou|y)\s)?)$")
_MANY = _words("les des aux los las unos unas os as dos das nos nas aos uns umas gli i agli degli dagli negli ai dai dei")
_NO_NOUN = _words(
    # French, Spanish, Italian, Portuguese: what may stand before the name of a language, and is no noun that it could describe
    "avec chez comme dans depuis elle entre est était fut ici mais par parle parlé parlent parler parlant pas plus pour puis que qui sans sont sous sur très une vers"
    " ces cet cette langue langues leur leurs mes mot mots notre nos ses son traduit traduite écrit écrite"
    " como con cada del desde el ella era está este esta habla hablan hablado hablar hasta idioma idiomas lengua lenguas más muy para palabra pero por según sin sobre son"
    " traducido traducida una uno"
    " che col come con dal dallo dalla dall' del dello della di lingua lingue nel nella nello parla parlano parlare parlato parola per più questo questa sono stata stato"
    " sul sulla tra fra tradotto tradotta una uno"
    " com das depois era esta este fala falado falam falar foi língua línguas mais não nem palavra para pela pelo pois sem ser são seu sua traduzido traduzida uma"
)

# -- people ----------------------------------------------------------------------------------------

_FIRST_NAMES = _words(
    "Aaron Adam Adriana Agnes Ahmed Aisha Alan Albert Alejandro Alex Alexander Alexandra Alfred Ali Alice Alison Amanda Amy Ana Anatole Andrea Andrei Andrew"
    " Andy Angela Anita Ann Anna Anne Annie Anthony Antonio Arthur Barbara Becky Ben Benjamin Bernard Beth Betty Bob Boris Brandon Brenda Brittany Brian Bruce Bryan"
    " Carl Carlos Carmen Carol Caroline Catherine Charles Charlie Chloe Chris Christina Christine Christopher Claire Clara Colin Courtney Craig Crystal Cynthia Daniel Daniela Danny"
    " Dave David Deborah Debra Denis Dennis Derek Dexter Diana Diane Donald Donna Dorothy Doug Douglas Dylan Edward Elaine Elena Elizabeth Ella Ellen Emily Emma"
    " Eric Erik Erin Ethan Eva Evan Evelyn Fatima Fiona Fred Gabriel Gareth Gary Gemma Geoff Geoffrey George Gerald Gordon Greg Gregory Hannah Hans Harold Harry Heather"
    " Helen Henry Howard Hugh Ian Irving Isaac Isabel Isabella Isaiah Ivan Jack Jacob Jake James Jamie Jan Jane Janet Jason Jean Jeff Jeffrey Jennifer Jenny"
    " Jeremy Jessica Jessie Jill Jim Jimmy Joan Joe John Johnny Jon Jonathan Jools José Joseph Josh Joshua Juan Juana Judith Judy Julia Julian Julie Karen Kate Katherine"
    " Kathleen Kathryn Kathy Katie Keith Kelly Ken Kenneth Kevin Kim Klaus Kyle Larissa Larry Laura Lauren Laurie Leah Leo Leonard Lewis Linda Lindsey Lisa Liz Louis Louise"
    " Lucas Lucy Luis Luke Marco Marcus Margaret Maria Marie Marilyn Martha Martin Mary Matt Matthew Megan Melanie Melissa Michael Michelle Miguel Mike Mohamed Mohammed"
    " Monica Muhammad Nancy Natalie Nathan Neil Nelson Nicholas Nick Nicola Nicole Nina Noah Nora Oliver Olivia Oscar Otto Owen Pamela Patricia Patrick Paul Paula Pedro"
    " Peter Phil Philip Pierre Priya Rachel Ralph Raymond Rebecca Richard Rick Rita Robert Roberta Robin Roger Ron Ronald Roy Russell Ruth Ryan Sally Sam Samantha"
    " Samuel Sandra Sara Sarah Scott Sean Sergei Sharon Shirley Simon Sonia Stephanie Stephen Steve Steven Stuart Susan Suzanne Tara Ted Teresa Terry Theresa Thomas"
    " Tim Timothy Tina Todd Tom Tony Tracy Trevor Tyler Valerie Vanessa Vernon Victor Vincent Walter Wayne Wendy William Willa Yvonne Zoe"
)
"""Common ones that are neither an ordinary word nor a place."""

_SURNAMES = _words(
    "Adams Allen Anderson Bailey Baldwin Barnes Bennett Brown Bryant Butler Campbell Carter Clark Coleman Collins Cooper Cox Davis Edwards Ellis Evans Fisher"
    " Foster Garcia Gibson Gonzalez Graham Griffin Hamilton Harris Harrison Hayes Henderson Hernandez Hilton Howard Hughes Jackson Jenkins Johnson Jones Kelly"
    " Kennedy Lee Lewis Lopez Marshall Martin Martinez Mason Miller Mitchell Moore Morgan Morris Murphy Murray Myers Nelson Owens Parker Patel Patterson Perez"
    " Perry Peterson Phillips Powell Ramirez Reed Reynolds Richardson Rivera Roberts Robinson Rodriguez Rogers Ross Russell Sanchez Sanders Scott Simmons Singh"
    " Smith Stewart Sullivan Taylor Thomas Thompson Torres Turner Walker Wallace Watson Williams Wilson Wright"
)
"""Common ones that do not also end the names of bodies and places, as Hill, Banks, King and Post do."""

_ROLES = (
    r"(?:[Aa]ctor|[Aa]ctress|[Aa]nalyst|[Aa]rtist|[Aa]thlete|[Aa]uthor|[Cc]hair|[Cc]oach|[Cc]olleague|[Cc]ommissioner|[Cc]onsultant|[Dd]esigner|[Dd]eveloper"
    r"|[Dd]irector|[Dd]octor|[Ee]conomist|[Ee]ditor|[Ee]ngineer|[Ff]acilitator|[Ff]ounder|[Ff]riend|[Gg]overnor|[Hh]ost|[Jj]ournalist|[Jj]udge|[Ll]awyer|[Mm]anager"
    r"|[Mm]ayor|[Mm]inister|[Mm]oderator|[Mm]usician|[Nn]ovelist|[Nn]urse|[Oo]fficer|[Pp]layer|[Pp]resident|[Pp]rofessor|[Pp]sychologist|[Rr]apper|[Rr]esearcher"
    r"|[Ss]cientist|[Ss]enator|[Ss]inger|[Ss]peaker|[Ss]tudent|[Tt]eacher|[Vv]olunteer|[Ww]riter|CEO|CIO|CTO)"
)
_ROLE = pattern(rf"\b{_ROLES}\s$")
_TITLE = pattern(r"\b(?:Mr|Mrs|Ms|Mx|Miss|Dr|Prof|Professor|Sir|Dame|Judge|Senator|Congress(?:man|woman))\.?\s$")
_FIRST = pattern(r"(?<![^\W_])([A-Z][a-zé]+)\s(?:[A-Z]\.\s)?$")
_SURNAME = pattern(r"\s([A-Z][^\W\d_]+(?:['’-][^\W\d_]+)*)(?!\w)")
_ALSO_FIRST = _words("America Cairo China Cuba Egypt Georgia Holland India Ireland Israel Kenya London Malta Paris Rome Vienna")
_ALSO_LAST = frozenset({"Holland", "Jordan"})
_SAYS = pattern(
    r",?\swho\b|\s(?:argue[sd]|explain(?:s|ed)|joined|noted|sang|said|says|sings|spoke|tells|told|was born|writes|wrote"
    r"|added|asked|answered|believes|moderated|played|plays|replied|starred|studied|taught|teaches|thinks|won)\b"
    rf"|,\s(?:an?|our|my|the)\s(?:[a-z-]+\s){{0,3}}{_ROLES}\b"
)
_IN = pattern(r"\b(?:[Ii]n|[Ff]rom|[Aa]cross|[Tt]hroughout|[Ww]ithin|[Oo]utside|[Nn]ear|[Oo]f|[Tt]o)\s$")
_MIDWAY = pattern(r"[a-z,;:]\s([A-Z][a-z]+)\s$")
_BETWEEN = _words(
    "And As At By Central Eastern For From In Into Is Like Northern Of On Or Outside Southern The To Versus Via Western When Where Why With"
)
_KIN = (
    r"(?:aunt|baby|boss|boy|brother|cat|cousin|dad|daughter|dog|father|flatmate|girl|husband|intern|mother|mum|nephew|niece|puppy|roommate|sister|son|teammate"
    r"|uncle|wife)"
)
_CALLED = pattern(
    r"(?:\b(?:Hi|Hey|Hello|Dear|Thanks|[Tt]hank you|[Bb]irthday|(?<!country )(?<!state )[Nn]amed)"
    rf"|\b(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Tt]heir)\s(?:{_ROLES}|{_KIN})|\b{_KIN}\s(?:(?:is|was)\s)?called),?\s$|(?<![^\W_])@$"
)
_OWNS = r"['’]s\s(?:wife|husband|partner|mother|father|brother|sister|son|daughter|boss|birthday|colleagues?|desk|laptop|slides)\b"
_WHO = rf",\swho\b|,\s(?:an?|our|my|the)\s(?:[a-z-]+\s){{0,3}}{_ROLES}\b"
_DOES = pattern(
    r"\s(?:told\s(?:me|us|him|her|them)|sa(?:id|ys)\s(?:he|she)|laughed|laughs|smiled|smiles|himself|herself|and\sI|from\s[a-z]+)\b"
    rf"|{_OWNS}|{_WHO}"
)

# What makes a person of a name that mostly is a country's: Georgia, Israel.
_OFTEN_PEOPLE = _words("Chad Georgia Jordan")
_AT_WORK = (
    r"(?:agenda|calendar|deck|docs?|drafts?|e-?mails?|files?|flights?|groceries|hotel|invit(?:ations?|es?)|invoices?|keys?|laptop|links?|minutes|notes|pizza|receipts?"
    r"|room|slides|spreadsheet|tickets?|timesheets?|venue)(?=\s*(?:$|[.,;:!?)\n])|\s(?:and|before|by|for|from|on|to|today|tomorrow|with)\b)"
)
_TASK = (
    r"(?:book|e-?mail|phone|ping|remind|text|check (?:if|in|whether|with)|follow[ -]up|get back to|join us|be (?:late|there)|let (?:me|us) know"
    r"|call (?:back|her|him|me|them)|(?:arrange|schedule|set up) (?:an?|the|our) (?:call|meeting)"
    rf"|(?:bring|buy|collect|draft|finish|fix|get|make|order|pay|post|prepare|print|review|send|share|take|update|upload|write)\s(?:[a-z]+\s){{0,2}}{_AT_WORK})"
)
_ACTS = pattern(
    r"\s(?:(?:asked|wondered)\s(?:if|whether)\s(?:I|s?he)|(?:called|e-?mailed|phoned|promised|reminded|texted)\s(?:me|him|her)"
    r"|(?:agrees?|agreed|believes?|feels|hopes?|said|says|suggest(?:s|ed)|thinks|thought|wants)\s(?:that\s)?(?:I|s?he)"
    r"|(?:is|was|will be)\s(?:on\s(?:holiday|leave|vacation)|out\sof\soffice|running\slate|off\ssick|away\s(?:for|next|on|this|to|until))"
    r"|laughed|laughs|smiled|smiles|himself|herself|and\sI|please|(?:if|whether|when|what)\ss?he)\b"
    rf"|\s(?:to|will|can|should|must|needs\sto|has\sto)\s{_TASK}\b|,\s(?:(?:can|could)\syou|please(?!\snote))\b"
    r"|['’]s\s(?:birthday|boss|desk|husband|laptop|wife)\b"
)
_TALKED = r"(?:also\s|have\s|just\s)?(?:asked|called|e-?mailed|met|phoned|texted|told|(?:chatted|met|spoke|talked)\s(?:to|with))"
_MET = pattern(
    rf"(?:\b(?:I|[Ss]?[Hh]e)\s{_TALKED}|(?:^|\n|[.!?:]\s)(?:E-?mail|Message|Phone|Ping|Remind|Text)|\b[Ff]ollow(?:ed|s|ing)?[ -]up\swith"
    r"|\b(?:[Ll]unch|[Cc]offee|[Dd]inner|[Bb]reakfast|[Dd]rinks|1[:-]1|[Oo]ne-on-one|[Cc]hat|[Cc]atch(?:ing)?[ -]up|[Cc]aught\sup)\swith)\s$"
)
# Of a country nobody but a diplomat says so much: Talked to Chad, Jordan thinks we should wait.
_OFTEN_ACTS = pattern(
    r"\s(?:(?:asked|wondered)\s(?:if|whether)\s(?:we|you)|(?:asked|helped|told)\s(?:me|us|him|her)"
    r"|(?:agrees?|agreed|believes?|feels|hopes?|said|says|suggest(?:s|ed)|thinks|thought|wants)\s(?:that\s)?we)\b"
)
_OFTEN_MET = pattern(
    rf"(?:\b[Ww]e\s{_TALKED}|(?:^|\n|[.!?:]\s)(?:Ask|Call|Talk to|Talked to|Tell|Thank|Spoke (?:to|with)|Met(?: with)?)"
    r"|\b(?:[Aa]ssigned\sto|[Rr]eviewed\sby)|[Tt]hanks\sto)\s$"
)
_LINE = pattern(r"(?:^|\n)\s*$")
_TURN = pattern(
    r":\s(?:I\b|let's\b|please\b|(?:can|could|will)\s(?:you|we|I)\b"
    rf"|(?:to|will|can|should|must)\s{_TASK}\b|(?:chairs|closes|joins|leaves|opens|presents|takes)\s(?:the|us|our|at|notes|minutes)\b)"
)
_ASKED = pattern(r"(?:^|\n|\s)(?:Q|A|AP|Action|Answer|Question|Task|TODO|Todo)\s?\($")
_SIGNED = pattern(r"(?:^|\n)\s*(?:[—–]|--)\s?$")
_ENDS = pattern(r"\s*(?:$|\n)")
_ROLE_IS = pattern(
    r"(?:^|\n|[.;(|]\s?)(?:(Assign(?:ed to|ee)|Authors?|CC|Cc|Facilitator|Manager|Moderator|Note[ -]taker|Notes by|Presenter|Reviewers?|Scribe)"
    r"|Absent|Apologies|Attend(?:ees|ing)|Contact|Invited|Lead|Owners?|Present|Regrets|Responsible|Who)::?\s((?:[A-Z][a-zé]+(?:,\s(?:and\s)?|\sand\s|\s?&\s))*)$"
)
_JOINT = r"(?:,\s(?:and\s)?|\sand\s|\s?&\s)"
_REST = pattern(rf"((?:{_JOINT}[A-Z][a-zé]+)*)\s?(?:$|[\n.;)|])")
_NAME = pattern(r"[A-Z][a-zé]+")
_ONE_BEFORE = pattern(rf"(?<![^\W_])([A-Z][a-zé]+){_JOINT}$")
_CAPITAL_BEFORE = pattern(r"(?<![^\W_])[A-Z][\w.]*\s$")
_ONE_AFTER = pattern(rf"{_JOINT}([A-Z][a-zé]+)(?![^\W_]|\s[A-Z]|['’])")

# What makes a dish, a typeface or an animal of a name.
_THING = pattern(
    r"\s(?:is|was)\s(?:(?:an?|my|our|his|her)\s(?:[a-z-]+\s){0,2}(?:cat|dog|fonts?|horse|kitten|puppy|typefaces?)"
    rf"|(?:my|our|his|her)\s(?:[a-z-]+\s){{0,2}}(?:{_ROLES}|{_KIN}))\b"
)
_MASS = r"(?:\d+(?:[.,/]\d+)?|½|¼|¾|an?|one|half\san?)\s?(?:kg|g|kilos?|grams?|lbs?|pounds?|oz|ounces?|slices?|cups?)\b"
_AMOUNT_AFTER = pattern(rf"\s?[,:(–—-]?\s?\(?(?=[\d½¼¾]){_MASS}(?!\s(?:of|per)\b)")
_AMOUNT_BEFORE = pattern(rf"(?<![\w.]){_MASS}\s(?:of\s)?$")

# What stands under keys and in tags.
_OFTEN_OTHERS = _OFTEN_PEOPLE | DISHES
_ALSO_OTHERS = ALSO_PEOPLE | DISHES
_WHERE = pattern(r"countr|nation|place|locat|region|origin|market|jurisdiction|territor|where|geograph|^pa[ií]s|^pays|^land$", re.IGNORECASE)
_TOPIC = pattern(r"^(?:tag|theme|topic|subject|keyword|about|related|broader|categor)", re.IGNORECASE)
_TAGGED = pattern(r"(?<!\S)#[\w/-]*$")

# -- towns, treaties, products, the pronoun -----------------------------------------------------------

_STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland"
    "|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|North Carolina|North Dakota|Ohio|Oklahoma"
    "|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|West Virginia|Wisconsin|Wyoming"
    "|Alberta|British Columbia|Manitoba|New Brunswick|Nova Scotia|Ontario|Quebec|Saskatchewan"
)
_CODES = "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|IA|ID|IL|IN|KS|KY|LA|MA|MD|ME|MI|MN|MO|MS|MT|NC|ND|NE|NH|NJ|NM|NV|NY|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VA|VT|WA|WI|WV|WY|AB|BC|MB|NB|NS|ON|QC|SK"
# New York and Washington are cities as well, and cities stand in lists.
_STATE = pattern(rf",\s(?:(?:{_CODES})(?![\w.])|(?:{_STATES})(?!\w)(?!,?\s(?:and|or)\s[A-Z])(?!,\s[A-Z]))")
_AMERICAN = pattern(r",\s(?:USA?|U\.S\.(?:A\.)?|United States)(?!\w|,?\s(?:and|or)\s|,\s[A-Z])")
_LISTED = pattern(r"[A-Z]\w+,\s(?:and\s)?$")
_NEW = pattern(r"(?<![^\W_])New\s$")
_NEW_TOWNS = _words(
    "Amsterdam Athens Berlin Bern Britain France Holland Ireland Lebanon Lisbon London Madrid Netherlands Paris Rome Spain Sweden Vienna"
)
_PACT = (
    r"(?:Accords?|Agreement|Amendment|Charter|Club|Consensus|Convention|[Cc]riteria|Declaration|[Ee]ffect|Final Act|Guidelines|Manual|Memorandum|Pact|Principles"
    r"|Process|Protocol|Round|Rules|Statute|Strategy|[Ss]yndrome|Treaty)"
)
_PACT_AFTER = pattern(rf"[\s-](?:(?:Action|Climate|Development|Peace)[\s-])*(?:{_PACT}|Agenda)\b")
_PACT_BEFORE = pattern(
    rf"\b(?:{_PACT}|Treaties|Conventions"
    r"|[Aa]ccordo?s?|[Aa]cordos?|[Aa]cuerdos?|[Cc]onven(?:io|ção|ción|tion|zione)|[Dd](?:é|e|i)clara(?:ção|ción|tion)|[Dd]ichiarazione|[Pp]rotoco(?:le|lo|llo)"
    r"|[Tt]raité|[Tt]ratado|[Tt]rattato|[Vv]erdrag) (?:of|de|di|van|von)\s$"
)
_PRODUCT = pattern(r"(?<![^\W_])[A-Za-z]-$")  # e-Portugal
_DOMAIN = pattern(r"\w\.$")  # GOV.UK
_CALL = pattern(r"\b(?:contact|join|follow|tell|told|let|email|call|ask|give|show|help|reach|visit|about)\s$", re.IGNORECASE)
_CALL_ENDS = pattern(r"\s*(?:$|\n|[.!?:;)\]]|\s(?:on|at|via|today|now|to|what|how|if|know)\b)")
_ADJECTIVE_OF = pattern(r"\s(?:AGENC|ARM|CONGRESS|DEPARTMENT|ECONOMY|FEDERAL|GOVERNMENT|POLICY|PRESIDENT|SENATE|STATE|SUPREME|AND\sUK\b|AND\sEU\b)")


class Countries:
    """The extractor of countries, for notes in some languages."""

    name = "countries"
    version = "4"
    polyglot = True
    """It is made for the languages of the notes."""

    def __init__(self, languages: tuple[str, ...] = ("en",)) -> None:
        self.lexicon = lexicon.read(ontology.path("countries.ttl"), "country", languages)
        self._given = {term.surface for group in self.lexicon.terms.values() for term in group if term.given}

    def find(self, text: str) -> list[Mention]:
        """List the countries that a text names.

        >>> [mention.key for mention in Countries().find("Denmark and the Danish, Jordan Peterson in New Jersey")]
        ['DK', 'DK']
        """
        found = [mention for mention in self.lexicon.find(text) if not _other_sense(text, mention)]
        if self.lexicon.small:
            known: dict[tuple[int, str], bool] = {}
            found = [mention for mention in found if self._adjective(text, mention, known)]
        return self._places(text, found)

    def survey(self, document: Document) -> list[Placed]:
        """List the countries that a note names; but none between backticks, and no name that means something else where its author puts it.

        >>> from kg import markdown
        >>> from kg.model import Note
        >>> read = markdown.read(Note("a.md", "---\\nauthor: Chad\\nregion: Chad\\n---\\nThe flag `--in Chad`", ""))
        >>> [(read.parts[each.at - 1].text, each.mention.surface) for each in Countries().survey(read)]
        [('region: Chad', 'Chad')]
        """
        text, starts = joined(document)
        found = [inside(starts, mention) for mention in self.find(text)]
        if document.title in _OFTEN_OTHERS:
            found = _told(document, found)
        first = 1 + len(document.sections)
        if document.codes or any(first <= each.at < first + document.head for each in found):
            found = _in_the_open(document, found)
        return found

    def _places(self, text: str, found: list[Mention]) -> list[Mention]:
        """Leave out names of countries that are somebody's, or a thing's: by the words around them, or by those around the same name elsewhere."""
        names = {mention.surface for mention in found} & (self._given | ALSO_PEOPLE)
        if not names:
            return found
        given = {name for name in names & self._given if _somebody(text, name, found)}
        called = {mention for mention in found if mention.surface in names and self._called(text, mention)}
        people = {mention.surface for mention in called}
        people = given | {name for name in people if not _placed(text, name, [each for each in found if each not in called])}
        return [
            each
            for each in found
            if each not in called and not (each.surface in people and not _IN.search(text, max(0, each.start - 12), each.start))
        ]

    def _called(self, text: str, mention: Mention) -> bool:
        """Say whether the words around a name that may be a first name are those around a person's, or a thing's."""
        before, after = text[max(0, mention.start - 60) : mention.start], text[mention.end : mention.end + 60]
        if _CALLED.search(before) or (mention.surface in self._given and _DOES.match(after)):
            return True
        if mention.surface not in ALSO_PEOPLE:
            return False
        often = mention.surface in _OFTEN_PEOPLE
        if not after.startswith(("'s", "’s")) and (_MET.search(before) or (often and _OFTEN_MET.search(before))):
            return True
        if _THING.match(after) or (_TURN.match(after) and _LINE.search(before)):
            return True
        if often and ((_ENDS.match(after) and _SIGNED.search(before)) or (after[:1] == ")" and _ASKED.search(before))):
            return True
        if not _IN.search(before) and (_ACTS.match(after) or (often and _OFTEN_ACTS.match(after)) or _beside(before, after)):
            return True
        return self._in_role(text, mention)

    def _in_role(self, text: str, mention: Mention) -> bool:
        """Say whether a name fills a role, by itself or in a list: ``Owner: Georgia``, ``Present: Maria, Chad, Tom``."""
        role = _ROLE_IS.search(text, max(0, mention.start - 200), mention.start)
        rest = role and _REST.match(text, mention.end, mention.end + 200)
        if not role or not rest:
            return False
        names = {mention.surface, *_NAME.findall(role[2]), *_NAME.findall(rest[1])}
        places = {name for name in names if name in self.lexicon.terms}
        return places <= ALSO_PEOPLE and bool(role[1] or names - places or names & _OFTEN_PEOPLE)

    def _adjective(self, text: str, mention: Mention, known: dict[tuple[int, str], bool]) -> bool:
        """Say whether a word in small letters stands as an adjective or people do, not as a language."""
        term = self.lexicon.small.get(mention.surface)
        return not term or term.language not in _AFTER_NOUN or self._after_noun(text, mention.start, mention.surface, known)

    def _after_noun(self, text: str, start: int, word: str, known: dict[tuple[int, str], bool]) -> bool:
        """Say whether a noun stands right before, or an adjective of that sort and a joint, or the article of many.

        The adjectives that are joined are all what the first is, and ``known`` keeps what they are.
        """
        joined_to: list[tuple[int, str]] = []
        while (start, word) not in known:
            joined_to.append((start, word))
            prior = _PRIOR.search(text, max(0, start - 60), start)
            if prior and prior[2].strip() and prior[1] in self.lexicon.small:
                start, word = prior.start(1), prior[1]
            else:
                known[start, word] = prior is not None and not prior[2].strip() and _follows(prior[1], word)
        known.update(dict.fromkeys(joined_to, known[start, word]))
        return known[start, word]


def _follows(prior: str, word: str) -> bool:
    """Say whether an adjective may follow a word: a noun, or the article of many."""
    if prior.casefold() in _MANY:
        return word.endswith(("s", "i"))
    return len(prior) > 2 and prior.casefold() not in _NO_NOUN


def _told(document: Document, found: list[Placed]) -> list[Placed]:
    """Leave out what a title names by itself, such as Turkey or Jordan, where the note says nothing else of the country."""
    written = texts(document)
    titles = {each for each in found if each.mention.surface == document.title == written[each.at]}
    keys = {each.mention.key for each in titles} - {each.mention.key for each in found if each not in titles}
    return [each for each in found if each.mention.key not in keys]


def _in_the_open(document: Document, found: list[Placed]) -> list[Placed]:
    """Leave out names between backticks, and those in the front matter under a key by which they are not the country's."""
    parts, backticks = document.parts, Backticks(document.codes)
    first = 1 + len(document.sections)
    kept: list[Placed] = []
    for at, group in groupby(found, key=attrgetter("at")):
        placed = list(group)
        apart: set[Mention] = set()
        if first <= at < first + document.head:
            apart = _of_others(parts[at - 1].text, [each.mention for each in placed])
        elif at:
            apart = backticks.hold(parts[at - 1], [each.mention for each in placed])
        kept += [each for each in placed if each.mention not in apart]
    return kept


def _of_others(text: str, mentions: list[Mention]) -> set[Mention]:
    """Give the names in a line of the front matter that its key does not make a country's."""
    key = text[: text.find(":")]
    if _WHERE.search(key):
        return set()
    others = _OFTEN_OTHERS if _TOPIC.search(key) else _ALSO_OTHERS
    return {mention for mention in mentions if mention.surface in others}


def _other_sense(text: str, mention: Mention) -> bool:
    """Say whether the words around a form make it mean something else than a country."""
    before, after = text[max(0, mention.start - 60) : mention.start], text[mention.end : mention.end + 60]
    if before[-1:] == "-" and _PRODUCT.search(before):
        return True
    if mention.surface in _OFTEN_OTHERS and _TAGGED.search(before):
        return True
    if mention.rule == "abbreviation":
        return bool(_DOMAIN.search(before)) or (mention.surface == "US" and (after.startswith("$") or _pronoun(text, mention, before, after)))
    if _person(before, after, mention) or (mention.surface in DISHES and (_AMOUNT_AFTER.match(after) or _AMOUNT_BEFORE.search(before))):
        return True
    if mention.rule == "demonym":
        if _GERMAN.search(before) and mention.surface[0].isupper():
            return not re.match(r"\s[A-ZÄÖÜ]", after)
        if mention.surface.endswith("ish") and _PASTRY.search(before) and not _NOUN_AFTER.match(after):
            return True
        return not mention.surface.endswith("s") and _language(before, after)
    if after.startswith(",") and _town(before, after, mention):
        return True
    if mention.surface in _NEW_TOWNS and _NEW.search(before):
        return True
    return mention.rule == "capital" and bool(_PACT_AFTER.match(after) or _PACT_BEFORE.search(before))


def _language(before: str, after: str) -> bool:
    if _LANGUAGE_AFTER.match(after) or _SPEAKERS_OF.search(before):
        return True
    said = _LANGUAGE.search(before)
    if not said or _NOUN_AFTER.match(after):
        return False
    # "of" and "and" say nothing by themselves.
    return not said[0].startswith(("of", "and")) or bool(_SPOKEN.search(before))


def _person(before: str, after: str, mention: Mention) -> bool:
    """Say whether a name belongs to somebody: a title or a first name before it, or a surname after it."""
    words = before.split()
    if words and not words[-1].islower():  # a first name and a title have a capital
        first = _FIRST.search(before)
        if (first and first[1] in _FIRST_NAMES) or _TITLE.search(before):
            return " " not in mention.surface
    midway = mention.surface in _ALSO_LAST and _MIDWAY.search(before)
    if midway and midway[1] not in _BETWEEN:
        return True
    surname = mention.rule != "demonym" and _SURNAME.match(after)
    if not surname or _IN.search(before):
        return False
    said = mention.surface in _ALSO_FIRST and _SAYS.match(after, surname.end())
    return bool(surname[1] in _SURNAMES or _ROLE.search(before) or said)


def _beside(before: str, after: str) -> bool:
    """Say whether a first name that is nothing else stands beside a name in a list: "Tom and Georgia"; but not in "Ann Thomas, Georgia"."""
    prior, later = _ONE_BEFORE.search(before), _ONE_AFTER.match(after)
    if prior and prior[1] in _FIRST_NAMES and not _CAPITAL_BEFORE.search(before, 0, prior.start()):
        return True
    return bool(later and later[1] in _FIRST_NAMES)


def _somebody(text: str, name: str, found: list[Mention]) -> bool:
    """Say whether a note has a person of that name: with a first name or a surname, or with any word where nothing speaks for the country."""
    people = list(re.finditer(rf"(?:(?<![^\W_])([A-Z][a-zé]+) )?\b{name}(?: ([A-Z][a-z]+))?(?![^\W_])", text))
    if any(each[1] in _FIRST_NAMES or each[2] in _SURNAMES for each in people):
        return True
    return not _placed(text, name, found) and any(each[2] for each in people)


def _placed(text: str, name: str, found: list[Mention]) -> bool:
    """Say whether anything in a note speaks for the country of a name: another name of it, or a word such as "in" before this one."""
    keys = {mention.key for mention in found if mention.surface == name}
    same = [mention for mention in found if mention.key in keys]
    return any(mention.surface != name or _IN.search(text, max(0, mention.start - 12), mention.start) for mention in same)


def _town(before: str, after: str, mention: Mention) -> bool:
    """Say whether a state follows that has a town of that name, and not a list of places."""
    if mention.rule == "capital" and mention.key != "GE" and re.match(r",\sGeorgia(?!\w|,?\s(?:and|or)\s[A-Z]|,\s[A-Z])", after):
        return True
    if mention.key == "GE" and _AMERICAN.match(after):
        return True
    return mention.key != "CA" and not _LISTED.search(before) and bool(_STATE.match(after))


def _pronoun(text: str, mention: Mention, before: str, after: str) -> bool:
    if shouted(text, mention.start, mention.end):
        return not re.search(r"\bTHE\s$", before) and not _ADJECTIVE_OF.match(after)
    return bool(_CALL.search(before) and _CALL_ENDS.match(after))
