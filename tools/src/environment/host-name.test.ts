import { expect, it } from "vitest";
import { checkHostName } from "./host-name.ts";

it("accepts a name that resolves", async () => {
  expect(await checkHostName("localhost", async () => "127.0.0.1")).toEqual({
    ...{ state: "ok", what: "name", found: "localhost resolves" },
  });
});

it("warns of a name that does not resolve, and says how to fix it", async () => {
  const missing = async () => {
    throw new Error("getaddrinfo ENOTFOUND nowhere");
  };
  expect(await checkHostName("nowhere", missing)).toEqual({
    state: "warning",
    what: "name",
    found: "nowhere does not resolve, so JMeter will lose samples (the users' journals replace them)",
    fix: "echo '127.0.1.1 nowhere' | sudo tee -a /etc/hosts",
  });
});
