"""Generated sentences that hold one invented identifier each, in French and English, as customers write them."""

from __future__ import annotations

import itertools
import random
import string
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

FIRST = (
    "Julien", "Sophie", "Mohamed", "Karine", "Jean-Pierre", "Nathalie", "Thierry", "Fatima", "Camille", "Sébastien",
    "Chloé", "Yannick", "Émilie", "Mickaël", "Anne-Sophie", "Benoît", "Gwenaëlle", "Kevin", "Sarah", "Emily",
    "Jonathan", "Rebecca", "Gareth", "Siobhan", "Priya", "Matthew", "Hannah", "Stephen", "Rachel", "Abdel", "Inès",
    "Loïc", "Maëlle", "Corentin", "Ludivine", "Ophélie",
)  # fmt: skip
RARE_FIRST = (
    "Eléazar", "Ysoline", "Tugdual", "Oksana", "Wenceslas", "Keziah", "Anouchka",
)  # fmt: skip
LAST = (
    "Dupont", "Durand", "Lefebvre", "Moreau", "Garcia", "Benali", "Nguyen", "Roussel", "Petit", "Blanc", "Leroy",
    "Fournier", "Delacourt", "Kowalczyk", "Okonkwo", "Ribeiro", "Vandenberghe", "Jaouen", "Thévenot", "Bourdin",
    "Castaing", "Smith", "Johnson", "Robinson", "O'Brien", "Whitfield", "Hargreaves", "Pemberton", "Szymanski",
    "Traoré", "Belkacem", "Le-Goff", "Marchetti", "Brown", "Young",
)  # fmt: skip
STREETS = (
    "rue Victor Hugo", "avenue des Lilas", "boulevard de la République", "rue du Général de Gaulle",
    "impasse des Cerisiers", "chemin du Moulin", "allée Jean Jaurès", "place de la Mairie", "rue Saint-Antoine",
    "quai des Chartrons", "bd Voltaire", "av. Foch", "route de Lyon", "rue de l'Église", "square des Acacias",
    "cours Lafayette", "rue de Bretagne",
)  # fmt: skip
TOWNS = (
    "75011 Paris", "69003 Lyon", "13090 Aix-en-Provence", "44000 Nantes", "59800 LILLE", "97400 Saint-Denis",
    "31000 Toulouse",
)  # fmt: skip
ROADS = (
    "High Street", "Station Road", "Victoria Avenue", "Church Lane", "Elm Drive", "Park Close", "Queens Road",
    "Mill Lane", "St Johns Terrace",
)  # fmt: skip
CITIES = (
    "London SW1A 1AA", "Leeds LS1 4AP", "Bristol, BS8 1TH", "M1 1AE", "Springfield, IL 62704", "",
)  # fmt: skip

NAME_CONTEXTS = {
    "fr": """
        M. {last} m'a répondu sèchement | M {last} est incompétent | Monsieur {last} n'a jamais rappelé
        monsieur {last} a été très aimable
        Mme {last} a réglé mon problème | mme {last} m'a raccroché au nez | Madame {first} {last} est parfaite
        Mlle {last} ne savait rien
        j'ai eu Mr {last} au téléphone | je m'appelle {first} {last} et j'attends toujours
        bonjour je m appelle {first} {last}
        mon nom est {first} {last} | Mon conseiller {first} {last} est à l'écoute
        ma conseillère {first} a tout fait pour m'aider
        le technicien {first} est venu deux fois | mon interlocuteur, {first} {last}, a été réactif
        je suis {first} {last}, client depuis 2012
        Service déplorable. Cordialement, {first} {last} | très déçu. Cordialement {first} {last}
        Merci de me rappeler. {first} {last}
        Bien à vous,¶{first} {last} | signé {first} {last} | Signé : {last} | un grand merci à {first} pour son aide
        merci {first} !
        {first} a été formidable | {first} {last} m'a très bien conseillé | la conseillère s'appelle {first}
        une certaine {first} m'a répondu
        j'ai parlé avec {first} {last} hier | le dossier est au nom de {first} {last}
        le contrat de mon mari {first} {last} est bloqué
        Dr {last} ne prend plus la carte | le gestionnaire nommé {last} refuse
        Merci beaucoup à {first} et à toute l'équipe
        le vendeur {first} m'a menti | Nom : {last} | nom: {last} prénom: x | mademoiselle {last} m'a fait patienter
    """,
    "en": """
        Mr {last} hung up on me | mr {last} was rude | Mrs {last} was very helpful | Ms {last} never called back
        my name is {first} {last}
        My name is {first} {last} and I am still waiting | I spoke to {first} {last} yesterday
        spoke to {first} on the phone
        the adviser, {first} {last}, was brilliant | my adviser {first} was great
        the technician {first} did not turn up
        Regards, {first} {last} | Kind regards¶{first} {last} | Yours sincerely, {first} {last}
        Many thanks, {first} {last}
        the account is in the name of {first} {last} | a lady named {first} answered | thanks to {first} for the help
        {first} was superb
        {first} {last} sorted it all out | Dr {last} could not see me | Miss {last} at the desk was lovely
        her name is {first}
        an agent called {first} {last} promised a refund | manager {first} {last} was dismissive
        this is {first} {last} again
        Thank you {first}! | I dealt with {first} {last} | Signed, {first} {last}
    """,
}
OTHER_CONTEXTS = {
    "phone": {
        "fr": """
            rappelez-moi au {x} | mon numéro est le {x} | tel {x} | tél. : {x} | tel:{x} | portable {x} merci
            Joignable au {x} après 18h
            je suis joignable au {x} | mon fixe {x} ne marche plus | appelez le {x} svp | voici mon tel {x}
            au {x} personne ne répond
            {x} | on m'a appelé du {x} à 8h du matin | merci de me contacter {x} | mon 06 est le {x}, rappelez
            le {x} sonne dans le vide
        """,
        "en": """
            call me back on {x} | my number is {x} | phone {x} | tel: {x} | reach me at {x} please | mobile {x} thanks
            {x} is my landline
            you can ring me on {x} after 6pm | I was called from {x} three times | contact number {x}
            my phone number: {x}
        """,
    },
    "email": {
        "fr": """
            mon mail est {x} | mail : {x} | écrivez-moi à {x} | {x} | mon adresse {x} n'est pas reconnue
            répondez sur {x} merci
            j'ai écrit depuis {x}, aucune réponse | compte bloqué ({x}) | e-mail:{x}
        """,
        "en": """
            my email is {x} | email: {x} | write to me at {x} | {x} | the account {x} is locked
            I use {x}, reply there | (contact {x})
        """,
    },
    "contract": {
        "fr": """
            mon contrat n° {x} a été résilié | contrat {x} | numéro de contrat {x} | mon numéro client est {x}
            n° client : {x}
            dossier {x} toujours en attente | dossier n°{x} | référence {x} | réf. {x} | ref : {x}
            ma commande {x} n'est jamais arrivée
            commande numéro {x} non livrée | sinistre {x} déclaré en mars | n° de sinistre {x}
            réclamation {x} sans réponse
            facture n° {x} | numéro d'adhérent {x} | sociétaire n° {x} | le numéro de dossier est le {x} | numéro {x}
            police {x}
        """,
        "en": """
            my contract number is {x} | contract {x} | order {x} never arrived | order number {x}
            claim {x} is still open | claim no. {x}
            customer number {x} | account number: {x} | policy {x} was cancelled | booking reference {x} | case {x}
            ticket #{x}
            my reference is {x} | invoice {x} | case number {x} | order #{x} lost | membership number {x}
        """,
    },
    "card": {
        "fr": """
            ma carte {x} a été débitée | carte bancaire {x} | CB {x} | numéro de carte : {x} | {x} exp 12/26
            payé avec la {x}
        """,
        "en": """
            my card {x} was charged | card number {x} | visa {x} | {x} was declined | charged twice to {x}
            mastercard: {x}
        """,
    },
    "iban": {
        "fr": """
            mon IBAN {x} | iban: {x} | virement sur {x} jamais reçu | RIB {x} | remboursez sur {x} svp
            voici mon rib {x} merci
        """,
        "en": """
            my IBAN is {x} | iban {x} | refund to {x} please | bank details: {x} | I gave {x} twice | paid into {x}
        """,
    },
    "address": {
        "fr": """
            j'habite {x} | j'habite au {x} | mon adresse est {x} | livraison au {x} jamais arrivée | adresse : {x}
            domicilié {x}
            je réside {x} | vous avez livré au {x} au lieu de chez moi | le compteur du {x} est en panne | {x}
            colis déposé {x}
            panne au {x} depuis lundi | nous sommes au {x} et la fibre ne passe pas | client à l'adresse {x}
        """,
        "en": """
            I live at {x} | my address is {x} | delivered to {x} by mistake | address: {x} | {x}
            the meter at {x} is broken
            we moved to {x} in May | parcel sent to {x} | no internet at {x} since Monday | resident of {x}
        """,
    },
    "plate": {
        "fr": """
            mon véhicule {x} | immatriculé {x} | ma voiture immatriculée {x} | plaque {x} | la Clio {x} est au garage
            {x} en panne
            véhicule assuré : {x} | immatriculation {x} | le véhicule ({x}) a été remorqué | carte grise {x}
        """,
        "en": """
            my car {x} | registration {x} | number plate {x} | the Golf {x} broke down | reg {x}
            vehicle {x} was towed
        """,
    },
    "social_security": {
        "fr": """
            mon numéro de sécurité sociale {x} | n° sécu {x} | nir {x} | numéro de sécu : {x} | {x} | je suis le {x}
            ma carte vitale {x} | assuré social {x} | sécurité sociale n° {x}
        """,
        "en": "my French social security number is {x} | insurance number {x} | {x} | social security: {x}",
    },
    "url": {
        "fr": "mon profil {x} | voir {x} | tout est là : {x} | preuve sur {x} | {x}",
        "en": "my profile {x} | see {x} | proof here: {x} | {x}",
    },
}
PHONES = {
    "fr": (
        "0% ## ## ## ##", "0% ## ## ## ##", "0%.##.##.##.##", "0%-##-##-##-##", "0%########", "0%/##/##/##/##",
        "0%  ##  ##  ##  ##", "+33 % ## ## ## ##", "+33%########", "0033%########", "0033 % ## ## ## ##",
        "+33 (0)% ## ## ## ##", "+33(0)%########", "0%# ### ####",
    ),
    "en": (
        "07### ######", "07#########", "+44 7### ######", "020 7### ####", "(0161) 4## ####", "3##-4##-####",
        "+1 2## 555 ####", "0044 7#########",
    ),
}  # fmt: skip
CONTRACTS = (
    "%####", "%#####", "%######", "%#######", "%########", "%#########", "%###########", "@######", "@@-#####",
    "2024-#####", "@@@#######", "### ### ###", "####@@", "@@/####/###",
)  # fmt: skip
PLATES = {
    "fr": ("@@-###-@@", "@@-###-@@", "@@###@@", "@@ ### @@", "%### @@@ 75", "%## @@@ 69"),
    "en": ("AB12 @@@", "LM19@@@", "KD68 @@@", "BN71@@@"),
}
URLS = (
    "https://www.facebook.com/{}", "http://forum.example.org/membre/{}?id=4", "www.linkedin.com/in/{}",
    "https://example.com/avis/{}/12", "instagram.com/{}",
)  # fmt: skip
LETTERS = "ABCDEFGHJKLMNPRSTVWXYZ"
SHARES = {
    "name": 130, "phone": 85, "email": 45, "contract": 75, "card": 30, "iban": 25, "address": 60, "plate": 25,
    "social_security": 20, "url": 10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, the kind of identifier in it, and what must be gone from it."""

    kind: str
    text: str
    secrets: tuple[str, ...]


def sentences(seed: int = 2024, *, listed: bool = True) -> list[Sentence]:
    """505 sentences, as many of each kind as `SHARES` says, half of them French and half English.

    `listed`: nearly all first names are common ones, as in life; otherwise all are rare.
    """
    draw = random.Random(seed)
    return [
        _name(draw, language, rare=0.05 if listed else 1.0) if kind == "name" else _other(draw, kind, language)
        for kind, n in SHARES.items()
        for language in itertools.islice(itertools.cycle(("en", "fr")), n)
    ]


def remains(sentence: Sentence, redacted: str) -> bool:
    """Is a secret, or a piece of it with a digit, still in the text?"""
    left = redacted.lower()
    pieces = [p for secret in sentence.secrets for p in secret.replace(",", " ").split() if len(p) > 1]
    return any(s.lower() in left for s in sentence.secrets) or any(
        p.lower() in left for p in pieces if any(c.isdigit() for c in p)
    )


def _contexts(text: str) -> list[str]:
    """The templates of a block: on lines or between bars, with ¶ for a line break."""
    return [c.strip().replace("¶", "\n") for line in text.strip().splitlines() for c in line.split(" | ") if c.strip()]


def _name(draw: random.Random, language: str, rare: float) -> Sentence:
    context = draw.choice(_contexts(NAME_CONTEXTS[language])) + draw.choice(["", "", "."])
    first = draw.choice(RARE_FIRST if draw.random() < rare else FIRST)
    last = draw.choice(LAST).replace("-", " ")
    style = draw.random()
    if style < 0.25:
        first, last = first.lower(), last.lower()
        context = context if draw.random() < 0.5 else context.lower()
    elif style < 0.35:
        last = last.upper()
    secrets = [s for s, slot in ((first, "{first}"), (last, "{last}")) if slot in context]
    return Sentence("name", context.format(first=first, last=last), tuple(secrets))


def _other(draw: random.Random, kind: str, language: str) -> Sentence:
    context = draw.choice(_contexts(OTHER_CONTEXTS[kind][language])) + draw.choice(["", "", "."])
    value = MAKERS[kind](draw, language)
    return Sentence(kind, context.format(x=value), (value,))


def _filled(draw: random.Random, form: str) -> str:
    """A form with a digit for each #, one from 3 to 7 for each %, and a letter for each @."""
    sets = {"#": string.digits, "%": "34567", "@": LETTERS}
    return "".join(draw.choice(sets[c]) if c in sets else c for c in form)


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in bare if c.isascii() and c.isalpha())


def _phone(draw: random.Random, language: str) -> str:
    return _filled(draw, draw.choice(PHONES[language]))


def _email(draw: random.Random, language: str) -> str:
    first, last = _plain(draw.choice(FIRST)), _plain(draw.choice(LAST))
    user = draw.choice([f"{first}.{last}", f"{first}{last}42", f"{first[0]}_{last}", f"{last}-{first}", f"{first}+pub"])
    name, end = draw.choice(
        [("gmail", "com"), ("orange", "fr"), ("yahoo", "co.uk"), ("laposte", "net"), ("ac-lyon", "fr")]
    )
    style = draw.random()
    if style < 0.08:
        return f"{user} @ {name}.{end}"
    if style < 0.16:
        return f"{user}(at){name}.{end}"
    if style < 0.22 and "." not in end:
        return f"{user} arobase {name} point {end}" if language == "fr" else f"{user} at {name} dot {end}"
    return f"{user}@{name}.{end}" if style < 0.8 else f"{user}@{name}.{end}".upper()


def _contract(draw: random.Random, _: str) -> str:
    number = _filled(draw, draw.choice(CONTRACTS))
    return number.lower() if draw.random() < 0.15 else number


def _card(draw: random.Random, _: str) -> str:
    body = _filled(draw, draw.choice(["4##############", "51#############", "4970###########"]))
    doubled = [int(d) * (2 - i % 2) for i, d in enumerate(reversed(body))]
    number = body + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)
    return draw.choice([" ", " ", "-", ""]).join(number[i : i + 4] for i in range(0, 16, 4))


def _iban(draw: random.Random, language: str) -> str:
    forms = (
        ["FR" + "#" * 10 + "@#@########" + "##"]
        if language == "fr"
        else ["GBNWBK" + "#" * 14, "DE" + "#" * 18, "BE" + "#" * 12]
    )
    form = _filled(draw, draw.choice(forms))
    country, body = form[:2], form[2:]
    value = int("".join(str(int(c, 36)) for c in body + country + "00"))
    number = f"{country}{98 - value % 97:02d}{body}"
    if draw.random() < 0.6:
        number = " ".join(number[i : i + 4] for i in range(0, len(number), 4))
    return number.lower() if draw.random() < 0.2 else number


def _address(draw: random.Random, language: str) -> str:
    number = str(draw.randint(1, 250))
    if language == "en":
        city = draw.choice(CITIES)
        return draw.choice(["", "", "Flat 4, "]) + f"{number} {draw.choice(ROADS)}" + (f", {city}" if city else "")
    street = draw.choice(STREETS)
    text = number + draw.choice(["", "", "", " bis", " ter", ","]) + f" {street}"
    if draw.random() < 0.5:
        text += draw.choice([" ", ", "]) + draw.choice(TOWNS)
    return text.lower() if draw.random() < 0.25 and not street.startswith(("place", "route", "cours")) else text


def _plate(draw: random.Random, language: str) -> str:
    form = draw.choice(PLATES[language])
    plate = _filled(draw, form)
    return plate.lower() if " " not in form and draw.random() < 0.3 and language == "fr" else plate


def _social_security(draw: random.Random, _: str) -> str:
    born = [draw.choice("12"), f"{draw.randint(40, 99)}", f"{draw.randint(1, 12):02d}", f"{draw.randint(10, 95):02d}"]
    parts = [*born, _filled(draw, "###"), _filled(draw, "###")]
    parts.append(f"{97 - int(''.join(parts)) % 97:02d}")
    return draw.choice([" ", "", "."]).join(parts)


def _url(draw: random.Random, _: str) -> str:
    return draw.choice(URLS).format(_plain(draw.choice(FIRST)) + _filled(draw, "##"))


MAKERS: dict[str, Callable[[random.Random, str], str]] = {
    "phone": _phone,
    "email": _email,
    "contract": _contract,
    "card": _card,
    "iban": _iban,
    "address": _address,
    "plate": _plate,
    "social_security": _social_security,
    "url": _url,
}
