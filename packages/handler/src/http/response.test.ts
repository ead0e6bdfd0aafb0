import { expect, test } from "vitest";
import { renderResponse } from "./response.ts";

const result = {
  picture: Buffer.from([1, 2, 3, 250]),
  format: "jpeg",
  width: 20,
  height: 10,
  faces: [{ x: 1, y: 2, width: 3, height: 4, score: 0.5 }],
  mlSeconds: 0.05,
  totalSeconds: 0.07,
  stageSeconds: { decode: 0.005, detect: 0.05, blur: 0.005, encode: 0.01 },
  networkWaitSeconds: 0.02,
  backend: "native",
} as const;
const state = { replica: "slblur-1", coldStart: true, processAgeSeconds: 3, waitSeconds: 0.01 };
const headers = {
  "x-slbench-ml-seconds": "0.05",
  "x-slbench-total-seconds": "0.07",
  "x-slbench-faces": "1",
  "x-slbench-backend": "native",
  "x-slbench-cold-start": "true",
  "x-slbench-replica": "slblur-1",
};

test("renderResponse() as JSON contains the picture and all of its data", () => {
  const found = renderResponse(result, state, { kind: "json" });
  const { picture: _, networkWaitSeconds: __, ...rest } = result;
  expect(JSON.parse(Buffer.from(found.body).toString())).toEqual({
    ...{ image: "AQID+g==", ...rest, ...state },
    waitSeconds: 0.03, // in the queue and for the network
  });
  expect(found).toMatchObject({ status: 200, headers: { ...headers, "content-type": "application/json" } });
});

test("renderResponse() as a picture puts the times into headers", () => {
  const found = renderResponse(result, state, { kind: "picture" });
  expect(Buffer.from(found.body)).toEqual(result.picture);
  expect(found.headers).toEqual({ ...headers, "content-type": "image/jpeg" });
});

test("renderResponse() as text has the format of older clients", () => {
  const found = renderResponse(result, state, { kind: "text" });
  expect(Buffer.from(found.body).toString()).toBe(
    "Elapsed ML time: 0.05\nTotal time: 0.07\n{'img': 'AQID+g=='}\n",
  );
  expect(found.headers).toMatchObject(headers);
});
