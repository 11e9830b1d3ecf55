"""The mail's picture: target and actual of each level over the quarters. Mail programs show no SVG, so it is a PNG.

matplotlib takes a third of a second to import: nothing here is called unless the figures have changed.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.level_trends import LevelTrend

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH = 560  # in the mail, in pixels; drawn twice as fine for the screens of phones
_PANEL = 176
_DPI = 144
_POINTS_PER_PIXEL = 72 / _DPI * 2
# The first that is there: Windows, macOS, Linux; last those whose simplified Chinese looks a little foreign.
_FONTS = ("Microsoft YaHei", "SimHei", "DengXian", "PingFang SC", "Heiti SC", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC",
          "Source Han Sans CN", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimSun", "Noto Serif CJK SC", "Noto Sans CJK JP")
_BLUE, _RUST, _GREY, _LINE = "#17528C", "#9A3412", "#55606E", "#C3CCD6"


def chart(trends: Sequence[LevelTrend]) -> bytes | None:
    """A PNG, the same bytes for the same figures, fonts and matplotlib; None where no font has Chinese."""
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    font = chinese_font()
    if font is None or not trends:
        return None
    size = (WIDTH * 2 / _DPI, _PANEL * len(trends) * 2 / _DPI)
    with mpl.rc_context({"font.family": font, "font.size": 14 * _POINTS_PER_PIXEL, "axes.unicode_minus": False}):
        drawing = Figure(figsize=size, dpi=_DPI, facecolor="white", layout="constrained")
        FigureCanvasAgg(drawing)
        panels = drawing.subplots(len(trends), 1, squeeze=False)
        for panel, trend in zip(panels[:, 0], trends, strict=True):
            _draw(panel, trend)
        target = io.BytesIO()
        drawing.savefig(target, format="png", metadata={"Software": None})
    return target.getvalue()


def chinese_font() -> str | None:
    """The name of the font that charts are written in; None where none here has Chinese."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # its English talk of building a cache is nobody's business
    from matplotlib.font_manager import fontManager

    installed = {font.name for font in fontManager.ttflist}
    return next((name for name in _FONTS if name in installed), None)


def _draw(panel: Axes, trend: LevelTrend) -> None:
    """One level: the target a dashed step, the actual a line with its numbers."""
    from matplotlib.ticker import MaxNLocator

    targets, actuals = [one.target for one in trend.points], [one.actual for one in trend.points]
    last = len(trend.points) - 1
    panel.step([-0.5, *range(last + 1), last + 0.5], [targets[0], *targets, targets[-1]], where="mid", color=_RUST, linestyle="--",
               linewidth=1.6, label=f"计划 {targets[-1]}")
    panel.plot(range(last + 1), actuals, color=_BLUE, marker="o", markersize=4.5, linewidth=2.2, label=f"实际 {actuals[-1]}")
    top = max(1, *targets, *actuals) * 1.22
    for at, one in enumerate(trend.points):
        if at == last or one.quarter.number == 4 or last < 8:
            under = 0 <= one.target - one.actual < top / 6  # above, the number would stand in the target's line
            panel.annotate(str(one.actual), (at, one.actual), (0, -7 if under else 5), textcoords="offset points",
                           ha="center", va="top" if under else "bottom", color=_BLUE)
    panel.set_title(trend.level, loc="left", fontweight="bold", fontsize=15 * _POINTS_PER_PIXEL)
    panel.legend(loc="lower right", bbox_to_anchor=(1, 0.98), ncols=2, frameon=False, borderpad=0, labelcolor="#1A1A1A")
    panel.set_xlim(-0.5, last + 0.5)
    panel.set_ylim(0, top)
    panel.set_xticks(range(last + 1), [_tick(at, trend) for at in range(last + 1)])
    panel.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    panel.tick_params(colors=_GREY, length=0)
    panel.grid(axis="y", color=_LINE, linewidth=0.6)
    for side, spine in panel.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(_LINE)


def _tick(at: int, trend: LevelTrend) -> str:
    """The quarter's numeral, under a year's first one the year."""
    quarter = trend.points[at].quarter
    year = f"\n{quarter.year}年" if at == 0 or quarter.number == 1 else ""
    return f"{'一二三四'[quarter.number - 1]}{year}"
