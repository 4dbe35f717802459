"""What people say for the dimensions: a word, and the columns that it stands for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from handlers.stats.dimensions import DIMENSIONS, Dimension
from handlers.stats.measures import MEASURES
from handlers.stats.query import Kind


@dataclass(frozen=True)
class Grouping:
    """A word for the *columns* that tell rows apart, which is also said before a value.

    *words* are by language. In English the first is the name and the second the plural; in
    Russian the first stands after «по», the second is the name, the third the plural.
    What is an id, a code or a number is looked for in the column *exact*, the rest in *text*.
    """

    columns: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    exact: str
    text: str

    def name(self, language: str) -> str:
        """Return what it is called before a value."""
        return self.words["ru"][1] if language == "ru" else self.words["en"][0]

    def plural(self, language: str) -> str:
        """Return what all of them are called."""
        return self.words["ru"][2] if language == "ru" else self.words["en"][1]

    @property
    def values(self) -> str:
        """Which values the column *exact* has."""
        return DIMENSIONS[self.exact].values


_TABLE = """
campaign_id campaign | campaign, campaigns, camp
    | кампаниям, кампания, кампании, кампаний, кампанию, кампанией
stream_id stream | stream, streams, flow, flows
    | потокам, поток, потоки, потоков, потока
offer_id offer | offer, offers
    | офферам, оффер, офферы, офферов, оффера, оферам, офер, оферы
landing_id landing | landing, landings, lander, landers, lp, landing page, landing pages
    | лендингам, лендинг, лендинги, лендингов, лендинга, лендам, ленд, ленды
affiliate_network_id affiliate_network | network, networks, affiliate network, affiliate networks
    | сетям, сеть, сети, пп, партнеркам, партнерка, партнерки, партнерским сетям
ts_id ts | source, sources, ts, traffic source, traffic sources
    | источникам, источник, источники, источников, источника
campaign_group_id campaign_group | group, groups, campaign group, campaign groups
    | группам, группа, группы, групп, группу
source | site, sites, domain, domains | сайтам, сайт, сайты, сайтов, домен, доменам
country_code=country | country, countries, geo, geos
    | странам, страна, страны, стран, страну, гео
country_code | country code, country codes, code | кодам стран, код страны, коды стран
region | region, regions, state | регионам, регион, регионы, регионов
city | city, cities | городам, город, города, городов
language | language, languages, lang | языкам, язык, языки, языков
operator | operator, operators, carrier, carriers
    | операторам, оператор, операторы, операторов
isp | isp, isps, provider, providers | провайдерам, провайдер, провайдеры, провайдеров
connection_type | connection, connections, connection type, connection types
    | соединениям, соединение, соединения, тип соединения, связь
os | os, oses, platform, platforms | ос, ос, все ос, система, системы, системам, платформам
os_version | os version, os versions | версиям ос, версия ос, версии ос
browser | browser, browsers | браузерам, браузер, браузеры, браузеров
browser_version | browser version, browser versions
    | версиям браузера, версия браузера, версии браузера
device_type | device, devices, device type, device types
    | устройствам, устройство, устройства, устройств, типам устройств, девайсам, девайс
device_model | model, models, device model, device models | моделям, модель, модели, моделей
keyword | keyword, keywords, key, keys | ключам, ключ, ключи, ключевым словам, ключевое слово
creative_id | creative, creatives, creo, creos | креативам, креатив, креативы, креативов, крео
ad_campaign_id | ad campaign, ad campaigns | рекламным кампаниям, рекламная кампания
    , рекламные кампании
search_engine | search engine, search engines
    | поисковикам, поисковик, поисковики, поисковиков
referrer | referrer, referrers, referer, referers | реферерам, реферер, рефереры, рефереров
destination | destination, destinations | назначениям, назначение, назначения
ip | ip, ips | ip, ip, все ip, айпи
user_agent | user agent, user agents, ua | юзер агентам, юзер агент, юзер агенты
day | day, days, date, dates | дням, день, дни, датам, дата, даты
hour | hour, hours | часам, час, часы
day_hour | hour with date, hours with dates | часам с датами, час с датой, часы с датами
week | week, weeks | неделям, неделя, недели
month | month, months | месяцам, месяц, месяцы
year | year, years | годам, год, годы
weekday | weekday, weekdays, day of week, days of week | дням недели, день недели, дни недели
status | status, statuses | статусам, статус, статусы, статусов
is_bot | bot flag, bot flags, is bot, bot | признаку бота, признак бота, признаки бота, бот
"""


@cache
def groupings(kind: Kind) -> tuple[Grouping, ...]:
    """Return what a request of *kind* can be grouped by, or what columns a log has."""
    told = tuple(_read())
    # What is a part of more is not said alone, but for ids.
    named = {each.columns[-1] for each in told}
    own = (_own(each) for each in DIMENSIONS.values() if each.name not in named)
    return tuple(
        each for each in (*told, *own) if all(_is_there(name, kind) for name in each.columns)
    )


def _is_there(name: str, kind: Kind) -> bool:
    where = DIMENSIONS[name].where
    return where in {"report", kind} or (where == "log" and kind != "report")


def _read() -> Iterator[Grouping]:
    for line in _TABLE.replace("\n    ", " ").strip().splitlines():
        columns, english, russian = (cell.strip() for cell in line.split("|"))
        exact, _, text = columns.partition("=")
        names = (text,) if text else tuple(columns.split())
        words = {language: _words(cell) for language, cell in (("en", english), ("ru", russian))}
        yield Grouping(names, words, exact=exact.split()[0], text=names[-1])


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(","))


def _own(dimension: Dimension) -> Grouping:
    """Return the words for a dimension that has none but Keitaro's name."""
    name = dimension.name
    family = name.removesuffix("_id") if dimension.values == "id" else name
    text = family if family in DIMENSIONS else name
    russian: tuple[str, ...]
    measure = MEASURES.get(name)
    if measure:
        plain, dative, *others = measure.words["ru"]
        russian = (dative, plain, plain, *others)
        return Grouping((name,), {"en": measure.words["en"], "ru": russian}, name, name)
    spaced = (name.replace("_", " "),) if "_" in name else ()
    english: tuple[str, ...] = (name, f"{name}s", *spaced)
    russian = (name, name, name)
    if name.startswith("sub_id_"):
        n = name.removeprefix("sub_id_")
        spoken = (f"sub {n}", f"sub_{n}", f"subid{n}", f"sub id {n}")
        english = (f"sub{n}", f"{name}s", name, *spoken)
        russian = (f"саб{n}", f"саб{n}", f"все саб{n}", f"саб {n}")
    return Grouping((name,), {"en": english, "ru": russian}, exact=name, text=text)


@cache
def family(name: str) -> frozenset[str]:
    """Return the columns that say the same as *name*, as an id and a name do."""
    for each in groupings("report"):
        together = {*each.columns, each.exact, each.text}
        if name in together and len(together) > 1:
            return frozenset(together)
    return frozenset({name})
