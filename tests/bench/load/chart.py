"""Curves as a small SVG: what a signed command costs, and what is resident, while one thing grows."""

import math

WIDTH, HEIGHT = 230, 120
LEFT, TOP = 40, 34
GAP_X, GAP_Y = 62, 74
STYLE = """
text{font:12px system-ui,sans-serif;fill:#333}.t{font-weight:600}.a{fill:#666;font-size:11px}
.g{stroke:#ddd}.l{fill:none;stroke:#0b6e99;stroke-width:2}.d{fill:#0b6e99}
@media(prefers-color-scheme:dark){text{fill:#ddd}.a{fill:#aaa}.g{stroke:#444}.l{stroke:#6cc5ea}.d{fill:#6cc5ea}}
"""
COLUMNS = {"book": "phrases in the book", "teams": "teams that ask", "connections": "connections"}
ROWS = {"cpu": "CPU per command, µs", "memory": "resident, MiB"}


def draw(growth):
    wide = LEFT + len(COLUMNS) * (WIDTH + GAP_X) - GAP_X // 2
    high = TOP + len(ROWS) * (HEIGHT + GAP_Y) - GAP_Y // 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" role="img">',
        "<title>What a signed command costs as the book, the teams and the connections grow</title>",
        f"<style>{STYLE}</style>",
    ]
    for row, (key, measure) in enumerate(ROWS.items()):
        most = nice(max(point[key] for points in growth.values() for point in points))
        for column, (curve, over) in enumerate(COLUMNS.items()):
            x, y = LEFT + column * (WIDTH + GAP_X), TOP + row * (HEIGHT + GAP_Y)
            # The book's own memory would flatten all the others.
            top = nice(max(point[key] for point in growth[curve])) if key == "memory" else most
            parts += panel(x, y, [(point["at"], point[key]) for point in growth[curve]], top, measure, over)
    return "\n".join([*parts, "</svg>\n"])


def panel(x, y, points, top, measure, over):
    yield f'<text class="t" x="{x}" y="{y - 12}">{measure}</text>'
    for part in (0, 0.5, 1):
        level = y + HEIGHT * (1 - part)
        yield f'<path class="g" d="M{x} {level:.0f}h{WIDTH}"/>'
        yield f'<text class="a" x="{x - 6}" y="{level + 4:.0f}" text-anchor="end">{top * part:g}</text>'
    first, last = math.log10(points[0][0]), math.log10(points[-1][0])
    place = lambda at, value: (x + WIDTH * (math.log10(at) - first) / (last - first), y + HEIGHT * (1 - value / top))
    drawn = [place(*point) for point in points]
    yield '<path class="l" d="M' + "L".join(f"{px:.1f} {py:.1f}" for px, py in drawn) + '"/>'
    for (px, py), (at, value) in zip(drawn, points):
        yield f'<circle class="d" cx="{px:.1f}" cy="{py:.1f}" r="3"><title>{at:,}: {value:.3g}</title></circle>'
        yield f'<text class="a" x="{px:.1f}" y="{y + HEIGHT + 16}" text-anchor="middle">{at:,}</text>'
    yield f'<text class="a" x="{x + WIDTH / 2}" y="{y + HEIGHT + 32}" text-anchor="middle">{over}</text>'


def nice(number):
    """The next round number above."""
    power = 10 ** math.floor(math.log10(number))
    return next(step * power for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * power >= number)
