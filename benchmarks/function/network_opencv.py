"""The same network on OpenCV's own engine (cv2.dnn): one package for pictures and network."""
import threading

import cv2
import numpy as np
from network_onnx import model_of, to_input


def create(weights):
    """A function from an RGB picture to box codes and scores."""
    model = model_of(weights)
    names = [output.name for output in model.graph.output]
    network = cv2.dnn.readNetFromONNX(np.frombuffer(model.SerializeToString(), np.uint8))

    # A network holds the picture that it works on: two requests at once crash it.
    turn = threading.Lock()

    def run(rgb):
        picture = to_input(rgb)
        with turn:
            network.setInput(picture, "picture")
            codes, scores = network.forward(names)
        return codes.reshape(-1, 4), scores.reshape(-1, 3)[:, 1]

    return run
