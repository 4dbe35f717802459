"""What a report counts: each of Keitaro's measures, as people call it and as it is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Sort = Literal["count", "money", "percent", "number"]
CUSTOM_MOST = 12


@dataclass(frozen=True)
class Measure:
    """A column of figures, by Keitaro's *name*.

    *headings* and *words* are by language, *en* and *ru*. The first word is what it is called; the
    second of the Russian ones stands after «по». *over* is the measure it is divided by: where
    that is zero, there is no value. What *is_added* makes sense as a sum of rows.
    """

    name: str
    kind: Sort
    headings: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    over: str = ""
    is_added: bool = False


# Of each: name, the measure it is divided by or + where rows may be added up, the headings in
# English and Russian, then the words in both languages.
_COUNTS = """
clicks | + | Clicks | Клики | clicks, click | клики, кликам, кликов, клик
campaign_unique_clicks | | Unique | Уники
    | unique, uniques, unique clicks, uc | уники, уникам, уников, уникальные, уникальным
stream_unique_clicks | | UniqStr | УникПот
    | stream unique, stream uniques | уники потока, уникам потока
global_unique_clicks | | UniqAll | УникВсе
    | global unique, global uniques | глобальные уники, глобальным уникам
bots | + | Bots | Боты | bots, bot clicks | боты, ботам, ботов
proxies | + | Proxies | Прокси | proxies, proxy clicks | прокси, прокси
empty_referrers | + | NoRef | БезРеф
    | empty referrers, no referrer | пустые рефереры, пустым реферерам
lp_views | + | LPviews | Просм.
    | lp views, views, landing views | просмотры, просмотрам, просмотры лендингов
lp_clicks | + | LPclick | КликиЛП
    | lp clicks, landing clicks | клики лендингов, кликам лендингов, клики лп
conversions | + | Conv | Конв
    | conversions, conversion, conv, convs | конверсии, конверсиям, конверсий, конверсия, конв
leads | + | Leads | Лиды | leads, lead | лиды, лидам, лидов, лид
sales | + | Sales | Продажи | sales, sale | продажи, продажам, продаж, продажа, сейлы
rejected | + | Reject. | Отказы
    | rejected, rejects, rejections | отказы, отказам, отклоненные, отклоненным
rebills | + | Rebills | Ребиллы | rebills, rebill | ребиллы, ребиллам, ребиллов
regs | + | Regs | Реги
    | regs, reg, registrations, registration | реги, регам, регистрации, регистрациям, рег
"""
_MONEY = """
cost | + | Cost | Расход
    | cost, costs, spend, spent | расход, расходу, расходы, расходам, затраты, затратам
revenue | + | Rev | Доход
    | revenue, income, payout | доход, доходу, доходы, доходам, выручка, выручке
profit | + | Profit | Профит | profit, profits | прибыль, прибыли, профит, профиту
profit_confirmed | + | Prof.OK | ПрибПдт
    | confirmed profit | подтвержденная прибыль, подтвержденной прибыли
lead_revenue | + | LeadRev | ДохЛиды | lead revenue | доход с лидов, доходу с лидов
sale_revenue | + | SaleRev | ДохПрод | sale revenue, sales revenue | доход с продаж, доходу с продаж
rejected_revenue | + | Rej.rev | ДохОткз | rejected revenue | доход с отказов, доходу с отказов
epc | clicks | EPC | EPC | epc | epc, epc, епс
epc_confirmed | clicks | EPC OK | EPC пдт | confirmed epc | подтвержденный epc, подтвержденному epc
cpc | clicks | CPC | CPC | cpc | цена клика, цене клика
ecpc | clicks | eCPC | eCPC | ecpc | ecpc, ecpc
cpa | conversions | CPA | CPA | cpa | цена конверсии, цене конверсии
cps | sales | CPS | CPS | cps | цена продажи, цене продажи
ec | conversions | EC | EC | ec | доход с конверсии, доходу с конверсии
ec_confirmed | conversions | EC OK | EC пдт | confirmed ec | подтвержденный ec, подтвержденному ec
ecpm | clicks | eCPM | eCPM | ecpm | ecpm, ecpm
ecpm_confirmed | clicks | eCPM OK | eCPMпдт
    | confirmed ecpm | подтвержденный ecpm, подтвержденному ecpm
"""
_PERCENTS = """
roi | cost | ROI | ROI | roi | roi, roi, рои
roi_confirmed | cost | ROI OK | ROI пдт | confirmed roi | подтвержденный roi, подтвержденному roi
profitability | cost | Profit% | Рентаб. | profitability | рентабельность, рентабельности
approve | conversions | Appr. | Апрув
    | approve, approval, approval rate | апрув, апруву, аппрув, аппруву
cr | clicks | CR | CR | cr, conversion rate | конверт, конверту
crs | clicks | CRs | CRs | crs | cr продаж, cr продаж
crl | clicks | CRl | CRl | crl | cr лидов, cr лидов
lp_ctr | lp_views | LP CTR | CTR ЛП | lp ctr, ctr | ctr лендинга, ctr лендинга
bot_share | clicks | Bots % | Боты % | bot share | доля ботов, доле ботов
uc_campaign_rate | clicks | Uniq. % | Уник. % | unique rate | доля уников, доле уников
uc_stream_rate | clicks | UStr. % | УПот. %
    | stream unique rate | доля уников потока, доле уников потока
uc_global_rate | clicks | UAll % | УВсе %
    | global unique rate | доля глобальных уников, доле глобальных уников
"""
_NUMBERS = """
landing_clicked_period | | LP time | ВремяЛП | landing time | время на лендинге, времени на лендинге
"""
_TABLES: tuple[tuple[Sort, str], ...] = (
    ("count", _COUNTS),
    ("money", _MONEY),
    ("percent", _PERCENTS),
    ("number", _NUMBERS),
)


def _read() -> Iterator[Measure]:
    for kind, table in _TABLES:
        for line in table.replace("\n    ", " ").strip().splitlines():
            name, over, *rest = (cell.strip() for cell in line.split("|"))
            yield _measure(name, kind, rest, over)
    # How many kinds of conversions there are is a setting of the tracker.
    for n in range(1, CUSTOM_MOST + 1):
        name = f"custom_conversion_{n}"
        words = f"conversions {n}", f"конверсии {n}, конверсиям {n}"
        yield _measure(name, "count", [f"Conv{n}", f"Конв{n}", *words], "+")
        words = f"conversions {n} revenue", f"доход с конверсий {n}, доходу с конверсий {n}"
        yield _measure(f"{name}_revenue", "money", [f"CRev{n}", f"ДохК{n}", *words], "+")


def _measure(name: str, kind: Sort, rest: list[str], over: str) -> Measure:
    heading, heading_ru, words, words_ru = rest
    return Measure(
        name,
        kind,
        {"en": heading, "ru": heading_ru},
        {"en": tuple(words.split(", ")), "ru": tuple(words_ru.split(", "))},
        over="" if over == "+" else over,
        is_added=over == "+",
    )


MEASURES: Mapping[str, Measure] = MappingProxyType({measure.name: measure for measure in _read()})
# What is shown where nobody has said what.
USUAL = ("clicks", "conversions", "cost", "revenue", "profit", "roi")
# The worst of these are the highest.
WORSE_WHEN_HIGH = frozenset(
    {"cost", "cpa", "cpc", "cps", "ecpc", "bots", "bot_share", "proxies", "rejected"}
)
