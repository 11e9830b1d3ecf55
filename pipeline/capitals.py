"""Amounts in capital numerals, as payment papers have them (大写金额)."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def in_capitals(yuan: float) -> str:
    """An amount of 0 up to 999,999,999,999.99 yuan in words, such as 壹万贰仟元整; raises ValueError beyond."""
    cents = round(yuan * 100)
    if not 0 <= cents < 10**14:
        raise ValueError(f"no amount that can be written out: {yuan}")
    whole, tenths, hundredths = cents // 100, cents // 10 % 10, cents % 10
    text = f"{_whole(whole)}元" if whole or not cents else ""
    if not cents % 100:
        return f"{text}整"
    if not tenths:
        return f"{text}{'零' if whole else ''}{_DIGITS[hundredths]}分"
    return f"{text}{_DIGITS[tenths]}角" + (f"{_DIGITS[hundredths]}分" if hundredths else "整")


def _whole(number: int) -> str:
    if not number:
        return _DIGITS[0]
    text, gap = "", False
    for place in range(11, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += (_DIGITS[0] if gap and text else "") + _DIGITS[digit] + _UNITS[place % 4]
            gap = False
        else:
            gap = True
        if place % 4 == 0 and number // 10**place % 10**4:
            text, gap = text + _GROUPS[place // 4], False  # zeros at a group's end are not spoken
    return text
