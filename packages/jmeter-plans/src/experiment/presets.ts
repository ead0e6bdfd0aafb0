// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of a request's body
import type { ResponseSpec } from "@slbench/client/request-spec";

/** Names of the sets of request and response lines that an experiment can start from. */
export const PRESETS = ["slblur", "openai-chat", "openai-chat-stream", "kserve-v2", "sebs"] as const;
export type PresetName = (typeof PRESETS)[number];

/** Lines that hold unless the experiment gives its own. */
export interface Preset {
  readonly request: {
    readonly encode?: "binary" | "base64";
    readonly contentType?: string;
    readonly body?: string;
  };
  readonly response: ResponseSpec;
}

const JSON_TYPE = "application/json";

export const presets: Readonly<Record<PresetName, Preset>> = {
  /** The face blur of slbench; the client reads its form by itself. */
  slblur: { request: { encode: "base64" }, response: { form: "slblur-json", valid: {} } },
  /** OpenAI's chat completions; servers that hold several models need a body with "model". */
  "openai-chat": {
    request: { contentType: JSON_TYPE, body: '{"messages": [{"role": "user", "content": ${text}}]}' },
    response: {
      valid: { status: 200, json: { "/choices/0/message/content": "present" } },
      units: { json: "/usage/completion_tokens", name: "tokens" },
    },
  },
  "openai-chat-stream": {
    request: {
      contentType: JSON_TYPE,
      body: '{"messages": [{"role": "user", "content": ${text}}], "stream": true, "stream_options": {"include_usage": true}}',
    },
    response: {
      stream: "sse",
      content: ["content", "reasoning_content", "reasoning", "tool_calls"].map(
        (name) => `/choices/0/delta/${name}`,
      ),
      valid: { status: 200, json: { "/choices": "present" } },
      units: { json: "/usage/completion_tokens", name: "tokens" },
    },
  },
  /**
   * The Open Inference Protocol (KServe v2, Triton): payloads are JSON requests with "inputs". Success is status 200
   * with "outputs", an error has "error" instead (kserve/open-inference-protocol, specification/protocol/
   * inference_rest.md, "Inference Response JSON Object").
   */
  "kserve-v2": {
    request: { contentType: JSON_TYPE },
    response: { valid: { status: 200, json: { "/outputs": "present" } } },
  },
  /**
   * Functions of the Serverless Benchmark Suite behind an HTTP trigger: payloads are JSON requests. Names as in its
   * wrappers (spcl/serverless-benchmarks, benchmarks/wrappers/aws/python/handler.py; gcp, azure, openwhisk and
   * knative alike). A failure on OpenWhisk and Knative has status 200 and an error text in "result", but no "is_cold".
   * "compute_time" is in microseconds (benchmarks/400.inference/411.image-recognition); OpenWhisk and Knative give no
   * "container_id".
   */
  sebs: {
    request: { contentType: JSON_TYPE },
    response: {
      valid: { status: 200, json: { "/result": "present", "/is_cold": "present" } },
      times: { mlSeconds: { json: "/result/measurement/compute_time", unit: "us" } },
      coldStart: { json: "/is_cold" },
      replica: { json: "/container_id" },
    },
  },
};

/** The preset of an experiment: as given, or slblur for the local function. */
export function presetOf(experiment: {
  readonly function: { readonly url: string };
  readonly response: { readonly preset?: PresetName | undefined };
}): PresetName | undefined {
  return experiment.response.preset ?? (experiment.function.url === "local" ? "slblur" : undefined);
}
