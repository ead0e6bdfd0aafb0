import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { LiveState } from "@slbench/analyzer";
import { SlbenchError, type ToolErrorCode } from "../errors.ts";
import { closeServer, listenOnLoopback } from "./loopback.ts";

/** Serves the live page to browsers on this machine. */
export interface LiveServer {
  /** `http://127.0.0.1:41234/f3…/` */
  readonly url: string;
  /** Browsers that follow the events. */
  watchers(): number;
  /** Sends the state to every watcher. */
  send(): void;
  /** Waits a moment for watchers to fetch the last page, then closes every connection. */
  close(): Promise<void>;
}

export interface LiveServerOptions {
  /** The page now. */
  readonly page: () => string;
  readonly state: () => LiveState;
}

/** Path of the events below the page. */
export const EVENTS = "events";
/** How long close() waits. */
const LAST_LOOK_MS = 3_000;

/**
 * Listens on a free port of loopback only, behind a random path: other users of this machine cannot guess it.
 * @throws {SlbenchError} RUN_WATCH_PORT
 */
export async function startLiveServer({ page, state }: LiveServerOptions): Promise<LiveServer> {
  const root = `/${randomBytes(16).toString("hex")}/`;
  const following = new Set<ServerResponse>();
  /** Watchers that have not fetched the page since the last event. */
  let unserved = 0;
  const server = createServer((request, response) => {
    const path = allowedPath(request, root);
    if (path === "") {
      unserved = Math.max(0, unserved - 1);
      respond(response, 200, "text/html; charset=utf-8", page());
    } else if (path === EVENTS) follow(response);
    else respond(response, 404, "text/plain; charset=utf-8", "Not found\n");
  });
  const follow = (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    following.add(response);
    response.on("close", () => following.delete(response));
    response.write(eventOf(state()));
  };
  await listenOnLoopback(
    server,
    0,
    (cause) =>
      new SlbenchError<ToolErrorCode>("RUN_WATCH_PORT", "cannot serve the live page on 127.0.0.1", {
        hint: "leave out --watch, and check that programs may listen on this machine",
        cause,
      }),
  );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${root}`,
    watchers: () => following.size,
    send() {
      if (following.size === 0) return;
      const event = eventOf(state());
      for (const response of following) response.write(event);
      unserved = following.size;
    },
    async close() {
      for (let waited = 0; waited < LAST_LOOK_MS && following.size + unserved > 0; waited += 100)
        await new Promise((done) => setTimeout(done, 100));
      await closeServer(server);
    },
  };
}

const eventOf = (state: LiveState) => `event: state\ndata: ${JSON.stringify(state)}\n\n`;

/** The path below the root; undefined for anything else, and for pages elsewhere that know this address. */
function allowedPath({ method, url = "", headers }: IncomingMessage, root: string): string | undefined {
  const isLocal = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? "");
  if (method !== "GET" || !isLocal || !url.startsWith(root)) return undefined;
  return url.slice(root.length);
}

function respond(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    "content-type": type,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
  response.end(body);
}
