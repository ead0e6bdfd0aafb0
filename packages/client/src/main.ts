import { versionLine } from "./version.ts";

// Every import here adds to the start time, so the rest is loaded only when it is needed.
async function main(args: readonly string[]): Promise<number> {
  if (args.length === 1 && args[0] === "--version") {
    console.log(versionLine());
    return 0;
  }
  if (args.length === 1 && args[0] === "--clock") return (await import("./timing/clock.ts")).printClock();
  const { runProgram } = await import("./program.ts");
  return runProgram(args);
}

// Exits explicitly, because an idle keep-alive connection would keep the process alive.
main(process.argv.slice(2)).then((exitCode) => process.exit(exitCode));
