"""The language of a text: French, English, or not told."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from vigie.verbatim.folding import fold, word_set

_HEAD = 500  # characters that are read: more of a long text tells nothing more
_WORD = re.compile(r"[^\W\d_]+")
_FRENCH_MARKS = re.compile(r"[çœèêàùëûîï]|qu'|\b[jldnmts]'(?=[aeiouhyéèêà])|\baujourd'hui\b")

FRENCH = word_set(
    """
    je tu se en il elle nous vous ils elles leur leurs lui moi toi eux mon ma mes ton ta tes son sa ses notre nos
    votre vos le la les un une des du de au aux ce cet cette ces ca cela ceci qui que quoi dont ou quel quelle
    quels quelles et mais donc car ni si ne pas plus jamais rien aucun aucune tres trop bien mal peu beaucoup
    assez aussi alors encore toujours souvent deja avec sans pour par dans sur sous chez vers entre depuis
    pendant avant apres contre selon malgre est sont etait etaient ete etre suis es sommes etes sera serait fut
    ai as avons avez ont avait avaient eu avoir aura aurait fait font faire faut peut peux peuvent pouvoir doit
    dois vais va vont aller dit dire vu voir mis pris quand comme comment pourquoi parce lorsque puis ensuite
    enfin tout toute tous toutes meme autre autres quelque quelques chaque plusieurs moins mieux jour jours mois
    ans annee annees fois heure heures semaine semaines merci bonjour oui non voila ici bon bonne bons bonnes
    nul nulle rapide cher chere accueil conseiller conseillere prix ecoute reponse satisfait satisfaite
    telephone personne gens probleme problemes souci appel dossier delai attente remboursement contrat efficace
    agreable rapidite vraiment aujourd hui hier demain c j l d n m s qu y jai jsuis cest cetait ya yavait pr ds
    dc tt tte ts tjs tjrs tjr qd qq bcp pcq pk pkoi ki ke koi mdr svp stp rdv bjr slt pb dsl cad chui jamai tres
    correct parfait super mauvais mauvaise aimable gentil sympa livraison achat magasin service client agent
    facture banque assurance agence caisse personnel prise charge rendez avis trouve aime recommande
    """
)
ENGLISH = word_set(
    """
    i you he she it we they me him her us them my your his its our their mine yours the a an this that these
    those who what which whom whose and or but so because if not no nor never nothing none very too well much
    many little enough also then still always often already with without for from by in on at to of into onto
    over under about between since during before after against is are was were be been being am will would can
    could should shall may might must do does did done don doesn didn isn wasn aren weren won wouldn couldn
    shouldn has have had having get got go going went make made take took say said see seen when as how why than
    there here all each every some any other others same such just only even more most less least day days month
    months year years time times hour hours week weeks thanks thank hello hi yes ok good bad great nice slow
    fast service staff helpful poor friendly phone customer answer quick quickly call called calls wait waiting
    waited client agent delivery price refund money agent people person problem problems someone anyone everyone
    nobody again back up down out off really u ur pls thx cant dont didnt wont im ive isnt wasnt doesnt lounge
    food excellent awful terrible rude easy happy satisfied food room
    """
)
_BOTH = FRENCH & ENGLISH  # "a", "on", "me", "as": they tell nothing by themselves
_ELSEWHERE = word_set(
    """
    der die das und ist nicht ich sie wir mit fur auf den dem ein eine einen sehr auch aber oder wie hat habe
    haben war zu bei nach aus kein keine immer nur wenn noch mehr gut schlecht danke el los las una unos unas y
    muy pero por para con sin del al esta este estos fue son como mas porque cuando no se lo su sus nos usted
    gracias bueno buena malo mala nunca siempre hay tiene servicio atencion il lo gli della delle dei degli che
    non sono molto ma per con anche questo questa piu sempre mai grazie buono servizio stato ho hanno perche
    come di het een van niet ik wij zij met voor maar zeer heel geen zijn was bij naar ook goed slecht dank o os
    uma umas muito mas nao em com para por foi sao obrigado bom boa mau ma atendimento
    """
)


def language(text: str) -> str:
    """Return "fr", "en", or "" where it cannot be told: nothing but numbers, too short, or another language.

    Function words and a few very common words of feedback are counted after case, accents and apostrophes are taken
    off, so that capitals and texts without accents count as much; words that both languages have do not count.
    Diacritics and elisions ("qu'", "l'é…") speak for French where there are none of English.

    Not for telling a third language from a fourth: whatever is neither French nor English is "". A text in both
    languages has that of the larger part.
    """
    lower = text[:_HEAD].lower()
    words = [w for w in _WORD.findall(fold(lower)) if w.isascii()]
    if not words:
        return ""
    french = english = other = 0
    for word in words:
        if word in _BOTH:
            continue
        french += word in FRENCH
        english += word in ENGLISH
        other += word in _ELSEWHERE
    marks = len(_FRENCH_MARKS.findall(lower.replace("’", "'")))
    if other > max(french, english):
        return ""
    french += min(marks, 3) if not other else 0
    if french == english or max(french, english) * 12 < len(words):
        return ""
    return "fr" if french > english else "en"


def languages(texts: Sequence[str | None]) -> list[str]:
    """`language` of each text, "" for None; each distinct text is read once."""
    read = functools.cache(language)
    return ["" if text is None else read(text) for text in texts]
