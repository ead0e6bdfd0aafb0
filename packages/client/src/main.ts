import { versionLine } from "./version.ts";

// What a start costs is what this file imports; the rest is loaded when there is work.
async function main(args: readonly string[]): Promise<number> {
  if (args.length === 1 && args[0] === "--version") {
    console.log(versionLine());
    return 0;
  }
  if (args.length === 1 && args[0] === "--clock") return (await import("./clock.ts")).tellClock();
  const { runProgram } = await import("./program.ts");
  return runProgram(args);
}

// An idle keep-alive connection must not keep a finished user alive.
main(process.argv.slice(2)).then((exitCode) => process.exit(exitCode));
