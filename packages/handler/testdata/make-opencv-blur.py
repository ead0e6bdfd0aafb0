"""Writes opencv/*.png and opencv/cases.json: what OpenCV's blur makes of boxes of pictures.

Run from the repository's root: python3 -m venv v; v/bin/pip install opencv-python-headless;
v/bin/python packages/handler/testdata/make-opencv-blur.py
"""
import json
import pathlib

import cv2
import numpy as np

out = pathlib.Path(__file__).parent / "opencv"
rng = np.random.default_rng(20240607)

y, x = np.mgrid[0:96, 0:130]
pictures = {
    "noise": rng.integers(0, 256, (96, 130, 3), dtype=np.uint8),
    "ramp": np.stack([(x * 2) % 256, (y * 3) % 256, (x + y) % 256], axis=2).astype(np.uint8),
    "extremes": (rng.integers(0, 2, (96, 130, 3)) * 255).astype(np.uint8),
}
boxes = {
    "a-pixel": [[7, 9, 1, 1]],
    "a-column": [[20, 3, 1, 60]],
    "a-row": [[3, 20, 60, 1]],
    "two-by-two": [[50, 50, 2, 2]],
    "three-by-five": [[10, 10, 3, 5]],
    "half-a-kernel": [[30, 30, 12, 12], [60, 30, 13, 13]],
    "just-under-the-kernel": [[20, 20, 24, 24]],
    "the-kernel": [[20, 20, 25, 25]],
    "just-over-the-kernel": [[20, 20, 26, 26]],
    "top-left": [[0, 0, 40, 33]],
    "bottom-right": [[90, 60, 40, 36]],
    "whole": [[0, 0, 130, 96]],
    "wide": [[0, 40, 130, 7]],
    "tall": [[60, 0, 9, 96]],
    "overlapping": [[10, 10, 60, 50], [40, 30, 70, 60]],
}
cases = []
for name, picture in pictures.items():
    cv2.imwrite(str(out / f"{name}.png"), picture[:, :, ::-1])
    for what, some in boxes.items():
        blurred = picture.copy()
        for bx, by, w, h in some:
            blurred[by : by + h, bx : bx + w] = cv2.blur(blurred[by : by + h, bx : bx + w], (25, 25))
        expected = f"{name}-{what}.png"
        cv2.imwrite(str(out / expected), blurred[:, :, ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 9])
        cases.append({"picture": f"{name}.png", "what": what, "boxes": some, "expected": expected})
(out / "cases.json").write_text(json.dumps({"opencv": cv2.__version__, "cases": cases}, indent=1) + "\n")
