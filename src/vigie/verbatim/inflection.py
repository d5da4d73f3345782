"""Inflected forms of French and English words, folded. Rules also give some forms that no language has."""

from __future__ import annotations

from vigie.verbatim.folding import fold, word_set

_ER = word_set(
    """
    er e es ons ez ent ee ees ais ait ions iez aient ai as a ant erent erai eras era erons erez eront erais
    erait erions eriez eraient eons eant eait eais eaient
    """
)
_IR = word_set(
    """
    ir i ie is ies it issons issez issent issais issait issaient issant isse irai ira iront irait irais iraient
    irez
    """
)
_RE = word_set(
    """
    re s ons ez ent ais ait aient ant u ue us ues e es rai ra rez ront rait rais raient
    """
)
_IRREGULAR = {
    "mentir": "mentir mens ment mentent mentait mentaient menti mentez mentant",
    "tenir": "tenir tient tiennent tiens tenu tenue tenus tenues tenait tenaient tiendra",
    "valoir": "valoir vaut valent valait vaux",
    "mettre": "mettre met mettent mets mis mise mises mettait mettaient mettez",
    "promettre": "promettre promet promettent promets promis promise promises promettait promettaient promettez",
    "decevoir": "decevoir decoit decoivent decois decu decue decus decues decevait",
    "recevoir": "recevoir recoit recoivent recois recu recue recus recues recevait recevra recevrai",
    "devoir": "devoir doit doivent du due dus devait",
    "pouvoir": "pouvoir peut peuvent peux pouvait pu pourra pourront puisse pouvons pouvez",
    "vouloir": "vouloir veut veulent veux voulait voulu voudra voulaient",
    "savoir": "savoir sait savent sais savait su saura savaient savons",
    "comprendre": "comprendre comprend comprennent comprends compris comprise comprenait comprenez comprenons",
    "prendre": "prendre prend prennent prends pris prise prises prenait prennait prenez",
    "joindre": "joindre joint joignent joins jointe joignait",
    "aller": "aller va vont vais allait allez",
    "plaindre": "plaindre plains plaint plaignent",
    "couvrir": "couvrir couvre couvrent couvert couverte couverts couvertes couvrait",
    "obtenir": "obtenir obtient obtiennent obtenu obtenue obtenus obtiens obtenir",
    "soutenir": "soutenir soutient soutiennent soutenu soutenue soutenait",
    "prevenir": "prevenir previent previennent prevenu prevenue prevenus prevenait",
    "convenir": "convenir convient conviennent convenait convenu",
    "servir": "servir sert servent servait servi servie",
    "parvenir": "parvenir parvient parviennent parvenu",
    "resoudre": "resoudre resout resolu resolue resolus resolues resolvent",
    "satisfaire": "satisfaire satisfait satisfaite satisfaits satisfaites satisfais satisfont",
    "lie": "lie lies lied lying",
    "steal": "steal steals stole stolen stealing",
    "hear": "hear heard hears",
    "get": "get gets got getting",
    "know": "know knows knew known",
    "understand": "understand understands understood",
    "keep": "keep keeps kept keeping",
    "lose": "lose loses lost losing",
    "forget": "forget forgets forgot forgotten forgetting",
    "mislead": "mislead misleads misled misleading",
    "do": "do does did done doing",
    "pay": "pay pays paid paying",
    "speak": "speak speaks spoke spoken",
    "feel": "feel feels felt feeling",
    "break": "break breaks broke broken breaking",
    "con": "con cons conned conning",
    "stink": "stink stinks stank stinking",
    "smell": "smell smells smelt smelled smelling",
}


def forms(word: str, kind: str, language: str) -> set[str]:
    """The folded forms of an `adj`, `noun` or `verb` ("any": of what its ending says) in "fr" or "en"."""
    bare = fold(word)
    if " " in bare or not bare.replace("-", "").isalpha():
        return {bare}
    if language == "en":
        return _english(bare, kind)
    if kind == "any":
        kind = "verb" if word.endswith(("er", "ir", "re")) else "adj"
        # a verb of a phrase is written in one of its forms
        return {bare, *_french(bare, kind), *_present(bare)}
    return _french(bare, kind, acute=word.endswith("é"))


def _present(bare: str) -> set[str]:
    """Other forms of a verb written in the third person: "répond" also as "répondent", "moque" also as "moquent"."""
    return {bare + "nt", bare + "ent", bare + "s"}


def _french(bare: str, kind: str, *, acute: bool = False) -> set[str]:
    if kind == "verb":
        return _french_verb(bare)
    if kind == "noun":
        return {bare, bare + "s", bare[:-2] + "aux" if bare.endswith("al") else bare + "s", bare + "x"}
    return _french_adjective(bare, acute=acute)


def _french_verb(bare: str) -> set[str]:
    if bare in _IRREGULAR:
        return set(_IRREGULAR[bare].split())
    if bare.endswith("er"):
        stem = bare[:-2]
        found = {stem + e for e in _ER}
        if stem.endswith("y"):
            found |= {stem[:-1] + "i" + e for e in _ER}
        if stem[-1:] in {"l", "t", "n"}:
            found |= {stem + stem[-1] + e for e in _ER}  # "appelle", "jette"
        return found
    if bare.endswith("ir"):
        return {bare[:-2] + e for e in _IR}
    if bare.endswith("re"):
        stem = bare[:-2]
        return {stem, *(stem + e for e in _RE)}
    return {bare}


def _french_adjective(bare: str, *, acute: bool) -> set[str]:
    feminines = {bare + "e"}
    if bare.endswith("e") and not acute:
        feminines = {bare}
    elif bare.endswith("x"):
        feminines = {bare[:-1] + "se", bare[:-1] + "sse"}
    elif bare.endswith("eur"):
        feminines |= {bare[:-1] + "se", bare[:-3] + "rice"}
    elif bare.endswith("if"):
        feminines = {bare[:-1] + "ve"}
    elif bare.endswith("c"):
        feminines |= {bare[:-1] + "que", bare[:-1] + "che"}
    elif bare.endswith("er"):
        feminines |= {bare + "e"}
    elif bare[-1:] in {"l", "n", "t", "s"}:
        feminines |= {bare + bare[-1] + "e"}
    plurals = {bare[:-2] + "aux"} if bare.endswith("al") else set()
    return {bare, bare + "s", *plurals, *feminines, *(f + "s" for f in feminines)}


def _english(bare: str, kind: str) -> set[str]:
    if kind == "verb":
        return _english_verb(bare)
    if kind == "noun":
        return {bare, _with_s(bare)}
    if kind == "adj":
        found = {bare}
        if len(bare) <= 6:
            stem = bare[:-1] + "i" if bare.endswith("y") else bare.removesuffix("e")
            found |= {stem + "er", stem + "est"}
        if bare.endswith("y"):
            found.add(bare[:-1] + "ily")
        return found | {bare + "ly"}
    return {bare, _with_s(bare)}


def _english_verb(bare: str) -> set[str]:
    if bare in _IRREGULAR:
        return set(_IRREGULAR[bare].split())
    if bare.endswith("e"):
        return {bare, bare + "s", bare + "d", bare[:-1] + "ing"}
    if bare.endswith("y") and bare[-2] not in "aeiou":
        return {bare, bare[:-1] + "ies", bare[:-1] + "ied", bare + "ing"}
    doubled = bare + bare[-1]
    return {bare, _with_s(bare), bare + "ed", bare + "ing", doubled + "ed", doubled + "ing"}


def _with_s(bare: str) -> str:
    if bare.endswith("y") and bare[-2:-1] not in "aeiou":
        return bare[:-1] + "ies"
    return bare + ("es" if bare.endswith(("s", "x", "z", "ch", "sh")) else "s")
