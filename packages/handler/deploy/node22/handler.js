// The function for OpenFaaS's node22 template. The template's image is Alpine, for which there is no
// libtensorflow, so it uses the wasm backend. stack.yaml sets RAW_BODY and MAX_RAW_SIZE.

// biome-ignore lint/correctness/noUndeclaredDependencies: `npm test` installs it (check.js)
const loading = import("@slbench/handler/function").then(({ createFaceBlur }) =>
  createFaceBlur({ SLBENCH_BACKEND: "wasm", ...process.env }),
);
loading.catch(() => {}); // the first call reports the error

module.exports = async (event, context) => {
  if (event.method !== "POST") {
    const error = {
      code: "REQUEST_METHOD",
      message: `the method is ${event.method}`,
      hint: "send a picture with POST",
    };
    const headers = { allow: "POST", "content-type": "application/json" };
    return context.status(405).headers(headers).succeed(JSON.stringify({ error }));
  }
  const blur = await loading;
  // Without RAW_BODY, the template passes text or an object, and rejects bodies over 100 kB.
  const body = Buffer.isBuffer(event.body) ? event.body : Buffer.from(String(event.body ?? ""));
  const {
    status,
    headers,
    body: output,
  } = await blur.call({
    body,
    contentType: event.headers["content-type"] ?? "",
    accept: event.headers.accept ?? "",
  });
  return context.status(status).headers(headers).succeed(Buffer.from(output));
};
