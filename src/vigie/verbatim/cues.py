"""What stands beside the names of people: titles, introductions, roles, closings; and names that are no person's."""

from __future__ import annotations

import re

from vigie.verbatim.folding import word_set

TITLES = word_set(
    """
    mr mrs ms mme mmes mlle monsieur madame mademoiselle miss mister docteur dr maitre mssrs
    """
)
# a name follows, in whatever case it is written
INTRODUCED = (
    ("m", "appelle"), ("me", "nomme"), ("mon", "nom", "est"), ("mon", "prenom", "est"), ("nom", "est"),
    ("name", "is"), ("s", "appelle"), ("s", "appelait"), ("se", "nomme"), ("se", "prenomme"), ("name", "was"),
    ("name", "s"), ("prenomme",), ("prenommee",), ("nomme",), ("nommee",), ("named",), ("soussigne",),
    ("soussignee",), ("goes", "by"), ("on", "behalf"), ("first", "name"),
)  # fmt: skip
# a name follows where the next word is a known one or has a capital, or after a colon
ANNOUNCED = (
    ("du", "nom", "de"), ("le", "nom", "de"), ("au", "nom", "de"), ("the", "name", "of"), ("behalf", "of"), ("nom",),
    ("prenom",), ("names",), ("surname",), ("signe",), ("signee",),
    ("signed",), ("une", "certaine"), ("un", "certain"),
)  # fmt: skip
ROLES = word_set(
    """
    conseiller conseillere technicien technicienne vendeur vendeuse gestionnaire directeur directrice
    responsable agent agente interlocuteur interlocutrice expert experte employe employee collaborateur
    collaboratrice hotesse livreur commercial commerciale caissier caissiere charge chargee clientele assistant
    assistante banquier banquiere teleconseiller teleconseillere operateur operatrice collegue guichetier
    facteur chauffeur courtier courtiere infirmiere mari femme fils fille voisin voisine adviser advisor manager
    colleague representative rep technician engineer driver operator clerk salesman saleswoman supervisor
    receptionist lady guy gentleman lad handler host hostess waiter waitress barman husband wife daughter
    """
)
# "merci à Julie Martin": known names only, or two capitals
SPOKEN = word_set(
    """
    merci a avec par suis dixit contacte appele eu et dit de
    thanks to with by am called and spoke from thank you is
    """
)
MET = frozenset(
    {
        ("this", "is"),
        ("spoke", "to"),
        ("spoke", "with"),
        ("dealt", "with"),
        ("parle", "a"),
        ("parle", "avec"),
        ("echange", "avec"),
    }
)
TRIGGERS = TITLES | ROLES | SPOKEN | {words[-1] for words in (*INTRODUCED, *ANNOUNCED)} | {"m"}
THANKS = ("merci", "thank", "bonne", "cheers")  # closings that other words than a name may follow
CLOSINGS = re.compile(
    r"(?:cordialement|bien [àa] vous|salutations(?: distingu[ée]es)?|respectueusement|amicalement|"
    r"sinc[èe]rement|cdt|cdlt|bonne journ[ée]e|sign[ée]e?|regards|sincerely|faithfully|best wishes|cheers|"
    r"yours truly|yours|signed|"
    r"merci d['’]avance|merci|thanks|thank you)"
    r"[ \t,.!:;\n–—-]+(?P<it>[^\W\d_][^\d,;:!?\n\[\]()]{1,40}?)[ .!]*(?=$|\n|\[)",
    re.IGNORECASE,
)
# two words alone as the last sentence of a text or line: "… de me rappeler. Paul Durand"
LAST_WORDS = re.compile(r"[.!?\n][ \t]*(?P<it>[^\W\d_][\w-]+ [^\W\d_][\w'’-]+)[ .]*(?=$|\n)")
PARTICLES = word_set(
    """
    de du des le la van von el al ben bin da di dos d o mc mac ait
    """
)
PLACES_BEFORE = word_set(
    """
    saint sainte st ste san santa rue avenue boulevard place lycee college hopital ecole gare aeroport chez l
    foyer station stade musee parc quai impasse allee port ile
    """
)
POINTERS = word_set("ce le un du au cette la une the a this that")  # before "monsieur": not a title
SPELT_OTHERWISE = word_set("marié mariés")  # with an accent these are no names
VERB_ENDINGS = ("ez", "ait", "ais", "aient", "ons", "ont", "era", "erai")
FAMILY = word_set("mari femme fils fille voisin voisine husband wife daughter")
NEVER_FIRST = word_set("saint sainte st ste")
BRANDS = (  # of shops and makers that bear the name of a person; the study's own brands come with `keep`
    "leroy merlin", "yves rocher", "louis vuitton", "marc jacobs", "john lewis", "pierre et vacances",
    "pierre & vacances", "monsieur bricolage", "mr bricolage", "monsieur meuble", "madame figaro",
    "franck provost", "jean louis david", "jean-louis david", "alain afflelou", "ben & jerry", "ted baker",
    "paul smith", "ralph lauren", "calvin klein", "tommy hilfiger", "jacques dessange", "christian dior",
    "jean paul gaultier", "yves saint laurent", "michael kors", "marks and spencer", "mercedes benz",
    "mercedes-benz", "mercedes", "alfa romeo", "jack daniel", "morgan stanley", "thomas cook", "sarah lawrence",
    "marie claire", "uncle ben", "mister auto", "mr propre",
    "charles de gaulle", "jack wills", "virgin", "jean bouin", "victor hugo", "aurore boreale", "jennyfer",
    "marionnaud", "nocibe", "madame tussauds", "miss france", "st james", "saint laurent", "michel et augustin",
    "bonne maman", "dr martens", "dr. martens", "john deere", "henry schein",
)  # fmt: skip
