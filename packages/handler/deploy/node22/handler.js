// The function in the form of OpenFaaS's node22 template. The template's image is Alpine, for which there
// is no libtensorflow: this form runs on the wasm backend. stack.yaml sets RAW_BODY and MAX_RAW_SIZE.

// biome-ignore lint/correctness/noUndeclaredDependencies: `npm test` installs it (check.js)
const loading = import("@slbench/handler/function").then(({ createFaceBlur }) =>
  createFaceBlur({ SLBENCH_BACKEND: "wasm", ...process.env }),
);
loading.catch(() => {}); // the first call says what is wrong

module.exports = async (event, context) => {
  if (event.method !== "POST") {
    const error = {
      code: "REQUEST_METHOD",
      message: `the method is ${event.method}`,
      hint: "post a frame",
    };
    const headers = { allow: "POST", "content-type": "application/json" };
    return context.status(405).headers(headers).succeed(JSON.stringify({ error }));
  }
  const blur = await loading;
  // Without RAW_BODY the template hands over text or an object, and refuses frames above 100 kB before us.
  const body = Buffer.isBuffer(event.body) ? event.body : Buffer.from(String(event.body ?? ""));
  const {
    status,
    headers,
    body: answer,
  } = await blur.call({
    body,
    contentType: event.headers["content-type"] ?? "",
    accept: event.headers.accept ?? "",
  });
  return context.status(status).headers(headers).succeed(Buffer.from(answer));
};
