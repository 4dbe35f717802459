"""The country codes of ISO 3166-1, which the tracker does not check, and what is taken for them."""

COUNTRIES = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO
    BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ
    DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP
    GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG
    KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML
    MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE
    PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL
    SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM
    US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - a word list
) | {"XK"}  # not of ISO, but what the databases of addresses call Kosovo

_SLIPS = {
    "UK": "GB",
    "EN": "GB",
    "ENG": "GB",
    "GBR": "GB",
    "USA": "US",
    "SW": "SE / CH",
    "SWE": "SE",
    "CHE": "CH",
    "JA": "JP",
    "JPN": "JP",
    "KO": "KR",
    "KOR": "KR",
    "ZH": "CN",
    "CHN": "CN",
    "EL": "GR",
    "GRC": "GR",
    "DA": "DK",
    "DNK": "DK",
    "CS": "CZ / RS",
    "CZE": "CZ",
    "YU": "RS",
    "SP": "ES",
    "ESP": "ES",
    "SU": "RU",
    "RUS": "RU",
    "UKR": "UA",
    "KAZ": "KZ",
    "GER": "DE",
    "DEU": "DE",
    "AUT": "AT",
    "FRA": "FR",
    "ITA": "IT",
    "POL": "PL",
    "PRT": "PT",
    "BRA": "BR",
    "MEX": "MX",
    "CAN": "CA",
    "AUS": "AU",
    "IND": "IN",
    "TUR": "TR",
    "TP": "TL",
    "ZR": "CD",
}


def likely_country(code: str) -> str:
    """Return what was probably meant by *code*, which is none; an empty string if nobody knows."""
    upper = code.strip().upper()
    return upper if upper in COUNTRIES else _SLIPS.get(upper, "")
