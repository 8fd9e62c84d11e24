"""Words at which no phrase of a theme begins or ends, and lines that are nobody's own words.

The lists are our own. A word that means something in one language and nothing in another ("die",
"man") is left out of them.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.domain.tokens import tokenize

#: They say nothing by themselves, so no phrase begins or ends with them.
FUNCTION_WORDS: Final = frozenset(
    tokenize(
        # English
        "a about above after again against all almost alone along already also although always am "
        "among an and another any anybody anyone anything are aren't around as ask at away be "
        "became because been before began being below between both but by came can could couldn't "
        "did do does doing done during each either else enough even ever every everyone everything "
        "few finally for from further get gets getting give given go goes going gone got had has "
        "have having he he'd he'll her here hers herself him himself his how however i i'd i'll "
        "i'm i've if in indeed instead into is it it'd it'll its itself just keep keeps kept know "
        "knew let like likely lot lots made make makes making many may maybe me might mine more "
        "most much must my myself near need needed needs next now of often oh ok okay on "
        "once one ones only onto or other others otherwise our ours ourselves over own per perhaps "
        "please put quite rather really said same say says see seem seemed seems seen several "
        "shall "
        "she she'd she'll should shouldn't since so some somebody someone something sometimes "
        "soon still such take taken tell than thank thanks that that'll thats the their theirs "
        "them themselves then there these they they'd they'll they're they've thing things think "
        "this those though through thus till to today together told too took toward towards tried "
        "try trying under until upon us use used using usually very via want wanted was wasn't we "
        "we'd we'll we're we've well went were weren't what whatever when where whether which "
        "while who whole whom whose why will with within would wouldn't yes yet you you'd you'll "
        "you're you've your yours yourself im ive dont doesnt didnt cant wont isnt u ur "
        # German
        "aber als am auch auf aus bei bin bis da dann das dass dein dem den der des dich dir doch "
        "du durch ein eine einem einen einer eines er es euch euer für habe haben hatte ich ihm "
        "ihn ihr ihre im immer in ist ja kann mal mein meine mich mir mit nach noch nun nur ob "
        "oder "
        "schon sehr sein seine seit sich sie sind über um und uns unser unter vom von vor waren "
        "was "
        "weil wenn wer wie wir wird wo wurde zu zum zur "
        # French
        "au aux avec ce cela ces cette dans de des donc du elle elles en est et eu il ils "
        "je j'ai la le les leur lui ma mais me mes moi mon nos notre nous ont ou où par pas que "
        "qu'il qui sa se ses son suis sur ta te tes toi ton tout très tu un une vos votre vous y "
        "c'est d'un d'une "
        # Spanish, Portuguese, Italian
        "al algo ante como con cual cuando del desde donde dos el ella ellas ellos era esa ese eso "
        "esta está este esto estos fue ha han hasta hay la las le les lo los me mi mis muy más nos "
        "nosotros o os para pero por porque que qué quien se ser si sin sobre su sus también te "
        "tiene todo tu un una uno unos ya yo "
        "às da das do dos e ela ele em entre essa esse estão eu foi isso isto já mais mas meu "
        "minha "
        "muito na nas nem no nos não num numa ao aos pela pelo quando são seu seus sua suas tem "
        "têm um uma uns você à é "
        "alla anche che chi ci dal dalla degli dei della delle di ed gli ho i il io loro ma mia "
        "mio "
        "molto ne negli nei nel nella noi nostro perché però più poi quale quella quello questa "
        "questo sono sta sua suo sul sulla tra tutto vi voi è "
        # Dutch
        "aan bij dat de deze die dit door een er ge geen had heb hebben heeft het hier hij hoe hun "
        "ik is je jij kan maar meer met mij mijn naar niet nog om omdat onder ons onze ook op te "
        "tot uit van veel voor waar wat werd wij worden zal ze zich zij zijn zo zou "
        # Hindi in Latin letters, Indonesian, Tagalog
        "aur bhi hai hain ka ke ki ko mein se yeh dan dari dengan ini itu juga ke untuk yang ang "
        "ay mga na ng po sa "
    )
) - frozenset(tokenize("die no not pas niet geen não sin nem"))

#: They may begin a phrase ("not working"), and are none alone.
NEGATIONS: Final = frozenset(
    tokenize(
        "no not never without nothing nobody none cannot can't don't doesn't didn't won't isn't "
        "aren't wasn't hasn't haven't couldn't wouldn't stopped nicht kein keine pas jamais sin "
        "nunca não nem sem non senza niet geen"
    )
)

#: They may end a phrase ("logged out"), and are none alone.
PARTICLES: Final = frozenset(tokenize("up out off down back over"))

#: Lines that programs put below what people write.
_SIGNATURE: Final = re.compile(
    r"(?<!\S)(?:sent from my(?: \w+){1,2}"
    r"|sent from (?:outlook|mail|yahoo mail|proton mail)(?: for \w+)?"
    r"|sent via (?:\w+ )?mobile|get outlook for (?:ios|android)|von meinem \w+ gesendet"
    r"|gesendet von (?:meinem )?\w+|envoyé de mon \w+|enviado desde mi \w+|enviado do meu \w+"
    r"|inviato da(?:l mio)? \w+|verzonden vanaf mijn \w+|verstuurd vanaf mijn \w+)"
)
#: Characters at the end of a text in which such a line stands.
_SIGNATURE_LENGTH: Final = 60


def may_stand_alone(word: str) -> bool:
    """Return whether a word is a phrase by itself."""
    return _means_something(word) and word not in NEGATIONS and word not in PARTICLES


def may_begin(word: str) -> bool:
    """Return whether a phrase of several words may begin with it."""
    return word in NEGATIONS or (word not in PARTICLES and _may_be_at_an_end(word))


def may_end(word: str) -> bool:
    """Return whether a phrase of several words may end with it."""
    return word in PARTICLES or (word not in NEGATIONS and _may_be_at_an_end(word))


def remove_signature(words: str) -> str:
    """Return normalised words without the line that a program has put below them."""
    found = _SIGNATURE.search(words, max(0, len(words) - _SIGNATURE_LENGTH))
    return words[: found.start()].rstrip() if found else words


def _may_be_at_an_end(word: str) -> bool:
    return word.isdigit() or _means_something(word)


def _means_something(word: str) -> bool:
    """Return whether a word is no function word, number, symbol or single Latin letter."""
    if word in FUNCTION_WORDS or word.isdigit() or word in "#@+$€£%":
        return False
    return len(word) > 1 or not word.isascii()
