"""Names as one meets them on the doors of Helsinki."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from heka_portal.vocabulary import Language


@dataclass(frozen=True)
class NameGroup:
    """Names that go together, how common they are, and the language such a home writes in."""

    share: int
    language: Language
    last: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FINNISH = NameGroup(
    share=70,
    language=Language.FINNISH,
    last=_words(
        "Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen Lehtonen Lehtinen "
        "Saarinen Salminen Heinonen Niemi Heikkilä Kinnunen Salonen Turunen Laitinen Tuominen Salo Rantanen Vuorinen "
        "Jokinen Mattila Savolainen Lahtinen Ahonen Ojala Leppänen Hiltunen Väisänen Kallio Pitkänen Leinonen Aaltonen "
        "Manninen Miettinen Räsänen Hakala Koivisto Anttila Laaksonen Hirvonen Lehto Peltonen Äijälä Ylönen"
    ),
    women=_words(
        "Aino Helmi Sofia Eevi Venla Ellen Aada Kerttu Hilma Olivia Lilja Iida Sanna Päivi Minna Tiina Johanna Maarit "
        "Kirsi Anneli Marjatta Ritva Pirjo Leena Tuula Sirpa Outi Heli Katja Hanna Laura Emmi Noora Jenni Riikka Äini"
    ),
    men=_words(
        "Väinö Eino Oliver Elias Leo Onni Toivo Emil Noel Oiva Aatos Hugo Mikko Jari Timo Antti Juha Matti Pekka Jukka "
        "Kari Hannu Seppo Ilkka Ville Janne Petri Teemu Lauri Aleksi Tuomas Joonas Henri Sami Jyrki Åke"
    ),
)
SWEDISH = NameGroup(
    share=7,
    language=Language.SWEDISH,
    last=_words(
        "Lindqvist Nyman Lindholm Sundström Åkerman Wikström Holmberg Sjöblom Ekström Björklund Söderholm Grönroos "
        "Backman Forsström Österlund"
    ),
    women=_words("Ebba Alma Astrid Linnéa Saga Ingrid Gunilla Maj-Britt Annika Jessica Sofie Camilla Tove Elsa"),
    men=_words("Axel Oskar Nils Gustav Erik Mats Stefan Kenneth Rasmus Anton Jonas Kaj-Erik Björn Tor"),
)
OTHERS = (
    NameGroup(
        share=6,
        language=Language.ENGLISH,
        last=_words("Abdi Hassan Mohamed Warsame Farah Ali Ahmed Yusuf Jama"),
        women=_words("Amina Fadumo Hodan Sahra Ifrah Asha Hamdi"),
        men=_words("Abdirahman Mahad Liban Yasin Omar Guled Ayub"),
    ),
    NameGroup(
        share=5,
        language=Language.FINNISH,
        last=_words("Ivanov Petrov Smirnov Kuznetsov Popov Sokolov Morozov Volkov"),
        women=_words("Anastasia Olga Natalia Irina Svetlana Daria Polina"),
        men=_words("Dmitri Sergei Aleksei Maksim Nikolai Andrei Ilja"),
    ),
    NameGroup(
        share=5,
        language=Language.FINNISH,
        last=_words("Tamm Saar Sepp Kask Kukk Rebane Ilves Pärn Õunapuu"),
        women=_words("Kadri Liis Piret Ene Kristiina Maarja Õie"),
        men=_words("Tõnu Rein Margus Toomas Indrek Siim Jaak"),
    ),
    NameGroup(
        share=4,
        language=Language.ENGLISH,
        last=_words("Al-Hassan Rahimi Haddad Karimi Nasser Mahmoud Aziz Salehi"),
        women=_words("Layla Noor Zahra Maryam Yasmin Fatima Rana"),
        men=_words("Hamid Karim Samir Bilal Yousef Reza Tariq"),
    ),
    NameGroup(
        share=3,
        language=Language.ENGLISH,
        last=_words("Nguyen Tran Le Pham Huynh Vo Dang"),
        women=_words("Linh Thao Mai Huong Lan Ngoc"),
        men=_words("Minh Tuan Huy Duc Long Quang"),
    ),
)
GROUPS = (FINNISH, SWEDISH, *OTHERS)
SHARES = tuple(group.share for group in GROUPS)


def draw_group(dice: Random) -> NameGroup:
    """The names of one home."""
    return dice.choices(GROUPS, SHARES)[0]


def draw_first_names(dice: Random, group: NameGroup) -> str:
    """One, more often two first names."""
    names = group.women if dice.random() < 0.52 else group.men
    return " ".join(dice.sample(names, 1 if dice.random() < 0.3 else 2))
