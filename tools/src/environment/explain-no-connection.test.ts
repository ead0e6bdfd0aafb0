import { expect, test } from "vitest";
import { explainNoConnection } from "./explain-no-connection.ts";

test.each([
  ["ECONNREFUSED: Failed to connect", "nothing listens there (ECONNREFUSED)", undefined],
  [
    "getaddrinfo ENOTFOUND nohost.invalid",
    "its host name is unknown (ENOTFOUND)",
    "check the host name in the address",
  ],
  [
    "ERR_SSL_WRONG_VERSION_NUMBER: error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER",
    "it does not speak TLS",
    "use http:// in the address",
  ],
  [
    "DEPTH_ZERO_SELF_SIGNED_CERT: self signed certificate",
    "its certificate is not trusted",
    "name the file of its authority as function.tls.ca in the experiment",
  ],
  ["ETIMEDOUT", "ETIMEDOUT", undefined],
  ["", "no connection", undefined],
])("explains %j", (problem, reason, hint) => {
  expect(explainNoConnection(problem)).toEqual({ reason, ...(hint !== undefined && { hint }) });
});
