// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders are literal text here
import { checkRequestSpec } from "@slbench/client/request-spec";
import { expect, test } from "vitest";
import { PRESETS, parseExperiment, requestSpec } from "../index.ts";

const load = "load: {users: 1}\n";
const specOf = (text: string) => requestSpec(parseExperiment(`name: x\n${text}${load}`, "x.yaml"));

test("requestSpec() of the local function sends the frames as base64 and reads its JSON", () => {
  expect(specOf("")).toEqual({
    ...{ schema: "slbench.request/1", url: "http://127.0.0.1:8080/function/slblur", method: "POST" },
    ...{ headers: {}, timeoutSeconds: 25, payloads: "files", encode: "base64", order: "same" },
    response: { preset: "slblur", form: "slblur-json", valid: {} },
  });
});

test("requestSpec() keeps ${env:NAME} as it is, whatever the environment holds", () => {
  process.env.SLBENCH_TEST_TOKEN = "secret";
  const text = `function: {url: "http://a/", headers: {Authorization: "Bearer \${env:SLBENCH_TEST_TOKEN}"}}
request: {files: images}
`;
  const spec = specOf(text);
  delete process.env.SLBENCH_TEST_TOKEN;
  expect(spec.headers).toEqual({ Authorization: "Bearer ${env:SLBENCH_TEST_TOKEN}" });
});

test("requestSpec() lets an experiment's lines replace those of its preset", () => {
  const spec = specOf(`function: http://a/
request: {lines: prompts.txt, body: '{"model": "m", "messages": [{"role": "user", "content": \${text}}]}'}
response: {preset: openai-chat, units: {header: x-tokens, name: tokens}, valid: {text: hello}}
`);
  expect(spec.body).toContain('"model": "m"');
  expect(spec).toMatchObject({ payloads: "lines", contentType: "application/json", encode: "binary" });
  expect(spec.response).toEqual({
    ...{ preset: "openai-chat", units: { header: "x-tokens", name: "tokens" }, valid: { text: "hello" } },
  });
});

test.each(["/delta", "[/delta]"])("requestSpec() takes one pointer or a list as content: %s", (content) => {
  const response = `response: {stream: lines, content: ${content}}\n`;
  expect(specOf(`function: http://a/\nrequest: {files: i}\n${response}`).response.content).toEqual([
    "/delta",
  ]);
});

test("requestSpec() describes every line of the experiment", () => {
  const spec = specOf(`function: {url: "https://a/", method: PUT, timeoutSeconds: 3, tls: {insecure: true}}
request: {files: "i/*.jpg", multipart: {field: image, fields: {k: v}}, order: per-user}
response:
  valid: {status: [200, 201], json: {/label: present, /n: 3}}
  times: {mlSeconds: {json: /ms, unit: ms}, queueSeconds: {header: x-queue}, dbSeconds: {serverTiming: db}}
  coldStart: {json: /cold}
  replica: {header: x-instance}
  save: 0.01
`);
  expect(spec).toEqual({
    ...{ schema: "slbench.request/1", url: "https://a/", method: "PUT", headers: {}, timeoutSeconds: 3 },
    ...{ tls: { insecure: true }, payloads: "files", encode: "binary", order: "per-user" },
    multipart: { field: "image", fields: { k: "v" } },
    response: {
      valid: { status: [200, 201], json: { "/label": "present", "/n": 3 } },
      times: {
        ...{ mlSeconds: { json: "/ms", unit: "ms" }, queueSeconds: { header: "x-queue" } },
        dbSeconds: { serverTiming: "db" },
      },
      ...{ coldStart: { json: "/cold" }, replica: { header: "x-instance" }, save: 0.01 },
    },
  });
});

test.each(PRESETS)("preset %s gives a specification that the client accepts", (preset) => {
  const payloads = preset === "slblur" ? "files: images" : "lines: prompts.txt";
  const spec = specOf(`function: http://a/\nrequest: {${payloads}}\nresponse: {preset: ${preset}}\n`);
  expect(checkRequestSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
});
