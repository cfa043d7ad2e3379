"""Photos of defects, drawn: a wet cupboard, a cracked tile, a broken pane, dirty stairs, a dripping tap, a lift."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1200, 900
Colour = tuple[int, int, int]

WALL, WOOD, DARK, WATER, STEEL, TILE = (
    (226, 221, 210),
    (178, 138, 96),
    (58, 48, 42),
    (96, 118, 128),
    (168, 174, 178),
    (208, 220, 224),
)


def draw_picture(name: str) -> bytes:
    """The JPEG of a picture, as a phone would send it."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    dice = Random(name)
    PICTURES[name](ImageDraw.Draw(picture), dice)
    grain = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), dice.randbytes(WIDTH * HEIGHT // 4))
    picture = Image.blend(
        picture.filter(ImageFilter.GaussianBlur(1.6)), grain.resize(picture.size).convert("RGB"), 0.05
    )
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def _shade(colour: Colour, factor: float) -> Colour:
    red, green, blue = (min(255, int(part * factor)) for part in colour)
    return red, green, blue


def _cupboard(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle((120, 80, 1080, 860), fill=_shade(WOOD, 0.85))
    draw.rectangle((160, 120, 1040, 820), fill=_shade(WOOD, 0.45))
    draw.polygon(((160, 820), (1040, 820), (960, 660), (240, 660)), fill=_shade(WOOD, 0.95))
    draw.rectangle((560, 120, 620, 420), fill=STEEL)
    draw.arc((470, 340, 620, 560), 0, 180, fill=STEEL, width=56)
    draw.rectangle((468, 300, 524, 450), fill=_shade(STEEL, 0.9))


def _wet_cupboard(draw: ImageDraw.ImageDraw, dice: Random) -> None:
    _cupboard(draw)
    draw.ellipse((360, 690, 860, 805), fill=_shade(WOOD, 0.5))
    draw.ellipse((430, 710, 780, 785), fill=WATER)
    for _ in range(14):
        x, y = dice.randint(480, 600), dice.randint(560, 690)
        draw.ellipse((x, y, x + 9, y + 16), fill=_shade(WATER, 1.5))


def _dry_cupboard(draw: ImageDraw.ImageDraw, dice: Random) -> None:
    _cupboard(draw)
    draw.polygon(((220, 800), (980, 800), (930, 690), (280, 690)), fill=_shade(WOOD, 1.25))
    draw.rectangle((548, 280, 632, 320), fill=_shade(STEEL, 1.25))


def _cracked_tile(draw: ImageDraw.ImageDraw, dice: Random) -> None:
    for row in range(5):
        for column in range(6):
            x, y = column * 205, row * 185
            draw.rectangle((x + 4, y + 4, x + 198, y + 178), fill=_shade(TILE, 0.94 + dice.random() * 0.08))
    x, y = 430, 300
    for _ in range(26):
        next_x, next_y = x + dice.randint(2, 22), y + dice.randint(-6, 24)
        draw.line((x, y, next_x, next_y), fill=DARK, width=dice.randint(2, 6))
        x, y = next_x, next_y


def _broken_pane(draw: ImageDraw.ImageDraw, dice: Random) -> None:
    draw.rectangle((140, 60, 1060, 850), fill=(246, 246, 242))
    for left in (190, 630):
        draw.rectangle((left, 110, left + 380, 800), fill=(150, 186, 210))
        draw.rectangle((left, 560, left + 380, 800), fill=(122, 146, 118))
    for _ in range(17):
        x, y = 820 + dice.randint(-180, 180), 400 + dice.randint(-280, 380)
        draw.line((820, 400, x, y), fill=(235, 242, 246), width=4)
    draw.polygon(((790, 370), (850, 360), (870, 430), (810, 455)), fill=(70, 84, 92))


def _stairs(draw: ImageDraw.ImageDraw, dice: Random) -> None:
    for step in range(7):
        y, inset = 820 - step * 105, step * 46
        draw.rectangle((120 + inset, y - 105, 1080 - inset, y), fill=_shade(STEEL, 0.72 + step * 0.04))
        draw.rectangle((120 + inset, y - 105, 1080 - inset, y - 70), fill=_shade(STEEL, 1.02))
    for _ in range(160):
        x, y, size = dice.randint(200, 1000), dice.randint(180, 800), dice.randint(3, 15)
        draw.ellipse((x, y, x + size * 2, y + size), fill=_shade(DARK, 0.9 + dice.random()))


def _tap(draw: ImageDraw.ImageDraw, dice: Random) -> None:
    draw.rectangle((0, 620, WIDTH, HEIGHT), fill=(240, 240, 238))
    draw.ellipse((300, 640, 900, 880), fill=_shade(STEEL, 1.2))
    draw.rectangle((560, 250, 640, 660), fill=STEEL)
    draw.arc((560, 150, 860, 430), 180, 340, fill=_shade(STEEL, 0.9), width=66)
    draw.rectangle((470, 230, 600, 270), fill=_shade(STEEL, 0.75))
    for number in range(4):
        y = 420 + number * 95 + dice.randint(0, 20)
        draw.ellipse((826, y, 850, y + 40), fill=WATER)


def _lift(draw: ImageDraw.ImageDraw, dice: Random) -> None:
    draw.rectangle((250, 60, 950, 860), fill=_shade(STEEL, 0.6))
    draw.rectangle((280, 90, 600, 860), fill=STEEL)
    draw.rectangle((640, 90, 920, 860), fill=_shade(STEEL, 0.95))
    draw.rectangle((600, 90, 640, 860), fill=DARK)
    draw.rectangle((1000, 380, 1070, 560), fill=DARK)
    for number in range(3):
        draw.ellipse((1020, 400 + number * 52, 1050, 430 + number * 52), fill=(200, 60, 50))
    draw.rectangle((420, 300, 800, 430), fill=(250, 244, 190))


PICTURES: dict[str, Callable[[ImageDraw.ImageDraw, Random], None]] = {
    "kaappi": _wet_cupboard,
    "korjattu-kaappi": _dry_cupboard,
    "laatta": _cracked_tile,
    "ikkuna": _broken_pane,
    "portaat": _stairs,
    "hana": _tap,
    "hissi": _lift,
}
