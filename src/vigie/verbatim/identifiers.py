"""Numbers, addresses and other marks that lead to one person, told by their form and by the words before them."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator

from vigie.verbatim.folding import word_set

_Found = Callable[[re.Match[str]], bool]
_I = re.IGNORECASE
_BEFORE, _BEYOND = r"(?<![\w\[])", r"(?![\w\]])"  # not inside a word, not a placeholder

# --- e-mail and web addresses ---
_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,200}(?:\s?@\s?|\s?[(\[{]\s?(?:at|arobase|a)\s?[)\]}]\s?)"
    r"[\w-]+(?:\s?\.\s?(?=[a-z]{2,6}\b)[\w-]+|\.[\w-]+)+",
    _I,
)
_EMAIL_SPOKEN = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,200} (?:arobase|arobas|at) [\w-]+ (?:point|dot) (?:[\w-]+ (?:point|dot) )?[a-z]{2,4}\b", _I
)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\[\]]+?/[^\s<>\[\]]*[^\s<>\[\].,;:!?)\"'»/]", _I)
_HANDLE = re.compile(r"(?:facebook|instagram|linkedin|twitter|tiktok|x)\.com/[\w./@?=&%-]*\w", _I)

# --- money and identity ---
_IBAN_LENGTHS = {
    "FR": 27, "MC": 27, "BE": 16, "LU": 20, "CH": 21, "DE": 22, "ES": 24, "IT": 27, "NL": 18, "PT": 25, "GB": 22,
    "IE": 22, "AT": 20, "PL": 28, "SE": 24, "DK": 18, "MA": 28, "TN": 24,
}  # fmt: skip
_IBAN = re.compile(
    _BEFORE
    + "(?:"
    + "|".join(rf"{c}\d{{2}}(?:[ -]?[A-Z0-9]){{{n - 4}}}" for c, n in _IBAN_LENGTHS.items())
    + ")"
    + _BEYOND,
    _I,
)
_CARD = re.compile(
    r"(?<![\d+\w])(?!00)(?:\d{4}[ .-]?){3}\d{1,7}(?!\d)|(?<![\d+\w])3[47]\d{2}[ .-]?\d{6}[ .-]?\d{5}(?!\d)"
)
_NIR = re.compile(
    r"(?<![\d+\w])[123478][ .-]?\d{2}[ .-]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .-]?(?:\d{2}|2[AB])[ .-]?\d{3}[ .-]?\d{3}"
    r"(?:[ .-]?(?:cl[ée]|key)?[ .-]{0,2}\d{2})?(?!\d)",
    _I,
)
_NINO = re.compile(
    _BEFORE + r"(?!(?:BG|GB|NK|KN|TN|NT|ZZ))[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]" + _BEYOND,
    _I,
)
_SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")

# --- telephone ---
_NOT_DATE = r"(?!\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?![./ -]?\d{2}[./ -]?\d{2}))"
_PHONE = re.compile(
    r"(?<![\d\w,.+€$£-])" + _NOT_DATE + r"(?:"
    r"(?:\+|00)[ .]?\d{1,3}(?:[ .-]?\(0\))?(?:[ .()-]{0,2}\d){7,12}"  # international
    r"|0[1-9](?:[ ./_-]{0,3}\d{2}){4}"  # French
    r"|0\d(?:[ .-]?\d){8,9}"  # French in other groups, British
    r"|\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}"  # American
    r"|\(0\d{2,5}\)[ .-]?\d{3,4}[ .-]?\d{3,4}"
    r")(?!\d)(?![.,]\d)"
)
_DIGIT = (
    r"(?:z[ée]ro|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|"
    r"vingts?|trente|quarante|cinquante|soixante|cents?|et|oh|one|two|three|four|five|seven|eight|nine|double)"
)
_PHONE_SPOKEN = re.compile(rf"\b(?:z[ée]ro|oh)[ -]{_DIGIT}(?:[ -]{_DIGIT}){{3,}}\b", _I)
_PHONE_TOLD = re.compile(
    r"\b(?:t[ée]l(?:[ée]phone)?|portable|mobile|phone|joindre au|joignable au|appele[rz][ -]?(?:moi)? au|"
    r"rappele[rz][ -]?(?:moi)? au|reach me on|call me (?:on|at|back on))"
    r"[ .:°]{0,3}(?:number |num[ée]ro |n° ?|is |est |le |au )?(?P<it>\+?\d(?:[ ./-]?\d){7,13})(?!\d)",
    _I,
)

# --- numbers of contracts, customers, files, orders, claims ---
_THING = (
    r"(?:contrats?|dossiers?|clients?|commandes?|sinistres?|adh[ée]rente?|soci[ée]taire|assur[ée]e?|"
    r"r[ée]clamations?|factures?|"
    r"polices?|abonn[ée]e?|abonnement|matricule|comptes?|tickets?|suivi|colis|r[ée]f[ée]rences?|r[ée]f|devis|"
    r"identifiant|"
    r"interventions?|allocataire|demandes?|billets?|r[ée]servations?|cartes? (?:de )?fid[ée]lit[ée]|"
    r"fid[ée]lit[ée]|siret|"
    r"cases?|claims?|orders?|contracts?|polic(?:y|ies)|customers?|accounts?|bookings?|reservations?|references?|refs?|"
    r"invoices?|files?|members?|membership|tracking|parcels?|bills?|quotes?|incidents?|requests?|complaints?|"
    r"pnr|id|login)"
)
_LINK = (
    r"(?:[ ]?(?:n[°ºo]\.?|num(?:[ée]ro)?\.?|nr\.?|no\.?|number|nbr|nb|r[ée]f(?:[ée]rence|erence)?\.?|code|id|"
    r"client|contrat|dossier|"
    r"est|is|was|the|le|la|:|#|=|-|suivant|sous|de|under|porte|reads|is the following))"
)
_SIGN = r"(?P<it>(?=[^\s]*\d)[A-Z0-9]{1,20}(?:[-/_.]?[A-Z0-9]+){0,6}(?:[ .]\d{2,}(?![%€$£\d]|[.,]\d| ?(?:€|euros?)))*)"
_NUMBERED = re.compile(rf"\b{_THING}{_LINK}{{0,4}}[ .:#-]{{0,3}}{_SIGN}(?![\w\]]|[.,]\d)", _I)
_NUMBER_SIGN = re.compile(
    r"(?<!\w)(?:n[°º]\.?|#|num[ée]ro|number|r[ée]f\.?)(?: ?:| (?:est|is|de|le))? ?" + _SIGN + r"(?![\w\]])", _I
)
_MIXED = re.compile(_BEFORE + r"(?=[A-Z0-9/_-]*[A-Z])(?=(?:[A-Z/_-]*\d){5})[A-Z0-9]+(?:[-/_][A-Z0-9]+)*" + _BEYOND, _I)
_LONG = re.compile(r"(?<![\w.,+€$£\[-])\d{8,20}(?![\w\]]|[.,]\d)")
_MONEY_AFTER = re.compile(
    r"[  ]?(?:€|\$|£|%|euros?\b|eur\b|e\b|dollars?\b|pounds?\b|centimes?\b|cts?\b|km\b|m2\b|m²|kwh\b|go\b|gb\b|"
    r"fois\b|times\b|ans?\b|jours?\b|mois\b|semaines?\b|heures?\b|h\b|h\d|minutes?\b|min\b|mn\b|days?\b|"
    r"weeks?\b|months?\b|"
    r"years?\b|hours?\b|points?\b|personnes?\b|people\b|clients?\b|avis\b|places?\b|kg\b|stars?\b|[ée]toiles?\b)",
    _I,
)
_UNIT_INSIDE = re.compile(
    r"^(?:\d+(?:mn|min|km|kg|kwh|go|gb|mo|mb|[eè]me|x\d+)|\d{1,3}(?:h\d*|th|st|nd|rd|am|pm|e|er|g|m|k|s|d|j|p))$", _I
)
_YEAR = re.compile(r"^(?:19|20)\d{2}$")
_LAW = re.compile(r"(?:loi|d[ée]cret|article|arr[êe]t[ée]?|directive|law|act) $", _I)
_DATE = re.compile(r"^\d{1,4}[ ./-]\d{1,2}(?:[ ./-]\d{2,4})?$")
_NOT_MIXED = re.compile(  # days, years and amounts written into a word, and articles of a law
    r"\d{1,2}/\d{1,2}/\d{2,4}|(?:19|20)\d{2}[a-zà]+(?:19|20)\d{2}|^\d+e(?:uros?)?$|^\d+[fl]$|\d{1,2}h\d{2}|^\d{1,2}[a-zéû]+(?:19|20)\d{2}$|"
    r"^[LRD]-?\d{3,4}-\d{1,3}(?:-\d+)?$",
    _I,
)

# --- number plates ---
_PLATE_TIGHT = re.compile(_BEFORE + r"[A-HJ-NP-TV-Z]{2}-?\d{3}-?[A-HJ-NP-TV-Z]{2}" + _BEYOND, _I)
_PLATE_SPACED = re.compile(_BEFORE + r"([A-HJ-NP-TV-Z]{2})[ .]\d{3}[ .]([A-HJ-NP-TV-Z]{2})" + _BEYOND)
_PLATE_TOLD = re.compile(
    r"\b(?:plaques?|immatricul\w*|immat|registration|reg|number ?plate|licen[cs]e plate|plate)(?:[ :n°]|"
    r"\b(?:est|is|number|num[ée]ro|no)\b){0,6}"
    r"(?P<it>[A-Z]{2}[ .-]?\d{3}[ .-]?[A-Z]{2}|\d{2,4}[ .-]?[A-Z]{2,3}[ .-]?(?:\d{2,3}|2[AB])|"
    r"[A-Z]{2}\d{2}[ .-]?[A-Z]{3}|[A-Z0-9]{5,8})(?!\w)",
    _I,
)
_PLATE_OLD = re.compile(_BEFORE + r"\d{3,4}[ -]?([A-HJ-NP-TV-Z]{2,3})[ -]?(?:0[1-9]|[1-8]\d|9[0-5]|2[AB])" + _BEYOND)
_PLATE_BRITISH = re.compile(_BEFORE + r"[A-HJ-PR-Y][A-HJ-PR-Y][0-7]\d ?([A-HJ-PR-Z]{3})" + _BEYOND)
_NO_PLATE = word_set(
    """
    DE LE LA ET EN CE SE ME TE NE MA SA TA DES LES MES SES EST PAS KM ML MM CM KG GB MB HZ EUR MIN HR HRS THE
    AND FOR NOT GET ALL BY AT AM PM
    """
)

# --- postal addresses ---
_STREET_SURE = (
    r"(?:rue|avenue|av|ave|boulevard|bd|blvd|boul|chemin(?! de croix)|chem|impasse|imp|all[ée]es?|quai|"
    r"faubourg|fbg|ruelle|rte|square|lotissement|hameau|sentier|lieu[ -]dit|esplanade)"
)
_STREET_MAYBE = (
    r"(?:place|pl|cours|voie|passage|villa|r[ée]sidence|route|promenade|rond[ -]point|clos|cit[ée]|domaine|venelle)"
)
_STOP = (
    r"(?:et|mais|je|j|il|elle|on|nous|vous|ils|elles|depuis|car|donc|où|ou|pour|avec|qui|que|est|a|ai|ont|sont|pas|ne|"
    r"sans|c|ce|mon|ma|mes|suis|s|y|n|dans|au|aux|sur|sous|par|chez|vers|près|ça|cela|merci|svp|quand|lors|"
    r"suite|en|and|but|i|the|is|"
    r"was|since|my|for|bonjour|toujours|jamais|aucun|aucune|rien|demain|hier|le|la|les|un|une)"
)
_PARTICLE = r"(?:de la |de l['’]|de |du |des |la |le |les |l['’]|d['’]|aux? |saint |sainte |st |ste )"
_NAMED = rf"(?:{_PARTICLE}{{0,2}}(?!{_STOP}\b)[\w'’.-]*\w(?: (?:{_PARTICLE})?(?!{_STOP}\b|\d)[\w'’-]+){{0,3}})"
_CITY = (
    r"(?:[ ,;-]{1,3}(?:à |"
    r"in )?(?:F-?)?\d{5}(?:[ ,]{1,2}(?!(?-i:[a-z]))[\w'’-]+(?:[ -](?!(?-i:[a-z]))[\w'’-]+){0,3}| (?!"
    + _STOP
    + r"\b)[a-zà-ÿ'’-]{3,})?)"
)
_NUMBER = r"(?<![\w,.\[€$£])\d{1,4}(?: ?(?:bis|ter|quater|[a-d])\b)?[ ,]{1,2}"
_ADDRESS_FR = re.compile(rf"{_NUMBER}{_STREET_SURE}\b\.? {_NAMED}{_CITY}?", _I)
_ADDRESS_FR_MAYBE = re.compile(
    rf"{_NUMBER}{_STREET_MAYBE}\b\.? (?:{_NAMED}{_CITY}|"
    rf"{_PARTICLE}{{0,2}}(?-i:[A-ZÀ-Þ])[\w'’-]+(?: {_PARTICLE}?(?-i:[A-ZÀ-Þ])[\w'’-]+){{0,3}})",
    _I,
)
_ADDRESS_TOLD = re.compile(
    rf"\b(?:habite|habitons|r[ée]side|domicili[ée]e?s?|demeurant|loge|adresse)(?: (?:est|au|à|dans|sur|la|le|"
    rf":))*[ :]+(?P<it>(?:\d+ ?)?(?:{_STREET_SURE}|{_STREET_MAYBE})\b\.? {_NAMED}{_CITY}?)",
    _I,
)
_WAY = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|crescent|cres|gardens|gdns|terrace|"
    r"grove|hill|park|place|pl|square|sq|way|mews|boulevard|blvd)"
)
_UK_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
_TOWN = rf"(?:,? ?(?-i:[A-Z])[\w'’-]+(?: (?-i:[A-Z])[\w'’-]+)?)?(?:,? ?(?:{_UK_POSTCODE}|(?-i:[A-Z]{{2}} )?\d{{5}})\b)"
_ADDRESS_EN = re.compile(
    rf"(?<![\w,.\[€$£])(?:(?:flat|apt|apartment|"
    rf"unit) \w{{1,4}},? )?\d{{1,5}}[a-d]?,? (?:(?-i:[A-Z])[\w'’-]+ ){{1,3}}{_WAY}\b\.?(?:{_TOWN})?",
    _I,
)
_ADDRESS_EN_TOLD = re.compile(
    rf"\b(?:live at|lives at|living at|address is|address was|address|resident (?:at|of)|home at|sent to|"
    rf"delivered to|moved to)[ :]+"
    rf"(?P<it>(?:(?:flat|apt|apartment|"
    rf"unit) \w{{1,4}},? )?\d{{1,5}}[a-d]?,? (?:[\w'’-]+ ){{1,3}}{_WAY}\b\.?(?:{_TOWN})?)",
    _I,
)
_POSTCODE = re.compile(r"(?<![\w\[])(?!(?:PS|A|B|M|GB)\d \d)[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}(?!\w)")


_NUMERIC = re.compile(r"\d")
_THREE = re.compile(r"\d(?:\D{0,3}\d){2}")  # digits close to each other, so many
_SIX = re.compile(r"\d(?:\D{0,4}\d){5}")
_AT = re.compile(r"@|[(\[{] ?(?:at|arobase|a) ?[)\]}]", _I)
_SPOKEN_AT = re.compile(r" (?:arobase?|at) [\w-]+ (?:point|dot) ", _I)
_WEB = re.compile(r"://|www\.|\.com/", _I)
_RESIDES = re.compile(r"habit|r[ée]sid|domicil|demeur|loge|adress", _I)
_ZERO = re.compile(r"\b(?:z[ée]ro|oh)[ -]", _I)


def without_identifiers(text: str, counts: Counter[str]) -> str:
    """The text without its identifiers; `counts` is added to."""
    seen: dict[re.Pattern[str], bool] = {}
    for kind, pattern, found, hint in _RULES:
        if hint not in seen:
            seen[hint] = hint.search(text) is not None
        if seen[hint]:
            text = _replaced(text, kind, pattern, found, counts)
    return text


def _rules() -> Iterator[tuple[str, re.Pattern[str], _Found, re.Pattern[str]]]:
    """Kind, form, what must hold besides the form, and what a text must have for the form to be looked for at all.

    In the order in which they are looked for: the surest forms first.
    """
    yield "email", _EMAIL, _always, _AT
    yield "email", _EMAIL_SPOKEN, _always, _SPOKEN_AT
    yield "url", _URL, _always, _WEB
    yield "url", _HANDLE, _always, _WEB
    yield "iban", _IBAN, _is_iban, _SIX
    yield "address", _ADDRESS_FR, _always, _NUMERIC
    yield "address", _ADDRESS_FR_MAYBE, _always, _NUMERIC
    yield "address", _ADDRESS_TOLD, _always, _RESIDES
    yield "address", _ADDRESS_EN, _always, _NUMERIC
    yield "address", _ADDRESS_EN_TOLD, _always, _NUMERIC
    yield "plate", _PLATE_TOLD, _has_digit, _NUMERIC
    yield "social_security", _NIR, _is_nir, _SIX
    yield "social_security", _NINO, _always, _SIX
    yield "social_security", _SSN, _always, _SIX
    yield "card", _CARD, _is_card, _SIX
    yield "plate", _PLATE_OLD, _is_plate, _THREE
    yield "phone", _PHONE_TOLD, _always, _NUMERIC
    yield "contract", _NUMBERED, _is_number, _THREE
    yield "phone", _PHONE, _always, _SIX
    yield "phone", _PHONE_SPOKEN, _always, _ZERO
    yield "contract", _NUMBER_SIGN, _is_number, _THREE
    yield "plate", _PLATE_TIGHT, _always, _NUMERIC
    yield "plate", _PLATE_SPACED, _is_plate, _NUMERIC
    yield "plate", _PLATE_BRITISH, _is_plate, _NUMERIC
    yield "address", _POSTCODE, _always, _NUMERIC
    yield "contract", _MIXED, _is_mixed, _THREE
    yield "contract", _LONG, _is_long, _SIX


def _replaced(text: str, kind: str, pattern: re.Pattern[str], found: _Found, counts: Counter[str]) -> str:
    part = "it" if "it" in pattern.groupindex else 0
    pieces, done, at = [], 0, 0
    while match := pattern.search(text, at):
        start, end = match.span(part)
        at = max(end, match.start() + 1)
        if found(match):
            pieces += [text[done:start], f"[{kind}]"]
            counts[kind] += 1
            done = end
        else:
            at = match.start() + 1  # what is looked for may begin inside what only resembles it
    return "".join([*pieces, text[done:]])


def _always(_: re.Match[str]) -> bool:
    return True


def _has_digit(match: re.Match[str]) -> bool:
    return any(c.isdigit() for c in match["it"])


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _is_iban(match: re.Match[str]) -> bool:
    """The check of ISO 7064 (mod 97), or the form of a French IBAN with a slip in it."""
    bare = "".join(c for c in match[0].upper() if c.isalnum())
    number = "".join(str(int(c, 36)) for c in bare[4:] + bare[:4])
    return int(number) % 97 == 1 or (bare.startswith("FR") and len(_digits(bare)) >= 18)


def _is_card(match: re.Match[str]) -> bool:
    """The check of Luhn; sixteen digits in fours are a card even with a slip."""
    digits = _digits(match[0])
    if not 13 <= len(digits) <= 19:
        return False
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0 or (len(digits) == 16 and len(match[0]) > 16)


def _is_nir(match: re.Match[str]) -> bool:
    """Fifteen characters with the key of the French number (97 - n mod 97), or written in its groups."""
    bare = "".join(c for c in match[0].upper() if c.isdigit() or c in "AB")
    if len(bare) not in {13, 15}:
        return False
    number = bare[:13].replace("2A", "19").replace("2B", "18")
    keyed = len(bare) == 15 and number.isdigit() and 97 - int(number) % 97 == int(bare[13:])
    return keyed or len(match[0]) > len(bare) or len(bare) == 13


def _is_number(match: re.Match[str]) -> bool:
    """An identifier after the word for what it counts: no year, date, amount, duration or small number."""
    it = match["it"]
    digits = _digits(it)
    if _LAW.search(match.string, max(0, match.start() - 12), match.start()):
        return False
    signed = bool(re.search(r"n[°º]|#|num|number|r[ée]f", match[0][: match.start("it") - match.start()], _I))
    if len(digits) < 3 or (len(digits) < 4 and not signed):
        return False
    if _DATE.match(it) or _UNIT_INSIDE.match(it) or _MONEY_AFTER.match(match.string, match.end()):
        return False
    if len(digits) == 4 and it.isdigit() and match[0].lower().startswith(("num", "number", "n")) and it[0] == "3":
        return False  # short numbers of customer services: "le numéro 3939"
    return signed or not _YEAR.match(it)


def _is_plate(match: re.Match[str]) -> bool:
    return not _NO_PLATE.intersection(g.upper() for g in match.groups())


def _is_mixed(match: re.Match[str]) -> bool:
    return not _UNIT_INSIDE.match(match[0]) and not _NOT_MIXED.search(match[0])


def _is_long(match: re.Match[str]) -> bool:
    """Eight digits and more in one piece that are no day written without separators and no amount."""
    digits = match[0]
    if _MONEY_AFTER.match(match.string, match.end()):
        return False
    return not (len(digits) == 8 and any(_is_day(digits, form) for form in ("%Y%m%d", "%d%m%Y")))


def _is_day(digits: str, form: str) -> bool:
    try:
        return 1900 <= dt.datetime.strptime(digits, form).year <= 2100  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return False


_RULES = tuple(_rules())
