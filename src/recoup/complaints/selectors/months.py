"""Names of months in the twelve languages victims write in."""

from __future__ import annotations

_NAMES = """
january february march april may june july august september october november december
jan feb mar apr may jun jul aug sep oct nov dec
januar februar märz april mai juni juli august september oktober november dezember
jänner feber maerz apr mai jun jul aug sept okt nov dez
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
janv fevrier mars avr mai juin juil aout sept oct nov decembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
"""
MONTHS: dict[str, int] = {
    name: number for line in _NAMES.strip().splitlines() for number, name in enumerate(line.split(), start=1)
}


def month_number(word: str) -> int:
    """1 to 12; 0 where the word is no month. Hebrew writes its preposition ב on the month."""
    word = word.casefold()
    return MONTHS.get(word) or MONTHS.get(word.removeprefix("ב"), 0)
