"""Currencies a house may charge in, and amounts in words."""

from typing import NamedTuple


class Currency(NamedTuple):
    code: str  # ISO 4217
    name: str
    decimals: int = 2
    sign: str = ""  # only where it names one currency and no other


# Active codes of ISO 4217's list one (SIX Group, "Data Standards"), as of 2026: the ones travellers pay in. Without the
# currencies of three decimals (BHD, IQD, JOD, KWD, LYD, OMR, TND), because a rate holds two.
CURRENCIES = {
    currency.code: currency
    for currency in (
        Currency("AED", "UAE dirham"),
        Currency("ALL", "Albanian lek"),
        Currency("AMD", "Armenian dram"),
        Currency("ARS", "Argentine peso"),
        Currency("AUD", "Australian dollar"),
        Currency("AZN", "Azerbaijan manat"),
        Currency("BAM", "Bosnian convertible mark"),
        Currency("BOB", "Bolivian boliviano"),
        Currency("BRL", "Brazilian real", sign="R$"),
        Currency("CAD", "Canadian dollar"),
        Currency("CHF", "Swiss franc"),
        Currency("CLP", "Chilean peso", decimals=0),
        Currency("CNY", "Chinese yuan"),
        Currency("COP", "Colombian peso"),
        Currency("CRC", "Costa Rican colón"),
        Currency("CVE", "Cabo Verde escudo"),
        Currency("CZK", "Czech koruna"),
        Currency("DKK", "Danish krone"),
        Currency("DOP", "Dominican peso"),
        Currency("EGP", "Egyptian pound"),
        Currency("EUR", "Euro", sign="€"),
        Currency("FJD", "Fiji dollar"),
        Currency("GBP", "Pound sterling", sign="£"),
        Currency("GEL", "Georgian lari"),
        Currency("GHS", "Ghana cedi"),
        Currency("GTQ", "Guatemalan quetzal"),
        Currency("HKD", "Hong Kong dollar"),
        Currency("HUF", "Hungarian forint"),
        Currency("IDR", "Indonesian rupiah"),
        Currency("ILS", "Israeli shekel", sign="₪"),
        Currency("INR", "Indian rupee", sign="₹"),
        Currency("ISK", "Icelandic króna", decimals=0),
        Currency("JMD", "Jamaican dollar"),
        Currency("JPY", "Japanese yen", decimals=0),
        Currency("KES", "Kenyan shilling"),
        Currency("KRW", "South Korean won", decimals=0, sign="₩"),
        Currency("KZT", "Kazakhstani tenge"),
        Currency("LKR", "Sri Lankan rupee"),
        Currency("MAD", "Moroccan dirham"),
        Currency("MDL", "Moldovan leu"),
        Currency("MKD", "Macedonian denar"),
        Currency("MUR", "Mauritian rupee"),
        Currency("MXN", "Mexican peso"),
        Currency("MYR", "Malaysian ringgit"),
        Currency("NAD", "Namibian dollar"),
        Currency("NGN", "Nigerian naira"),
        Currency("NOK", "Norwegian krone"),
        Currency("NPR", "Nepalese rupee"),
        Currency("NZD", "New Zealand dollar"),
        Currency("PEN", "Peruvian sol"),
        Currency("PHP", "Philippine peso"),
        Currency("PKR", "Pakistani rupee"),
        Currency("PLN", "Polish złoty"),
        Currency("PYG", "Paraguayan guaraní", decimals=0),
        Currency("QAR", "Qatari riyal"),
        Currency("RON", "Romanian leu"),
        Currency("RSD", "Serbian dinar"),
        Currency("RWF", "Rwandan franc", decimals=0),
        Currency("SAR", "Saudi riyal"),
        Currency("SCR", "Seychelles rupee"),
        Currency("SEK", "Swedish krona"),
        Currency("SGD", "Singapore dollar"),
        Currency("THB", "Thai baht"),
        Currency("TRY", "Turkish lira"),
        Currency("TWD", "New Taiwan dollar"),
        Currency("TZS", "Tanzanian shilling"),
        Currency("UAH", "Ukrainian hryvnia"),
        Currency("UGX", "Ugandan shilling", decimals=0),
        Currency("USD", "US dollar", sign="$"),
        Currency("UYU", "Uruguayan peso"),
        Currency("VND", "Vietnamese dong", decimals=0),
        Currency("XAF", "Central African CFA franc", decimals=0),
        Currency("XOF", "West African CFA franc", decimals=0),
        Currency("XPF", "CFP franc", decimals=0),
        Currency("ZAR", "South African rand"),
    )
}


def cents_problem(amount, currency):
    """Why nobody can pay this amount, in words; "" when it is well."""
    known = CURRENCIES.get(currency)
    if not amount or known is None or amount == round(amount, known.decimals):
        return ""
    return f"The {known.name} has no cents. Write a whole number."


def in_words(amount, currency):
    """€1,140.00, CHF 140.00, JPY 12,000: with the sign where it is the currency's alone, else with the code."""
    known = CURRENCIES.get(currency, Currency(currency, ""))
    return f"{known.sign or currency + ' '}{amount:,.{known.decimals}f}"
