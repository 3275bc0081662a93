"""Made victims who file at several agencies, with the truth, under two models of noise.

`clerical` is what clerks and forms do: typing slips, missing fields, day and month swapped, another phone.
`tongues` is what borders do: another script or romanisation, words swapped, initials, a married name, another e-mail.
Households share surname, city, phone and often the e-mail; namesakes share the whole name. Rates stand below.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from recoup.complaints import Complaint, Person
from recoup.ground import Instant


def words(text: str) -> list[str]:
    return text.split()


GIVEN = words("""
James Mary John Patricia Robert Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph
Jessica Thomas Sarah Charles Karen Lukas Anna Felix Sophie Jonas Lena Maximilian Laura Paul Marie Pierre Camille Louis
Chloe Giulia Marco Alessandro Francesca Javier Carmen Pablo Lucia Sven Ingrid Erik Astrid Joao Beatriz Tiago Ines
Dmitri Olga Sergei Natalia Ivan Tatiana Yosef Miriam Avraham Rivka Ahmed Fatima Mohammed Aisha Omar Layla Mehmet Ayse
Mustafa Zeynep Henk Marieke Jan Saskia Chen Wei Hiroshi Yuki Raj Priya Arjun Deepa
""")
STEMS = words("""
Smith Mueller Rossi Garcia Jansen Berg Silva Ivan Cohen Haddad Yilmaz Brown Schneider Bianchi Lopez Vries Lind
Santos Petr Levi Nasser Demir Taylor Fischer Romano Martin Bakker Holm Costa Smirn Mizrah Khalil Kaya Wilson Weber
Ferr Sanch Visser Nord Pereir Volk Peretz Saleh Celik Evans Wagner Greco Perez Smit Dahl Almeid Kuzn Biton Aziz
""")
ENDINGS = words("""
son er i ez man ov berg stein ski dottir oglu ini el sen ley ford wood hart ham ton worth field by wick
ard let ette eau aux ier ucci elli one ano ado eiro inho ova enko chuk vich idze yan pour zadeh
""")
CITIES = words("""
London Berlin Paris Rome Madrid Amsterdam Stockholm Lisbon Moscow Haifa Dubai Istanbul Leeds Hamburg Lyon
Milan Sevilla Utrecht Malmo Porto Kazan Eilat Sharjah Izmir Glasgow Munich Nice Turin Bilbao Breda Uppsala Faro Perm
Netanya Ajman Bursa Bristol Bonn Lille Genoa Vigo Delft Lund Braga Omsk Ashdod Fujairah Adana
""")
CYRILLIC = str.maketrans("abvgdeziklmnoprstufhyjc", "абвгдезиклмнопрстуфхыйк")
DIGRAPHS = {"sch": "ш", "ch": "ч", "sh": "ш", "ph": "ф", "th": "т", "kh": "х", "zh": "ж", "ja": "я", "ck": "к"}
SPELLINGS = [
    ("ph", "f"),
    ("ck", "k"),
    ("v", "w"),
    ("i", "y"),
    ("ou", "u"),
    ("ee", "i"),
    ("kh", "h"),
    ("oo", "u"),
    ("c", "k"),
]

HOSTS = ("gmail.com", "mail.ru", "web.de", "yahoo.com", "walla.co.il")
FILINGS = [1] * 55 + [2] * 25 + [3] * 13 + [4] * 7
MISSING = {"birth_date": 0.12, "email": 0.10, "phone": 0.15, "city": 0.15}
HOUSEHOLDS, NAMESAKES = 0.04, 0.01


@dataclass(frozen=True, slots=True)
class Made:
    complaints: tuple[Complaint, ...]
    truth: dict[str, int]


def made(count: int, model: str, seed: int = 1, shared_email: float = 0.0) -> Made:
    """About `count` complaints under `clerical` or `tongues`; `shared_email` of them carry one agency's address."""
    random = Random(f"{model} {seed}")
    complaints: list[Complaint] = []
    truth: dict[str, int] = {}
    people: list[Person] = []
    while len(complaints) < count:
        person = _person(random, people)
        people.append(person)
        for _ in range(random.choice(FILINGS)):
            number = len(complaints)
            filed = _noisy(random, person, model)
            if random.random() < shared_email:
                filed = replace(filed, email="intake@agency.example")
            truth[f"C{number:07d}"] = len(people)
            complaints.append(Complaint(f"C{number:07d}", filed, filed=Instant.parse("2024-03-05")))
    order = list(range(len(complaints)))
    random.shuffle(order)
    return Made(tuple(complaints[at] for at in order), truth)


def _person(random: Random, people: list[Person]) -> Person:
    draw = random.random()
    given, surname = random.choice(GIVEN), random.choice(STEMS) + random.choice(ENDINGS)
    born = f"{random.randrange(1935, 2005)}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}"
    phone = f"+{random.choice(['44', '49', '33', '39', '7', '972'])}{random.randrange(10**8, 10**9)}"
    person = Person(f"{given} {surname}", born, "", phone, random.choice(CITIES))
    if people and draw < HOUSEHOLDS:
        kin = people[-1]
        names = [name for name in GIVEN if name != kin.name.split()[0]]
        shared = kin.email if random.random() < 0.5 else ""
        person = replace(kin, name=f"{random.choice(names)} {kin.name.split()[1]}", birth_date=born, email=shared)
    elif people and draw < HOUSEHOLDS + NAMESAKES:
        person = replace(person, name=random.choice(people).name)
    return person if person.email else replace(person, email=_email(random, person.name))


def _email(random: Random, name: str) -> str:
    given, surname = name.lower().split()
    user = random.choice([f"{given}.{surname}", f"{given[0]}{surname}", f"{surname}{given}"])
    return f"{user}{random.randrange(10**4)}@{random.choice(HOSTS)}"


def _noisy(random: Random, person: Person, model: str) -> Person:
    fields = {field: "" for field, rate in MISSING.items() if random.random() < rate}
    person = replace(person, **fields)
    return _clerical(random, person) if model == "clerical" else _tongues(random, person)


def _clerical(random: Random, person: Person) -> Person:
    if random.random() < 0.10:
        person = replace(person, name=_slip(random, person.name))
    if random.random() < 0.04 and person.birth_date:
        person = replace(person, birth_date=_birth_slip(random, person.birth_date))
    if random.random() < 0.03 and person.email:
        person = replace(person, email=_slip(random, person.email))
    if random.random() < 0.08 and person.phone:
        person = replace(person, phone=f"+49{random.randrange(10**8, 10**9)}")
    if random.random() < 0.10:
        person = replace(person, name=person.name.upper(), phone=person.phone.replace("+", "00"))
    return person


def _tongues(random: Random, person: Person) -> Person:
    given, surname = person.name.split()
    draw = random.random()
    if draw < 0.06:
        person = replace(person, name=f"{surname}, {given}")
    elif draw < 0.12:
        person = replace(person, name=_cyrillic(person.name))
    elif draw < 0.20:
        spelling = random.choice(SPELLINGS)
        person = replace(person, name=f"{given} {surname.replace(*spelling)}")
    elif draw < 0.24:
        person = replace(person, name=f"{given[0]}. {surname}")
    elif draw < 0.26:
        person = replace(person, name=f"{given} {random.choice(STEMS)}{random.choice(ENDINGS)}")
    if random.random() < 0.10 and person.email:
        person = replace(person, email=_email(random, f"{given} {surname}"))
    if random.random() < 0.05:
        person = replace(person, city=random.choice(CITIES))
    return person


def _cyrillic(name: str) -> str:
    name = name.lower()
    for letters, letter in DIGRAPHS.items():
        name = name.replace(letters, letter)
    return name.translate(CYRILLIC).title()


def _slip(random: Random, text: str) -> str:
    """One letter dropped, doubled, replaced or swapped with the next."""
    at = random.randrange(len(text) - 1)
    return random.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + random.choice("aeioulnrst") + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        ]
    )


def _birth_slip(random: Random, born: str) -> str:
    year, month, day = born.split("-")
    if random.random() < 0.5 and int(day) <= 12:
        return f"{year}-{day}-{month}"
    return f"{year[:3]}{random.randrange(10)}-{month}-{day}"


def quality(groups: list[tuple[str, ...]], truth: dict[str, int]) -> tuple[float, float]:
    """Pairwise precision and recall of clusters against the truth."""
    sizes: dict[int, int] = {}
    for person in truth.values():
        sizes[person] = sizes.get(person, 0) + 1
    wanted = sum(size * (size - 1) // 2 for size in sizes.values())
    given = sum(len(group) * (len(group) - 1) // 2 for group in groups)
    right = 0
    for group in groups:
        inside: dict[int, int] = {}
        for name in group:
            inside[truth[name]] = inside.get(truth[name], 0) + 1
        right += sum(size * (size - 1) // 2 for size in inside.values())
    return right / max(given, 1), right / max(wanted, 1)
