import { expect, test } from "vitest";
import { workerOf } from "./sample.ts";

test.each([
  ["10.0.0.1-Thread Group 1-3", "10.0.0.1"],
  ["10.0.0.1:8001-Users 1-3", "10.0.0.1:8001"],
  ["[2001:db8::1]:8001-Users 1-3", "[2001:db8::1]:8001"],
  ["[fe80::1%eth0]:8001-Users 1-3", "[fe80::1%eth0]:8001"],
  ["2001:db8::a1-Users 1-3", "2001:db8::a1"],
  ["worker-1.example.org:8001-Users 1-3", "worker-1.example.org:8001"],
  ["localhost:8001-Users 1-3", "localhost:8001"],
  ["Users 1-3", undefined],
  ["my-group 1-3", undefined],
  ["api.load-test 1-3", undefined],
  ["GET http://10.0.0.1:80-x 1-3", undefined],
])("workerOf() reads %s as of %s", (threadName, worker) => {
  expect(workerOf({ threadName })).toBe(worker);
});

test("workerOf() takes the log's own column if the thread's name tells no worker", () => {
  expect(workerOf({ threadName: "Users 1-3", hostname: "w1" })).toBe("w1");
});
