#!/usr/bin/env python3
"""draw_digits.py: draws the digits of this folder as one does in a paint program, with a round brush."""
import math
import random

from PIL import Image, ImageDraw

WHITE, BLACK = 255, 0


def arc(x, y, across, down, first, last):
    """Points of an ellipse; degrees from the right, clockwise."""
    steps = 40
    angles = [math.radians(first + (last - first) * i / steps) for i in range(steps + 1)]
    return [(x + across * math.cos(a), y + down * math.sin(a)) for a in angles]


# The strokes of each digit in a box from 0 to 1 both ways.
STROKES = {
    0: [arc(0.5, 0.5, 0.42, 0.5, -100, 265)],
    1: [[(0.25, 0.22), (0.52, 0.0), (0.5, 1.0)]],
    2: [arc(0.48, 0.28, 0.4, 0.28, 190, 390) + [(0.06, 0.98), (0.95, 0.95)]],
    3: [arc(0.42, 0.25, 0.4, 0.25, 200, 450) + arc(0.42, 0.74, 0.45, 0.26, 270, 510)],
    4: [[(0.42, 0.0), (0.08, 0.6), (0.92, 0.56)], [(0.7, 0.25), (0.66, 1.0)]],
    5: [[(0.85, 0.02), (0.22, 0.04), (0.17, 0.42)] + arc(0.42, 0.68, 0.42, 0.31, 230, 510)],
    6: [[(0.7, 0.0), (0.35, 0.25), (0.12, 0.62)] + arc(0.48, 0.74, 0.37, 0.25, 180, 540)],
    7: [[(0.05, 0.06), (0.92, 0.03), (0.4, 1.0)]],
    8: [arc(0.5, 0.25, 0.32, 0.24, 80, -280) + arc(0.5, 0.75, 0.4, 0.26, -85, 275)],
    9: [arc(0.45, 0.28, 0.36, 0.27, -20, -380), [(0.82, 0.2), (0.76, 0.55), (0.62, 1.0)]],
}


def draw(image, digit, box, brush, ink):
    """In box = (left, top, width, height)."""
    left, top, width, height = box
    pen = ImageDraw.Draw(image)
    for stroke in STROKES[digit]:
        points = [(left + x * width, top + y * height) for x, y in stroke]
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            steps = max(1, int(math.hypot(x1 - x0, y1 - y0)))
            for i in range(steps + 1):
                x, y = x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps
                r = brush / 2
                pen.ellipse((x - r, y - r, x + r, y + r), fill=ink)


def on_paper(digit, box, brush, size=(200, 300), mode="L", paper=WHITE, ink=BLACK):
    image = Image.new(mode, size, paper)
    draw(image, digit, box, brush, ink)
    return image


def noisy(image, deviation, generator):
    pixels = image.load()
    for y in range(image.height):
        for x in range(image.width):
            pixels[x, y] = tuple(
                min(255, max(0, round(v + generator.gauss(0, deviation)))) for v in pixels[x, y]
            )
    return image


def main():
    # Black on white, in ten places: none is the middle.
    for digit in range(10):
        box = (18 + 9 * (digit % 4), 20 + 14 * digit, 75 + 3 * digit, 115 + 4 * (digit % 3))
        on_paper(digit, box, 13).convert("1").save(f"{digit}.png", optimize=True)
    on_paper(3, (60, 40, 110, 180), 3).save("3-thin.png", optimize=True)
    on_paper(7, (40, 90, 100, 150), 2).save("7-thin.png", optimize=True)
    on_paper(5, (60, 60, 90, 170), 34).save("5-thick.png", optimize=True)
    on_paper(0, (70, 120, 80, 120), 28).save("0-thick.png", optimize=True)
    white_on_black = on_paper(8, (250, 30, 60, 110), 10, (400, 160), paper=BLACK, ink=WHITE)
    white_on_black.save("8-reverse.png", optimize=True)
    transparent = on_paper(4, (30, 40, 90, 130), 12, mode="RGBA", paper=(0, 0, 0, 0), ink=(0, 0, 0, 255))
    transparent.quantize(4).save("4-transparent.png", optimize=True)
    blue_on_grey = on_paper(2, (80, 110, 90, 140), 11, mode="RGB", paper=(214, 210, 200), ink=(40, 50, 140))
    noisy(blue_on_grey, 12, random.Random(1)).save("2-noise.jpg", quality=35)
    progressive = on_paper(6, (20, 20, 70, 110), 9, (120, 180))
    progressive.save("6-progressive.jpg", quality=60, progressive=True)


main()
