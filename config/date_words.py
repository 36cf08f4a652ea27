"""The words of dates, nights and parties that are read, in English, German, Spanish, Portuguese, French and Italian.

All of them are folded: small letters without accents and apostrophes. A word that means two things in these languages
has both meanings here, and its neighbours decide (`dates`).
"""

from collections import defaultdict
from enum import Enum, auto


class Kind(Enum):
    NUMBER = auto()  # 24, also as a word
    DATE = auto()  # 24/12, 24.12.2026, 2026-12-24
    OFFSET = auto()  # +2: days from today, or after a date nights
    DAY = auto()  # days from today: yesterday, tonight, tomorrow
    WEEKDAY = auto()  # 0 Monday to 6 Sunday
    MONTH = auto()
    WEEKEND = auto()
    UNTIL = auto()  # between arrival and departure
    FOR = auto()  # before a party or nights
    WITHIN = auto()  # in 3 days
    NEXT = auto()
    NIGHTS = auto()  # after a number; the value is how many nights one of it is
    DAYS = auto()
    PARTY = auto()  # after a number
    FILLER = auto()  # says nothing: on, the, from


# Several words that are one, tried in this order before the text is split into words.
PHRASES = {
    "day after tomorrow": "overmorrow",
    "day before yesterday": "vorgestern",
    "antes de ayer": "vorgestern",
    "antes de ontem": "vorgestern",
    "avant hier": "vorgestern",
    "laltro ieri": "vorgestern",
    "pasado manana": "overmorrow",
    "depois de amanha": "overmorrow",
    "apres demain": "overmorrow",
    "week end": "weekend",
    "fim de semana": "weekend",
    "fin de semana": "weekend",
    "fine settimana": "weekend",
    "hoje a noite": "tonight",
    "esta noche": "tonight",
    "esta noite": "tonight",
    "questa notte": "tonight",
    "cette nuit": "tonight",
    "this night": "tonight",
    "ce soir": "tonight",
    "heute abend": "tonight",
    "heute nacht": "tonight",
}

DAYS = {
    -2: "vorgestern anteayer antier anteontem avanthier altroieri avantieri",
    -1: "yesterday gestern ayer ontem hier ieri",
    0: "today tonight heute hoy hoje aujourdhui oggi stasera",
    1: "tomorrow tmrw morgen manana amanha demain domani",
    2: "overmorrow ubermorgen uebermorgen dopodomani",
}
WEEKDAYS = {
    -2: "vorgestern anteayer antier anteontem avanthier altroieri avantieri",
    -1: "yesterday gestern ayer ontem hier ieri",
    0: "mon monday mondays mo montag lun lunes seg segunda lu lundi lunedi",
    1: "tue tues tuesday di dienstag mar martes ter terca ma mardi martedi",
    2: "wed wednesday mi mittwoch mie miercoles qua quarta mer mercredi mercoledi",
    3: "thu thur thurs thursday do donnerstag jue jueves qui quinta jeu jeudi gio giovedi",
    4: "fri friday fr freitag vie viernes sex sexta ven vendredi venerdi",
    5: "sat saturday sa samstag sonnabend sab sabado sam samedi sabato",
    6: "sun sunday so sonntag dom domingo dim dimanche domenica",
}
MONTHS = {
    1: "jan january januar janner jaenner ene enero janeiro janv janvier gen gennaio",
    2: "feb february februar febrero fev fevereiro fevr fevrier febbraio",
    3: "mar march marz maerz mrz marzo marco mars",
    4: "apr april abr abril avr avril aprile",
    5: "may mai mayo maio mag maggio",
    6: "jun june juni junio junho juin giu giugno",
    7: "jul july juli julio julho juil juillet lug luglio",
    8: "aug august ago agosto aout",
    9: "sep sept september septiembre set setembro septembre settembre",
    10: "oct october okt oktober octubre out outubro octobre ott ottobre",
    11: "nov november noviembre novembro novembre",
    12: "dec december dez dezember dic diciembre dezembro decembre dicembre",
}
NUMBERS = {
    1: "one ein eine einen einer un una uno um uma une",
    2: "two zwei zwo dos dois duas deux due",
    3: "three drei tres trois tre",
    4: "four vier cuatro quatro quatre quattro",
    5: "five funf fuenf cinco cinq cinque",
    6: "six sechs seis sei",
    7: "seven sieben siete sete sette",
}
# The value of each is how many nights it is.
NIGHT_UNITS = {
    1: "n nt nts night nights nacht nachte naechte nachten noche noches noite noites nuit nuits notte notti",
    7: "w wk week weeks woche wochen semana semanas semaine semaines settimana settimane",
}
OTHERS = {
    Kind.DAYS: "d day days tag tage tagen dia dias jour jours giorno giorni",
    Kind.PARTY: (
        "p pax guest guests person persons people adult adults gast gaste gaesten gasten person personen leute "
        "erwachsene huesped huespedes persona personas adultos hospede hospedes pessoa pessoas pers personne personnes "
        "adultes ospite ospiti persone adulti"
    ),
    Kind.UNTIL: "to until till thru through bis hasta al a ate ao au jusquau fino",
    Kind.FOR: "for fur fuer para pour per",
    Kind.WITHIN: "in en em dans tra fra",
    Kind.NEXT: "next nachsten naechsten nachster naechster nachste naechste proximo proxima prochain prossimo",
    Kind.WEEKEND: "weekend weekends wochenende",
    Kind.FILLER: (
        "on the of from at and this coming am den der dem vom von ab zum diesen kommenden el la los las del de desde "
        "feira este o os da no na le les du des il lo dal dei con com mit with avec questo"
    ),
}

Meaning = tuple[Kind, int]


def _meanings() -> dict[str, list[Meaning]]:
    """{word: what it may mean}. Of two meanings the one that is more usual at a desk comes first."""
    meanings: defaultdict[str, list[Meaning]] = defaultdict(list)
    tables = [
        (Kind.DAY, DAYS),
        (Kind.MONTH, MONTHS),
        (Kind.WEEKDAY, WEEKDAYS),
        (Kind.NUMBER, NUMBERS),
        (Kind.NIGHTS, NIGHT_UNITS),
        *((kind, {0: words}) for kind, words in OTHERS.items()),
    ]
    for kind, table in tables:
        for value, words in table.items():
            for word in words.split():
                if (kind, value) not in meanings[word]:
                    meanings[word].append((kind, value))
    return dict(meanings)


MEANINGS = _meanings()
