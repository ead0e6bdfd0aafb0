"""A virtual user of the older kind: cuts the video itself, then posts base64 requests one by one.

Usage: python python_client.py URL VIDEO COUNT THINK_SECONDS; prints the round trips as one JSON list.
"""
import base64
import json
import sys
import time

import cv2
import requests

url, video, count, think = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
capture = cv2.VideoCapture(video)
frames = []
while True:
    there, picture = capture.read()
    if not there:
        break
    frames.append(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes())

round_trips = []
for sequence in range(count):
    body = base64.b64encode(frames[sequence % len(frames)])
    if sequence > 0:
        time.sleep(think)
    start = time.perf_counter()
    answer = requests.post(url, data=body, headers={"Content-Type": "text/plain"}, timeout=25)
    answer.json()
    round_trips.append(time.perf_counter() - start)
print(json.dumps(round_trips))
