"""Makes images/*.png, six pictures of printed text, and expected.json with the text of each."""

import json
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

TEXTS = {
    "1-invoice": ["Invoice 2024-117", "Paid in full"],
    "2-sign": ["Platform 9", "Trains to the coast"],
    "3-label": ["Keep in a cool place", "Best before 12 May"],
    "4-note": ["Call the workshop", "before noon on Friday"],
    "5-menu": ["Soup of the day", "Bread and butter"],
    "6-page": ["A worker needs Java 17,", "nothing else."],
}

folder = Path(__file__).parent / "images"
folder.mkdir(exist_ok=True)
font = ImageFont.load_default(44)
for name, lines in TEXTS.items():
    image = Image.new("RGB", (640, 60 + 76 * len(lines)), "#f4f1e8")
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        draw.text((36, 30 + 76 * row), line, font=font, fill="#202020")
    image.save(folder / f"{name}.png", optimize=True)
expected = {name: " ".join(lines) for name, lines in TEXTS.items()}
(Path(__file__).parent / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")
