"""Makes sounds/*.wav: 16 kHz, mono, 16 bit. Speech comes from espeak-ng (apt install espeak-ng)."""

import array
import math
import random
import subprocess
import tempfile
import wave
from pathlib import Path

RATE = 16000
SENTENCES = {
    "1-speech-greeting": ("en-us", "Good morning. Please leave a message after the tone."),
    "2-speech-train": ("en-gb", "The train to the coast leaves at nine from platform four."),
    "3-speech-late": ("en-us", "I am sorry, I will be about ten minutes late."),
}


def read_wave(path):
    with wave.open(str(path)) as file:
        return file.getframerate(), array.array("h", file.readframes(file.getnframes()))


def resample(samples, rate):
    """Linear interpolation."""
    step = rate / RATE
    result = array.array("h")
    for i in range(int((len(samples) - 1) / step)):
        whole, part = divmod(i * step, 1)
        left, right = samples[int(whole)], samples[int(whole) + 1]
        result.append(round(left + (right - left) * part))
    return result


def write_wave(name, samples):
    with wave.open(str(Path(__file__).parent / "sounds" / f"{name}.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.tobytes())


for name, (voice, text) in SENTENCES.items():
    with tempfile.TemporaryDirectory() as folder:
        spoken = Path(folder) / "spoken.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", spoken, text], check=True)
        rate, samples = read_wave(spoken)
    silence = array.array("h", bytes(RATE))  # half a second
    write_wave(name, silence + resample(samples, rate) + silence)

draw = random.Random(1)
length = 3 * RATE
write_wave("4-silence", array.array("h", bytes(2 * length)))
write_wave("5-noise", array.array("h", (int(draw.gauss(0, 800)) for _ in range(length))))
write_wave(
    "6-tone", array.array("h", (int(8000 * math.sin(2 * math.pi * 440 * i / RATE)) for i in range(length)))
)
