"""Languages in Latin letters that few words give away: Hindi, Indonesian and Malay, Tagalog.

Customers mix them with English ("App bilkul bekar hai"), and Hindi has no fixed spelling in these
letters, so that a detector of letters takes such texts for English. The lists are our own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from monitor.domain.tokens import tokenize as words_of


class _FunctionWords(NamedTuple):
    telling: frozenset[str]  #: words that are neither English nor a name in English texts
    others: frozenset[str]  #: words that count beside telling ones


_LANGUAGES: Final[Mapping[str, _FunctionWords]] = {
    "hi": _FunctionWords(
        frozenset(
            words_of(
                "hai hain haii nahi nahin nhi nahii bahut bohot bahot bhot bilkul kyu kyun kyon "
                "kya aur bhi mere mujhe mujhko hamara hamare aapka aapki aapke "
                "apka apki yeh woh abhi accha acha achha achi bekar bekaar bakwas bakwaas "
                "ghatiya paisa paise kuch koi lekin magar phir wala wale hua hui huye diya "
                "liya deta dete deti karna karne karke karte karta karti raha rahe rahi "
                "rha rhe rhi gaye gayi gya hota hoti hote isme isko usko inka unka iska "
                "uska chahiye matlab kaam sirf jaldi kharab theek thik baar nikalo nikal "
                "milta mila milti wapas wapis khana chalta chalti kabhi"
            )
        ),
        frozenset(words_of("ka ki ke ko se ho ye wo sab mein tha thi ek")),
    ),
    "id": _FunctionWords(
        frozenset(
            words_of(
                "yang tidak nggak enggak gak tdk bisa saya kamu dengan untuk dari sudah udah "
                "belum sangat sekali banget bgt jelek bagus buruk kenapa mengapa tolong mohon "
                "aplikasi aplikasinya pelayanan layanan harga uang karena karna kalau kalo "
                "masih seperti bukan jangan semua sering lambat lemot susah mau aja nya "
                "kirim pesan barang kurir sampai sampe tapi tetapi kecewa mahal murah terima "
                "kasih boleh takde takda teruk sahaja macam nak sebab buka tutup membuka gagal "
                "rusak dibuka pakai pake"
            )
        ),
        frozenset(words_of("di ke ga tak ini itu juga lagi terus sama apa kami aku apk")),
    ),
    "tl": _FunctionWords(
        frozenset(
            words_of(
                "tagal dumating "
                "ang mga yung naman talaga sobrang sobra walang kasi bakit nyo niyo ninyo namin "
                "natin nila niya pangit panget salamat grabe paano saan dito ngayon "
                "pagkain mabagal bagal maganda ganda mahirap hirap ayaw sira nasira wala "
                "meron palagi lagi laging makalogin mabuksan magamit bayad ayos "
                "pakiayos nakakainis kayo tayo kami sila siya opo kahit nung noong yun "
                " "
            )
        ),
        frozenset(words_of("ng sa po ko na ay lang kung nang pero")),
    ),
}
#: Words of which one is enough in a text of few words: no name, and no word elsewhere.
_SURE: Final = frozenset(
    words_of(
        "bahut bohot bilkul bekar bekaar bakwas bakwaas ghatiya hain nahin mujhe kharab tidak "
        "nggak banget aplikasi aplikasinya pelayanan lemot kecewa sobrang walang makalogin "
        "mabuksan nakakainis mabagal bakit pangit"
    )
)
_TELLING: Final = frozenset[str]().union(*[words.telling for words in _LANGUAGES.values()])
_ENOUGH: Final = 2  # different telling words of a language
_ONE_IN: Final = 5  # of so many words one must be among them


def find_mixed_language(tokens: Sequence[str]) -> str:
    """Return the language that the function words of a text give away; empty for none of these."""
    if _TELLING.isdisjoint(tokens):
        return ""
    found = {
        code: [word for word in tokens if word in words.telling or word in words.others]
        for code, words in _LANGUAGES.items()
        if not words.telling.isdisjoint(tokens)
    }
    code = max(found, key=lambda each: len(set(found[each])))
    telling = _LANGUAGES[code].telling.intersection(tokens)
    enough = len(telling) >= _ENOUGH or not _SURE.isdisjoint(tokens)
    return code if enough and len(found[code]) * _ONE_IN >= len(tokens) else ""
