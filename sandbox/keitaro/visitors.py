"""Who clicks in the sandbox: countries, devices and advertisements, all made up."""

from typing import NamedTuple


class Country(NamedTuple):
    """What a click from one country carries."""

    name: str
    region: str
    city: str
    language: str


class Device(NamedTuple):
    """A kind of device with its system and browser."""

    device_type: str
    os: str
    os_version: str
    browser: str
    browser_version: str
    device_model: str


COUNTRIES = {
    "DE": Country("Germany", "Bayern", "Munich", "de"),
    "AT": Country("Austria", "Wien", "Vienna", "de"),
    "CH": Country("Switzerland", "Zurich", "Zurich", "de"),
    "GB": Country("United Kingdom", "England", "Leeds", "en"),
    "IE": Country("Ireland", "Leinster", "Dublin", "en"),
    "FR": Country("France", "Occitanie", "Toulouse", "fr"),
    "ES": Country("Spain", "Andalucia", "Seville", "es"),
    "IT": Country("Italy", "Piemonte", "Turin", "it"),
    "PT": Country("Portugal", "Porto", "Porto", "pt"),
    "BR": Country("Brazil", "Parana", "Curitiba", "pt"),
    "PL": Country("Poland", "Slaskie", "Katowice", "pl"),
    "RO": Country("Romania", "Cluj", "Cluj-Napoca", "ro"),
    "CZ": Country("Czechia", "Jihomoravsky", "Brno", "cs"),
    "KZ": Country("Kazakhstan", "Almaty", "Almaty", "kk"),
    "MX": Country("Mexico", "Jalisco", "Guadalajara", "es"),
    "CA": Country("Canada", "Ontario", "Ottawa", "en"),
    "US": Country("United States", "Ohio", "Columbus", "en"),
}
NOWHERE = Country("", "", "", "")

DEVICES = (
    Device("mobile", "Android", "15", "Chrome Mobile", "142", "Generic phone"),
    Device("mobile", "Android", "14", "Samsung Browser", "28", "Generic phone"),
    Device("mobile", "iOS", "18", "Mobile Safari", "18", "iPhone"),
    Device("desktop", "Windows", "11", "Chrome", "142", ""),
    Device("desktop", "OS X", "15", "Safari", "18", ""),
    Device("desktop", "Windows", "10", "Firefox", "145", ""),
    Device("tablet", "iOS", "18", "Mobile Safari", "18", "iPad"),
)

PLACEMENTS = ("feed", "stories", "search", "native-top", "native-side", "push")
KEYWORDS = ("evening offer", "garden tools", "city bikes", "sleep better", "home study", "tea box")
