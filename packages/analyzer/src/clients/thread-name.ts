/** A virtual user's place: which worker, and which of its users, both from 1; `w2-u1` is user 1 of worker 2. */
export interface UserPlace {
  readonly worker: number;
  readonly user: number;
}

/**
 * `127.0.0.1:41921-Users 1-2` → worker and user.
 * @param workers addresses in order, as in the controller's -R
 *
 * @example
 * ```ts
 * parseThreadName("127.0.0.1:41921-Users 1-2", ["127.0.0.1:41921"]); // { worker: 1, user: 2 }
 * ```
 */
export function parseThreadName(threadName: string, workers: readonly string[]): UserPlace | undefined {
  const index = workers.findIndex((address) => threadName.startsWith(`${address}-`));
  const user = Number(/-(\d+)$/.exec(threadName)?.[1]);
  return index < 0 || !Number.isInteger(user) ? undefined : { worker: index + 1, user };
}

/** The user that a thread of JMeter is, as its client's report and journal name it: `w2-u1`. */
export function userOfThread(threadName: string, workers: readonly string[]): string | undefined {
  const place = parseThreadName(threadName, workers);
  return place && `w${place.worker}-u${place.user}`;
}

/** The thread that JMeter would name in the user's sample; the user itself if its worker is not known. */
export function threadOfUser(user: string, workers: readonly string[]): string {
  const [, worker, number] = /^w(\d+)-u(\d+)$/.exec(user) ?? [];
  const address = workers[Number(worker) - 1];
  return address === undefined ? user : `${address}-Users 1-${number}`;
}
