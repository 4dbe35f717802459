"""What figures are told apart by: each of Keitaro's dimensions, and the columns of its logs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

# What may stand after it: an id, a code of a country, a whole number, yes or no, any text; of a
# time only what is compared.
Values = Literal["id", "code", "number", "flag", "text", "time"]
Where = Literal["report", "log", "clicks", "conversions"]
SUB_IDS, EXTRA_PARAMS = 30, 10


@dataclass(frozen=True)
class Dimension:
    """A column that names a row, by Keitaro's *name*, with its *headings* by language.

    *where* it can be asked for: everywhere, or only in logs.
    """

    name: str
    headings: Mapping[str, str]
    values: Values = "text"
    where: Where = "report"


_TABLE = """
campaign_id | Camp. ID | ID камп. | id
campaign | Campaign | Кампания | text
campaign_group_id | Group ID | ID группы | id
campaign_group | Group | Группа | text
parent_campaign_id | Parent ID | ID родит. | id
stream_id | Strm ID | ID потока | id
stream | Stream | Поток | text
offer_id | Offer ID | ID оффера | id
offer | Offer | Оффер | text
landing_id | Land. ID | ID ленд. | id
landing | Landing | Лендинг | text
affiliate_network_id | Netw. ID | ID сети | id
affiliate_network | Network | ПП | text
ts_id | Src. ID | ID ист. | id
ts | Source | Источник | text
source | Site | Сайт | text
referrer | Referrer | Реферер | text
search_engine | Search | Поиск | text
keyword | Keyword | Ключ | text
destination | Target | Куда | text
country | Country | Страна | text
country_code | Code | Код | code
country_flag | Flag | Флаг | code
region | Region | Регион | text
region_code | Reg. code | Код рег. | text
city | City | Город | text
language | Language | Язык | text
operator | Operator | Оператор | text
isp | ISP | Провайдер | text
connection_type | Connect. | Связь | text
os | OS | ОС | text
os_icon | OS icon | Знак ОС | text
os_version | OS ver. | Верс. ОС | text
browser | Browser | Браузер | text
browser_icon | Br. icon | Знак бр. | text
browser_version | Br. ver. | Верс. бр. | text
device_type | Device | Устр-во | text
device_model | Model | Модель | text
user_agent | Agent | Агент | text
ip | IP | IP | text
ip_mask1 | IP /24 | IP /24 | text
ip_mask2 | IP /16 | IP /16 | text
visitor_code | Visitor | Посетит. | text
external_id | Ext. ID | Внешн. ID | text
ad_campaign_id | Ad camp. | Рекл. к. | text
creative_id | Creative | Креатив | text
x_requested_with | App | Прил. | text
label | Label | Метка | text
year | Year | Год | time
month | Month | Месяц | time
week | Week | Неделя | time
weekday | Weekday | День нед. | number
day | Day | День | time
hour | Hour | Час | number
day_hour | Hour of | Час дня | time
datetime | Time | Время | time
is_unique_campaign | Unique | Уник. | flag
is_unique_stream | UniqStr | Ун. поток | flag
is_unique_global | UniqAll | Ун. везде | flag
is_bot | Bot | Бот | flag
is_using_proxy | Proxy | Прокси | flag
sub_id | Sub ID | Sub ID | text
click_id | Click ID | ID клика | text
"""
_LOGS = """
event_id | Event ID | ID соб. | text | log
click_datetime | Clicked | Клик | time | log
cost | Cost | Расход | number | log
is_lead | Lead | Лид | flag | clicks
is_sale | Sale | Продажа | flag | clicks
is_rejected | Rejected | Отказ | flag | clicks
landing_clicked | LP click | Клик ЛП | flag | clicks
conversion_id | Conv. ID | ID конв. | text | conversions
status | Status | Статус | text | conversions
original_status | Orig. st. | Исх. ст. | text | conversions
previous_status | Prev. st. | Пред. ст. | text | conversions
tid | TID | TID | text | conversions
revenue | Revenue | Доход | number | conversions
params | Params | Парам. | text | conversions
postback_datetime | Time | Время | time | conversions
sale_datetime | Sold | Продано | time | conversions
sale_period | Took, s | Шло, с | number | conversions
"""


def _read() -> Iterator[Dimension]:
    for line in (_TABLE + _LOGS).split("\n"):
        if line:
            name, en, ru, values, *where = (cell.strip() for cell in line.split("|"))
            yield _dimension(name, en, ru, values, *where)
    for n in range(1, SUB_IDS + 1):
        yield _dimension(f"sub_id_{n}", f"Sub {n}", f"Sub {n}")
    for n in range(1, EXTRA_PARAMS + 1):
        yield _dimension(f"extra_param_{n}", f"Extra {n}", f"Extra {n}")


def _dimension(
    name: str, en: str, ru: str, values: str = "text", where: str = "report"
) -> Dimension:
    return Dimension(name, {"en": en, "ru": ru}, values, where)  # type: ignore[arg-type]  # words of the table above


DIMENSIONS: Mapping[str, Dimension] = MappingProxyType({each.name: each for each in _read()})
# Rows of these follow one another as time does.
TIMES = ("datetime", "year", "month", "week", "day", "day_hour", "weekday", "hour")
# What is shown of a log where nobody has said what.
LOG_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "clicks": (
            *("datetime", "sub_id", "campaign_id", "campaign", "offer"),
            *("country_code", "os", "device_type"),
        ),
        "conversions": (
            *("postback_datetime", "status", "revenue", "campaign_id", "campaign", "offer"),
            *("country_code", "sub_id"),
        ),
    }
)
# The newest lines of a log come first.
LOG_TIMES: Mapping[str, str] = MappingProxyType(
    {"clicks": "datetime", "conversions": "postback_datetime"}
)
