"""Fictitious brands and the real sectors that they stand in.

A name is a word of the sea and a complement, such as *Fanal des Brumes*: plainly invented, and nobody's trade mark.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sector:
    """A line of business, with its names."""

    id: str
    fr: str
    en: str


SECTORS: tuple[Sector, ...] = (
    Sector("retail", "Grande distribution", "Retail"),
    Sector("telecom", "Télécoms et internet", "Telecoms and internet"),
    Sector("energy", "Énergie", "Energy"),
    Sector("bank", "Banque", "Banking"),
    Sector("insurance", "Assurance", "Insurance"),
    Sector("mutual", "Mutuelle santé", "Health cover"),
    Sector("ecommerce", "E-commerce", "E-commerce"),
    Sector("fashion", "Mode", "Fashion"),
    Sector("beauty", "Beauté", "Beauty"),
    Sector("travel", "Voyages", "Travel"),
    Sector("hotels", "Hôtellerie", "Hotels"),
    Sector("transport", "Transport de personnes", "Passenger transport"),
    Sector("delivery", "Livraison de colis", "Parcel delivery"),
    Sector("optics", "Optique", "Optics"),
    Sector("furniture", "Ameublement", "Furniture"),
    Sector("public_service", "Service public", "Public service"),
)

_NOUNS = (
    "Alizé", "Amarre", "Balise", "Boussole", "Cabestan", "Cormoran", "Corne", "Drisse", "Écoute", "Écume", "Embrun",
    "Estran", "Étrave", "Fanal", "Filin", "Gabier", "Goélette", "Grève", "Hauban", "Houle", "Jusant", "Lagune",
    "Marée", "Misaine", "Phare", "Proue", "Récif", "Sémaphore", "Sillage", "Tangon", "Varech",
)  # fmt: skip
_COMPLEMENTS = (
    "des Brumes", "du Levant", "de Minuit", "aux Lilas", "des Cimes", "de Juin", "des Orges", "du Couchant",
    "aux Hirondelles", "de l’Aubépine", "des Sept Lieues", "du Grand Pin", "de la Belle-Étoile", "des Quatre Vents",
    "au Long Cours", "de Cristal", "des Songes", "du Vieux Pré", "aux Genêts", "de la Lune Rousse", "des Marguerites",
    "du Bois Clair", "de Velours",
)  # fmt: skip
MOST_NAMES = len(_NOUNS) * len(_COMPLEMENTS)


def brand_name(number: int) -> str:
    """The name of the brand of a number; 31 and 23 have no common divisor, so the first 713 all differ."""
    if not 0 <= number < MOST_NAMES:
        raise IndexError(f"there are {MOST_NAMES} brand names")
    return f"{_NOUNS[number % len(_NOUNS)]} {_COMPLEMENTS[number % len(_COMPLEMENTS)]}"


def plain(name: str) -> str:
    """A name as people type it: small letters without accents."""
    folded = unicodedata.normalize("NFKD", name.replace("’", " ").replace("-", " "))
    return "".join(letter for letter in folded if not unicodedata.combining(letter)).lower()


def brand_id(name: str) -> str:
    return plain(name).replace(" ", "_")
